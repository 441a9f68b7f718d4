"""What the student's pages have in common: a round and its offers, as she sees them."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.reading.student_offers import OffersView, OfferView, view_offers
from mobility.reading.student_rounds import StudentRound, view_student_round
from mobility.rounds.rankings import MOST_ENTRIES
from mobility.web import session
from mobility.web.units import Unit

LARGEST_VERSION = 2**53


@dataclass(frozen=True, slots=True)
class Page:
    """A round and the offers of the student's home university in it."""

    round: StudentRound
    offers: OffersView

    def pick(self, keys: tuple[str, ...]) -> list[OfferView]:
        """Return offers by their keys, in that order; unknown ones are passed over."""
        by_key = self.offers.by_key
        return [by_key[key] for key in keys if key in by_key]

    def unknown(self, keys: tuple[str, ...]) -> list[str]:
        """Return a sentence for each offer that is not one of her university's."""
        by_key = self.offers.by_key
        return [
            _("There is no offer “%(key)s” for you in this round.", key=key[:80])
            for key in dict.fromkeys(keys)
            if key not in by_key
        ]


def read_page(unit: Unit, key: str) -> Page:
    """Return a round as who is signed in sees it."""
    a_round = read_round(unit, key)
    return Page(a_round, view_offers(unit, a_round))


def read_round(unit: Unit, key: str) -> StudentRound:
    """Return a round without its offers."""
    viewer = session.require_viewer()
    return view_student_round(unit, key, viewer.person_id, at=now())


def sent_offers() -> tuple[str, ...]:
    """Return the offers of the form, in their order; all of them, also repeated.

    Raises
    ------
    InvalidInput
        When there are more than a ranking may have.
    """
    offers = tuple(request.form.getlist("offer"))
    if len(offers) > MOST_ENTRIES:
        raise InvalidInput(
            _(
                "The list has %(count)s offers; at most %(most)s can be ranked.",
                count=len(offers),
                most=MOST_ENTRIES,
            )
        )
    return offers


def sent_version() -> int:
    """Return the version of the draft that the form was made from.

    Raises
    ------
    InvalidInput
        When it is no whole number.
    """
    text = request.form.get("version", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    if not 1 <= number <= LARGEST_VERSION:
        message = _("The page does not say which draft it shows. Open it again.")
        raise InvalidInput(message)
    return number
