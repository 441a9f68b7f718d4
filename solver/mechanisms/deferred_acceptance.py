"""Deferred acceptance, students proposing (Gale & Shapley 1962), with nested quotas.

Nested capacities with one order of the students inside each are a matroid with an
order: offers together keep the best independent set of what is proposed (Fleiner 2003;
Kamada & Kojima 2018). So the result is stable, the best stable one for every student,
and no student gains by a false list.
"""

import heapq
from collections.abc import Mapping, Sequence
from functools import cached_property

from solver.instance import Instance
from solver.mechanisms.joined_order import Precedence
from solver.mechanisms.nesting import Forest, nest
from solver.mechanisms.wishes import find_places, order_by_merit, wishes_of
from solver.metrics import Placements

PINNED = -1
"""The standing of a pinned student: before everybody."""


def deferred_acceptance(instance: Instance) -> Placements:
    """Return the student-optimal stable placement.

    Raises
    ------
    NotApplicable
        When quotas cross, or a quota joins offers whose orders contradict each other.
    """
    forest = nest(instance)
    standings = _Standings(instance, forest).by_offer()
    return _Proposals(instance, forest, standings).settle()


class _Standings:
    """How students stand at each offer: 0 is highest, missing is not acceptable."""

    def __init__(self, instance: Instance, forest: Forest) -> None:
        self.instance, self.forest = instance, forest

    def by_offer(self) -> dict[str, Mapping[str, int]]:
        """Return the standings by offer and student."""
        lists = self.instance.priority
        table: dict[str, Mapping[str, int]] = {
            offer.id: _number(lists[offer.id])
            if offer.id in lists
            else self._places_by_merit
            for offer in self.instance.offers
        }
        for quota, offers in self._find_joined().items():
            common = _number(self._join(quota, offers))
            for offer in offers:
                inside = lists.get(offer, common)
                table[offer] = {name: common[name] for name in inside}
        return table

    @cached_property
    def _order(self) -> list[int]:
        return order_by_merit(self.instance)

    @cached_property
    def _places_by_merit(self) -> dict[str, int]:
        return _number([self.instance.students[s].id for s in self._order])

    def _find_joined(self) -> dict[str, list[str]]:
        """Return, by outermost quota, the offers of those that need a common order."""
        trees: dict[int, list[str]] = {}
        for number, offer in enumerate(self.instance.offers):
            root = self.forest.root(number)
            trees.setdefault(root, []).append(offer.id)
        shift = len(self.instance.offers)
        return {
            self.instance.quotas[root - shift].id: offers
            for root, offers in trees.items()
            if len(offers) > 1 and any(o in self.instance.priority for o in offers)
        }

    def _join(self, quota: str, offers: list[str]) -> list[str]:
        """Return the common order of all students whom one of the offers knows.

        Whole lists count, whoever asks, so that nobody's report changes the order.
        """
        names = [student.id for student in self.instance.students]
        numbers = {name: number for number, name in enumerate(names)}
        precedence = Precedence(find_places(self._order))
        for offer in offers:
            listed = self.instance.priority.get(offer)
            if listed is not None:
                precedence.add_list(offer, [numbers[name] for name in listed])
        by_merit = [o for o in offers if o not in self.instance.priority]
        if by_merit:
            merits = dict(enumerate(s.merit for s in self.instance.students))
            precedence.add_merits(by_merit[0], merits)
        return [names[number] for number in precedence.order(quota, names)]


def _number(order: Sequence[str]) -> dict[str, int]:
    """Return the place of each student in an order."""
    return dict(zip(order, range(len(order)), strict=True))


class _Proposals:
    """Students propose down their lists; each capacity keeps its best so far."""

    def __init__(
        self,
        instance: Instance,
        forest: Forest,
        standings: Mapping[str, Mapping[str, int]],
    ) -> None:
        self.pins, self.forest, self.standings = instance.pins, forest, standings
        self.left = [offer.capacity for offer in instance.offers]
        self.left += [quota.capacity for quota in instance.quotas]
        self.kept: list[list[tuple[int, str, str]]] = [[] for _ in self.left]
        """Per capacity a heap of what was kept there, lowest standing on top."""
        self.holds: dict[str, str] = {}
        self.wishes = {s.id: wishes_of(instance, s) for s in instance.students}
        """What each student has not proposed to yet."""

    def settle(self) -> Placements:
        """Return who holds what when nobody proposes any more."""
        for student in self.wishes:
            proposer: str | None = student
            while proposer is not None:
                offer = next(self.wishes[proposer], None)
                if offer is None:
                    break
                proposer = self._propose(proposer, offer)
        return {student: self.holds[student] for student in sorted(self.holds)}

    def _propose(self, student: str, offer: str) -> str | None:
        """Return who is rejected by an offer that a student proposes to."""
        standing = self.standings[offer].get(student)
        if student in self.pins:
            standing = PINNED
        if standing is None:
            return student
        chain = self.forest.chain(student, offer)
        loser = None
        for number in chain:
            if self.left[number] == 0:  # the innermost full one decides
                loser = self._find_lowest(number)
                if loser is None or -self.kept[number][0][0] < standing:
                    return student
                self._let_go(loser)
                break
        for number in chain:
            self.left[number] -= 1
            heapq.heappush(self.kept[number], (-standing, student, offer))
        self.holds[student] = offer
        return loser

    def _find_lowest(self, number: int) -> str | None:
        """Return who stands lowest of those a capacity keeps."""
        heap = self.kept[number]
        while heap and self.holds.get(heap[0][1]) != heap[0][2]:
            heapq.heappop(heap)  # rejected meanwhile
        return heap[0][1] if heap else None

    def _let_go(self, student: str) -> None:
        for number in self.forest.chain(student, self.holds.pop(student)):
            self.left[number] += 1
