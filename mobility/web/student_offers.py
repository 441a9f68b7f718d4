"""Offers: those open to a student, those that are not and why, several side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.reading.student_offers import OfferView
from mobility.rounds.certify import save_draft
from mobility.rounds.rankings import to_ranking
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.forms import require_known_fields
from mobility.web.paths import own_path_or
from mobility.web.scopes import in_round
from mobility.web.student_pages import Page, read_page
from mobility.web.student_words import country, language, word

blueprint = Blueprint("student_offers", __name__, url_prefix="/student")

MOST_COMPARED = 4
PAGE_OFFERS = 24
LONGEST_TEXT = 100

SORTS = {
    "host": lambda offer: (offer.host.casefold(), offer.starts_on),
    "country": lambda offer: (country(offer.country), offer.host.casefold()),
    "start": lambda offer: (offer.starts_on, offer.host.casefold()),
    "weeks": lambda offer: (offer.days, offer.host.casefold()),
    "places": lambda offer: (-offer.places, offer.host.casefold()),
    "journey": lambda offer: (
        offer.journey.counted.total_g if offer.journey else 0,
        offer.host.casefold(),
    ),
}
"""Orders that a reader may choose; the first one is the default and never weighs kg."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; nonsense in it shows nothing or is passed over."""

    text: str
    country: str
    block: str
    language: str
    stay: str
    sort: str
    page: int

    @property
    def is_used(self) -> bool:
        """Say whether anything is asked for beyond the whole list in its order."""
        wanted = (self.text, self.country, self.block, self.language, self.stay)
        return any(wanted) or self.sort != next(iter(SORTS))

    def holds(self, offer: OfferView) -> bool:
        """Say whether an offer is asked for."""
        asked = [(self.country, offer.country), (self.block, offer.block)]
        asked.append((self.stay, offer.mode))
        if any(wanted and wanted != has for wanted, has in asked):
            return False
        spoken = [each.language for each in offer.terms.languages]
        if self.language and self.language not in spoken:
            return False
        texts = (offer.host, offer.city, country(offer.country), offer.ward or "")
        whole = " ".join(texts).casefold()
        return all(word in whole for word in self.text.casefold().split())


@blueprint.get("/rounds/<string:key>/offers")
@needs("home.student", scope=in_round)
def offers(key: str) -> ResponseReturnValue:
    """Show the offers that she may rank."""
    with units.read() as unit:
        page = read_page(unit, key)
    asked = _read_filter()
    found = sorted(filter(asked.holds, page.offers.open), key=SORTS[asked.sort])
    pages = max(1, -(-len(found) // PAGE_OFFERS))
    number = min(max(1, asked.page), pages)
    first = (number - 1) * PAGE_OFFERS
    return render_template(
        "student/offers.html",
        page=page,
        asked=asked,
        found=found[first : first + PAGE_OFFERS],
        count=len(found),
        number=number,
        pages=pages,
        is_filtered=asked.is_used,
        choices=_choices(page),
    )


@blueprint.get("/rounds/<string:key>/offers/not-open")
@needs("home.student", scope=in_round)
def not_open(key: str) -> ResponseReturnValue:
    """Show the offers that she may not rank, and why."""
    with units.read() as unit:
        page = read_page(unit, key)
    return render_template("student/not_open.html", page=page)


@blueprint.get("/rounds/<string:key>/offers/compare")
@needs("home.student", scope=in_round)
def compare(key: str) -> ResponseReturnValue:
    """Show a few offers side by side."""
    with units.read() as unit:
        page = read_page(unit, key)
    wanted = tuple(dict.fromkeys(request.args.getlist("offer")))
    known = page.pick(wanted)
    return render_template(
        "student/compare.html",
        page=page,
        found=known[:MOST_COMPARED],
        is_cut=len(known) > MOST_COMPARED,
    )


@blueprint.post("/rounds/<string:key>/offers/add")
@needs("ranking.draft", scope=in_round)
def add(key: str) -> ResponseReturnValue:
    """Put an offer at the end of the draft; a second press changes nothing."""
    require_known_fields(("offer", "next"))
    host = units.transact(lambda unit: _add(unit, key, request.form.get("offer", "")))
    flash(_("%(host)s is on your list.", host=host), "done")
    back = url_for("student_offers.offers", key=key)
    return redirect(own_path_or(back), HTTPStatus.SEE_OTHER)


def _add(unit: units.Unit, key: str, offer: str) -> str:
    """Add an offer to the list as it is now, whatever the page showed."""
    page = read_page(unit, key)
    known = page.offers.by_key.get(offer)
    if known is None:
        raise InvalidInput(page.unknown((offer,)))
    if not known.is_open:
        raise InvalidInput(_("%(host)s is not open to you.", host=known.host))
    draft = page.round.draft
    ranking = to_ranking(draft if offer in draft else (*draft, offer))
    version, person = page.round.version, session.actor(unit)
    save_draft(unit, key, ranking, version=version, by=person, at=now())
    return known.host


def _read_filter() -> Filter:
    given = request.args
    sort = given.get("sort", "")
    return Filter(
        text=given.get("text", "").strip()[:LONGEST_TEXT],
        country=given.get("country", ""),
        block=given.get("block", ""),
        language=given.get("language", ""),
        stay=given.get("stay", ""),
        sort=sort if sort in SORTS else next(iter(SORTS)),
        page=given.get("page", 1, type=int),
    )


def _choices(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Return what can be filtered by, as values and their names."""
    there = page.offers.open
    spoken = {each.language for offer in there for each in offer.terms.languages}
    return {
        "country": _named((code, country(code)) for code in {o.country for o in there}),
        "block": _named((b, word("block", b)) for b in {o.block for o in there} if b),
        "language": _named((code, language(code)) for code in spoken),
        "stay": _named((mode, word("stay", mode)) for mode in {o.mode for o in there}),
    }


def _named(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])
