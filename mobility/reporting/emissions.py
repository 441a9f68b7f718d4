"""Emissions of placements: after each stage, how they are spread, by mode of travel.

Sums are exact grams as frozen. Virtual offers have no journey: they are placements of
0 g in totals, and are left out where journeys are counted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mobility.eligibility import VIRTUAL
from mobility.reporting.facts import Place, RunFacts
from mobility.reporting.labels import GRAMS_PER_TONNE, Labels
from mobility.reporting.tables import Cell, Column, Table, make_table

BIN_G = 500_000
"""Width of the distribution's bins: half a tonne."""
GRAMS_PER_KG = 1000


@dataclass(frozen=True, slots=True)
class EmissionSum:
    """Placements that share a key, with their grams and days abroad.

    A virtual placement has no day abroad.
    """

    key: str
    placements: int
    emissions_g: int
    non_co2_g: int
    days: int


@dataclass(frozen=True, slots=True)
class StageEmissions:
    """A stage's total, and its median and 90th percentile (nearest rank) per place."""

    total: EmissionSum
    median_g: int
    p90_g: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Return journeys by emissions, first stage and last.

    Parameters
    ----------
    first, last
        Journeys per bin of `BIN_G`, from 0 on; as long as each other.
    median_g, p90_g
        Of the last stage's journeys, nearest rank.
    """

    first_stage: str
    last_stage: str
    first: tuple[int, ...]
    last: tuple[int, ...]
    median_g: int
    p90_g: int


def to_stage_emissions(run: RunFacts) -> tuple[StageEmissions, ...]:
    """Return each stage's emissions."""
    found = []
    for stage in run.stages:
        places = stage.places.values()
        grams = sorted(place.emissions_g for place in places)
        total = _add(stage.name, places)
        found.append(
            StageEmissions(total, nearest_rank(grams, 50), nearest_rank(grams, 90))
        )
    return tuple(found)


def to_distribution(run: RunFacts) -> Distribution | None:
    """Return how journeys' emissions are spread; None where nobody travels."""
    if not run.stages:
        return None
    first, last = (
        sorted(p.emissions_g for p in stage.places.values() if p.mode != VIRTUAL)
        for stage in (run.stages[0], run.stages[-1])
    )
    if not last:
        return None
    bins = max(last[-1], first[-1] if first else 0) // BIN_G + 1
    return Distribution(
        first_stage=run.stages[0].name,
        last_stage=run.stages[-1].name,
        first=_fill_bins(first, bins),
        last=_fill_bins(last, bins),
        median_g=nearest_rank(last, 50),
        p90_g=nearest_rank(last, 90),
    )


def by_mode(run: RunFacts) -> tuple[EmissionSum, ...]:
    """Return the last stage's emissions by mode of travel, most first."""
    return _sum_by(run, lambda place: place.mode)


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Return a percentile of ascending numbers by nearest rank; 0 of none."""
    if not ordered:
        return 0
    return ordered[-(-percent * len(ordered) // 100) - 1]


def _fill_bins(grams: Iterable[int], bins: int) -> tuple[int, ...]:
    counts = [0] * bins
    for each in grams:
        counts[each // BIN_G] += 1
    return tuple(counts)


def _sum_by(run: RunFacts, key: Callable[[Place], str]) -> tuple[EmissionSum, ...]:
    if not run.stages:
        return ()
    groups: dict[str, list[Place]] = {}
    for place in run.stages[-1].places.values():
        groups.setdefault(key(place), []).append(place)
    sums = [_add(name, places) for name, places in groups.items()]
    return tuple(sorted(sums, key=lambda each: (-each.emissions_g, each.key)))


def _add(key: str, places: Iterable[Place]) -> EmissionSum:
    places = tuple(places)
    return EmissionSum(
        key=key,
        placements=len(places),
        emissions_g=sum(place.emissions_g for place in places),
        non_co2_g=sum(place.non_co2_g for place in places),
        days=sum(place.days for place in places if place.mode != VIRTUAL),
    )


def distribution_table(labels: Labels, spread: Distribution | None) -> Table:
    """Return the distribution as a table: a row a bin."""
    columns = [Column(labels[key]) for key in ("from_tonnes", "to_tonnes")]
    stages = (spread.first_stage, spread.last_stage) if spread else ()
    columns += [Column(labels.name(name)) for name in stages]
    counts = zip(spread.first, spread.last, strict=True) if spread else ()
    rows = []
    for index, pair in enumerate(counts):
        ends = (index * BIN_G, (index + 1) * BIN_G)
        rows.append(
            (
                *(_tonnes(labels, end) for end in ends),
                *(Cell(labels.count(count), count) for count in pair),
            )
        )
    return make_table(labels["caption_emissions"], columns, rows)


def stages_table(labels: Labels, stages: Iterable[StageEmissions]) -> Table:
    """Return the stages' totals, with and without what is not CO2, and spread."""
    columns = [Column(labels["stage"], is_number=False)]
    keys = ("placements", "tonnes_total", "tonnes_each", "kg_per_day", "non_co2")
    columns += [Column(labels[key]) for key in (*keys, "median_each", "p90_each")]
    rows = [
        (
            *_sum_row(labels, each.total, labels.name(each.total.key)),
            _tonnes(labels, each.median_g, 2),
            _tonnes(labels, each.p90_g, 2),
        )
        for each in stages
    ]
    return make_table(labels["caption_totals"], columns, rows)


def _sum_row(labels: Labels, row: EmissionSum, name: str) -> tuple[Cell, ...]:
    each = Fraction(row.emissions_g, row.placements) if row.placements else None
    per_day = Fraction(row.emissions_g, row.days * GRAMS_PER_KG) if row.days else None
    return (
        Cell(name),
        Cell(labels.count(row.placements), row.placements),
        _tonnes(labels, row.emissions_g),
        Cell(labels["none"]) if each is None else _tonnes(labels, each, 2),
        Cell(labels["none"])
        if per_day is None
        else Cell(labels.decimal(per_day, 1), per_day),
        _tonnes(labels, row.non_co2_g),
    )


def _tonnes(labels: Labels, grams: int | Fraction, digits: int = 1) -> Cell:
    text = labels.decimal(Fraction(grams) / GRAMS_PER_TONNE, digits)
    return Cell(text, grams)
