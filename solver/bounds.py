"""Exact lower bounds from prices, by weak duality; nothing here is a float.

The formula stands in ``solver/README.md``; the verifier has its own arithmetic for it.
Arrays of integers are int64 where nothing can overflow, and Python integers otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.arrays import Arrays, Integers
from solver.terms import Entry, OneWayCost

Whole = NDArray[Any]
"""Integers of any size."""

_SAFE = 2**61


@dataclass(frozen=True)
class Row:
    """A branch row ``sum of sign * x <= right``, with the split it comes from."""

    kind: str
    index: int
    at: int
    is_low: bool
    choices: Integers
    signs: Integers

    @property
    def right(self) -> int:
        """The right-hand side."""
        return self.at if self.is_low else -(self.at + 1)


@dataclass(frozen=True)
class Prices:
    """Prices of one leaf for one entry: integers over a denominator.

    ``caps`` and ``lanes`` follow :class:`Arrays`; ``levels`` holds one weight per
    earlier entry of the stage, ``branches`` one price per row of the leaf's path.
    """

    denominator: int
    caps: Whole
    lanes: Whole
    levels: tuple[int, ...]
    branches: tuple[int, ...]


@dataclass(frozen=True)
class Flows:
    """The combined one-way cost of every partnership: F at ``kink + offset``."""

    offsets: tuple[int, ...]
    values: tuple[int, ...]
    slopes: tuple[int, ...]

    @property
    def top(self) -> int:
        """The largest price a lane may have."""
        return self.slopes[-1]

    def slope_at(self, offset: int) -> int:
        """Return the slope just beyond an offset of 0 or more."""
        pairs = zip(self.offsets, self.slopes, strict=True)
        return [slope for at, slope in pairs if at <= offset][-1]

    def slope_before(self, offset: int) -> int:
        """Return the slope just before an offset; there is none before the kink."""
        return self.slope_at(offset - 1) if offset > 0 else 0

    def value_at(self, excess: int) -> int:
        """Return F at ``kink + excess``."""
        if excess <= 0:
            return 0
        last = max(k for k, at in enumerate(self.offsets) if at <= excess)
        return self.values[last] + self.slopes[last] * (excess - self.offsets[last])

    def touching(self, price: int) -> tuple[int, ...]:
        """Return the offsets at which the conjugate at a price is reached."""
        best = self.conjugate(price, 0)
        pairs = zip(self.offsets, self.values, strict=True)
        return tuple(at for at, value in pairs if price * at - value == best)

    def conjugate(self, price: int, kink: int) -> int:
        """Return ``max over breakpoints t of price * t - F(t)``."""
        pairs = zip(self.offsets, self.values, strict=True)
        return max(price * (kink + offset) - value for offset, value in pairs)


def combine_flows(costs: Sequence[tuple[int, OneWayCost | None]]) -> Flows:
    """Return the weighted sum of one-way costs as breakpoints and slopes.

    ``slopes[k]`` holds from ``offsets[k]`` to the next offset, the last for ever.
    """
    weighed = [(weight, cost) for weight, cost in costs if weight and cost]
    seconds = {c.above for _, c in weighed if c.second_rate > c.rate}
    offsets = tuple(sorted({0} | seconds))
    slopes = tuple(
        sum(w * (c.second_rate if at >= c.above else c.rate) for w, c in weighed)
        for at in offsets
    )
    values = [0]
    for k in range(1, len(offsets)):
        values.append(values[-1] + slopes[k - 1] * (offsets[k] - offsets[k - 1]))
    return Flows(offsets, tuple(values), slopes)


@dataclass
class Problem:
    """A stage being solved: its entries so far and what they must keep."""

    arrays: Arrays
    entries: list[Entry] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)

    def meets_limits(self, chosen: Integers) -> bool:
        """Return whether a placement keeps the limits of the entries solved so far."""
        pairs = zip(self.entries, self.limits, strict=False)
        return all(entry.value(self.arrays, chosen) <= limit for entry, limit in pairs)


@dataclass(frozen=True)
class Evaluation:
    """What prices say: the bound, and what each option costs beyond the best one.

    Attributes
    ----------
    bound
        Numerator of the bound; the prices' denominator is its own.
    reduced
        Per choice, 0 or more: its cost above the student's cheapest option.
    reduced_unplaced
        Per student, 0 or more: the same for staying unplaced.
    flows
        The combined one-way cost.
    """

    bound: int
    reduced: Whole
    reduced_unplaced: Whole
    flows: Flows


def option_costs(
    problem: Problem, index: int, prices: Prices, rows: Sequence[Row]
) -> tuple[Whole, Whole]:
    """Return the priced cost of every choice and of staying unplaced, as integers."""
    arrays = problem.arrays
    weights = [*prices.levels, prices.denominator]
    entries = problem.entries[: index + 1]
    dtype = _pick_dtype(arrays, entries, weights, prices)
    cost: Whole = np.zeros(len(arrays.student), dtype=dtype)
    unplaced: Whole = np.zeros(arrays.students, dtype=dtype)
    for weight, entry in zip(weights, entries, strict=True):
        if weight:
            cost = cost + np.multiply(entry.cost.astype(dtype), weight)
            unplaced = unplaced + np.multiply(entry.unplaced.astype(dtype), weight)
    caps, lanes = prices.caps.astype(dtype), prices.lanes.astype(dtype)
    cost = cost + caps[arrays.offer]
    np.add.at(cost, arrays.quota_choice, caps[arrays.quota_row])
    flow_price: Whole = lanes[arrays.lane_row]
    np.add.at(cost, arrays.lane_choice, arrays.lane_sign * flow_price)
    for price, row in zip(prices.branches, rows, strict=True):
        if price:
            signs: Whole = row.signs.astype(dtype)
            np.add.at(cost, row.choices, signs * price)
    return cost, unplaced


def _pick_dtype(
    arrays: Arrays, entries: Sequence[Entry], weights: Sequence[int], prices: Prices
) -> type[np.int64] | type[np.object_]:
    size = sum(  # a weight has to fit even where it weighs nothing but zeros
        abs(weight) * max(1, _largest(entry.cost), _largest(entry.unplaced))
        for weight, entry in zip(weights, entries, strict=True)
    )
    size += _largest(prices.caps) * (1 + arrays.quotas_per_choice)
    size += _largest(prices.lanes) + sum(map(abs, prices.branches))
    return np.int64 if size < _SAFE else np.object_


def exact_sum(values: Whole) -> int:
    """Return the sum, which may pass 64 bits where no value does."""
    if values.dtype == np.object_:
        return int(values.sum())
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def _largest(values: Whole) -> int:
    return int(max(abs(values.max()), abs(values.min()))) if len(values) else 0


def evaluate(
    problem: Problem, index: int, prices: Prices, rows: Sequence[Row]
) -> Evaluation:
    """Return the exact bound that prices prove for an entry, and reduced costs."""
    arrays = problem.arrays
    cost, unplaced = option_costs(problem, index, prices, rows)
    least = least_options(arrays, cost, unplaced)
    weights = [*prices.levels, prices.denominator]
    entries = problem.entries[: index + 1]
    flows = combine_flows(
        [(w, entry.one_way) for w, entry in zip(weights, entries, strict=True)]
    )
    bound = exact_sum(least) - _dot(arrays.capacity, prices.caps)
    bound -= sum(
        w * limit for w, limit in zip(prices.levels, problem.limits, strict=False)
    )
    bound -= conjugate(arrays, flows, prices.lanes)
    bound -= sum(u * row.right for u, row in zip(prices.branches, rows, strict=True))
    bound += sum(w * entry.constant for w, entry in zip(weights, entries, strict=True))
    return Evaluation(bound, cost - least[arrays.student], unplaced - least, flows)


def find_unit(arrays: Arrays, entry: Entry) -> int:
    """Return the largest integer that divides every value of an entry.

    1 for a lottery, whose numbers share a divisor only by chance.
    """
    if "lottery" in entry.level.weights:
        return 1
    one_way = entry.one_way or OneWayCost(0, 0, 0)
    stays = entry.unplaced[~arrays.must]
    parts = [np.gcd.reduce(part) for part in (entry.cost, stays) if len(part)]
    rest = (entry.constant, one_way.rate, one_way.second_rate)
    return gcd(*map(int, parts), *rest) or 1


def least_options(arrays: Arrays, cost: Whole, unplaced: Whole) -> Whole:
    """Return each student's cheapest option; those who must be placed take a choice."""
    least = unplaced.copy()
    if len(arrays.choosing):
        cheapest = np.minimum.reduceat(cost, arrays.start[arrays.choosing])
        free = ~arrays.must[arrays.choosing]
        least[arrays.choosing] = np.where(
            free, np.minimum(cheapest, unplaced[arrays.choosing]), cheapest
        )
    return least


def conjugate(arrays: Arrays, flows: Flows, lanes: Whole) -> int:
    """Return the sum over partnerships of F's conjugate at their prices.

    A lane at price 0 adds nothing: F is 0 at its kink and never negative.
    """
    used = np.flatnonzero(lanes).tolist()
    return sum(flows.conjugate(int(lanes[p]), int(arrays.kink[p])) for p in used)


def _dot(capacity: Integers, prices: Whole) -> int:
    used = np.flatnonzero(prices)
    return sum(int(capacity[q]) * int(prices[q]) for q in used.tolist())


def add_prices(
    own: Prices, parts: Sequence[tuple[int, int, Prices]], length: int
) -> Prices:
    """Return ``own + sum of (factor / own.denominator) * prices of an earlier entry``.

    Parameters
    ----------
    own
        Prices found for the entry itself; its ``levels`` are ignored.
    parts
        Triples (factor over the own denominator, index of the earlier entry, prices).
    length
        The number of earlier entries.
    """
    scale = lcm(1, *(prices.denominator for _, _, prices in parts))
    caps, lanes = (own.caps.astype(object) * scale, own.lanes.astype(object) * scale)
    branches = [u * scale for u in own.branches]
    levels = [0] * length
    for factor, index, prices in parts:
        step = factor * (scale // prices.denominator)
        caps = caps + prices.caps.astype(object) * step
        lanes = lanes + prices.lanes.astype(object) * step
        for k, price in enumerate(prices.branches):
            branches[k] += price * step
        for k, weight in enumerate(prices.levels):
            levels[k] += weight * step
        levels[index] += factor * scale
    return Prices(own.denominator * scale, caps, lanes, tuple(levels), tuple(branches))
