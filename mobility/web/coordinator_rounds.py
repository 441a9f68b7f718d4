"""A round as the office's pages read it."""

from mobility.errors import NotFound
from mobility.reading.keys import find_round_id
from mobility.reading.rounds import RoundRow, list_rounds
from mobility.web.units import Unit

BEFORE_FREEZE = ("draft", "open", "closed")


def read_round(unit: Unit, key: str) -> tuple[int, RoundRow]:
    """Return a round's row id and what is shown of it.

    Raises
    ------
    NotFound
        When there is none of that key.
    """
    number = find_round_id(unit, key)
    row = next((each for each in list_rounds(unit) if each.key == key), None)
    if number is None or row is None:
        message = f"there is no round {key!r}"
        raise NotFound(message)
    return number, row


def is_changeable(row: RoundRow) -> bool:
    """Say whether offers, quotas and decisions of a round may still be changed."""
    return row.state in BEFORE_FREEZE
