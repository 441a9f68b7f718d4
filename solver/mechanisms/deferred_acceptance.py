"""Deferred acceptance, students proposing (Gale & Shapley 1962), with nested quotas.

Nested capacities with one order of the students inside each are a matroid with an
order: offers together keep the best independent set of what is proposed (Fleiner 2003;
Kamada & Kojima 2018). So the result is stable, the best stable one for every student,
and no student gains by a false list.
"""

import heapq
from collections.abc import Mapping, Sequence

from solver.instance import Instance
from solver.mechanisms.common_order import Precedence
from solver.mechanisms.nesting import Forest, nest
from solver.mechanisms.wishes import find_places, list_wishes, order_by_merit
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
    wishes = list_wishes(instance)
    forest = nest(instance, wishes)
    standings = _Standings(instance, forest)
    return _Proposals(instance, wishes, forest, standings.by_offer()).settle()


class _Standings:
    """How students stand at each offer: 0 is highest, missing is not acceptable."""

    def __init__(self, instance: Instance, forest: Forest) -> None:
        self.instance, self.forest = instance, forest
        self.places = find_places(order_by_merit(instance))
        self.number = {student.id: n for n, student in enumerate(instance.students)}

    def by_offer(self) -> dict[str, Mapping[int, int]]:
        """Return the standings by offer and student's number."""
        by_merit = dict(enumerate(self.places))
        joined = self._find_joined()
        table: dict[str, Mapping[int, int]] = {}
        for offer in self.instance.offers:
            listed = self.instance.priority.get(offer.id)
            if listed is None:
                table[offer.id] = by_merit
            else:
                numbers = [self.number[name] for name in listed]
                table[offer.id] = {s: place for place, s in enumerate(numbers)}
        for quota, offers in joined.items():
            common = find_places_of(self._join(quota, offers))
            for offer_id in offers:
                names = self.instance.priority.get(offer_id)
                inside = common if names is None else {self.number[n] for n in names}
                table[offer_id] = {s: common[s] for s in inside if s in common}
        return table

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

    def _join(self, quota: str, offers: list[str]) -> list[int]:
        """Return the common order of all students whom one of the offers knows.

        Whole lists count, whoever asks, so that nobody's report changes the order.
        """
        precedence = Precedence(self.places)
        for offer in offers:
            if offer in self.instance.priority:
                numbers = [self.number[name] for name in self.instance.priority[offer]]
                precedence.add_list(offer, numbers)
        by_merit = [o for o in offers if o not in self.instance.priority]
        if by_merit:
            merits = dict(enumerate(s.merit for s in self.instance.students))
            precedence.add_merits(by_merit[0], merits)
        return precedence.order(quota, [s.id for s in self.instance.students])


def find_places_of(order: Sequence[int]) -> dict[int, int]:
    """Return the place of each student in an order of some of them."""
    return {student: place for place, student in enumerate(order)}


class _Proposals:
    """Students propose down their lists; each capacity keeps its best so far."""

    def __init__(
        self,
        instance: Instance,
        wishes: list[list[str]],
        forest: Forest,
        standings: Mapping[str, Mapping[int, int]],
    ) -> None:
        self.instance, self.wishes = instance, wishes
        self.forest, self.standings = forest, standings
        self.left = [offer.capacity for offer in instance.offers]
        self.left += [quota.capacity for quota in instance.quotas]
        self.kept: list[list[tuple[int, int, str]]] = [[] for _ in self.left]
        """Per capacity a heap of what was kept there, lowest standing on top."""
        self.holds: dict[int, str] = {}
        self.next = [0] * len(wishes)

    def settle(self) -> Placements:
        """Return who holds what when nobody proposes any more."""
        students = self.instance.students
        rejected = list(range(len(students) - 1, -1, -1))
        while rejected:
            student = rejected.pop()
            while self.next[student] < len(self.wishes[student]):
                offer = self.wishes[student][self.next[student]]
                self.next[student] += 1
                loser = self._propose(student, offer)
                if loser is None:
                    break
                if loser != student:
                    rejected.append(loser)
                    break
        return {students[s].id: self.holds[s] for s in sorted(self.holds)}

    def _propose(self, student: int, offer: str) -> int | None:
        """Return who is rejected by an offer that a student proposes to."""
        standing = self.standings[offer].get(student)
        name = self.instance.students[student].id
        if name in self.instance.pins:
            standing = PINNED
        if standing is None:
            return student
        chain = self.forest.chain(name, offer)
        full = next((number for number in chain if self.left[number] == 0), None)
        loser = None
        if full is not None:
            loser = self._find_lowest(full)
            if loser is None or -self.kept[full][0][0] < standing:
                return student
            self._let_go(loser)
        for number in chain:
            self.left[number] -= 1
            heapq.heappush(self.kept[number], (-standing, student, offer))
        self.holds[student] = offer
        return loser

    def _find_lowest(self, number: int) -> int | None:
        """Return who stands lowest of those a capacity keeps."""
        heap = self.kept[number]
        while heap and self.holds.get(heap[0][1]) != heap[0][2]:
            heapq.heappop(heap)  # rejected meanwhile
        return heap[0][1] if heap else None

    def _let_go(self, student: int) -> None:
        offer = self.holds.pop(student)
        for number in self.forest.chain(self.instance.students[student].id, offer):
            self.left[number] += 1
