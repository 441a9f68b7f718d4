"""Frozen equity prices: what a benefit step counts more for a group that is behind.

Found once, from a linear program with the groups' shortfalls in it; then rounded, and
narrowed by a short search on the true shortfall. The prices are part of the result; how
they were found is not certified, and the report says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from solver.arrays import Arrays, Flags, Integers
from solver.branching import Leaf, Node
from solver.flow import solve_flow
from solver.leaves import LeafState
from solver.linear import INFINITY, Floats, ProgramFailure
from solver.policy import Equity, Level, Policy
from solver.program import LeafProgram
from solver.terms import Entry, EntryBuilder, EquityPrices, group_members

_SOLVES = 10
"""Programs that the search over neighbouring prices may solve."""

_STEPS = (1, -1, 4, -4, 16, -16)


@dataclass(frozen=True)
class Group:
    """One value of an attribute among the students with a choice."""

    attribute: str
    name: str
    members: Flags
    tolerance: int
    is_priced: bool


def list_groups(arrays: Arrays, equity: Equity) -> list[Group]:
    """Return all groups of the policy's attributes, sorted by attribute and name."""
    return [
        Group(
            attribute,
            name,
            members,
            tolerance,
            is_priced=int(members.sum()) >= equity.min_group,
        )
        for attribute, tolerance in sorted(equity.attributes.items())
        for name, members in group_members(arrays, attribute).items()
    ]


def find_equity_prices(
    arrays: Arrays, policy: Policy, level: Level, nodes: list[Node]
) -> EquityPrices:
    """Return a price for every priced group, by attribute.

    Parameters
    ----------
    arrays, policy, level
        The stage, and the first level that weighs equity.
    nodes
        The tree that the levels before it left; its first living leaf is used.
    """
    if policy.equity is None:
        return {}
    groups = [g for g in list_groups(arrays, policy.equity) if g.is_priced]
    leaf = next(n for n in nodes if isinstance(n, Leaf) and not n.is_dead)
    search = _PriceSearch(arrays, policy, level, leaf.state, groups)
    prices = search.run() if groups else []
    table: dict[str, dict[str, int]] = {key: {} for key in policy.equity.attributes}
    for group, price in zip(groups, prices, strict=True):
        table[group.attribute][group.name] = price
    return {attribute: table[attribute] for attribute in sorted(table)}


class _PriceSearch:
    def __init__(
        self,
        arrays: Arrays,
        policy: Policy,
        level: Level,
        state: LeafState,
        groups: list[Group],
    ) -> None:
        self.arrays, self.policy, self.level = arrays, policy, level
        self.state, self.groups = state, groups
        self.cohort = sum(1 for s in arrays.instance.students if s.choices)
        self.ceiling = policy.equity.max_price if policy.equity else 0

    def run(self) -> list[int]:
        """Return the prices with the least true shortfall among those tried."""
        prices = [0] * len(self.groups)
        best = self._score(prices)
        if best[0] == 0:  # no shortfall: none of its rows has a price
            return prices
        prices = self._ask_program()
        best = self._score(prices)
        solves = 1
        for step, position in product(_STEPS, range(len(self.groups))):
            if best[0] == 0 or solves >= _SOLVES:
                break
            tried = list(prices)
            tried[position] = min(max(tried[position] + step, 0), self.ceiling)
            if tried == prices or not (
                prices[position] or self._falls_behind(position)
            ):
                continue
            solves += 1
            score = self._score(tried)
            if score < best:
                best, prices = score, tried
        return prices

    def _program(self, prices: list[int]) -> LeafProgram:
        entry, state = self._entry(self._tabulate(prices)), self.state
        return LeafProgram(self.arrays, entry, state.face, state.soft, state.path)

    def _tabulate(self, prices: list[int]) -> EquityPrices:
        table: dict[str, dict[str, int]] = {}
        for group, price in zip(self.groups, prices, strict=True):
            table.setdefault(group.attribute, {})[group.name] = price
        return table

    def _entry(self, table: EquityPrices) -> Entry:
        return EntryBuilder(self.arrays, self.policy, table).build(self.level)[0]

    def _ask_program(self) -> list[int]:
        """Return the rounded duals of the shortfall rows."""
        program = self._program([0] * len(self.groups))
        rows = _add_shortfalls(program, self.groups, self.cohort, self.ceiling)
        try:
            _, duals = program.model.solve()
        except ProgramFailure:
            return [0] * len(self.groups)
        if not len(duals):
            return [0] * len(self.groups)
        return [min(max(round(duals[row]), 0), self.ceiling) for row in rows]

    def _score(self, prices: list[int]) -> tuple[int, int]:
        """Return (sum of the shortfalls times 100 n, sum of prices): less is better."""
        taken = self._place(prices)
        if taken is None:
            return 2**62, sum(prices)
        self.shortfalls = [
            shortfall(self.arrays, group, taken) for group in self.groups
        ]
        return round(sum(self.shortfalls)), sum(prices)

    def _place(self, prices: list[int]) -> Floats | None:
        entry = self._entry(self._tabulate(prices))
        flow = solve_flow(self.arrays, entry, self.state)
        if flow is not None:
            return flow.taken
        try:
            return self._program(prices).solve().taken
        except ProgramFailure:
            return None

    def _falls_behind(self, position: int) -> bool:
        return self.shortfalls[position] > 0


def shortfall(arrays: Arrays, group: Group, taken: Floats | Integers) -> float:
    """Return ``max(0, 100 (n_g B - n B_g) - t n n_g R)`` of a group."""
    cohort = sum(1 for student in arrays.instance.students if student.choices)
    benefit = arrays.benefit * taken
    inside = group.members[arrays.student]
    size = int(group.members.sum())
    gap = 100 * (size * benefit.sum() - cohort * benefit[inside].sum())
    allowed = group.tolerance * cohort * size * arrays.largest_rank
    return max(0.0, float(gap) - allowed)


def _add_shortfalls(
    program: LeafProgram, groups: list[Group], cohort: int, ceiling: int
) -> Iterator[int]:
    """Add the groups' shortfalls at the ceiling price; return their rows.

    One aggregate column holds each group's benefits and one everybody's: dense rows
    over all choices would cost ten times as much.
    """
    arrays, model = program.arrays, program.model
    choices = program.choices
    benefit = arrays.benefit[choices].astype(float)
    everybody = model.add_columns(np.zeros(1), INFINITY)
    total = model.add_rows(np.zeros(1), np.zeros(1))
    model.add_entries(total, program.column_of[choices], benefit)
    model.add_entries(total, everybody, -1.0)
    rows = []
    for group in groups:
        inside = group.members[arrays.student[choices]]
        own = model.add_columns(np.zeros(1), INFINITY)
        sums = model.add_rows(np.zeros(1), np.zeros(1))
        model.add_entries(sums, program.column_of[choices[inside]], benefit[inside])
        model.add_entries(sums, own, -1.0)
        size = int(group.members.sum())
        behind = model.add_columns(np.array([float(ceiling)]), INFINITY)
        allowed = group.tolerance * size * arrays.largest_rank / 100
        row = model.add_rows(np.array([-allowed]), np.array([INFINITY]))
        model.add_entries(row, behind, 1.0)
        model.add_entries(row, own, 1.0)
        model.add_entries(row, everybody, -size / cohort)
        rows.append(int(row[0]))
    return iter(rows)
