"""Entries that are a flow: placements and prices without a linear program.

Students send one unit each through their choices and the tree of capacities to a sink.
OR-Tools finds the flow; prices are longest paths in what the flow leaves over. They are
integers, and proven by the exact bound like any others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.arrays import Arrays, Flags, Integers
from solver.bounds import combine_flows
from solver.laminar import Tree, find_tree
from solver.leaves import Face, LeafState
from solver.program import Solution
from solver.terms import Entry

_FILL = 1024
"""What filling a capacity that has to be full is worth, in largest costs."""

_PATIENCE = 400
"""Rounds after which a placement is taken for none of the best."""

_STEPS = (4096, 1024, 256, 64)
"""Largest costs of an entry that one unit of the entry before outweighs, by choice."""

_LARGEST = 2**60


def solve_flow(
    arrays: Arrays, entry: Entry, state: LeafState, start: Integers | None = None
) -> Solution | None:
    """Return an entry's optimum in a leaf, or None where it is no flow.

    It is one where capacities nest and neither branch rows, nor earlier entries that
    may still move, nor prices of flows between partners tie students together. Where
    the start is an optimum already, only its prices are looked for.
    """
    face = state.face
    is_free = np.isinf(face.low).all() and np.isinf(face.high).all()
    if state.path or state.soft or not is_free:
        return None
    if combine_flows([(1, entry.one_way)]).top or not face.active.any():
        return None
    tree = find_tree(arrays, face.active)
    if tree is None:
        return None
    network = _Network(arrays, entry, state, tree)
    chosen, prices = start, None
    if start is not None and network.takes(start):
        prices = network.price(_PATIENCE)
    if prices is None:
        chosen = network.place()
        prices = None if chosen is None else network.price(len(network.rows) + 1)
    if chosen is None or prices is None:
        return None
    taken = np.zeros(len(arrays.student))
    taken[chosen] = 1.0
    return Solution(
        taken=taken,
        caps=prices.astype(float),
        lanes=np.zeros(len(arrays.kink)),
        branches=np.empty(0),
        limits=np.empty(0),
        violation=0.0,
        value=float(entry.value(arrays, chosen)),
    )


def find_start(arrays: Arrays, entries: Sequence[Entry]) -> Integers | None:
    """Return a placement that is good for entries in their order, None if no flow.

    One flow with the entries' costs in one number, as far as 64 bits hold them; what it
    finds is only where solving starts.
    """
    active = np.ones(len(arrays.student), dtype=np.bool_)
    tree = find_tree(arrays, active) if len(active) else None
    if tree is None:
        return None
    room = _LARGEST // (arrays.students + len(arrays.capacity) + 2)
    cost, unplaced = _weigh_together(entries, room)
    whole = replace(entries[0], cost=cost, unplaced=unplaced, one_way=None)
    state = LeafState((), Face.whole(arrays), None, ())
    return _Network(arrays, whole, state, tree).place()


def _weigh_together(entries: Sequence[Entry], room: int) -> tuple[Integers, Integers]:
    """Return entries' costs as one, each weighed as much as the room allows.

    One unit of an entry outweighs ``steps`` of the largest costs of the next: chains of
    moves may be longer, so the more the better, but not at the price of an entry.
    """
    sums = [_weigh(entries, room, steps) for steps in _STEPS]
    most = max(sums, key=lambda found: found[0])  # the first, so most steps, of equals
    return most[1:]


def _weigh(
    entries: Sequence[Entry], room: int, steps: int
) -> tuple[int, Integers, Integers]:
    cost = np.zeros_like(entries[0].cost)
    unplaced = np.zeros_like(entries[0].unplaced)
    for count, entry in enumerate(entries):
        unit = max(1, int(np.gcd(_common(entry.cost), _common(entry.unplaced))))
        ratio = steps * max(_largest(entry.cost), _largest(entry.unplaced)) // unit
        reached = max(_largest(cost), _largest(unplaced), 1)
        if reached * (ratio + 1) > room:
            return count, cost, unplaced
        cost = cost * max(ratio, 1) + entry.cost // unit
        unplaced = unplaced * max(ratio, 1) + entry.unplaced // unit
    return len(entries), cost, unplaced


def _common(values: Integers) -> int:
    return int(np.gcd.reduce(values)) if len(values) else 0


class _Network:
    """Nodes: the students with a choice, then the capacities, then the sink."""

    def __init__(
        self, arrays: Arrays, entry: Entry, state: LeafState, tree: Tree
    ) -> None:
        self.arrays, face = arrays, state.face
        self.choices = np.flatnonzero(face.active)
        self.student = arrays.student[self.choices]
        self.used, self.sender = np.unique(self.student, return_inverse=True)
        self.row = tree.first
        self.rows = _reached(tree)
        self.sink = len(arrays.capacity)
        above = tree.parent[self.rows]
        self.above = np.where(above < 0, self.sink, above)
        self.cost = entry.cost[self.choices]
        self.unplaced = entry.unplaced
        self.may_stay: Flags = ~face.must
        self.full: Flags = face.full[self.rows]

    def place(self) -> Integers | None:
        """Return the choices taken by a cheapest flow, None where there is none."""
        capacity, senders = self.arrays.capacity[self.rows], len(self.used)
        stay = np.flatnonzero(self.may_stay[self.used])
        largest = max(_largest(self.cost), _largest(self.unplaced))
        fill = np.where(self.full, -min(_FILL * (largest + 1), _LARGEST), 0)
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([self.sender, stay, senders + self.rows]),
            np.concatenate(
                [
                    senders + self.row,
                    np.full(len(stay), senders + self.sink),
                    senders + self.above,
                ]
            ),
            np.concatenate([np.ones(len(self.row) + len(stay), np.int64), capacity]),
            np.concatenate([self.cost, self.unplaced[self.used[stay]], fill]),
        )
        flow.set_nodes_supplies(np.arange(senders), np.ones(senders, dtype=np.int64))
        flow.set_node_supply(senders + self.sink, -senders)
        if flow.solve() != flow.OPTIMAL:
            return None
        flows: Integers = flow.flows(arcs)
        chosen = self.choices[flows[: len(self.row)] > 0]
        return chosen if self.takes(chosen) else None

    def takes(self, chosen: Integers) -> bool:
        """Note a placement; return whether it keeps what is open and what is full."""
        arrays = self.arrays
        is_taken = np.zeros(len(arrays.student), dtype=np.bool_)
        is_taken[chosen] = True
        self.is_taken = is_taken[self.choices]
        self.left = (arrays.capacity - arrays.used_capacity(chosen))[self.rows]
        obliged = self.used[~self.may_stay[self.used]]
        return bool(
            self.is_taken.sum() == len(chosen)
            and np.isin(obliged, arrays.student[chosen]).all()
            and (self.left[self.full] == 0).all()
            and (self.left >= 0).all()
        )

    def price(self, patience: int) -> Integers | None:
        """Return a price per capacity: what the next place in it would be worth.

        Labels are paid on the way to the sink; they rise until no student would rather
        move, nobody placed rather stay, and nothing that has room costs anything. None
        if that has no end within some rounds.
        """
        label = _raise_labels(self._list_arcs(), self.sink + 1, patience)
        if label is None:
            return None
        prices = np.zeros(len(self.arrays.capacity), dtype=np.int64)
        prices[self.rows] = label[self.rows] - label[self.above]
        return prices

    def _list_arcs(self) -> "_Arcs":
        """Return what has to hold: label of target >= label of source + length."""
        held = np.full(len(self.used), self.sink, dtype=np.int64)
        spent = self.unplaced[self.used]
        held[self.sender[self.is_taken]] = self.row[self.is_taken]
        spent[self.sender[self.is_taken]] = self.cost[self.is_taken]
        other = np.flatnonzero(~self.is_taken)
        moves = self.sender[other]
        leaves = np.flatnonzero((held != self.sink) & self.may_stay[self.used])
        stay_cost = self.unplaced[self.used[leaves]]
        has_room, open_ = self.left > 0, ~self.full
        none = np.zeros(len(self.rows), dtype=np.int64)
        return _Arcs(
            np.concatenate(
                [held[moves], held[leaves], self.above[open_], self.rows[has_room]]
            ),
            np.concatenate(
                [
                    self.row[other],
                    np.full(len(leaves), self.sink),
                    self.rows[open_],
                    self.above[has_room],
                ]
            ),
            np.concatenate(
                [
                    spent[moves] - self.cost[other],
                    spent[leaves] - stay_cost,
                    none[open_],
                    none[has_room],
                ]
            ),
        )


@dataclass(frozen=True)
class _Arcs:
    source: Integers
    target: Integers
    length: Integers


def _raise_labels(arcs: _Arcs, nodes: int, patience: int) -> Integers | None:
    """Return the least labels of 0 or more that meet all arcs (Bellman and Ford).

    Only arcs whose source rose last are looked at again.
    """
    order = np.argsort(arcs.source, kind="stable")
    target, length = arcs.target[order], arcs.length[order]
    count = np.bincount(arcs.source, minlength=nodes)
    start = np.cumsum(count) - count
    label = np.zeros(nodes, dtype=np.int64)
    risen, is_risen = np.arange(nodes), np.zeros(nodes, dtype=np.bool_)
    for _ in range(patience):
        if not len(risen):
            return label
        counts = count[risen]
        ends = np.cumsum(counts)
        places = np.arange(ends[-1]) - np.repeat(ends - counts - start[risen], counts)
        reached = np.repeat(label[risen], counts) + length[places]
        goal = target[places]
        higher = reached > label[goal]
        goal = goal[higher]
        np.maximum.at(label, goal, reached[higher])
        is_risen[goal] = True
        risen = np.flatnonzero(is_risen)
        is_risen[risen] = False
    return None


def _reached(tree: Tree) -> Integers:
    """Return the capacities that some chain of the tree contains."""
    rows = np.unique(tree.first)
    while True:
        above = tree.parent[rows]
        wider = np.union1d(rows, above[above >= 0])
        if len(wider) == len(rows):
            return wider
        rows = wider


def _largest(values: Integers) -> int:
    return int(np.abs(values).max()) if len(values) else 0
