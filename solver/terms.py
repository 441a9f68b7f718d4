"""The objective's terms: a level becomes one or more entries with integer costs.

Definitions: ``solver/README.md``. The verifier does not import this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Flags, Integers
from solver.instance import Student
from solver.lottery import draw_numbers
from solver.policy import Level, Policy

EquityPrices = Mapping[str, Mapping[str, int]]
"""Price in msteps per benefit step, by attribute and group."""


@dataclass(frozen=True)
class OneWayCost:
    """Cost per partnership of its net flow d: ``rate`` for each unit beyond its kink.

    Beyond ``kink + above`` each unit costs ``second_rate`` instead.
    """

    rate: int
    above: int
    second_rate: int

    def value(self, excess: Integers) -> int:
        """Return the cost of the excesses, one per partnership, 0 or more each."""
        beyond = np.maximum(excess - self.above, 0)
        return int(
            self.rate * excess.sum() + (self.second_rate - self.rate) * beyond.sum()
        )


@dataclass(frozen=True)
class Entry:
    """One integer objective: a linear cost of choices and a convex one of flows.

    Attributes
    ----------
    name
        The level's name, with ``/k`` for a sub-level.
    level
        The level it belongs to.
    cost
        One per choice: added when the choice is taken.
    unplaced
        One per student: added when she takes none.
    constant
        Added always.
    one_way
        The cost of net flows, or None.
    """

    name: str
    level: Level
    cost: Integers
    unplaced: Integers
    constant: int
    one_way: OneWayCost | None

    def value(self, arrays: Arrays, chosen: Integers) -> int:
        """Return the exact value of a placement, given as choice indices."""
        is_placed = np.zeros(arrays.students, dtype=np.bool_)
        is_placed[arrays.student[chosen]] = True
        linear = self.cost[chosen].sum() + self.unplaced[~is_placed].sum()
        value = self.constant + int(linear)
        if self.one_way:
            excess = np.maximum(arrays.net_flow(chosen) - arrays.kink, 0)
            value += self.one_way.value(excess)
        return value


class EntryBuilder:
    """Makes the entries of one stage's levels.

    Parameters
    ----------
    arrays
        The stage's problem.
    policy
        Gives the rank costs.
    equity_prices
        Frozen prices; may be empty until a level weighs equity.
    """

    def __init__(
        self, arrays: Arrays, policy: Policy, equity_prices: EquityPrices
    ) -> None:
        self.arrays = arrays
        self.equity_prices = equity_prices
        ranks = range(1, arrays.largest_rank + 1)
        self._cost = np.array([0, *(policy.cost(r) for r in ranks)], dtype=np.int64)

    def build(self, level: Level) -> list[Entry]:
        """Return the entries of a level in the order in which they are solved."""
        largest = self.arrays.largest_rank
        if "worst_rank" in level.weights:
            return [self._count_rank(level, r, 1) for r in range(largest, 1, -1)]
        if "rank_maximal" in level.weights:
            return [self._count_rank(level, r, -1) for r in range(1, largest + 1)]
        if "lottery" in level.weights:
            numbers = draw_numbers(self.arrays)
            return [
                self._entry(level, f"{level.name}/{k}", cost)
                for k, cost in enumerate(numbers, start=1)
            ]
        if "emissions_g" in level.weights:
            return [self._entry(level, level.name, self.arrays.emissions_g)]
        return [self._weighted_sum(level)]

    def _entry(
        self, level: Level, name: str, cost: Integers, constant: int = 0
    ) -> Entry:
        nobody = np.zeros(self.arrays.students, dtype=np.int64)
        return Entry(name, level, cost, nobody, constant, None)

    def _count_rank(self, level: Level, rank: int, sign: int) -> Entry:
        cost = sign * (self.arrays.rank == rank).astype(np.int64)
        choosers = sum(1 for s in self.arrays.instance.students if s.choices)
        constant = choosers if sign < 0 else 0
        return self._entry(level, f"{level.name}/{rank}", cost, constant)

    def _weighted_sum(self, level: Level) -> Entry:
        arrays, weights = self.arrays, level.weights
        cost = np.zeros(len(arrays.student), dtype=np.int64)
        unplaced = np.full(arrays.students, weights.get("unplaced", 0), dtype=np.int64)
        if "moved" in weights:
            loses, keeps = find_losers(arrays)
            cost += weights["moved"] * loses
            unplaced += weights["moved"] * keeps
        if "rank" in weights:
            cost += weights["rank"] * self._cost[arrays.rank]
        if "carbon_per_tonne" in weights:
            cost += charge_carbon(arrays.emissions_g, weights["carbon_per_tonne"])
        if "equity" in weights:
            bonus = bonus_of_students(arrays, self.equity_prices)
            cost -= bonus[arrays.student] * arrays.benefit
        rate = weights.get("one_way", 0)
        above, second = level.one_way_second or (0, rate)
        one_way = OneWayCost(rate, above, second) if rate or second else None
        return Entry(level.name, level, cost, unplaced, 0, one_way)


def charge_carbon(emissions_g: Integers, per_tonne: int) -> Integers:
    """Return msteps per choice at a rate in msteps per tonne, rounded half up."""
    return (emissions_g * per_tonne + 500_000) // 1_000_000


def find_losers(arrays: Arrays) -> tuple[Integers, Integers]:
    """Return, as 0 or 1, the choices that move a holder, and who holds an offer.

    A holder is moved by every choice but the one she holds and those of smaller rank.
    """
    index = arrays.choice_index()
    loses = np.zeros(len(arrays.student), dtype=np.int64)
    holds = np.zeros(arrays.students, dtype=np.int64)
    positions = {student.id: s for s, student in enumerate(arrays.instance.students)}
    for student, offer in arrays.instance.holds.items():
        s = positions[student]
        held_rank = next(
            choice.rank
            for choice in arrays.instance.students[s].choices
            if choice.offer == offer
        )
        holds[s] = 1
        span = slice(arrays.start[s], arrays.start[s + 1])
        loses[span] = arrays.rank[span] >= held_rank
        if (student, offer) in index:
            loses[index[student, offer]] = 0
    return loses, holds


def group_members(arrays: Arrays, attribute: str) -> dict[str, Flags]:
    """Return, per group of an attribute, a flag for each student of the cohort in it.

    The cohort of equity are the students with at least one choice as written.
    """
    instance = arrays.instance
    block = {inst.id: inst.block or "" for inst in instance.institutions}

    def read(student: Student) -> str:
        if attribute == "sending":
            return student.sending
        if attribute == "block":
            return block[student.sending]
        return student.groups.get(attribute, "")

    labels = np.array(
        [read(student) if student.choices else "" for student in instance.students],
        dtype=np.str_,
    )
    return {str(label): labels == label for label in np.unique(labels) if label}


def bonus_of_students(arrays: Arrays, prices: EquityPrices) -> Integers:
    """Return ``beta_s``: msteps by which a benefit step of each student is lowered."""
    bonus = np.zeros(arrays.students, dtype=np.int64)
    spent = 0
    for attribute, price_by_group in prices.items():
        members = group_members(arrays, attribute)
        for group, price in price_by_group.items():
            bonus[members[group]] += price
            spent += price * int(members[group].sum())
    cohort = sum(1 for student in arrays.instance.students if student.choices)
    return bonus - spent // cohort if cohort else bonus
