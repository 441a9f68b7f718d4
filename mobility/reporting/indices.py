"""The indices of a run's stages as a table; what they are: ``solver.indices``."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from mobility.reporting.facts import RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.tables import Cell, Column, Table, make_table
from solver.indices import atkinson, gini, imbalance, jain, reciprocity, theil


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
