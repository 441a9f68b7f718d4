"""Tables that stand beside pictures: cells with their text and what to sort by.

Imported by the modules of figures, by pages and by documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers are set to the right, in tabular figures."""

    label: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what is read, and the number it stands for (None for a text)."""

    text: str
    value: Number | None = None


Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; a row's first cell is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]


def make_table(
    caption: str, columns: Iterable[Column], rows: Iterable[Iterable[Cell]]
) -> Table:
    """Return a table of what is given."""
    return Table(caption, tuple(columns), tuple(tuple(row) for row in rows))
