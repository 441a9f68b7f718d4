"""The certificate: a tree's exact prices, written with the ids of what they price."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np

from solver.arrays import Arrays, Integers
from solver.bounds import Prices, Row, Whole
from solver.branching import Leaf, Node, Split
from solver.instance import Instance, Offer, Quota

FORMAT = "mobility-certificate/1"

_GRID = 2**128
"""Finer prices are rounded to it: a bound moves by far less than what is rounded up."""


def to_placements(arrays: Arrays, chosen: Integers) -> dict[str, str]:
    """Return offer by student of the chosen choices."""
    instance = arrays.instance
    return {
        instance.students[arrays.student[j]].id: instance.offers[arrays.offer[j]].id
        for j in chosen.tolist()
    }


def write_level(
    arrays: Arrays, names: Sequence[str], nodes: Sequence[Node]
) -> dict[str, object]:
    """Return the proof of one entry.

    Parameters
    ----------
    arrays
        The stage's problem.
    names
        Names of the entries before it in the stage.
    nodes
        The tree; the first node is the root.
    """
    leaves = [n.priced.prices for n in nodes if isinstance(n, Leaf) and n.priced]
    common = int(np.lcm.reduce([p.denominator for p in leaves], dtype=object))
    denominator = min(common, _GRID)
    writer = _Writer(arrays, names, denominator)
    if len(nodes) == 1:
        return {"denominator": denominator, "root": writer.prices(leaves[0])}
    return {
        "denominator": denominator,
        "root": {},
        "tree": [writer.node(node) for node in nodes],
    }


class _Writer:
    def __init__(self, arrays: Arrays, names: Sequence[str], denominator: int) -> None:
        self.arrays, self.names, self.denominator = arrays, names, denominator
        self.instance: Instance = arrays.instance

    def node(self, node: Node) -> dict[str, object]:
        if isinstance(node, Split):
            return {
                "row": self.row(node.row),
                "at": node.row.at,
                "low": node.low,
                "high": node.high,
            }
        return {"prices": self.prices(node.priced.prices) if node.priced else {}}

    def row(self, row: Row) -> Mapping[str, object]:
        index = row.index
        if row.kind == "choice":
            student = self.instance.students[self.arrays.student[index]].id
            offer = self.instance.offers[self.arrays.offer[index]].id
            return {"choice": [student, offer]}
        if row.kind == "partnership":
            return {"partnership": list(self.arrays.partnerships[index])}
        if row.kind == "student":
            return {"student": self.instance.students[index].id}
        if row.kind == "offer":
            return {"offer": self.instance.offers[index].id}
        return {"quota": self.instance.quotas[index].id}

    def prices(self, prices: Prices) -> dict[str, object]:
        """Return prices over the level's denominator.

        Where that is a grid, weights of levels are rounded up and all else down: so the
        price of a partnership stays within what its one-way cost allows.
        """
        scale = Fraction(self.denominator, prices.denominator)
        offers = len(self.instance.offers)
        pairs = self.arrays.partnerships
        lanes = prices.lanes
        branches = [floor(u * scale) for u in prices.branches]
        while branches and not branches[-1]:
            branches.pop()
        parts: dict[str, object] = {
            "offers": _named(self.instance.offers, prices.caps[:offers], scale),
            "quotas": _named(self.instance.quotas, prices.caps[offers:], scale),
            "partnerships": [
                [*pairs[p], floor(int(lanes[p]) * scale)]
                for p in np.flatnonzero(lanes).tolist()
            ],
            "levels": {
                name: ceil(weight * scale)
                for name, weight in zip(self.names, prices.levels, strict=True)
                if weight
            },
            "branches": branches,
        }
        return {key: part for key, part in parts.items() if part}


def _named(
    things: Sequence[Offer] | Sequence[Quota], prices: Whole, scale: Fraction
) -> dict[str, int]:
    return {
        things[q].id: floor(int(prices[q]) * scale)
        for q in np.flatnonzero(prices).tolist()
    }
