"""Rounds with their row ids, in one query: for pages that ask more about a round."""

from sqlmodel import Session, col, select

from mobility.models import Round
from mobility.reading.rounds import RoundRow, to_row

Head = tuple[int, RoundRow]
"""A round's row id and what is shown of it."""


def list_heads(session: Session) -> list[Head]:
    """Return all rounds, latest deadline first."""
    query = select(Round).order_by(col(Round.deadline_at).desc(), col(Round.key))
    return [_to_head(row) for row in session.exec(query)]


def find_head(session: Session, key: str) -> Head | None:
    """Return a round, None when there is none of that key."""
    row = session.exec(select(Round).where(Round.key == key)).one_or_none()
    return _to_head(row) if row else None


def _to_head(row: Round) -> Head:
    return row.id, to_row(row)
