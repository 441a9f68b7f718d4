"""Tables as CSV files that spreadsheets open without running anything in them.

Every export writes its file here. RFC 4180, UTF-8 with a byte order mark, since
spreadsheets take a file without one for Latin-1; texts in quotes, numbers bare.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | None

FORMULA_STARTS = tuple(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection), and the
full-width signs that some of them fold to it."""
GUARD = "'"


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """Return a file with a heading and the rows.

    Parameters
    ----------
    columns
        Keys of the rows, in the order of the columns; the heading.
    rows
        A text that a spreadsheet would take for a formula gets an apostrophe before
        it; whole numbers stay as they are; None is an empty cell.

    Raises
    ------
    KeyError
        When a row lacks a column.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([neutralise(column) for column in columns])
    writer.writerows([_to_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def neutralise(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    is_formula = text.lstrip(" \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}").startswith(
        FORMULA_STARTS
    )
    return GUARD + text if is_formula else text


def _to_cell(value: Cell) -> str | int:
    if value is None:
        return ""
    return neutralise(value) if isinstance(value, str) else int(value)
