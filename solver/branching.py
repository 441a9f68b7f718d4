"""Where a tree branches, and what an exact proof leaves open for the next entry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.arrays import Arrays, Integers
from solver.bounds import Problem, Row
from solver.leaves import Face, LeafState, Priced
from solver.linear import Floats
from solver.program import Solution

_WHOLE = 1e-6


@dataclass
class Leaf:
    """A leaf of the tree: its state and, once the entry is solved, its prices."""

    state: LeafState
    priced: Priced | None = None
    is_dead: bool = False
    new_rows: int = 0


@dataclass(frozen=True)
class Split:
    """An inner node: ``row.kind`` and ``row.index`` at most ``row.at``, or more."""

    row: Row
    low: int
    high: int


Node = Leaf | Split


def is_whole(solution: Solution) -> bool:
    """Return whether every choice is taken or not, within the optimiser's tolerance."""
    return bool((np.abs(solution.taken - np.rint(solution.taken)) < _WHOLE).all())


def is_feasible(problem: Problem, chosen: Integers) -> bool:
    """Return whether a placement keeps every capacity, obligation and limit."""
    arrays = problem.arrays
    placed = np.bincount(arrays.student[chosen], minlength=arrays.students)
    return bool(
        (placed <= 1).all()
        and (placed[arrays.must] == 1).all()
        and (arrays.used_capacity(chosen) <= arrays.capacity).all()
        and problem.meets_limits(chosen)
    )


def find_steepness(problem: Problem) -> float:
    """Return more than a unit of any branch row can be worth to the last entry."""
    entry = problem.entries[-1]
    parts = [np.abs(entry.cost), np.abs(entry.unplaced)]
    largest = sum(float(part.max()) for part in parts if len(part))
    one_way = entry.one_way.second_rate if entry.one_way else 0
    return 8.0 * (largest + one_way + 1)


def other_side(row: Row) -> Row:
    """Return the row ``sum >= at + 1``, written with its signs turned."""
    return replace(row, is_low=False, signs=-row.signs)


def pick_split(arrays: Arrays, solution: Solution | None) -> Row | None:
    """Return the low side of the split that cuts a fractional solution best.

    Sums over many choices come before single ones: they decide more at once.
    """
    if solution is None or is_whole(solution):
        return None
    candidates = list(_fractions(arrays, solution.taken))
    weight, kind, index, total = max(candidates, key=lambda item: item[0])
    del weight
    return build_row(arrays, kind, index, int(np.floor(total)))


def _fractions(
    arrays: Arrays, taken: Floats
) -> Iterator[tuple[float, str, int, float]]:
    """Yield, per kind of row, its sum that is farthest from a whole number."""
    offers = len(arrays.instance.offers)
    caps = np.bincount(arrays.offer, taken, minlength=len(arrays.capacity))
    caps += np.bincount(
        arrays.quota_row, taken[arrays.quota_choice], minlength=len(caps)
    )
    lanes = np.bincount(
        arrays.lane_row,
        arrays.lane_sign * taken[arrays.lane_choice],
        minlength=len(arrays.kink),
    )
    students = np.bincount(arrays.student, taken, minlength=arrays.students)
    yield from _worst("partnership", lanes, 4.0)
    yield from _worst("quota", caps[offers:], 3.0)
    yield from _worst("offer", caps[:offers], 2.0)
    yield from _worst("student", students, 1.5)
    yield from _worst("choice", taken, 1.0)


def _worst(
    kind: str, sums: NDArray[Any], preference: float
) -> Iterator[tuple[float, str, int, float]]:
    if not len(sums):
        return
    distance = np.abs(sums - np.rint(sums))
    index = int(distance.argmax())
    if distance[index] > _WHOLE:
        yield float(distance[index]) * preference, kind, index, float(sums[index])


def build_row(arrays: Arrays, kind: str, index: int, at: int) -> Row:
    """Return the row ``sum <= at`` of a kind of thing; ``index`` as in the arrays."""
    signs: Integers | None = None
    if kind == "partnership":
        inside = arrays.lane_row == index
        choices, signs = arrays.lane_choice[inside], arrays.lane_sign[inside]
    elif kind == "offer":
        choices = np.flatnonzero(arrays.offer == index)
    elif kind == "quota":
        row = index + len(arrays.instance.offers)
        choices = arrays.quota_choice[arrays.quota_row == row]
    elif kind == "student":
        choices = np.arange(arrays.start[index], arrays.start[index + 1])
    else:
        choices = np.array([index])
    if signs is None:
        signs = np.ones(len(choices), dtype=np.int64)
    return Row(kind, index, at, is_low=True, choices=choices, signs=signs)


def narrow_face(arrays: Arrays, state: LeafState, priced: Priced) -> Face:
    """Return what is left open when an entry's prices meet its limit exactly.

    By complementary slackness: choices of reduced cost 0, capacities with a price used
    up, net flows where the one-way cost touches its price, branch rows with a price.
    """
    evaluation, prices, face = priced.evaluation, priced.prices, state.face
    low, high = face.low.copy(), face.high.copy()
    top = evaluation.flows.top
    for p in np.flatnonzero(prices.lanes).tolist() if top else []:
        touching = evaluation.flows.touching(int(prices.lanes[p]))
        kink = int(arrays.kink[p])
        low[p] = max(low[p], kink + touching[0])
        if prices.lanes[p] < top:
            high[p] = min(high[p], kink + touching[-1])
    if top:
        free = np.flatnonzero(prices.lanes == 0)
        last = evaluation.flows.touching(0)[-1]
        high[free] = np.minimum(high[free], arrays.kink[free] + last)
    earlier = (*face.tight, *(False for _ in state.path[len(face.tight) :]))
    return Face(
        active=face.active & (evaluation.reduced == 0).astype(bool),
        must=face.must | (evaluation.reduced_unplaced > 0).astype(bool),
        full=face.full | (prices.caps > 0).astype(bool),
        low=low,
        high=high,
        tight=tuple(
            was or price > 0
            for was, price in zip(earlier, prices.branches, strict=True)
        ),
    )
