"""One order of the students for several offers that share a quota.

Priority lists put one student before another; an offer without a list puts the higher
merit first. Where these agree, the order takes, again and again, of the students with
nobody left before them the first by merit, ties by lottery.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from solver.mechanisms.outcome import NotApplicable

Node = int
"""A student's number; below 0 a step between two merits at an offer without a list."""


@dataclass
class Precedence:
    """Who must stand before whom, and the offer that says so.

    Parameters
    ----------
    places
        Each student's place by merit, ties by lottery.
    """

    places: Sequence[int]
    after: dict[Node, list[tuple[Node, str]]] = field(default_factory=dict)
    before: dict[Node, int] = field(default_factory=dict)
    """How many stand directly before a student."""
    steps: int = 0

    def add_list(self, offer: str, listed: Sequence[int]) -> None:
        """Add an offer's priority list, its highest student first."""
        for student in listed:
            self.before.setdefault(student, 0)
        for higher, lower in pairwise(listed):
            self._add(higher, lower, offer)

    def add_merits(self, offer: str, merit: Mapping[int, int]) -> None:
        """Add an offer without a list: everybody by merit; equals are free."""
        classes: dict[int, list[int]] = {}
        for student in merit:
            self.before.setdefault(student, 0)
            classes.setdefault(merit[student], []).append(student)
        for upper, lower in pairwise(sorted(classes, reverse=True)):
            self.steps += 1
            for student in classes[upper]:
                self._add(student, -self.steps, offer)
            for student in classes[lower]:
                self._add(-self.steps, student, offer)

    def _add(self, higher: Node, lower: Node, offer: str) -> None:
        self.after.setdefault(higher, []).append((lower, offer))
        self.before[lower] = self.before.get(lower, 0) + 1

    def order(self, quota: str, names: Sequence[str]) -> list[int]:
        """Return the students' numbers, highest first.

        Raises
        ------
        NotApplicable
            When the offers contradict each other, naming the quota and the circle.
        """
        waiting = dict(self.before)
        free = [self._turn(node) for node, count in waiting.items() if not count]
        heapq.heapify(free)
        order = []
        while free:
            _, node = heapq.heappop(free)
            del waiting[node]
            if node >= 0:
                order.append(node)
            for lower, _ in self.after.get(node, ()):
                waiting[lower] -= 1
                if not waiting[lower]:
                    heapq.heappush(free, self._turn(lower))
        if waiting:
            raise NotApplicable(self._tell_circle(waiting, quota, names))
        return order

    def _turn(self, node: Node) -> tuple[int, Node]:
        """Return when a node's turn is: steps at once, students by merit."""
        return (self.places[node] if node >= 0 else -1), node

    def _tell_circle(
        self, waiting: Mapping[Node, int], quota: str, names: Sequence[str]
    ) -> str:
        """Return a sentence that follows a circle among those never free."""
        above = {
            lower: (node, offer)
            for node in waiting
            for lower, offer in self.after.get(node, ())
            if lower in waiting
        }
        node = next(iter(waiting))
        seen: dict[Node, int] = {}
        while node not in seen:
            seen[node] = len(seen)
            node = above[node][0]
        links: list[str] = []
        lower, start = node, node
        while not links or lower != start:
            higher, offer = above[lower]
            if higher < 0:  # a step between merits: its offer puts these two in order
                higher = above[higher][0]
            links.append(f"{names[higher]} before {names[lower]} at {offer}")
            lower = higher
        links.reverse()
        return (
            f"quota {quota} joins offers whose orders contradict each other: "
            f"{', '.join(links)}"
        )
