"""Files that spreadsheets open: nothing in them runs, nothing in them is lost."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.interop.csv_file import GUARD, neutralise, write_csv

BIDDEN = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\t\r"


def read(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 30",
        "-1",
        "@SUM(A1)",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        "\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        "\N{FULLWIDTH COMMERCIAL AT}x",
        "\t=1",
        "  =1",
        "\N{IDEOGRAPHIC SPACE}=1",
    ],
)
def test_a_text_that_would_run_is_kept_behind_an_apostrophe(text: str) -> None:
    assert neutralise(text) == GUARD + text
    assert read(write_csv(["a"], [{"a": text}]))[1] == [GUARD + text]


@pytest.mark.parametrize("text", ["Uppsala", "s-1", "a=b", "", "é, ü; “x”", 'say "hi"'])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert read(write_csv(["a"], [{"a": text}]))[1] == [text]


def test_numbers_are_bare_and_nothing_is_an_empty_cell() -> None:
    data = write_csv(["a", "b"], [{"a": -5, "b": None}])
    assert data.decode("utf-8-sig") == '"a","b"\r\n-5,""\r\n'


def test_a_row_without_a_column_is_refused() -> None:
    with pytest.raises(KeyError, match="b"):
        write_csv(["a", "b"], [{"a": 1}])


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=3))
def test_no_cell_begins_a_formula_and_every_text_can_be_read_back(
    texts: list[str],
) -> None:
    columns = [f"c{number}" for number in range(len(texts))]
    row = dict(zip(columns, texts, strict=True))
    _, cells = read(write_csv(columns, [row]))
    assert not any(cell.startswith(tuple(BIDDEN)) for cell in cells)
    assert [cell.removeprefix(GUARD) for cell in cells] == [
        text.removeprefix(GUARD) for text in texts
    ]
