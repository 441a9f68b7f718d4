"""Indices agree with values checked by hand, and with the golden values of others."""

import json
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.indices import (
    atkinson,
    gini,
    imbalance,
    is_four_fifths,
    jain,
    reciprocity,
    theil,
    wilson,
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


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (8, 0.49016247153664183, 0.9433178485456247),
        (0, 0.0, 0.2775327998628892),
        (10, 0.7224672001371107, 1.0),
    ],
)
def test_wilson_agrees_with_published_values(
    count: int, low: float, high: float
) -> None:
    assert wilson(count, 10) == pytest.approx((low, high), abs=1e-12)


def test_nobody_counted_has_the_widest_interval() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_four_fifths_holds_at_the_edge_and_not_below() -> None:
    assert is_four_fifths(8, 10, (30, 30))
    assert not is_four_fifths(799, 1000, (30, 30))


GOLDEN = Path(__file__).parents[3] / "shared" / "data" / "instances"


def read_golden() -> dict[str, Any]:
    path = GOLDEN / "metric_golden_values.json"
    if not path.is_file():
        reason = f"{path} is absent: golden values are not part of this repository"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return json.loads(path.read_bytes())


def test_indices_equal_the_golden_values() -> None:
    golden = read_golden()
    names = {"gini": gini, "theil_T": theil, "atkinson_1": atkinson, "jain": jain}
    for name, index in names.items():
        assert index(golden["x"]) == pytest.approx(golden[name], abs=1e-12)
    for count in (8, 0, 10):
        expected = golden[f"wilson {count}/10"]
        assert wilson(count, 10) == pytest.approx(expected, abs=1e-12)


def test_flows_equal_the_golden_values() -> None:
    golden = read_golden()
    flows = {
        (str(a), str(b)): int(weight)
        for a, row in enumerate(golden["W"])
        for b, weight in enumerate(row)
        if weight
    }
    expected = golden["weighted_reciprocity r=sum min/W"]
    assert float(reciprocity(flows)) == pytest.approx(expected)
    expected = golden["imbalance 0.5*sum|net|/W"]
    assert float(imbalance(flows)) == pytest.approx(expected)
    # 30 of 50 against 45 of 60: exactly four fifths, where a quotient of floats is not
    assert golden["disparity ratio 30/50 vs 45/60"] < 0.8
    assert is_four_fifths(30, 50, (45, 60))
