"""The fewest places to add, in offers and quotas, so that k more students are placed.

A program of its own: every capacity may grow at a cost of 1 a place, and the number
placed is to reach its goal. That what HiGHS finds is enough is seen by solving again;
that nothing less is enough is proven by integer prices (weak duality), or the gap is
told. A partnership's tolerance is a price and leaves nobody out where placing is first.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solver.arrays import Arrays, Integers, build_arrays
from solver.errors import InvalidPolicy, Refused
from solver.guards import apply_guard, find_standing
from solver.instance import Instance
from solver.linear import INFINITY, Floats, LinearModel, ProgramFailure
from solver.optimise import solve
from solver.policy import Policy
from solver.result import StageResult

FORMAT = "mobility-relaxation/1"

_DENOMINATORS = (1, 2, 6, 60, 1_000_000)
_WHOLE = 1e-6

Row = dict[str, Any]


@dataclass(frozen=True)
class Relaxation:
    """Places to add by capacity (offers, then quotas), and the least that is proven."""

    added: Integers
    bound: int

    @property
    def total(self) -> int:
        """How many places are added in all."""
        return int(self.added.sum())


def relax(instance: Instance, policy: Policy, more: int, *, single: bool) -> Row:
    """Return the fewest places to add so that a policy places some students more.

    Parameters
    ----------
    more
        How many more are to be placed, 1 or more.
    single
        Add to one offer or one quota only.

    Raises
    ------
    InvalidPolicy
        When the policy does not place as many as possible before all else.
    Refused
        When no number of places would do.
    """
    _check(policy)
    arrays = _prepare(instance, policy)
    first = _solve_first(instance, policy)
    before = len(first.placements)
    goal = before + more
    if goal > len(arrays.choosing):
        left = len(arrays.choosing) - before
        message = f"{more} more cannot be placed: {left} without a place have one open"
        raise Refused(message)
    alone = _find_scarce(instance, first) if single else None
    found = find_relaxation(arrays, goal, alone)
    if found is None:
        message = (
            f"no offer and no quota, made larger alone, lets {more} more be placed"
        )
        raise Refused(message)
    last = solve(_widen(instance, found.added), policy).stages[-1]
    return {
        "format": FORMAT,
        "instance": instance.id,
        "policy": policy.name,
        "more": more,
        "placed_before": before,
        "placed_after": last.metrics["placed"],
        "added": _name(instance, found.added),
        "total": found.total,
        "bound": found.bound,
        "is_least": found.total == found.bound,
    }


def _check(policy: Policy) -> None:
    first = policy.stages[0].levels[0]
    if (
        set(first.weights) != {"unplaced"}
        or first.slack_absolute
        or first.slack_percent
    ):
        raise InvalidPolicy(
            f'level "{first.name}" is the first and does not just place as many as '
            "possible: places alone do not decide how many have one"
        )


def _prepare(instance: Instance, policy: Policy) -> Arrays:
    arrays, guard = build_arrays(instance), policy.stages[0].guard
    return apply_guard(arrays, guard, find_standing(arrays)) if guard else arrays


def _solve_first(instance: Instance, policy: Policy) -> StageResult:
    """Return the first stage with its first level only: as many placed as can be."""
    first = policy.stages[0]
    alone = replace(policy, stages=(replace(first, levels=first.levels[:1]),))
    return solve(instance, alone).stages[0]


def _find_scarce(instance: Instance, first: StageResult) -> list[int]:
    """Return the capacities that placing has a price for; all where a tree has them.

    More places where the price is 0 place nobody more: the bound stays as it is.
    """
    proof: Any = first.proof[0]
    things = [("offers", offer.id) for offer in instance.offers]
    things += [("quotas", quota.id) for quota in instance.quotas]
    if "tree" in proof or first.levels[0].bound != first.levels[0].best:
        return list(range(len(things)))
    root = proof["root"]
    return [q for q, (kind, name) in enumerate(things) if root.get(kind, {}).get(name)]


def find_relaxation(
    arrays: Arrays, goal: int, alone: list[int] | None = None
) -> Relaxation | None:
    """Return the fewest places to add so that a number of students can be placed.

    Parameters
    ----------
    alone
        Capacities of which one alone may grow; without it all may together.

    Returns
    -------
    Relaxation
        None where none of ``alone`` is enough.
    """
    model = _Model(arrays, goal, np.full(len(arrays.capacity), INFINITY))
    _, duals = model.linear.solve()
    caps, placing = -duals[model.cap_rows], float(duals[model.goal_row])
    bound = max(_prove(arrays, goal, caps, placing), 0)
    if alone is None:
        columns = model.solve_whole()
        best = None if columns is None else _read_added(model, columns)
    else:
        best = _grow_alone(arrays, goal, alone, bound)
    return None if best is None else Relaxation(best, bound)


def _grow_alone(
    arrays: Arrays, goal: int, alone: list[int], bound: int
) -> Integers | None:
    """Return the fewest places to add to one capacity; None where none is enough."""
    best: Integers | None = None
    for q in alone:
        upper = np.zeros(len(arrays.capacity))
        upper[q] = INFINITY if best is None else float(best.sum()) - 1
        model = _Model(arrays, goal, upper)
        columns = model.solve_whole()
        if columns is not None:
            best = _read_added(model, columns)
            if int(best.sum()) <= bound:
                return best
    return best


def _is_whole(columns: Floats) -> bool:
    return bool(np.abs(columns - np.rint(columns)).max(initial=0) < _WHOLE)


def _read_added(model: "_Model", columns: Floats) -> Integers:
    return np.rint(columns[model.grown]).astype(np.int64)


class _Model:
    """Choices, and places to add to each capacity, at a cost of 1."""

    def __init__(self, arrays: Arrays, goal: int, upper: Floats) -> None:
        self.arrays = arrays
        self.linear = LinearModel()
        choices = self.linear.add_columns(np.zeros(len(arrays.student)))
        size = len(arrays.capacity)
        self.grown = self.linear.add_columns(np.ones(size), upper)
        low = np.where(arrays.must, 1.0, -INFINITY)
        rows = self.linear.add_rows(low, np.ones(arrays.students))
        self.linear.add_entries(rows[arrays.student], choices, 1.0)
        capacity = arrays.capacity.astype(float)
        self.cap_rows = self.linear.add_rows(np.full(size, -INFINITY), capacity)
        self.linear.add_entries(self.cap_rows[arrays.offer], choices, 1.0)
        inside = choices[arrays.quota_choice]
        self.linear.add_entries(self.cap_rows[arrays.quota_row], inside, 1.0)
        self.linear.add_entries(self.cap_rows, self.grown, -1.0)
        low, high = np.array([float(goal)]), np.array([INFINITY])
        self.goal_row = int(self.linear.add_rows(low, high)[0])
        goal_rows = np.full(len(choices), self.goal_row)
        self.linear.add_entries(goal_rows, choices, 1.0)

    def solve_whole(self) -> Floats | None:
        """Return an optimum in whole numbers, None where there is none."""
        try:
            relaxed, _ = self.linear.solve()
            if _is_whole(relaxed):
                return relaxed
            return self.linear.solve(np.arange(self.linear.columns))[0]
        except ProgramFailure:
            return None


def _prove(arrays: Arrays, goal: int, caps: Floats, placing: float) -> int:
    """Return how many places must be added at least, by exact integer prices.

    With price p for a student placed and v_q, at most 1, for a place of capacity q, the
    sum of places to add is at least
    ``p goal - sum of cap_q v_q - sum over students of max(0, max over j of p - v_j)``,
    where v_j is what a choice's capacities cost, and a student who must be placed has
    no 0. It holds for any such prices; the best of a few roundings is returned.
    """
    return max(_bound(arrays, goal, caps, placing, d) for d in _DENOMINATORS)


def _bound(
    arrays: Arrays, goal: int, caps: Floats, placing: float, denominator: int
) -> int:
    scaled = np.rint(caps * denominator).astype(np.int64)
    prices = np.clip(scaled, 0, denominator)
    price = max(0, round(placing * denominator))
    gain = price - prices[arrays.offer]
    np.subtract.at(gain, arrays.quota_choice, prices[arrays.quota_row])
    best = np.zeros(arrays.students, dtype=np.int64)
    if len(arrays.choosing):
        most = np.maximum.reduceat(gain, arrays.start[arrays.choosing])
        free = ~arrays.must[arrays.choosing]
        best[arrays.choosing] = np.where(free, np.maximum(most, 0), most)
    spent = sum(
        int(arrays.capacity[q]) * int(prices[q])
        for q in np.flatnonzero(prices).tolist()
    )
    total = price * goal - int(best.sum()) - spent
    return -(-total // denominator)


def _widen(instance: Instance, added: Integers) -> Instance:
    """Return the instance with the places added."""
    extra, offers = added.tolist(), len(instance.offers)
    wider = zip(instance.offers, extra[:offers], strict=True)
    looser = zip(instance.quotas, extra[offers:], strict=True)
    return replace(
        instance,
        offers=tuple(replace(o, capacity=o.capacity + n) for o, n in wider),
        quotas=tuple(replace(q, capacity=q.capacity + n) for q, n in looser),
    )


def _name(instance: Instance, added: Integers) -> list[Row]:
    things = [("offer", offer.id, offer.capacity) for offer in instance.offers]
    things += [("quota", quota.id, quota.capacity) for quota in instance.quotas]
    return [
        {kind: name, "from": capacity, "to": capacity + more}
        for (kind, name, capacity), more in zip(things, added.tolist(), strict=True)
        if more
    ]
