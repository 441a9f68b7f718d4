"""Certifying: the list begins to count, and its receipt proves it."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.reading.student_results import PolicyView, read_policy
from mobility.rounds.certify import Receipt
from mobility.rounds.certify import certify as certify_ranking
from mobility.rounds.desk import StaleDraft
from mobility.rounds.rankings import find_problems, to_ranking
from mobility.rounds.receipts import to_line
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.errors import status_of
from mobility.web.forms import require_known_fields
from mobility.web.scopes import in_round
from mobility.web.student_order import Order
from mobility.web.student_pages import Page, read_page, sent_offers, sent_version
from mobility.web.student_ranking import refuse_stale
from mobility.web.student_words import reasons

blueprint = Blueprint("student_certify", __name__, url_prefix="/student")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a list is certified on: the round, its offers, its declared policy."""

    page: Page
    policy: PolicyView


@blueprint.get("/rounds/<string:key>/certify")
@needs("home.student", scope=in_round)
def certify(key: str) -> ResponseReturnValue:
    """Show what would count."""
    with units.read() as unit:
        page = read_page(unit, key)
        policy = read_policy(unit, page.round)
    return _show(Desk(page, policy), page.round.draft, page.round.version, ())


@blueprint.post("/rounds/<string:key>/certify")
@needs("ranking.certify", scope=in_round)
def certify_list(key: str) -> ResponseReturnValue:
    """Make the list count; the same list again gives the same receipt."""
    require_known_fields(("version", "offer"))
    with units.read() as unit:
        page = read_page(unit, key)
        desk = Desk(page, read_policy(unit, page.round))
    given, version = sent_offers(), sent_version()
    try:
        _refuse_unfit(page, given)
        receipt = _certify(key, given, version)
    except StaleDraft as stale:
        return refuse_stale(page, stale)
    except (InvalidInput, Conflict) as refusal:
        return _show(desk, given, version, refusal.problems, status_of(refusal))
    if page.round.certified is None or page.round.certified.number != receipt.number:
        flash(_("Your ranking is certified: it counts."), "done")
    return redirect(url_for("student_certify.receipt", key=key), HTTPStatus.SEE_OTHER)


@blueprint.get("/rounds/<string:key>/receipt")
@needs("home.student", scope=in_round)
def receipt(key: str) -> ResponseReturnValue:
    """Show the receipt of the list that counts."""
    with units.read() as unit:
        page = read_page(unit, key)
    if page.round.certified is None:
        message = f"nothing is certified in round {key}"
        raise NotFound(message)
    made = page.round.certified
    line = to_line(key, made.number, to_ranking(made.offers), made.salt)
    return render_template(
        "student/receipt.html",
        page=page,
        made=made,
        listed=page.pick(made.offers),
        canonical=line.decode(),
    )


def _refuse_unfit(page: Page, given: Order) -> None:
    """Refuse in her own words what certifying would refuse in the office's."""
    problems = page.unknown(given)
    for offer in page.pick(tuple(dict.fromkeys(given))):
        why = reasons(offer, page.offers)
        problems += [f"{offer.host}: {sentence}" for sentence in why]
    if not given:
        problems = [_("Your list is empty. Put one offer or more on it first.")]
    if not problems:
        keys = page.offers.by_key
        problems = find_problems(to_ranking(given), keys, is_final=True)
    # a closed round is a conflict and is told as one, whatever the list holds
    if problems and page.round.takes_rankings:
        raise InvalidInput(problems)


def _certify(key: str, given: Order, version: int) -> Receipt:
    return units.transact(
        lambda unit: certify_ranking(
            unit,
            key,
            to_ranking(given),
            version=version,
            by=session.actor(unit),
            at=now(),
        )
    )


def _show(
    desk: Desk,
    keys: Order,
    version: int,
    problems: tuple[str, ...],
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    listed = desk.page.pick(keys)
    text = render_template(
        "student/certify.html",
        page=desk.page,
        policy=desk.policy,
        listed=listed,
        version=version,
        problems=problems,
        barred=[offer for offer in listed if not offer.is_open],
        travelled=sorted(
            (offer for offer in listed if offer.journey),
            key=lambda offer: offer.journey.counted.total_g if offer.journey else 0,
        ),
    )
    return make_response(text, status)
