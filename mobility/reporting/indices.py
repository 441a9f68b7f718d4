"""How evenly something is spread, and how mutual flows are: indices for reports.

They have roots, logarithms or quotients of sums and are derived here, not certified.
Gini; Theil's T; Atkinson with aversion 1; Jain, Chiu and Hawe 1984 (DEC-TR-301);
weighted reciprocity of Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013
(Scientific Reports 3:2729).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, fsum, log

from mobility.reporting.facts import RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.tables import Cell, Column, Table, make_table

Weights = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Indices:
    """A stage's indices; None where they are not defined.

    `gini`, `theil`, `atkinson`, `jain` are of the students' benefits, those without a
    place counting 0; `reciprocity` and `imbalance` are of lanes between universities.
    """

    stage: str
    gini: float | None
    theil: float | None
    atkinson: float | None
    jain: float | None
    reciprocity: Fraction | None
    imbalance: Fraction | None


NAMES = ("gini", "theil", "atkinson", "jain", "reciprocity", "imbalance")


def to_indices(run: RunFacts) -> tuple[Indices, ...]:
    """Return the indices of every stage."""
    ranks = [place.rank for stage in run.stages for place in stage.places.values()]
    best = max(ranks, default=0) + 1
    found = []
    for stage in run.stages:
        taken = stage.places
        benefits = [
            best - taken[student.id].rank if student.id in taken else 0
            for student in run.students
        ]
        lanes = Counter((p.home, p.host) for p in taken.values() if p.is_outward)
        found.append(
            Indices(
                stage=stage.name,
                gini=gini(benefits),
                theil=theil(benefits),
                atkinson=atkinson(benefits),
                jain=jain(benefits),
                reciprocity=reciprocity(lanes),
                imbalance=imbalance(lanes),
            )
        )
    return tuple(found)


def gini(values: Sequence[int]) -> float | None:
    """Return Gini's index of numbers >= 0: 0 is even, near 1 is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    weighted = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return float(Fraction(2 * weighted, size * total) - Fraction(size + 1, size))


def theil(values: Sequence[int]) -> float | None:
    """Return Theil's T of numbers >= 0: 0 is even, log(n) is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    shares = [value * size / total for value in values if value]
    return fsum(share * log(share) for share in shares) / size


def atkinson(values: Sequence[int]) -> float | None:
    """Return Atkinson's index with aversion 1; 1 as soon as anyone has nothing."""
    total, size = sum(values), len(values)
    if not total:
        return None
    if not all(values):
        return 1.0
    return 1 - exp(fsum(map(log, values)) / size) * size / total


def jain(values: Sequence[int]) -> float | None:
    """Return Jain's index: 1 is even, 1/n is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    return total * total / (size * sum(value * value for value in values))


def reciprocity(weights: Weights) -> Fraction | None:
    """Return the part of all flow that is met by flow the other way."""
    total = sum(weights.values())
    if not total:
        return None
    met = sum(
        min(weight, weights.get((host, home), 0))
        for (home, host), weight in weights.items()
    )
    return Fraction(met, total)


def imbalance(weights: Weights) -> Fraction | None:
    """Return half the sum of |out - in| over universities, per student moved."""
    total = sum(weights.values())
    if not total:
        return None
    net: Counter[str] = Counter()
    for (home, host), weight in weights.items():
        net[home] += weight
        net[host] -= weight
    return Fraction(sum(map(abs, net.values())), 2 * total)


def indices_table(labels: Labels, rows: Iterable[Indices]) -> Table:
    """Return the indices as a table: a row an index, a column a stage."""
    rows = tuple(rows)
    columns = [Column(labels["index"], is_number=False)]
    columns += [Column(labels.name(row.stage)) for row in rows]
    lines = [
        (Cell(labels[name]), *(_cell(labels, getattr(row, name)) for row in rows))
        for name in NAMES
    ]
    return make_table(labels["caption_indices"], columns, lines)


def _cell(labels: Labels, value: float | Fraction | None) -> Cell:
    if value is None:
        return Cell(labels["none"])
    exact = Fraction(value)
    return Cell(labels.decimal(exact, 3), exact)
