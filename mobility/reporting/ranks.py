"""Which choice students got after each stage, and who moved from one to the next."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mobility.reporting.facts import Place, RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.tables import Cell, Column, Table, make_table

UNPLACED = 0
"""Stands for a rank where a student has no place."""


@dataclass(frozen=True, slots=True)
class RankProfile:
    """Students of a stage by rank; `counts` has every rank of any stage, 1 first."""

    stage: str
    students: int
    counts: tuple[int, ...]
    unplaced: int


@dataclass(frozen=True, slots=True)
class Transitions:
    """Students by the rank they had and the rank they have; unplaced is 0.

    `moved` counts those of them whose offer is another than before.
    """

    before: str
    after: str
    counts: Mapping[tuple[int, int], int]
    moved: Mapping[tuple[int, int], int]


def to_profiles(run: RunFacts) -> tuple[RankProfile, ...]:
    """Return the rank profile of every stage."""
    ranks = [Counter(p.rank for p in stage.places.values()) for stage in run.stages]
    last = max((rank for counts in ranks for rank in counts), default=0)
    students = len(run.students)
    return tuple(
        RankProfile(
            stage=stage.name,
            students=students,
            counts=tuple(counts[rank] for rank in range(1, last + 1)),
            unplaced=students - len(stage.places),
        )
        for stage, counts in zip(run.stages, ranks, strict=True)
    )


def to_transitions(run: RunFacts) -> tuple[Transitions, ...]:
    """Return who went from which rank to which, for every stage after the first."""
    return tuple(
        _transitions(run, (was.name, was.places), (now.name, now.places))
        for was, now in pairwise(run.stages)
    )


def _transitions(
    run: RunFacts,
    was: tuple[str, Mapping[str, Place]],
    now: tuple[str, Mapping[str, Place]],
) -> Transitions:
    counts: Counter[tuple[int, int]] = Counter()
    moved: Counter[tuple[int, int]] = Counter()
    for student in run.students:
        pair = _rank(was[1], student.id), _rank(now[1], student.id)
        counts[pair] += 1
        moved[pair] += was[1].get(student.id) != now[1].get(student.id)
    return Transitions(was[0], now[0], counts, moved)


def _rank(places: Mapping[str, Place], student: str) -> int:
    place = places.get(student)
    return place.rank if place else UNPLACED


def rank_table(labels: Labels, profiles: Iterable[RankProfile]) -> Table:
    """Return the profiles as a table: a row a rank, a column a stage."""
    profiles = tuple(profiles)
    columns = [Column(labels["outcome"], is_number=False)]
    columns += [Column(labels.name(each.stage)) for each in profiles]
    ranks = range(len(profiles[0].counts)) if profiles else range(0)
    rows = [
        (
            Cell(labels.fill("choice", rank=labels.count(rank + 1)), rank + 1),
            *(_count(labels, each.counts[rank]) for each in profiles),
        )
        for rank in ranks
    ]
    rows.append(
        (
            Cell(labels["unplaced"], UNPLACED),
            *(_count(labels, each.unplaced) for each in profiles),
        )
    )
    return make_table(labels["caption_ranks"], columns, rows)


def moves_table(labels: Labels, transitions: Transitions) -> Table:
    """Return who moved: a row a rank before, a column a rank after.

    On the diagonal stand those who stayed at their rank, moved or not.
    """
    ranks = {rank for pair in transitions.counts for rank in pair} - {UNPLACED}
    order = [*sorted(ranks), UNPLACED]
    columns = [Column(labels["before_after"], is_number=False)]
    columns += [Column(_outcome(labels, rank)) for rank in order]
    rows = [
        (
            Cell(_outcome(labels, was), was),
            *(_count(labels, transitions.counts.get((was, now), 0)) for now in order),
        )
        for was in order
    ]
    caption = labels.fill(
        "caption_moves",
        before=labels.name(transitions.before),
        after=labels.name(transitions.after),
    )
    return make_table(caption, columns, rows)


def describe_ranks(labels: Labels, profiles: Iterable[RankProfile]) -> str:
    """Return the last profile in one sentence."""
    profiles = tuple(profiles)
    if not profiles or not profiles[-1].students:
        return labels["empty"]
    last = profiles[-1]
    return labels.fill(
        "first_choice_told",
        first=labels.count(last.counts[0] if last.counts else 0),
        students=labels.count(last.students),
        unplaced=labels.count(last.unplaced),
    )


def _outcome(labels: Labels, rank: int) -> str:
    if rank == UNPLACED:
        return labels["unplaced"]
    return labels.fill("choice", rank=labels.count(rank))


def _count(labels: Labels, number: int) -> Cell:
    return Cell(labels.count(number), number)
