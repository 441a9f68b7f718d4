"""From a program's float prices to exact ones that prove as much as they can.

An entry's own prices are rounded to integers over a small denominator; the earlier
entries' prices are added with the least factor at which what they excluded stays out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, lcm
from typing import cast

import numpy as np

from solver.arrays import Integers
from solver.bounds import (
    Prices,
    Problem,
    Whole,
    add_prices,
    combine_flows,
    evaluate,
    find_unit,
)
from solver.factors import flows_of, least_factor
from solver.leaves import LeafState, Priced
from solver.linear import Floats
from solver.program import Solution

_COARSE = (1, 2, 6)
_FINE = (1000, 10**6)
_FINEST = (10**7, 10**12)
"""Largest part, and largest common denominator, which is the grid's own as well."""
_LARGEST_CAST = 2**62

_BOOSTS = 3
_TOLERANCE = 1e-6


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
    unit = find_unit(problem.arrays, problem.entries[index])
    if solution.value > value + _TOLERANCE:  # nothing of use here: prove that
        value = ceil(solution.value - _TOLERANCE)
    for denominator in _denominators(leaf, solution):
        own = _round_prices(problem, index, leaf, solution, denominator)
        factors = [round(w * denominator) for w in solution.limits]
        for prices in _add_earlier(problem, index, leaf, own, factors):
            evaluation = evaluate(problem, index, prices, leaf.path)
            found = Priced(index, prices, evaluation, unit)
            if _is_better(found, best):
                best = found
            if found.meets(value) or _says_all(found, solution, value):
                return found
    return cast("Priced", best)  # there are denominators, so there is a best


def _denominators(leaf: LeafState, solution: Solution) -> Iterator[int]:
    """Yield denominators to try in turn until the bound meets the value.

    Duals of a basis are fractions with small denominators: after a few small ones, the
    least common one that the floats suggest, then a fine grid. A gram of a limit that
    may still move is worth so little that only finer ones tell its price.
    """
    yield from _COARSE
    parts = (solution.caps, solution.lanes, solution.branches, solution.limits)
    values = np.concatenate(parts)
    largest = float(np.abs(values).max(initial=1.0))
    for part, grid in (_FINE, _FINEST) if leaf.soft else (_FINE,):
        common = _find_common(values, part, grid)
        for denominator in (common, grid):
            if denominator * largest < _LARGEST_CAST:
                yield denominator


def _find_common(values: Floats, part: int, most: int) -> int:
    """Return the least common denominator of the floats as fractions, or ``most``.

    Each fraction has a denominator of at most ``part``.
    """
    digits = 9 if part <= _FINE[0] else 15
    odd = values[np.abs(values - np.rint(values)) > 10.0**-digits] % 1
    common = 1
    for value in np.unique(np.round(odd, digits)).tolist():
        common = lcm(common, Fraction(value).limit_denominator(part).denominator)
        if common > most:
            return most
    return common


def _says_all(found: Priced, solution: Solution, value: int) -> bool:
    """Return whether finer prices would prove no more: the program's optimum is met."""
    reached = solution.value * found.prices.denominator
    rest = abs(reached) * 2**-50 + _TOLERANCE
    return found.bound >= value and found.evaluation.bound >= reached - rest


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
    if parts:
        start = _free_idle(problem, index, leaf, start)
    if exact is None:
        yield _into_range(problem, index, start)
        return
    factor = least_factor(problem, index, leaf, exact, start)
    for boost in range(_BOOSTS if leaf.soft else 1):
        more = (factor << (10 * boost)) * start.denominator
        added = add_prices(start, [(more, exact.index, exact.prices)], index)
        levels = _sum_levels(start, added)
        prices = Prices(
            added.denominator, added.caps, added.lanes, levels, added.branches
        )
        yield _into_range(problem, index, prices)


def _free_idle(problem: Problem, index: int, leaf: LeafState, prices: Prices) -> Prices:
    """Return prices without those of capacities and lanes that no open choice uses.

    A soft entry may have priced them; here they are fixed, and free is best.
    """
    arrays, active = problem.arrays, leaf.face.active
    is_used = np.zeros(len(arrays.capacity), dtype=np.bool_)
    is_used[arrays.offer[active]] = True
    is_used[arrays.quota_row[active[arrays.quota_choice]]] = True
    is_travelled = np.zeros(len(arrays.kink), dtype=np.bool_)
    is_travelled[arrays.lane_row[active[arrays.lane_choice]]] = True
    top = flows_of(problem, index, prices).top
    idle = (arrays.kink < 0).astype(object) * top  # top may pass 64 bits
    return replace(
        prices,
        caps=np.where(is_used, prices.caps, 0),
        lanes=np.where(is_travelled, prices.lanes, idle),
    )


def _sum_levels(start: Prices, added: Prices) -> tuple[int, ...]:
    """Return the levels of a sum: ``add_prices`` leaves out those of its first part."""
    scale = added.denominator // start.denominator
    return tuple(a * scale + b for a, b in zip(start.levels, added.levels, strict=True))


def _into_range(problem: Problem, index: int, prices: Prices) -> Prices:
    """Return prices clipped to what the bound allows; nothing to do for good ones."""
    levels = tuple(max(w, 0) for w in prices.levels)
    flows = flows_of(problem, index, replace(prices, levels=levels))
    return Prices(
        prices.denominator,
        np.maximum(prices.caps, 0),
        np.clip(prices.lanes, 0, flows.top),
        levels,
        tuple(max(u, 0) for u in prices.branches),
    )
