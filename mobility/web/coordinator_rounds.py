"""A round as the office's pages read it."""

from mobility.errors import NotFound
from mobility.reading.round_heads import find_head
from mobility.reading.rounds import RoundRow
from mobility.web.units import Unit

BEFORE_FREEZE = ("draft", "open", "closed")


def read_round(unit: Unit, key: str) -> tuple[int, RoundRow]:
    """Return a round's row id and what is shown of it.

    Raises
    ------
    NotFound
        When there is none of that key.
    """
    head = find_head(unit, key)
    if head is None:
        message = f"there is no round {key!r}"
        raise NotFound(message)
    return head


def is_changeable(row: RoundRow) -> bool:
    """Say whether offers, quotas and decisions of a round may still be changed."""
    return row.state in BEFORE_FREEZE
