"""The emissions report of a run's cohort: figures, parts, and the baseline beside them.

Worked out of what was frozen, once for each result. For readers who may not see single
persons, parts of fewer than five are withheld, and what would give them away.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from mobility.audit.verify.suppression import SMALLEST, suppress_line
from mobility.carbon.cohort import CohortFigures, Share, Trip, find_figures
from mobility.carbon.draws import Draws
from mobility.reading.figures import read_result_digest
from mobility.reporting.journey_files import FrozenJourneys, Placed
from mobility.reporting.memory import Memory
from mobility.reporting.stored import stored_run

MODE, HOST, HOME = "mode", "host", "home"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a cohort; everything but its key is None where it is withheld."""

    key: str
    name: str
    persons: int | None
    total_g: int | None
    mean_g: int | None
    interval_g: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Part:
    """A cohort cut by mode, host, home or an attribute; most emissions first."""

    by: str
    rows: tuple[PartRow, ...]

    @property
    def is_withheld(self) -> bool:
        """Say whether a row is withheld."""
        return any(row.persons is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class CohortReport:
    """What a report shows of the students who travel.

    Parameters
    ----------
    stage, baseline
        The last stage, which the figures are of, and the first one.
    baseline_g
        Grams of the first stage, under the same factors.
    virtual
        Students placed on offers that nobody travels to; in no mean and no median.
    figures
        None where so few travel that their figures would tell of them.
    carbon
        The snapshot's own account: factor set, digests, settings.
    """

    stage: str
    baseline: str
    baseline_g: int
    virtual: int
    figures: CohortFigures | None
    parts: tuple[Part, ...]
    carbon: Mapping[str, Any]

    @property
    def difference_g(self) -> int:
        """Return the last stage's grams less the baseline's; below 0 is less."""
        return (self.figures.total_g if self.figures else 0) - self.baseline_g


_journeys: Memory[FrozenJourneys] = Memory(2)
_reports: Memory[CohortReport] = Memory(8)


def frozen_journeys(session: Session, run: int) -> FrozenJourneys:
    """Return the journeys of a run with a verified result.

    Raises
    ------
    NotFound, Conflict
        When there is no such run; when it has no verified result.
    """
    key = run, read_result_digest(session, run)
    return _journeys.get(key, lambda: FrozenJourneys(stored_run(session, run)))


def cohort_report(session: Session, run: int, *, may_see_persons: bool) -> CohortReport:
    """Return the report of a run with a verified result.

    Parameters
    ----------
    may_see_persons
        Whether the reader may see figures of single persons: an auditor.

    Raises
    ------
    NotFound, Conflict
        When there is no such run; when it has no verified result.
    """
    key = run, read_result_digest(session, run)
    whole = _reports.get(key, lambda: make_report(frozen_journeys(session, run)))
    return whole if may_see_persons else withhold(whole)


def make_report(frozen: FrozenJourneys) -> CohortReport:
    """Return the whole report of frozen journeys."""
    travelling = [placed for placed in frozen.placed if placed.journey]
    trips = [_to_trip(frozen, placed) for placed in travelling]
    draws = Draws(frozen.carbon["settings"]["rf_multiplier_tenths"])
    figures = find_figures(trips, draws)
    schools = {
        row["hei_id"]: row["name"] for row in frozen.stored.snapshot["institutions"]
    }
    parts = [
        _to_part(MODE, figures.by_mode, {}),
        _to_part(HOST, figures.by_host, schools),
        _to_part(HOME, figures.by_home, schools),
        *_attribute_parts(frozen, travelling, trips, draws),
    ]
    stages = frozen.stored.result["stages"]
    return CohortReport(
        stage=stages[-1]["name"] if stages else "",
        baseline=stages[0]["name"] if stages else "",
        baseline_g=_stage_total(frozen, stages[0]["placements"]) if stages else 0,
        virtual=len(frozen.placed) - len(travelling),
        figures=figures,
        parts=tuple(parts),
        carbon={
            name: value for name, value in frozen.carbon.items() if name != "factors"
        },
    )


def _to_trip(frozen: FrozenJourneys, placed: Placed) -> Trip:
    choice = placed.choice
    return Trip(
        home=placed.student["sending"],
        host=placed.offer["receiving"],
        mode=choice["mode"],
        total_g=choice["emissions_g"],
        legs=frozen.legs_by_journey[choice["journey"]],
        days=placed.offer["days"],
    )


def _attribute_parts(
    frozen: FrozenJourneys,
    travelling: Sequence[Placed],
    trips: Sequence[Trip],
    draws: Draws,
) -> list[Part]:
    """Return the cohort by block and by every attribute of its students."""
    blocks = {
        row["hei_id"]: row["block"] or ""
        for row in frozen.stored.snapshot["institutions"]
    }
    groups = [
        {"block": blocks[placed.student["sending"]], **placed.student["groups"]}
        for placed in travelling
    ]
    found = []
    for attribute in sorted({name for each in groups for name in each}):
        # one part each of the rest: it was cut by that already
        cut = [
            dataclasses.replace(
                trip, mode="", host="", home="", group=each.get(attribute, "")
            )
            for trip, each in zip(trips, groups, strict=True)
        ]
        found.append(_to_part(attribute, find_figures(cut, draws).by_group, {}))
    return found


def _to_part(by: str, shares: Mapping[str, Share], names: Mapping[str, str]) -> Part:
    rows = [
        PartRow(
            key,
            names.get(key, key),
            share.persons,
            share.total_g,
            share.mean_g,
            share.interval_g,
        )
        for key, share in shares.items()
    ]
    return Part(by, tuple(sorted(rows, key=lambda row: (-(row.total_g or 0), row.key))))


def _stage_total(frozen: FrozenJourneys, held: Mapping[str, str]) -> int:
    return sum(
        choice["emissions_g"]
        for student in frozen.stored.snapshot["students"]
        for choice in student["choices"]
        if choice["offer"] == held.get(student["id"])
    )


def withhold(report: CohortReport) -> CohortReport:
    """Return the report for readers who may not see single persons."""
    figures = report.figures
    if figures is None or 0 < figures.persons < SMALLEST:
        return dataclasses.replace(
            report, figures=None, baseline_g=0, virtual=0, parts=()
        )
    parts = tuple(Part(part.by, _withhold_rows(part.rows)) for part in report.parts)
    return dataclasses.replace(report, parts=parts)


def _withhold_rows(rows: Sequence[PartRow]) -> tuple[PartRow, ...]:
    """Return rows in the order of their keys, where order would tell of withheld ones.

    Rows that are shown come first, most emissions first.
    """
    shown = suppress_line([row.persons or 0 for row in rows])
    told = [row for row, count in zip(rows, shown, strict=True) if count is not None]
    hidden = [
        PartRow(row.key, row.name, None, None, None, None)
        for row, count in zip(rows, shown, strict=True)
        if count is None
    ]
    return (*told, *sorted(hidden, key=lambda row: row.name))
