"""Wishes -> balance -> carbon: what each stage gave and cost, and to whom.

Imported by charts, pages and documents. All of it is counted from the placements; the
one-way excess is the verifier's own, since it is of partnerships and of nobody alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from mobility.reporting.facts import Place, RunFacts, StageFacts
from mobility.reporting.labels import GRAMS_PER_TONNE, Labels
from mobility.reporting.memory import Memory
from mobility.reporting.tables import Cell, Column, Table, make_table

MEASURES = (
    "placed",
    "mean_rank",
    "emissions",
    "one_way_excess",
    "south_to_north",
    "north_to_south",
)
BLOCKS = ("south", "north")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: everyone's, or those of students with one label.

    Parameters
    ----------
    attribute
        "" for everyone, "block", "sending", or an attribute of the students.
    """

    attribute: str = ""
    value: str = ""


EVERYONE = Scope()


@dataclass(frozen=True, slots=True)
class Moves:
    """How many students a stage moved, by what became of them."""

    gained_place: int = 0
    better: int = 0
    same_rank: int = 0
    worse: int = 0
    lost_place: int = 0

    @property
    def total(self) -> int:
        """Return how many have another outcome than before."""
        kept_place = self.better + self.same_rank + self.worse
        return self.gained_place + kept_place + self.lost_place


@dataclass(frozen=True, slots=True)
class WaterfallStage:
    """A stage's figures; None is "does not apply to this scope"."""

    name: str
    placed: int
    rank_total: int
    emissions_g: int
    one_way_excess: int | None
    south_to_north: int | None
    north_to_south: int | None
    moves: Moves

    @property
    def mean_rank(self) -> Fraction | None:
        """Return the mean rank of those placed."""
        return Fraction(self.rank_total, self.placed) if self.placed else None

    def value(self, measure: str) -> int | Fraction | None:
        """Return a figure by its name in `MEASURES`."""
        if measure == "mean_rank":
            return self.mean_rank
        found: int | None = getattr(
            self, "emissions_g" if measure == "emissions" else measure
        )
        return found


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The stages of a run for one scope.

    Parameters
    ----------
    students
        How many are in the scope.
    lost_place
        How many of them have a place after the first stage and none in the end.
    """

    scope: Scope
    students: int
    stages: tuple[WaterfallStage, ...]
    lost_place: int

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures that apply to this scope."""
        return tuple(
            measure
            for measure in MEASURES
            if any(stage.value(measure) is not None for stage in self.stages)
        )


def to_waterfall(run: RunFacts, scope: Scope = EVERYONE) -> Waterfall:
    """Return the waterfall of those in a scope."""
    students = {
        each.id
        for each in run.students
        if not scope.attribute or run.label(each, scope.attribute) == scope.value
    }
    placed = [
        {name: place for name, place in stage.places.items() if name in students}
        for stage in run.stages
    ]
    moves = [Moves(), *(count_moves(was, now) for was, now in pairwise(placed))]
    stages = tuple(
        _measure(run, stage, (places, moved), scope)
        for stage, places, moved in zip(run.stages, placed, moves, strict=False)
    )
    lost = len(placed[0].keys() - placed[-1].keys()) if placed else 0
    return Waterfall(scope, len(students), stages, lost)


def all_scopes(run: RunFacts) -> tuple[Scope, ...]:
    """Return everyone, the blocks, and the groups of every attribute."""
    found = {
        (attribute, run.label(student, attribute))
        for attribute in ("block", *run.attributes)
        for student in run.students
    }
    order = ("block", *run.attributes)
    ordered = sorted(
        (pair for pair in found if pair[1]),
        key=lambda pair: (order.index(pair[0]), pair[1]),
    )
    return EVERYONE, *(Scope(*pair) for pair in ordered)


def count_moves(before: Mapping[str, Place], after: Mapping[str, Place]) -> Moves:
    """Return what became of the students from one stage to the next."""
    counts: Counter[str] = Counter()
    for student in before.keys() | after.keys():
        was, now = before.get(student), after.get(student)
        if was != now:
            counts[_kind(was, now)] += 1
    return Moves(**counts)


def _kind(was: Place | None, now: Place | None) -> str:
    if was is None:
        return "gained_place"
    if now is None:
        return "lost_place"
    if was.rank == now.rank:
        return "same_rank"
    return "better" if now.rank < was.rank else "worse"


def _measure(
    run: RunFacts,
    stage: StageFacts,
    outcome: tuple[Mapping[str, Place], Moves],
    scope: Scope,
) -> WaterfallStage:
    places, moves = outcome
    crossings = Counter(
        (run.block(place.home), run.block(place.host))
        for place in places.values()
        if place.mode != "virtual"
    )

    def crossing(home: str, host: str) -> int | None:
        is_other = scope.attribute == "block" and scope.value != home
        return None if is_other else crossings[home, host]

    return WaterfallStage(
        name=stage.name,
        placed=len(places),
        rank_total=sum(place.rank for place in places.values()),
        emissions_g=sum(place.emissions_g for place in places.values()),
        one_way_excess=None if scope.attribute else stage.metrics["one_way_excess"],
        south_to_north=crossing("south", "north"),
        north_to_south=crossing("north", "south"),
        moves=moves,
    )


def write_value(labels: Labels, measure: str, value: int | Fraction | None) -> str:
    """Return a figure as text, with its unit."""
    if value is None:
        return labels["none"]
    if measure == "mean_rank":
        return labels.decimal(Fraction(value), 2)
    if measure == "emissions":
        return labels.tonnes(int(value))
    return labels.count(int(value))


def compare(labels: Labels, waterfall: Waterfall, measure: str) -> str:
    """Return the last stage's figure against the first's, in words."""
    first, last = waterfall.stages[0], waterfall.stages[-1]
    was, now = first.value(measure), last.value(measure)
    if len(waterfall.stages) == 1 or was is None or now is None:
        return ""
    name = labels.name(first.name)
    if now == was:
        return labels.fill("same_as", stage=name)
    key = "below" if now < was else "above"
    change = write_change(
        labels, waterfall, measure, abs(Fraction(now) - Fraction(was))
    )
    if measure == "emissions":
        change = labels.fill("tonnes", number=change)
    return labels.fill(key, change=change, stage=name)


def write_change(
    labels: Labels, waterfall: Waterfall, measure: str, change: Fraction
) -> str:
    """Return a change as text, with as many digits as what it is a change of."""
    if measure == "mean_rank":
        return labels.decimal(change, 2)
    if measure == "emissions":
        digits = labels.digits(waterfall.stages[0].emissions_g)
        return labels.decimal(change / GRAMS_PER_TONNE, digits)
    return labels.count(int(change))


def describe(labels: Labels, waterfall: Waterfall) -> str:
    """Return the picture in one sentence: emissions and places, and who lost one."""
    if not waterfall.students:
        return labels["empty"]
    last = waterfall.stages[-1]
    parts = [
        labels.fill(
            "placed_of",
            placed=labels.count(last.placed),
            students=labels.count(waterfall.students),
        ),
        ", ".join(
            text
            for text in (
                labels.tonnes(last.emissions_g),
                compare(labels, waterfall, "emissions"),
            )
            if text
        ),
    ]
    if len(waterfall.stages) > 1:
        parts.append(tell_losses(labels, waterfall))
    return ". ".join(parts) + "."


def tell_losses(labels: Labels, waterfall: Waterfall) -> str:
    """Return how many a later stage left without the place they had, in words."""
    lost = waterfall.lost_place
    return (
        labels.fill("lost_some", count=labels.count(lost))
        if lost
        else labels["lost_nobody"]
    )


def stage_table(labels: Labels, waterfall: Waterfall) -> Table:
    """Return the figures as a table: a row a measure, a column a stage."""
    columns = [Column(labels["measure"], is_number=False)]
    columns += [Column(labels.name(stage.name)) for stage in waterfall.stages]
    rows = [_measure_row(labels, waterfall, each) for each in waterfall.measures]
    kinds = ("gained_place", "better", "same_rank", "worse", "lost_place")
    rows += [_move_row(labels, waterfall, kind) for kind in kinds]
    return make_table(labels["caption_waterfall"], columns, rows)


def _measure_row(labels: Labels, waterfall: Waterfall, measure: str) -> Iterable[Cell]:
    yield Cell(labels[measure])
    for stage in waterfall.stages:
        value = stage.value(measure)
        if measure == "emissions" and value is not None:
            tonnes = labels.decimal(Fraction(value, GRAMS_PER_TONNE), 1)
            yield Cell(labels.fill("tonnes", number=tonnes), value)
        else:
            yield Cell(write_value(labels, measure, value), value)


def _move_row(labels: Labels, waterfall: Waterfall, kind: str) -> Iterable[Cell]:
    yield Cell(labels[kind])
    yield Cell(labels["none"])
    for stage in waterfall.stages[1:]:
        value: int = getattr(stage.moves, kind)
        yield Cell(labels.count(value), value)


_scopes_tables: Memory[Table] = Memory(16)


def scopes_table(labels: Labels, run: RunFacts) -> Table:
    """Return who got what in each stage: a row per scope and stage."""
    key = (run.digest, labels.language)
    return _scopes_tables.get(key, lambda: _make_scopes_table(labels, run))


def _make_scopes_table(labels: Labels, run: RunFacts) -> Table:
    columns = [
        Column(labels["group"], is_number=False),
        Column(labels["stage"], is_number=False),
        *(Column(labels[key]) for key in ("students", *MEASURES)),
        *(Column(labels[key]) for key in ("worse", "lost_place")),
    ]
    rows = [
        _scope_row(labels, waterfall, stage)
        for waterfall in (to_waterfall(run, scope) for scope in all_scopes(run))
        for stage in waterfall.stages
    ]
    return make_table(labels["caption_scopes"], columns, rows)


def scope_name(labels: Labels, scope: Scope) -> str:
    """Return whose figures they are."""
    if not scope.attribute:
        return labels["everyone"]
    if scope.attribute in {"block", "sending"}:
        return labels.name(scope.value)
    names = {
        "attribute": labels.name(scope.attribute),
        "value": labels.name(scope.value),
    }
    return labels.fill("group_name", **names)


def _scope_row(
    labels: Labels, waterfall: Waterfall, stage: WaterfallStage
) -> Iterable[Cell]:
    yield Cell(scope_name(labels, waterfall.scope))
    yield Cell(labels.name(stage.name))
    yield Cell(labels.count(waterfall.students), waterfall.students)
    for measure in MEASURES:
        value = stage.value(measure)
        yield Cell(write_value(labels, measure, value), value)
    for number in (stage.moves.worse, stage.moves.lost_place):
        yield Cell(labels.count(number), number)
