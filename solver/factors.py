"""How much of an earlier entry's prices keeps out what its proof excluded."""

import numpy as np

from solver.bounds import (
    Flows,
    Prices,
    Problem,
    Whole,
    combine_flows,
    option_costs,
)
from solver.leaves import LeafState, Priced


def flows_of(problem: Problem, index: int, prices: Prices) -> Flows:
    """Return the one-way cost that prices weigh together."""
    weights = [*prices.levels, prices.denominator]
    entries = problem.entries[: index + 1]
    return combine_flows(
        [(w, entry.one_way) for w, entry in zip(weights, entries, strict=True)]
    )


def least_factor(
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
    levels = np.array([*exact.prices.levels, scale], dtype=object)
    needs.append(
        _need(-np.array(own.levels, dtype=object)[: len(levels)], levels, scale, unit)
    )
    return max(1, *needs)


def _ceiling(cost: Whole, unplaced: Whole) -> int:
    values = [int(part.max()) for part in (cost, unplaced) if len(part)]
    return max(values, default=0) + 1


def _lane_needs(problem: Problem, index: int, exact: Priced, own: Prices) -> list[int]:
    """Return factors that keep each net flow where the exact entry's price holds it.

    A price between two slopes of F holds the flow at their breakpoint; the sum of both
    prices has to stay between the summed slopes.
    """
    slopes = flows_of(problem, index, own)
    before, ratio = exact.evaluation.flows, (exact.prices.denominator, own.denominator)
    needs = []
    for p in np.flatnonzero((own.lanes != 0) | (exact.prices.lanes != 0)).tolist():
        price, base = int(own.lanes[p]), int(exact.prices.lanes[p])
        touching = before.touching(base)
        if base < before.top:
            above = before.slope_at(touching[-1]) - base
            needs.append((price - slopes.slope_at(touching[-1]), above))
        if base > 0:
            below = base - before.slope_before(touching[0])
            needs.append((slopes.slope_before(touching[0]) - price, below))
    return [gap * ratio[0] // (room * ratio[1]) + 1 for gap, room in needs if room > 0]


def _need(gap: Whole, per_factor: Whole, scale: int, unit: int) -> int:
    """Return the least factor with ``factor * per_factor / scale > gap / unit``.

    Only where ``per_factor`` is positive; elsewhere the factor changes nothing.
    """
    useful = (per_factor > 0).astype(bool)
    if not useful.any():
        return 0
    gap, per_factor = gap[useful].astype(object), per_factor[useful].astype(object)
    return int(((gap * scale) // (per_factor * unit)).max()) + 1
