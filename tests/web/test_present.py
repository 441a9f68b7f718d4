"""Numbers, weights and instants as a reader sees them; tables by their address."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, session

from mobility.reporting import tables as reports
from mobility.web import present
from mobility.web.tables import Column, Table, leaf_through, make_table


@pytest.fixture(params=["en"])
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with app.test_request_context("/"):
        session["language"] = request.param
        yield request.param


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1,798 t", "1,204.5 kg", "6,870 km", "12,345", "42%"]),
        (
            "fr",
            [
                "1\u202f798 t",
                "1\u202f204,5 kg",
                "6\u202f870 km",
                "12\u202f345",
                "42\xa0%",
            ],
        ),
        ("pt", ["1.798 t", "1.204,5 kg", "6.870 km", "12.345", "42%"]),
    ],
    indirect=["language"],
)
def test_numbers_are_grouped_as_the_language_does(
    language: str, shown: list[str]
) -> None:
    assert [
        present.tonnes(1_798_400_000),
        present.kilograms(1_204_500, 1),
        present.kilometres(6870),
        present.number(12345),
        present.percent(42, 100),
    ] == shown


def test_what_is_not_known_is_a_dash(language: str) -> None:
    values = [present.tonnes(None), present.number(None), present.percent(1, 0)]
    assert values == [present.NOTHING] * 3
    assert present.day(None) == present.moment(None, "UTC") == present.NOTHING


def test_an_instant_is_told_in_its_zone_and_in_utc(language: str) -> None:
    value = datetime(2027, 1, 14, 17, 0, tzinfo=UTC)
    text = present.moment(value, "Africa/Nairobi")
    assert text == (
        '<time datetime="2027-01-14T17:00:00Z">14 Jan 2027, 20:00, Africa/Nairobi'
        " (14 Jan 2027, 17:00, UTC)</time>"
    )
    assert present.day(date(2027, 1, 14)) == "14 Jan 2027"
    assert [present.days(1), present.days(28)] == ["1 day", "28 days"]


NAMES = ["Éva", "bob", "Alice", None, "carol"]
COLUMN: Column[str | None] = Column("name", "Name", lambda row: row)


def table_at(app: Flask, address: str, **options: object) -> Table[str | None]:
    with app.test_request_context(address):
        return make_table([COLUMN], NAMES, **options)  # type: ignore[arg-type]  # tests give what they like


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/", ("Éva", "bob", "Alice", None, "carol")),
        ("/?sort=name", ("Alice", "bob", "carol", "Éva", None)),
        ("/?sort=-name", ("Éva", "carol", "bob", "Alice", None)),
        ("/?sort=nonsense", ("Éva", "bob", "Alice", None, "carol")),
        ("/?text=AL", ("Alice",)),
        ("/?text=al+zz", ()),
    ],
)
def test_a_table_is_as_its_address_asks(
    app: Flask, address: str, rows: tuple[str | None, ...]
) -> None:
    assert table_at(app, address).rows == rows


@pytest.mark.parametrize(
    ("page", "rows"), [("2", 2), ("3", 1), ("99", 1), ("-1", 2), ("x", 2)]
)
def test_a_page_that_is_not_there_is_the_nearest_one(
    app: Flask, page: str, rows: int
) -> None:
    table = table_at(app, f"/?page={page}", page_rows=2)
    assert (len(table.rows), table.pages) == (rows, 3)


def test_two_tables_of_a_page_do_not_hear_each_other(app: Flask) -> None:
    with app.test_request_context("/?left-text=alice&sort=name"):
        left = make_table([COLUMN], NAMES, name="left")
        right = make_table([COLUMN], NAMES, name="right")
        assert (left.found, right.found) == (1, 5)
        assert left.sort_address(COLUMN) == (
            "/?left-text=alice&sort=name&left-sort=name#left-table"
        )


def test_a_report_s_table_sorts_its_numbers_as_numbers(app: Flask) -> None:
    columns = [reports.Column("Name", is_number=False), reports.Column("Students")]
    cells = [("b", 9), ("a", 10), ("c", None)]
    rows = [[reports.Cell(name), reports.Cell("", number)] for name, number in cells]
    report = reports.make_table("Lanes", columns, rows)
    for address, order, is_asked_for in (
        ("/?sort=-c1", ["b", "a", "c"], False),
        ("/?lanes-sort=-c1", ["a", "b", "c"], True),
        ("/?lanes-text=C", ["c"], True),
    ):
        with app.test_request_context(address):
            table = leaf_through(report, "lanes")
            assert [row[0].text for row in table.rows] == order
            assert table.is_asked_for == is_asked_for
