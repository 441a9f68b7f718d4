"""Immediate acceptance (Boston): in round k places go, for good, to k-th wishes.

Abdulkadiroglu & Sonmez 2003. Kept for comparison: it rewards those who report
cleverly, because a place once given is not given back.
"""

import heapq
from collections.abc import Iterator

from solver.instance import Instance
from solver.mechanisms.wishes import find_places, order_by_merit
from solver.metrics import Placements
from solver.room import Room


def immediate_acceptance(instance: Instance) -> Placements:
    """Return the placement: pins first, then round by round.

    A round's applications to one offer are taken in its order: its priority list, which
    leaves out who is not acceptable, else merit, ties by lottery. Where a quota joins
    offers, the next to be taken is the offer whose first applicant has the most merit
    (ties by lottery).
    """
    room = Room(instance)
    placements = dict(instance.pins)
    for student, offer in placements.items():
        room.take(student, offer)
    rounds = _Rounds(instance)
    longest = max((len(student.choices) for student in instance.students), default=0)
    for position in range(longest):
        for student, offer in rounds.applications(position, placements):
            if room.fits(student, offer):
                room.take(student, offer)
                placements[student] = offer
    return placements


class _Rounds:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.places = find_places(order_by_merit(instance))
        number = {student.id: n for n, student in enumerate(instance.students)}
        self.standing = {
            offer: {number[name]: place for place, name in enumerate(names)}
            for offer, names in instance.priority.items()
        }

    def applications(
        self, position: int, placements: Placements
    ) -> Iterator[tuple[str, str]]:
        """Yield the applications of one round in the order in which they are taken."""
        queues = self._collect(position, placements)
        heads = [(queue[-1][1], offer) for offer, queue in queues.items()]
        heapq.heapify(heads)
        while heads:
            _, offer = heapq.heappop(heads)
            student = queues[offer].pop()[2]
            if queues[offer]:
                heapq.heappush(heads, (queues[offer][-1][1], offer))
            yield self.instance.students[student].id, offer

    def _collect(
        self, position: int, placements: Placements
    ) -> dict[str, list[tuple[int, int, int]]]:
        """Return each offer's applicants, last first: standing, merit place, number."""
        queues: dict[str, list[tuple[int, int, int]]] = {}
        for number, student in enumerate(self.instance.students):
            if student.id in placements or position >= len(student.choices):
                continue
            offer = student.choices[position].offer
            place = self.places[number]
            standing = self.standing.get(offer, {number: place}).get(number)
            is_open = (student.id, offer) not in self.instance.forbidden
            if standing is not None and is_open:
                queues.setdefault(offer, []).append((standing, place, number))
        for queue in queues.values():
            queue.sort(reverse=True)
        return queues
