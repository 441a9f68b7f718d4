"""Balanced exchange: two-sided top trading cycles with a tolerance per institution.

Dur & Unver 2019 (two-sided matching via balanced exchange). Every institution points to
its first student left, every student to her best offer left; who is on a cycle goes.
The rule for chains within the tolerance is our own; ``solver/README.md`` states it.
"""

from collections import Counter
from collections.abc import Mapping

from solver.instance import Instance
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.shares import share_out
from solver.mechanisms.wishes import order_by_merit, wishes_of
from solver.metrics import Placements
from solver.room import Room

BANK = ""
"""Stands between an institution that only receives and one that only sends."""


def balanced_exchange(instance: Instance) -> Placements:
    """Return the placement: each institution sends as many as it receives, or nearly.

    Out and in differ by at most its ``exchange_tolerance``. Virtual places are no
    exchange and are not given, unless pinned; a place at home balances itself.

    Raises
    ------
    NotApplicable
        When the pins alone break a tolerance, naming every such institution.
    """
    return _Exchange(share_out(instance)).settle()


class _Exchange:
    """The students and institutions left, and who is where already."""

    def __init__(self, instance: Instance) -> None:
        self.students = instance.students
        self.institutions = [institution.id for institution in instance.institutions]
        self.host = {offer.id: offer.receiving for offer in instance.offers}
        self.tolerance = {i.id: i.exchange_tolerance for i in instance.institutions}
        physical = {offer.id for offer in instance.offers if offer.mode != "virtual"}
        self.placements: dict[str, str] = dict(instance.pins)
        self.net = count_net(instance, self.placements)
        self._check_pins()
        self.room = Room(instance)
        for student, offer in self.placements.items():
            self.room.take(student, offer)
        self.wishes = [
            [offer for offer in wishes_of(instance, student) if offer in physical][::-1]
            for student in instance.students
        ]
        """What each student may still hope for, her best offer last."""
        self.queue = [
            student
            for student in reversed(order_by_merit(instance))
            if self.students[student].id not in instance.pins
        ]
        """All students left to look at, the first last; some may have gone."""
        self.queues: dict[str, list[int]] = {name: [] for name in self.institutions}
        for number in self.queue:
            self.queues[self.students[number].sending].append(number)
        self.is_gone = [student.id in instance.pins for student in instance.students]

    def _check_pins(self) -> None:
        problems = [
            f"institution {name}: the pins alone make out minus in "
            f"{self.net[name]}, its exchange tolerance is {self.tolerance[name]}"
            for name in self.institutions
            if abs(self.net[name]) > self.tolerance[name]
        ]
        if problems:
            raise NotApplicable(problems)

    def settle(self) -> Placements:
        """Return who is where when nobody is left."""
        for name in self.institutions:
            while self._first(name) is not None:
                self._walk(name)
        return self.placements

    def _walk(self, start: str) -> None:
        """Follow who points to whom, let every cycle go, until the path is used up."""
        path = {start: True}  # in the order walked
        while path:
            here = next(reversed(path))
            onward = self._point(here)
            if onward is None:
                del path[here]
            elif onward not in path:
                path[onward] = True
            else:
                cycle = []
                while onward in path:
                    cycle.append(path.popitem()[0])
                self._let_go(cycle[::-1])

    def _point(self, here: str) -> str | None:
        """Return where the path goes on from an institution or the bank.

        None where it cannot, or where a student was found who has nothing to hope for:
        then whoever points here looks again.
        """
        student = self._next_sender() if here == BANK else self._first(here)
        if here == BANK:
            return None if student is None else self.students[student].sending
        if student is None:
            return BANK if self._is_open(here) else None
        offer = self._best(student)
        if offer is None:
            self.is_gone[student] = True
            return None
        return self.host[offer]

    def _first(self, institution: str) -> int | None:
        """Return the first student left of an institution."""
        queue = self.queues[institution]
        while queue and self.is_gone[queue[-1]]:
            queue.pop()
        return queue[-1] if queue else None

    def _next_sender(self) -> int | None:
        """Return the first student left whose institution may send one more.

        She is the first of her institution. An institution with students left never
        gains in what it may send, so who is passed over is so for good.
        """
        while self.queue and not self._may_send(self.queue[-1]):
            self.queue.pop()
        return self.queue[-1] if self.queue else None

    def _may_send(self, student: int) -> bool:
        home = self.students[student].sending
        return not self.is_gone[student] and self.net[home] < self.tolerance[home]

    def _best(self, student: int) -> str | None:
        """Return a student's best offer that is left; what is not never comes back."""
        wishes = self.wishes[student]
        while wishes:
            offer = wishes[-1]
            is_left = self.room.fits(self.students[student].id, offer)
            if is_left and self._is_open(self.host[offer]):
                return offer
            wishes.pop()
        return None

    def _is_open(self, host: str) -> bool:
        """Return whether a host may receive: it has students to send, or tolerance."""
        if self._first(host) is not None:
            return True
        may_receive = self.net[host] > -self.tolerance[host]
        return may_receive and self._next_sender() is not None

    def _let_go(self, cycle: list[str]) -> None:
        """Give every first student on a cycle the offer that she points to."""
        for before, name in zip([cycle[-1], *cycle], cycle, strict=False):
            if name == BANK:
                self.net[before] -= 1
                continue
            self.net[name] += before == BANK
            student = self._first(name)
            if student is not None:
                offer = self.wishes[student][-1]
                self.room.take(self.students[student].id, offer)
                self.placements[self.students[student].id] = offer
                self.is_gone[student] = True


def count_net(instance: Instance, placements: Placements) -> Counter[str]:
    """Return out minus in of each institution, virtual places aside."""
    host: Mapping[str, str] = {
        offer.id: offer.receiving
        for offer in instance.offers
        if offer.mode != "virtual"
    }
    net: Counter[str] = Counter()
    for student in instance.students:
        offer = placements.get(student.id, "")
        if offer in host:
            net[student.sending] += 1
            net[host[offer]] -= 1
    return net
