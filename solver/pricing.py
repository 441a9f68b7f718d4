"""From a program's float prices to exact ones that prove as much as they can.

An entry's own prices are rounded to integers over a small denominator; the earlier
entries' prices are added with the least factor at which what they excluded stays out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import cast

import numpy as np

from solver.arrays import Integers
from solver.bounds import (
    Evaluation,
    Prices,
    Problem,
    Row,
    Whole,
    add_prices,
    combine_flows,
    evaluate,
    option_costs,
)
from solver.linear import Floats
from solver.program import Face, SoftLimit, Solution

_COARSE = (1, 2, 6)
_FINEST = 1_000_000
_LARGEST_PART = 1000

_BOOSTS = 3


@dataclass(frozen=True)
class Priced:
    """An entry's prices in one leaf, with what they prove."""

    index: int
    prices: Prices
    evaluation: Evaluation

    @property
    def bound(self) -> int:
        """The proven bound, rounded up to the next integer."""
        return -(-self.evaluation.bound // self.prices.denominator)

    def meets(self, value: int) -> bool:
        """Return whether the bound equals the value exactly."""
        return self.evaluation.bound == value * self.prices.denominator


@dataclass(frozen=True)
class LeafState:
    """What a leaf knows when an entry is solved in it.

    Attributes
    ----------
    path
        Branch rows from the root.
    face
        What entries that are proven exactly leave open.
    exact
        The last entry whose bound meets its limit, or None.
    soft
        Entries whose bound does not.
    """

    path: tuple[Row, ...]
    face: Face
    exact: Priced | None
    soft: tuple[SoftLimit, ...]


def find_prices(
    problem: Problem, index: int, leaf: LeafState, solution: Solution, value: int
) -> Priced:
    """Return the best exact prices that a solution of the leaf's program suggests.

    Parameters
    ----------
    problem, index
        The stage and the entry being solved.
    leaf
        The leaf.
    solution
        The float prices.
    value
        The value to be proven; finer denominators are tried until the bound meets it.
    """
    best: Priced | None = None
    for denominator in _denominators(solution):
        own = _round_prices(problem, index, leaf, solution, denominator)
        factors = [max(round(w * denominator), 0) for w in solution.limits]
        for prices in _add_earlier(problem, index, leaf, own, factors):
            found = Priced(index, prices, evaluate(problem, index, prices, leaf.path))
            if _is_better(found, best):
                best = found
            if found.meets(value):
                return found
    return cast("Priced", best)  # there are denominators, so there is a best


def _denominators(solution: Solution) -> Iterator[int]:
    """Yield denominators to try in turn until the bound meets the value.

    Duals of a basis are fractions with small denominators: after a few small ones, the
    least common one that the floats suggest, then a fine grid.
    """
    yield from _COARSE
    parts = (solution.caps, solution.lanes, solution.branches, solution.limits)
    values = np.concatenate(parts)
    odd = np.unique(np.round(values[np.abs(values - np.rint(values)) > 1e-9] % 1, 9))
    common = 1
    for value in odd.tolist():
        part = Fraction(value).limit_denominator(_LARGEST_PART)
        common = lcm(common, part.denominator)
        if common > _FINEST:
            break
    if common not in _COARSE and common <= _FINEST:
        yield common
    yield _FINEST


def _is_better(found: Priced, best: Priced | None) -> bool:
    if best is None:
        return True
    left = found.evaluation.bound * best.prices.denominator
    return left > best.evaluation.bound * found.prices.denominator


def _round_prices(
    problem: Problem, index: int, leaf: LeafState, solution: Solution, denominator: int
) -> Prices:
    """Return an entry's own prices as integers, within the ranges that are allowed."""
    caps = _round(solution.caps * denominator)
    lanes = _round(solution.lanes * denominator)
    branches = _round(solution.branches * denominator)
    if not leaf.soft:
        tight = np.zeros(len(branches), dtype=np.bool_)
        tight[: len(leaf.face.tight)] = leaf.face.tight
        branches = np.where(tight, branches, np.maximum(branches, 0))
        caps = np.where(leaf.face.full, caps, np.maximum(caps, 0))
        top = combine_flows([(denominator, problem.entries[index].one_way)]).top
        lanes = _clip_lanes(lanes, top, leaf.exact)
    return Prices(denominator, caps, lanes, (), tuple(int(u) for u in branches))


def _clip_lanes(lanes: Whole, top: int, exact: Priced | None) -> Whole:
    """Return lane prices within 0 ... top, except where the exact entry gives room."""
    base = exact.prices.lanes if exact else np.zeros_like(lanes)
    ceiling = exact.evaluation.flows.top if exact else 0
    raised = np.where((base > 0).astype(bool), lanes, np.maximum(lanes, 0))
    is_below = (base < ceiling).astype(bool)
    return np.where(is_below, raised, np.minimum(raised, top))


def _round(values: Floats) -> Integers:
    return np.rint(values).astype(np.int64)


def _add_earlier(
    problem: Problem, index: int, leaf: LeafState, own: Prices, factors: Sequence[int]
) -> Iterator[Prices]:
    """Yield the own prices with the earlier entries' added, ever more of the exact."""
    parts = [
        (factor, limit.index, limit.prices)
        for factor, limit in zip(factors, leaf.soft, strict=True)
        if factor
    ]
    start, exact = add_prices(own, parts, index), leaf.exact
    if exact is None:
        yield _into_range(problem, index, start)
        return
    factor = _least_factor(problem, index, leaf, exact, start)
    for boost in range(_BOOSTS if leaf.soft else 1):
        more = (factor << (10 * boost)) * start.denominator
        added = add_prices(start, [(more, exact.index, exact.prices)], index)
        levels = _sum_levels(start, added)
        prices = Prices(
            added.denominator, added.caps, added.lanes, levels, added.branches
        )
        yield _into_range(problem, index, prices)


def _sum_levels(start: Prices, added: Prices) -> tuple[int, ...]:
    """Return the levels of a sum: ``add_prices`` leaves out those of its first part."""
    scale = added.denominator // start.denominator
    return tuple(a * scale + b for a, b in zip(start.levels, added.levels, strict=True))


def _into_range(problem: Problem, index: int, prices: Prices) -> Prices:
    """Return prices clipped to what the bound allows; nothing to do for good ones."""
    weights = [*prices.levels, prices.denominator]
    entries = problem.entries[: index + 1]
    flows = combine_flows(
        [(w, entry.one_way) for w, entry in zip(weights, entries, strict=True)]
    )
    return Prices(
        prices.denominator,
        np.maximum(prices.caps, 0),
        np.clip(prices.lanes, 0, flows.top),
        prices.levels,
        tuple(max(u, 0) for u in prices.branches),
    )


def _least_factor(
    problem: Problem, index: int, leaf: LeafState, exact: Priced, own: Prices
) -> int:
    """Return the least whole factor of the exact entry's prices that keeps its face."""
    scale, unit = exact.prices.denominator, own.denominator
    cost, unplaced = option_costs(problem, index, own, leaf.path)
    arrays, face = problem.arrays, leaf.face
    big = _ceiling(cost, unplaced)
    open_cost = np.where(face.active, cost, big)
    least = np.where(face.must, big, unplaced)
    if len(arrays.choosing):
        cheapest = np.minimum.reduceat(open_cost, arrays.start[arrays.choosing])
        least = least.copy()
        least[arrays.choosing] = np.minimum(least[arrays.choosing], cheapest)
    evaluation = exact.evaluation
    needs = [
        _need(least[arrays.student] - cost, evaluation.reduced, scale, unit),
        _need(
            (least - unplaced)[~arrays.must],
            evaluation.reduced_unplaced[~arrays.must],
            scale,
            unit,
        ),
        _need(-own.caps, exact.prices.caps, scale, unit),
        *_lane_needs(problem, index, exact, own),
    ]
    branches = np.array(own.branches, dtype=object)
    earlier = list(exact.prices.branches)
    earlier += [0] * (len(branches) - len(earlier))
    needs.append(_need(-branches, np.array(earlier, dtype=object), scale, unit))
    return max(1, *needs)


def _ceiling(cost: Whole, unplaced: Whole) -> int:
    values = [int(part.max()) for part in (cost, unplaced) if len(part)]
    return max(values, default=0) + 1


def _lane_needs(problem: Problem, index: int, exact: Priced, own: Prices) -> list[int]:
    scale, unit = exact.prices.denominator, own.denominator
    weights = [*own.levels, own.denominator]
    entries = problem.entries[: index + 1]
    top = combine_flows(
        [(w, entry.one_way) for w, entry in zip(weights, entries, strict=True)]
    ).top
    lanes = exact.prices.lanes
    return [
        _need(-own.lanes, lanes, scale, unit),
        _need(own.lanes - top, exact.evaluation.flows.top - lanes, scale, unit),
    ]


def _need(gap: Whole, per_factor: Whole, scale: int, unit: int) -> int:
    """Return the least factor with ``factor * per_factor / scale > gap / unit``.

    Only where ``per_factor`` is positive; elsewhere the factor changes nothing.
    """
    useful = (per_factor > 0).astype(bool)
    if not useful.any():
        return 0
    gap, per_factor = gap[useful].astype(object), per_factor[useful].astype(object)
    return int(((gap * scale) // (per_factor * unit)).max()) + 1
