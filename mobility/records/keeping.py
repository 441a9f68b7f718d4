"""Bringing stored rows to what was given: added, changed or left as they are."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from mobility.errors import InvalidInput
from mobility.models import Institution

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=SQLModel)


class Outcome(StrEnum):
    """What became of one given row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import did. Importing the same again adds and changes nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def to_payload(self) -> dict[str, object]:
        """Return the counts for the log."""
        return dict(asdict(self))


def count(outcomes: Iterable[Outcome]) -> Kept:
    """Return how many rows came to which outcome."""
    return Kept(**Counter(outcome.value for outcome in outcomes))


def keep(
    session: Session,
    table: type[Row],
    stored: Mapping[Key, Row],
    given: Iterable[tuple[Key, Mapping[str, object]]],
) -> dict[Key, Outcome]:
    """Add the rows that are not stored and change those that differ.

    Parameters
    ----------
    stored
        The rows there are, by key.
    given
        Key and all columns of each row that should be there; keys differ.
    """
    outcomes = {}
    for key, values in given:
        row = stored.get(key)
        if row is None:
            session.add(table(**values))
            outcomes[key] = Outcome.ADDED
            continue
        others = {name: v for name, v in values.items() if getattr(row, name) != v}
        for name, value in others.items():
            setattr(row, name, value)
        outcomes[key] = Outcome.CHANGED if others else Outcome.UNCHANGED
    session.flush()
    return outcomes


def institution_ids(session: Session) -> dict[str, int]:
    """Return the row id of every institution by its `hei_id`."""
    return dict(session.exec(select(Institution.hei_id, Institution.id)).all())


def refuse_all(problems: list[str]) -> None:
    """Refuse what was given when anything is wrong with it.

    Raises
    ------
    InvalidInput
        With every problem.
    """
    if problems:
        raise InvalidInput(problems)
