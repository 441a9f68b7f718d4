"""Justified envy and wasted places: who could complain about a placement, and of what.

A placement without either is stable. Definitions: ``solver/README.md``, Mechanisms.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from solver.instance import Choice, Instance, Student
from solver.metrics import Placements
from solver.room import Room

EXAMPLES = 10
"""How many complaints a report names."""


class Complaint(NamedTuple):
    """A student, an offer that she ranks above her outcome, and who holds it.

    ``holder`` is None for a wasted place: nobody has to leave.
    """

    student: str
    offer: str
    holder: str | None


@dataclass(frozen=True)
class EnvyReport:
    """How many complaints a placement leaves.

    Attributes
    ----------
    justified_envy
        Pairs (envious student, student who holds what she prefers).
    envious_students
        Students in such a pair, each counted once.
    wasted_places
        Pairs (student, offer that she prefers and could move to alone).
    examples
        The first complaints in the order of the students' ids, at most ten.
    """

    justified_envy: int
    envious_students: int
    wasted_places: int
    examples: tuple[Complaint, ...]


def measure_envy(instance: Instance, placements: Placements) -> EnvyReport:
    """Return the complaints that a feasible placement leaves.

    Student s envies t with reason when she ranks t's offer above her own outcome, t
    stands strictly lower there (by the offer's list, else by merit; equal merit is no
    envy), t is not pinned, and s in t's place, leaving her own, keeps every quota. A
    place is wasted when s can move to an offer that she prefers alone. Forbidden pairs
    are no choices; who is pinned or missing from an offer's list has no claim.
    """
    check = _Complaints(instance, placements)
    envy = envious = wasted = 0
    examples: list[Complaint] = []
    for student in instance.students:
        envied = 0
        for choice in check.preferred(student):
            full = check.find_full(student, choice)
            holders = check.count_lower(student, choice, full)
            envied += holders
            wasted += not full
            if (holders or not full) and len(examples) < EXAMPLES:
                examples += check.name_complaints(student, choice, full)
        envy += envied
        envious += envied > 0
    return EnvyReport(envy, envious, wasted, tuple(examples[:EXAMPLES]))


def count_envy(instance: Instance, placements: Placements) -> int:
    """Return the number of pairs with justified envy."""
    return measure_envy(instance, placements).justified_envy


def count_wasted(instance: Instance, placements: Placements) -> int:
    """Return the number of pairs (student, place that she could move to alone)."""
    return measure_envy(instance, placements).wasted_places


class _Complaints:
    """A placement with who stands where at each offer."""

    def __init__(self, instance: Instance, placements: Placements) -> None:
        self.instance, self.placements = instance, placements
        self.room = Room(instance)
        self.standing = {o.id: _standing(instance, o.id) for o in instance.offers}
        holders: dict[str, list[tuple[int, str]]] = {}
        for student in instance.students:
            offer = placements.get(student.id)
            if offer is None:
                continue
            self.room.take(student.id, offer)
            if student.id not in instance.pins:
                standing = self.standing[offer](student)
                rank = len(instance.students) if standing is None else standing
                holders.setdefault(offer, []).append((rank, student.id))
        self.holders = {offer: sorted(rows) for offer, rows in holders.items()}
        self.ranks = {o: [rank for rank, _ in row] for o, row in self.holders.items()}

    def preferred(self, student: Student) -> Iterator[Choice]:
        """Yield the choices that a student may claim: better than what she has."""
        if student.id in self.instance.pins:
            return
        held = self.placements.get(student.id)
        own = [choice.rank for choice in student.choices if choice.offer == held]
        for choice in student.choices:
            if own and choice.rank >= own[0]:
                return
            is_allowed = (student.id, choice.offer) not in self.instance.forbidden
            if is_allowed and self.standing[choice.offer](student) is not None:
                yield choice

    def find_full(self, student: Student, choice: Choice) -> list[int]:
        """Return the full capacities that count a choice and not her present one."""
        full = [
            number
            for number in self.room.counting(student.id, choice.offer)
            if self.room.left[number] <= 0
        ]
        held = self.placements.get(student.id)
        if full and held is not None:
            own = set(self.room.counting(student.id, held))
            full = [number for number in full if number not in own]
        return full

    def first_lower(self, student: Student, choice: Choice) -> int:
        """Return where, among an offer's holders, those strictly lower begin."""
        standing = self.standing[choice.offer](student)
        ranks = self.ranks.get(choice.offer, [])
        return len(ranks) if standing is None else bisect_right(ranks, standing)

    def replaceable(
        self, student: Student, choice: Choice, full: list[int]
    ) -> list[str]:
        """Return the holders whom a student could replace with every quota kept."""
        whole = set(self.room.of_offer(choice.offer))
        named = {number for number in full if number not in whole}
        rows = self.holders.get(choice.offer, [])
        return [
            holder
            for _, holder in rows[self.first_lower(student, choice) :]
            if named <= set(self.room.of_pair(holder, choice.offer))
        ]

    def count_lower(self, student: Student, choice: Choice, full: list[int]) -> int:
        """Return how many holders a student envies with reason."""
        whole = set(self.room.of_offer(choice.offer))
        if all(number in whole for number in full):  # a holder's leaving makes room
            holders = len(self.holders.get(choice.offer, ()))
            return holders - self.first_lower(student, choice)
        return len(self.replaceable(student, choice, full))

    def name_complaints(
        self, student: Student, choice: Choice, full: list[int]
    ) -> Iterator[Complaint]:
        """Yield the complaints of a student about one choice."""
        if not full:
            yield Complaint(student.id, choice.offer, None)
        for holder in self.replaceable(student, choice, full):
            yield Complaint(student.id, choice.offer, holder)


def _standing(instance: Instance, offer: str) -> Callable[[Student], int | None]:
    """Return how students stand at an offer: smaller is higher, None is not at all."""
    if offer not in instance.priority:
        return lambda student: -student.merit
    places = {name: place for place, name in enumerate(instance.priority[offer])}
    return lambda student: places.get(student.id)
