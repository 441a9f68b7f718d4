"""Indices agree with values checked by hand."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobility.reporting.indices import (
    atkinson,
    gini,
    imbalance,
    jain,
    reciprocity,
    theil,
)

Index = Callable[[Sequence[int]], float | None]
FLOWS = {("a", "b"): 10, ("b", "a"): 4, ("b", "c"): 6, ("c", "a"): 2, ("c", "b"): 3}
CIRCLE = {("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5}


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (gini, 0.26666666666666666),
        (theil, 0.11968759358350925),
        (atkinson, 0.13160963843421614),
        (jain, 0.8181818181818182),
    ],
)
def test_one_to_five_has_the_golden_values(index: Index, expected: float) -> None:
    assert index([1, 2, 3, 4, 5]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("index", "even", "one_takes_all"),
    [
        (gini, 0, 0.75),
        (theil, 0, 1.3862943611198906),
        (atkinson, 0, 1),
        (jain, 1, 0.25),
    ],
)
def test_even_and_one_takes_all_are_the_ends(
    index: Index, even: float, one_takes_all: float
) -> None:
    assert index([3, 3, 3]) == pytest.approx(even, abs=1e-12)
    assert index([0, 0, 0, 1]) == pytest.approx(one_takes_all, abs=1e-12)


@pytest.mark.parametrize("index", [gini, theil, atkinson, jain])
@pytest.mark.parametrize("values", [[], [0, 0]])
def test_nothing_has_no_index(index: Index, values: list[int]) -> None:
    assert index(values) is None


def test_reciprocity_and_imbalance_have_the_golden_values() -> None:
    assert reciprocity(FLOWS) == Fraction(14, 25)
    assert imbalance(FLOWS) == Fraction(4, 25)


def test_a_circle_of_three_is_balanced_and_not_reciprocal() -> None:
    assert imbalance(CIRCLE) == 0
    assert reciprocity(CIRCLE) == 0


def test_no_flow_is_neither() -> None:
    assert reciprocity({}) is None
    assert imbalance({}) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 9))
def test_indices_do_not_depend_on_the_unit(values: list[int], unit: int) -> None:
    scaled = [value * unit for value in values]
    for index in (gini, theil, atkinson, jain):
        assert index(scaled) == pytest.approx(index(values), abs=1e-9)
