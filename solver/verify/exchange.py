"""Balanced exchange again, by plainer means: one cycle is looked for at a time.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from bisect import bisect_right

from solver.errors import Refused
from solver.verify.ground import Ground

BANK = ""
"""Stands between an institution that only receives and one that only sends."""


def exchange_balanced(ground: Ground) -> list[int]:
    """Return the choice of every student.

    Raises
    ------
    Refused
        When the pins alone break an institution's tolerance.
    """
    return _Exchange(ground).settle()


class _Exchange:
    """Students and institutions left."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.world = ground, ground.world
        offers = self.world.offers
        self.net = dict.fromkeys(self.world.block, 0)
        for student, choice in self.world.pins.items():
            offer = self.world.choices.offer[choice]
            if not offers.virtual[offer]:
                self.net[self.world.students.sending[student]] += 1
                self.net[offers.receiving[offer]] -= 1
        for name, net in self.net.items():
            if abs(net) > self.world.tolerance[name]:
                raise Refused(f"the pins alone break the tolerance of {name}")
        self.shares = _Shares(ground)
        offer_of = self.world.choices.offer
        self.hopes = [
            [c for c in reversed(choices) if not offers.virtual[offer_of[c]]]
            for choices in ground.open
        ]
        """Choices that each student may still get, the best last."""
        free = [s for s in ground.order if s not in self.world.pins]
        self.all = free[::-1]
        self.own: dict[str, list[int]] = {name: [] for name in self.net}
        for student in self.all:
            self.own[self.world.students.sending[student]].append(student)
        self.gone: set[int] = set()

    def settle(self) -> list[int]:
        """Return the choice of every student once nobody is left."""
        for name in self.own:
            while self._first(name) is not None:
                cycle = self._find_cycle(name)
                self._let_go(cycle)
        return self.ground.held

    def _first(self, name: str) -> int | None:
        """Return the first student left of an institution."""
        own = self.own[name]
        while own and own[-1] in self.gone:
            own.pop()
        return own[-1] if own else None

    def _find_cycle(self, start: str) -> list[str]:
        """Return the institutions of a cycle, empty when only a student gave up."""
        path, seen = [start], {start: 0}
        while True:
            onward = self._onward(path[-1])
            if onward is None:
                return []
            if onward in seen:
                return path[seen[onward] :]
            seen[onward] = len(path)
            path.append(onward)

    def _onward(self, here: str) -> str | None:
        if here == BANK:
            sender = self._first_sender()
            return None if sender is None else self.world.students.sending[sender]
        student = self._first(here)
        if student is None:
            return BANK
        choice = self._best(student)
        if choice is None:
            self.gone.add(student)
            return None
        return self.world.offers.receiving[self.world.choices.offer[choice]]

    def _best(self, student: int) -> int | None:
        """Return the best choice whose host is open and whose capacities have room."""
        hopes, offer_of = self.hopes[student], self.world.choices.offer
        while hopes:
            host = self.world.offers.receiving[offer_of[hopes[-1]]]
            if self._is_open(host) and self.shares.has_room(hopes[-1]):
                return hopes[-1]
            hopes.pop()
        return None

    def _is_open(self, host: str) -> bool:
        if self._first(host) is not None:
            return True
        least = -self.world.tolerance[host]
        return self.net[host] > least and self._first_sender() is not None

    def _first_sender(self) -> int | None:
        """Return the first student left whose institution may just send."""
        while self.all:
            home = self.world.students.sending[self.all[-1]]
            may_send = self.net[home] < self.world.tolerance[home]
            if may_send and self.all[-1] not in self.gone:
                return self.all[-1]
            self.all.pop()
        return None

    def _let_go(self, cycle: list[str]) -> None:
        """Give every student on a cycle the choice she points to."""
        for number, name in enumerate(cycle):
            if name == BANK:
                self.net[cycle[number - 1]] -= 1
                self.net[cycle[(number + 1) % len(cycle)]] += 1
                continue
            student = self._first(name)
            if student is not None:
                choice = self.hopes[student][-1]
                self.shares.give(choice)
                self.ground.held[student] = choice
                self.gone.add(student)


class _Shares:
    """Capacities, quotas of several hosts and senders shared out between the hosts."""

    def __init__(self, ground: Ground) -> None:
        self.world = ground.world
        offers, quotas = self.world.offers, self.world.quotas
        self.room: dict[tuple[int, str], int] = {}
        """By capacity, and by host where it is shared out."""
        self.is_cut: dict[int, bool] = {}
        self.ground = ground
        for offer in range(len(offers.ids)):
            self.room[offer, ""] = ground.room[offer]
        for number in range(len(quotas.ids)):
            self._add_quota(len(offers.ids) + number, number)

    def _add_quota(self, cap: int, number: int) -> None:
        """Add a quota; what its pins took stays with their hosts."""
        world = self.world
        choices = world.quotas.choices[number]
        named = {world.choices.offer[choice] for choice in choices}
        named.update(world.quotas.offers[number])
        hosts = sorted({world.offers.receiving[offer] for offer in named})
        owners = self._senders(choices)
        has_many_senders = bool(world.quotas.offers[number]) or len(owners) > 1
        left = self.ground.room[cap]
        self.is_cut[cap] = len(hosts) > 1 and has_many_senders
        if not self.is_cut[cap]:
            self.room[cap, ""] = left
            return
        weight = dict.fromkeys(hosts, 0)
        for offer in named:
            weight[world.offers.receiving[offer]] += world.offers.capacity[offer]
        total = sum(weight.values())
        shares = {host: left * weight[host] // total if total else 0 for host in hosts}
        rest = left - sum(shares.values()) if total else 0
        for host in sorted(hosts, key=lambda h: -(left * weight[h] % max(total, 1))):
            shares[host] += rest > 0
            rest -= 1
        for host in hosts:
            self.room[cap, host] = shares[host]

    def _senders(self, choices: list[int]) -> set[str]:
        """Return the institutions whose students have one of the choices."""
        students = self.world.students
        owners = {bisect_right(students.first, choice) - 1 for choice in choices}
        return {students.sending[student] for student in owners}

    def _keys(self, choice: int) -> list[tuple[int, str]]:
        offer = self.world.choices.offer[choice]
        host = self.world.offers.receiving[offer]
        caps = self.ground.around(choice)
        return [(cap, host if self.is_cut.get(cap) else "") for cap in caps]

    def has_room(self, choice: int) -> bool:
        """Return whether every capacity, or its host's share, lets the choice in."""
        return all(self.room[key] > 0 for key in self._keys(choice))

    def give(self, choice: int) -> None:
        """Take the choice's place."""
        for key in self._keys(choice):
            self.room[key] -= 1
