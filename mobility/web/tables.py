"""Tables that are sorted, filtered and leafed through by query parameters alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

from mobility.reporting import tables as reports

Row = TypeVar("Row")

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of a table.

    Parameters
    ----------
    key
        Name in the address: `?sort=key`.
    value
        What rows are sorted by, and what the filter looks through when it is a text;
        None where the column is not to be sorted.
    is_number
        Its figures stand under each other, at the line's end.
    """

    key: str
    label: str
    value: Callable[[Row], Any] | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """One page of a table as it is shown.

    Parameters
    ----------
    total, found
        Rows there are, and those that the filter leaves.
    """

    name: str
    columns: tuple[Column[Row], ...]
    rows: tuple[Row, ...]
    total: int
    found: int
    sort: str
    is_descending: bool
    text: str
    page: int
    pages: int

    def parameter(self, name: str) -> str:
        """Return what a parameter of this table is called in the address."""
        return f"{self.name}-{name}" if self.name else name

    @property
    def id(self) -> str:
        """Return what the table is called in its page, so that a link leads to it."""
        return f"{self.name}-table" if self.name else "table"

    @property
    def is_asked_for(self) -> bool:
        """Say whether the address asks for anything of this table."""
        names = {self.parameter(key) for key in ("sort", "text", "page")}
        return not names.isdisjoint(request.args)

    def sort_address(self, column: Column[Row]) -> str:
        """Return the address of this page sorted by a column, or the other way."""
        turns = column.key == self.sort and not self.is_descending
        changed = {"sort": ("-" if turns else "") + column.key, "page": None}
        return self._address(changed)

    def page_address(self, page: int) -> str:
        """Return the address of another page of the table, 1 or more."""
        return self._address({"page": str(page)})

    def aria_sort(self, column: Column[Row]) -> str | None:
        """Return how a column's heading says that it sorts."""
        if column.key != self.sort:
            return None
        return "descending" if self.is_descending else "ascending"

    def kept(self) -> list[tuple[str, str]]:
        """Return the other parameters of the address, for the filter's form."""
        own = {self.parameter("text"), self.parameter("page")}
        return [item for item in request.args.items(multi=True) if item[0] not in own]

    def _address(self, changed: dict[str, str | None]) -> str:
        arguments: dict[str, Any] = dict(request.args.to_dict(flat=False))
        arguments |= {self.parameter(key): value for key, value in changed.items()}
        return url_for(
            request.endpoint or "",
            _anchor=self.id if self.name else None,
            **{**(request.view_args or {}), **arguments},
        )


def make_table(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    name: str = "",
    sort: str = "",
    page_rows: int = PAGE_ROWS,
) -> Table[Row]:
    """Return a table as the address asks for it; nonsense in it is passed over.

    Parameters
    ----------
    name
        Tells two tables of one page apart.
    sort
        Key of the column that sorts when the address names none, "-" before it for
        descending; the rows stay as given when empty.
    """
    prefix = f"{name}-" if name else ""
    everything = tuple(rows)
    text = request.args.get(f"{prefix}text", "").strip()[:100]
    found = list(everything)
    if text:
        found = [row for row in everything if _holds(columns, row, text)]
    asked = request.args.get(f"{prefix}sort", sort)
    column = _sortable(columns, asked) or _sortable(columns, sort)
    is_descending = asked.startswith("-")
    if column is not None and column.value is not None:
        found = _sorted(found, column.value, is_descending=is_descending)
    pages = max(1, -(-len(found) // page_rows))
    page = min(max(1, request.args.get(f"{prefix}page", 1, type=int)), pages)
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(found[(page - 1) * page_rows : page * page_rows]),
        total=len(everything),
        found=len(found),
        sort=column.key if column else "",
        is_descending=is_descending,
        text=text,
        page=page,
        pages=pages,
    )


def leaf_through(report: reports.Table, name: str) -> Table[reports.Cells]:
    """Return a report's table as one that the address sorts, filters and leafs."""
    columns = [
        Column(f"c{at}", column.label, _value_at(at, column), column.is_number)
        for at, column in enumerate(report.columns)
    ]
    return make_table(columns, report.rows, name=name)


def _value_at(
    at: int, column: reports.Column
) -> Callable[[reports.Cells], reports.Number | str | None]:
    """Return what gives a row's value in a column: numbers sort as numbers."""
    if column.is_number:
        return lambda row: row[at].value
    return lambda row: row[at].text


def _sortable(columns: Sequence[Column[Row]], asked: str) -> Column[Row] | None:
    key = asked.removeprefix("-")
    found = (column for column in columns if column.key == key and column.value)
    return next(found, None)


def _holds(columns: Sequence[Column[Row]], row: Row, text: str) -> bool:
    """Say whether each word stands in one of a row's texts."""
    values = (column.value(row) for column in columns if column.value)
    texts = " ".join(value for value in values if isinstance(value, str)).casefold()
    return all(word in texts for word in text.casefold().split())


def _sorted(
    rows: list[Row], value: Callable[[Row], Any], *, is_descending: bool
) -> list[Row]:
    """Sort rows; those without a value stay at the end either way."""
    known = [row for row in rows if value(row) is not None]
    known.sort(key=lambda row: _folded(value(row)), reverse=is_descending)
    return known + [row for row in rows if value(row) is None]


def _folded(value: Any) -> Any:  # noqa: ANN401 - whatever a column sorts by
    return value.casefold() if isinstance(value, str) else value
