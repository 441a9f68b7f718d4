"""The ranking: a list that saves itself, worked by buttons, numbers, drag or keys.

One form holds the whole list, so that every button works without script; with script
`ranking.js` sends the same form in the background and reads the answer as JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, Refused
from mobility.rounds.certify import save_draft
from mobility.rounds.desk import StaleDraft
from mobility.rounds.rankings import to_ranking
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.errors import status_of
from mobility.web.forms import require_known_fields
from mobility.web.present import told_text
from mobility.web.scopes import in_round
from mobility.web.student_order import ADD, SAVE, Order, act_on, renumber
from mobility.web.student_pages import Page, read_page, sent_offers, sent_version

blueprint = Blueprint("student_ranking", __name__, url_prefix="/student")

FIELDS = ("version", "offer", "rank", "act")


@dataclass(frozen=True, slots=True)
class Typed:
    """A list that was typed and not taken, with what is wrong with it.

    Parameters
    ----------
    numbers
        What stands in the number fields.
    problem_by_index
        Sentences beside number fields.
    general
        Sentences about the list as a whole.
    """

    offers: Order
    version: int
    numbers: Sequence[str] = ()
    problem_by_index: Mapping[int, str] | None = None
    general: Sequence[str] = ()


@blueprint.get("/rounds/<string:key>/ranking")
@needs("home.student", scope=in_round)
def ranking(key: str) -> ResponseReturnValue:
    """Show the draft, or the list that counted once the round takes none."""
    with units.read() as unit:
        page = read_page(unit, key)
    return show(page, None)


@blueprint.post("/rounds/<string:key>/ranking")
@needs("ranking.draft", scope=in_round)
def save(key: str) -> ResponseReturnValue:
    """Save the list as it was sent, after what the pressed button does to it."""
    require_known_fields(FIELDS)
    with units.read() as unit:
        page = read_page(unit, key)
    given = sent_offers()
    numbers = request.form.getlist("rank")[: len(given)]
    ordered, wrong = renumber(given, numbers)
    version = sent_version()
    act = request.form.get("act", SAVE)
    wanted = ordered if wrong else act_on(ordered, act)
    try:
        _refuse_unknown(page, wanted, wrong)
        saved = _store(key, wanted, version)
    except StaleDraft as stale:
        return refuse_stale(page, stale)
    except (InvalidInput, Conflict) as refusal:
        general = refusal.problems if not wrong else ()
        typed = Typed(given, version, numbers, wrong, general)
        return _refuse(page, typed, refusal)
    return _saved(key, saved, act)


def _refuse_unknown(page: Page, wanted: Order, wrong: Mapping[int, str]) -> None:
    problems = [*wrong.values(), *page.unknown(wanted)]
    if problems:
        raise InvalidInput(problems)


def _store(key: str, wanted: Order, version: int) -> int:
    return units.transact(
        lambda unit: save_draft(
            unit,
            key,
            to_ranking(wanted),
            version=version,
            by=session.actor(unit),
            at=now(),
        )
    )


def _saved(key: str, version: int, act: str) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(version=version, saved=_("Draft saved."))
    if act == SAVE:
        flash(_("Your draft is saved. It counts once you certify it."), "done")
    anchor = "add" if act.startswith(ADD) else "list"
    address = url_for("student_ranking.ranking", key=key, _anchor=anchor)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def show(
    page: Page, typed: Typed | None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    """Return the page, with a list that was not taken in place of the draft."""
    listed = typed.offers if typed else page.round.draft
    is_open = page.round.takes_rankings
    text = render_template(
        "student/ranking.html" if is_open else "student/ranking_closed.html",
        page=page,
        typed=typed,
        version=typed.version if typed else page.round.version,
        listed=page.pick(listed),
        addable=[offer for offer in page.offers.open if offer.key not in listed],
    )
    return make_response(text, status)


def _refuse(page: Page, typed: Typed, refusal: Refused) -> ResponseReturnValue:
    status = status_of(refusal)
    if _wants_json():
        return jsonify(problems=list(map(told_text, refusal.problems))), status
    return show(page, typed, status)


def refuse_stale(page: Page, stale: StaleDraft) -> ResponseReturnValue:
    """Show both lists: the one that is kept and the one that was sent."""
    if _wants_json():
        told = jsonify(problems=[told_text(stale.problems[0])], is_stale=True)
        return told, HTTPStatus.CONFLICT
    text = render_template(
        "student/conflict.html",
        page=page,
        stored=page.pick(tuple(offer for offer, _rank in stale.stored)),
        given=page.pick(tuple(offer for offer, _rank in stale.given)),
        version=stale.version,
    )
    return make_response(text, HTTPStatus.CONFLICT)
