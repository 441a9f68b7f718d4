"""One entry solved and proven: a branch tree whose leaves carry exact prices.

Most entries need no branch: the linear program is whole and its prices prove it. The
leaves of one entry are where the next one starts, so what was split stays split.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from solver.arrays import Flags, Integers
from solver.bounds import Prices, Problem, Row, add_prices, evaluate, find_unit
from solver.branching import (
    Leaf,
    Node,
    Split,
    find_steepness,
    is_feasible,
    is_whole,
    narrow_face,
    other_side,
    pick_split,
)
from solver.flow import solve_flow
from solver.leaves import LeafState, Priced, SoftLimit
from solver.linear import ProgramFailure
from solver.pricing import find_prices
from solver.program import LeafProgram, Solution

NODE_LIMIT = 2000
"""Branch nodes per entry; what is open after them is reported as a gap."""

_TOLERANCE = 1e-6


@dataclass
class Proof:
    """What solving one entry gave: a best placement and the tree that proves it."""

    chosen: Integers
    best: int
    bound: int
    nodes: list[Node]


class EntrySolver:
    """Solves the last entry of a problem in the leaves that the one before left.

    Parameters
    ----------
    problem
        The stage; its last entry is solved, its limits cover the entries before.
    nodes
        The tree of the entry before; a single leaf at first.
    start
        A placement that meets all limits, as choice indices.
    """

    def __init__(self, problem: Problem, nodes: list[Node], start: Integers) -> None:
        self.problem = problem
        self.index = len(problem.entries) - 1
        self.entry = problem.entries[-1]
        self.nodes = list(nodes)
        self.chosen = start
        self.best = self.entry.value(problem.arrays, start)
        self.steepness = find_steepness(problem)
        self.unit = find_unit(problem.arrays, self.entry)

    def solve(self) -> Proof:
        """Return the proven optimum; branch until it is, or the nodes run out."""
        queue = [
            position
            for position, node in reversed(list(enumerate(self.nodes)))
            if isinstance(node, Leaf) and not node.is_dead
        ]
        tried = set(queue)
        budget = NODE_LIMIT
        while queue:
            position = queue.pop()
            leaf = self._leaf(position)
            solution = self._solve_leaf(leaf, may_search=position in tried)
            if leaf.priced and leaf.priced.bound >= self.best:
                continue
            budget -= 1
            row = pick_split(self.problem.arrays, solution)
            if row is not None and budget > 0:
                queue += reversed(self._split(position, row))
        self._keep_dead()
        bounds = [leaf.priced.bound for leaf in self._leaves() if leaf.priced]
        return Proof(self.chosen, self.best, min(self.best, *bounds), self.nodes)

    def _leaf(self, position: int) -> Leaf:
        node = self.nodes[position]
        if not isinstance(node, Leaf):
            raise TypeError(position)
        return node

    def _leaves(self) -> Iterator[Leaf]:
        return (node for node in self.nodes if isinstance(node, Leaf))

    def _solve_leaf(self, leaf: Leaf, *, may_search: bool) -> Solution | None:
        """Solve a leaf's program, note its placement, and price it."""
        solution = self._relax(leaf)
        if solution is None:
            leaf.priced = self._price_without(leaf)
            return None
        if is_whole(solution):
            self._offer(np.flatnonzero(solution.taken > 0.5))
        leaf.priced = find_prices(
            self.problem, self.index, leaf.state, solution, self.best
        )
        if may_search and leaf.priced.bound < self.best and not is_whole(solution):
            self._search(leaf, leaf.priced, solution)
        return solution

    def _relax(self, leaf: Leaf) -> Solution | None:
        """Return the linear optimum; new branch rows may be broken at a high price."""
        flow = solve_flow(self.problem.arrays, self.entry, leaf.state, self.chosen)
        if flow is not None:
            return flow
        price = self.steepness
        for _ in range(4):
            program = self._program(leaf.state, (leaf.new_rows, price))
            try:
                solution = program.solve()
            except ProgramFailure:
                return None
            if solution.violation < _TOLERANCE:
                return solution
            priced = find_prices(
                self.problem, self.index, leaf.state, solution, self.best
            )
            if priced.bound > self._ceiling():
                return solution
            price *= 64
        return solution

    def _program(self, state: LeafState, elastic: tuple[int, float]) -> LeafProgram:
        return LeafProgram(
            self.problem.arrays,
            self.entry,
            state.face,
            state.soft,
            state.path,
            elastic,
        )

    def _ceiling(self) -> int:
        """Return the value beyond which a leaf is of no use to later entries."""
        return self.entry.level.limit(self.best)

    def _price_without(self, leaf: Leaf) -> Priced:
        """Return what the earlier entries' prices alone prove."""
        arrays = self.problem.arrays
        nothing = Solution(
            taken=np.zeros(len(arrays.student)),
            caps=np.zeros(len(arrays.capacity)),
            lanes=np.zeros(len(arrays.kink)),
            branches=np.zeros(len(leaf.state.path)),
            limits=np.zeros(len(leaf.state.soft)),
            violation=0.0,
            value=0.0,
        )
        return find_prices(self.problem, self.index, leaf.state, nothing, self.best)

    def _offer(self, chosen: Integers) -> None:
        """Take a placement over if it is feasible, within limits, and better."""
        value = self.entry.value(self.problem.arrays, chosen)
        if value < self.best and is_feasible(self.problem, chosen):
            self.chosen, self.best = chosen, value

    def _search(self, leaf: Leaf, priced: Priced, solution: Solution) -> None:
        """Look for a better whole placement: near the fractional one, then exactly.

        First among choices of reduced cost 0, then only students whom the program
        splits or leaves out may move. Then everybody, among all choices whose reduced
        cost is within the gap: no better placement lies elsewhere.
        """
        arrays, face = self.problem.arrays, leaf.state.face
        settled = np.zeros(arrays.students, dtype=np.bool_)
        taken = solution.taken > 1 - _TOLERANCE
        settled[arrays.student[taken]] = True
        loose = face.active & (taken | ~settled[arrays.student])
        free = (priced.evaluation.reduced == 0).astype(bool)
        near, even = loose & free, face.active & free
        for choices in (near, even, loose):
            is_most = choices is near and 4 * near.sum() > 3 * even.sum()
            if priced.bound < self.best and not is_most:
                self._solve_among(leaf, choices)
        scale = priced.prices.denominator
        while priced.bound < self.best:
            before = self.best
            room = (before - self.unit) * scale - priced.evaluation.bound
            within = (priced.evaluation.reduced <= room).astype(bool)
            self._solve_among(leaf, face.active & within)
            if self.best == before:
                return

    def _solve_among(self, leaf: Leaf, choices: Flags) -> None:
        """Offer the best whole placement among some choices of a leaf."""
        state = leaf.state
        state = replace(state, face=replace(state.face, active=choices))
        try:
            chosen = self._program(state, (0, 0.0)).solve_whole()
        except ProgramFailure:
            return
        self._offer(chosen)

    def _split(self, position: int, row: Row) -> list[int]:
        """Replace a leaf by a split and its two new leaves; return their positions."""
        leaf = self._leaf(position)
        low = len(self.nodes)
        for is_low in (True, False):
            half = row if is_low else other_side(row)
            state = replace(leaf.state, path=(*leaf.state.path, half))
            self.nodes.append(Leaf(state, new_rows=leaf.new_rows + 1))
        self.nodes[position] = Split(row, low, low + 1)
        return [low, low + 1]

    def _keep_dead(self) -> None:
        """Give leaves that hold nothing of use prices that keep them so."""
        ceiling = self._ceiling()
        for leaf in self._leaves():
            if leaf.is_dead and leaf.priced:
                leaf.priced = self._raise_dead(leaf, leaf.priced, ceiling)
            elif leaf.priced and leaf.priced.bound > ceiling:
                leaf.is_dead = True

    def _raise_dead(self, leaf: Leaf, before: Priced, ceiling: int) -> Priced:
        """Weigh a dead leaf's earlier bound until it exceeds this entry's limit."""
        state = replace(leaf.state, exact=before, soft=())
        found = self._price_without(Leaf(state))
        factor = 1
        while found.bound <= ceiling:
            factor *= 16
            none = Prices(
                1,
                np.zeros_like(before.prices.caps),
                np.zeros_like(before.prices.lanes),
                (),
                (0,) * len(state.path),
            )
            part = (factor, before.index, before.prices)
            prices = add_prices(none, [part], self.index)
            evaluation = evaluate(self.problem, self.index, prices, state.path)
            found = Priced(self.index, prices, evaluation)
        return found

    def next_nodes(self, limit: int) -> list[Node]:
        """Return the tree as the next entry starts from it."""
        return [
            node if isinstance(node, Split) else self._advance(node, limit)
            for node in self.nodes
        ]

    def _advance(self, leaf: Leaf, limit: int) -> Leaf:
        priced = leaf.priced
        if leaf.is_dead or priced is None:
            return Leaf(leaf.state, priced, is_dead=True)
        state = leaf.state
        if priced.meets(limit):
            face = narrow_face(self.problem.arrays, state, priced)
            soft = tuple(
                replace(s, is_tight=s.is_tight or priced.prices.levels[s.index] > 0)
                for s in state.soft
            )
            return Leaf(replace(state, face=face, exact=priced, soft=soft))
        scale = priced.prices.denominator
        room = (limit * scale - priced.evaluation.bound) / scale
        limit_left = SoftLimit(self.index, priced.prices, priced.evaluation, room)
        return Leaf(replace(state, soft=(*state.soft, limit_left)))
