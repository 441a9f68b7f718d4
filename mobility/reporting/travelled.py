"""Journeys as told after the stay beside those that were modelled. Pure.

Told journeys are compared with the model of the same students, never with the whole
cohort: who tells is not everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mobility.audit.verify.suppression import SMALLEST
from mobility.reading.travel import ToldJourney

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Realised:
    """The journeys of some travellers, as modelled and as told."""

    key: str
    persons: int
    modelled_g: int
    told_g: int

    @property
    def difference_g(self) -> int:
        """Return what was told less what was modelled."""
        return self.told_g - self.modelled_g


@dataclass(frozen=True, slots=True)
class Realisation:
    """How many told, and what; `told` None where it would tell of single persons.

    `by_mode` are those who told, by the mode that was modelled.
    """

    travellers: int
    told: Realised | None
    by_mode: tuple[Realised, ...]

    @property
    def coverage_percent(self) -> int:
        """Return the share of travellers who told, rounded down."""
        told = self.told.persons if self.told else 0
        return told * PERCENT // self.travellers if self.travellers else 0


def to_realisation(
    journeys: Sequence[ToldJourney],
    modes: Mapping[str, str],
    *,
    may_see_persons: bool,
) -> Realisation:
    """Return what was told against what was modelled.

    Parameters
    ----------
    journeys
        Of all who may have travelled.
    modes
        The modelled mode by student.
    may_see_persons
        Else everything is withheld where few told, or few did not.
    """
    told = [row for row in journeys if row.told is not None]
    silent = len(journeys) - len(told)
    few = any(0 < count < SMALLEST for count in (len(told), silent))
    if few and not may_see_persons:
        return Realisation(len(journeys), None, ())
    by_mode: dict[str, list[ToldJourney]] = {}
    for row in told if may_see_persons else ():
        by_mode.setdefault(modes.get(row.student, ""), []).append(row)
    parts = tuple(_add(mode, by_mode[mode]) for mode in sorted(by_mode))
    return Realisation(len(journeys), _add("", told), parts)


def _add(key: str, rows: Sequence[ToldJourney]) -> Realised:
    return Realised(
        key,
        len(rows),
        sum(row.modelled_g for row in rows),
        sum(row.told.total_g for row in rows if row.told),
    )
