"""Small numbers of public statistics cannot be worked out from what is published."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.audit.verify.suppression import SMALLEST, suppress, suppress_line

TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 14), min_size=width, max_size=width),
        min_size=1,
        max_size=6,
    )
)


def lines(table: list[list[int]], shown: list[list[int | None]]) -> list[list[int]]:
    """Return the withheld counts of every row and column."""
    cells = [
        [(count, there) for count, there in zip(row, published, strict=True)]
        for row, published in zip(table, shown, strict=True)
    ]
    both = [*cells, *(list(column) for column in zip(*cells, strict=True))]
    return [[count for count, there in line if there is None] for line in both]


def test_large_numbers_are_published() -> None:
    assert suppress([[5, 9], [7, 12]]) == [[5, 9], [7, 12]]


def test_nobody_is_published_as_nobody() -> None:
    assert suppress_line([0, 9]) == [0, 9]


@pytest.mark.parametrize("count", range(1, SMALLEST))
def test_a_small_number_and_a_second_one_are_withheld(count: int) -> None:
    assert suppress_line([count, 30, 8, 12]) == [None, 30, None, 12]


def test_two_small_numbers_that_add_up_to_few_take_a_third() -> None:
    assert suppress_line([1, 2, 30, 8]) == [None, None, 30, None]


def test_two_small_numbers_that_add_up_to_enough_protect_each_other() -> None:
    assert suppress_line([3, 4, 30]) == [None, None, 30]


def test_a_small_number_in_a_table_is_withheld_with_a_square_around_it() -> None:
    shown = suppress([[2, 20, 30], [9, 8, 40], [50, 60, 70]])
    assert shown == [[None, None, 30], [None, None, 40], [50, 60, 70]]


@settings(deadline=None)
@given(TABLES)
def test_no_small_number_is_published(table: list[list[int]]) -> None:
    shown = [count for row in suppress(table) for count in row if count is not None]
    assert not [count for count in shown if 0 < count < SMALLEST]


@settings(deadline=None)
@given(TABLES)
def test_no_withheld_number_follows_from_its_lines_total(
    table: list[list[int]],
) -> None:
    shown = suppress(table)
    sizes = [len(table[0])] * len(table) + [len(table)] * len(table[0])
    for hidden, size in zip(lines(table, shown), sizes, strict=True):
        is_whole = len(hidden) == size
        assert not hidden or is_whole or (len(hidden) > 1 and sum(hidden) >= SMALLEST)


@settings(deadline=None)
@given(TABLES)
def test_what_is_published_is_true(table: list[list[int]]) -> None:
    for row, published in zip(table, suppress(table), strict=True):
        assert all(b is None or a == b for a, b in zip(row, published, strict=True))


def test_an_empty_table_stays_empty() -> None:
    assert suppress([]) == []
    assert suppress_line([]) == []
