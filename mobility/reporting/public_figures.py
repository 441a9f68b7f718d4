"""A round's figures for everybody, small numbers withheld.

Pure. What could be worked out from the totals beside it is withheld too.
"""

from collections import Counter
from dataclasses import dataclass

from mobility.audit.verify.suppression import SMALLEST, suppress, suppress_line
from mobility.reporting.emissions import by_mode
from mobility.reporting.facts import RunFacts
from mobility.reporting.ranks import to_profiles

Shown = int | None
"""None is withheld."""


@dataclass(frozen=True, slots=True)
class PublicStage:
    """A stage's totals."""

    name: str
    placed: Shown
    emissions_g: Shown
    one_way_excess: int
    south_to_north: Shown
    north_to_south: Shown


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """A group's students with and without a place."""

    value: str
    students: int
    placed: Shown
    unplaced: Shown


@dataclass(frozen=True, slots=True)
class PublicAttribute:
    """The groups of an attribute; none where a group is too small to be told of."""

    attribute: str
    groups: tuple[PublicGroup, ...]


@dataclass(frozen=True, slots=True)
class PublicMode:
    """Placements by one mode of travel."""

    mode: str
    placements: Shown
    emissions_g: Shown


@dataclass(frozen=True, slots=True)
class PublicStatistics:
    """What everybody may know of a round.

    Parameters
    ----------
    students, placed, unplaced
        None where so few are in the round, or on one side, that it would tell of them.
    ranks
        Students by the rank of what they got, first choice first.
    """

    students: Shown
    placed: Shown
    unplaced: Shown
    universities: int
    countries: int
    stages: tuple[PublicStage, ...]
    ranks: tuple[Shown, ...]
    attributes: tuple[PublicAttribute, ...]
    modes: tuple[PublicMode, ...]


def to_statistics(run: RunFacts) -> PublicStatistics:
    """Return a run's figures as they may be published."""
    students = len(run.students)
    profiles = to_profiles(run)
    unplaced = profiles[-1].unplaced if profiles else students
    placed = students - unplaced
    may_tell = students >= SMALLEST
    shown = suppress_line([placed, unplaced]) if may_tell else [None, None]
    is_open = None not in shown
    counts = profiles[-1].counts if profiles else ()
    return PublicStatistics(
        students=students if may_tell else None,
        placed=shown[0],
        unplaced=shown[1],
        universities=len(run.schools),
        countries=len({school.country for school in run.schools.values()}),
        stages=_stages(run) if is_open else (),
        ranks=tuple(suppress_line(counts)) if is_open else (),
        attributes=_attributes(run) if is_open else (),
        modes=_modes(run) if is_open else (),
    )


def _tell(count: int) -> Shown:
    return None if 0 < count < SMALLEST else count


def _stages(run: RunFacts) -> tuple[PublicStage, ...]:
    return tuple(
        PublicStage(
            name=stage.name,
            placed=_tell(len(stage.places)),
            emissions_g=None
            if _tell(len(stage.places)) is None
            else sum(place.emissions_g for place in stage.places.values()),
            one_way_excess=stage.metrics["one_way_excess"],
            south_to_north=_tell(stage.metrics["south_to_north"]),
            north_to_south=_tell(stage.metrics["north_to_south"]),
        )
        for stage in run.stages
    )


def _attributes(run: RunFacts) -> tuple[PublicAttribute, ...]:
    return tuple(
        PublicAttribute(attribute, _groups(run, attribute))
        for attribute in ("block", *run.attributes)
    )


def _groups(run: RunFacts, attribute: str) -> tuple[PublicGroup, ...]:
    """Return an attribute's groups, none when one of them is too small."""
    placed = run.stages[-1].places
    counts = Counter(
        (run.label(student, attribute), student.id in placed)
        for student in run.students
    )
    values = sorted({value for value, _ in counts})
    table = [(counts[value, True], counts[value, False]) for value in values]
    if any(sum(line) < SMALLEST for line in table):
        return ()
    return tuple(
        PublicGroup(value, sum(line), shown[0], shown[1])
        for value, line, shown in zip(values, table, suppress(table), strict=True)
    )


def _modes(run: RunFacts) -> tuple[PublicMode, ...]:
    sums = by_mode(run)
    shown = suppress_line([each.placements for each in sums])
    return tuple(
        PublicMode(each.key, count, None if count is None else each.emissions_g)
        for each, count in zip(sums, shown, strict=True)
    )
