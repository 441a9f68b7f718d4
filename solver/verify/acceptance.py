"""Deferred acceptance again, by plainer means: what each group of offers keeps.

Offers that a quota joins are one group. A group looks at all that is proposed to it and
keeps, from the highest down, what its capacities let in; the rest proposes elsewhere.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections import deque

from solver.errors import Refused
from solver.verify.ground import Ground
from solver.verify.orders import Merging
from solver.verify.world import UNPLACED


def accept_deferred(ground: Ground) -> list[int]:
    """Return the choice of every student.

    Raises
    ------
    Refused
        When quotas cross or joined offers contradict each other: there is no such
        placement, and nobody may claim one.
    """
    _check_nesting(ground)
    groups = _join_offers(ground)
    return _Proposals(ground, groups).settle()


def _check_nesting(ground: Ground) -> None:
    """Look at every two capacities that share a choice: one must hold the other."""
    sets = _list_sets(ground)
    sharing: dict[int, list[int]] = {}
    for cap, atoms in enumerate(sets):
        for atom in atoms:
            sharing.setdefault(atom, []).append(cap)
    pairs = {(a, b) for caps in sharing.values() for a in caps for b in caps if a < b}
    for a, b in sorted(pairs):
        if not (sets[a] <= sets[b] or sets[b] <= sets[a]):
            raise Refused(f"{ground.name(a)} and {ground.name(b)} cross")


def _list_sets(ground: Ground) -> list[set[int]]:
    """Return what each capacity counts: choices, and -1 - offer for whole offers."""
    world, offer_of = ground.world, ground.world.choices.offer
    is_open = {choice for choices in ground.open for choice in choices}
    named = [set(choices) & is_open for choices in world.quotas.choices]
    parts: dict[int, set[int]] = {
        offer: set() for offer in range(len(world.offers.ids))
    }
    everything: dict[int, set[int]] = {offer: set() for offer in parts}
    for choice in set().union(*named):
        parts[offer_of[choice]].add(choice)
    for choice in is_open:
        everything[offer_of[choice]].add(choice)
    sets = [{-1 - offer} | parts[offer] for offer in parts]
    for whole, choices in zip(world.quotas.offers, named, strict=True):
        offers = {o for o in {offer_of[c] for c in choices} if everything[o] <= choices}
        atoms = set(choices)
        for offer in offers.union(whole):
            atoms |= sets[offer]
        sets.append(atoms)
    return sets


def _join_offers(ground: Ground) -> list[int]:
    """Return the group of every offer: those joined by quotas share one."""
    world = ground.world
    group = list(range(len(world.offers.ids)))

    is_open = {choice for choices in ground.open for choice in choices}

    def find(offer: int) -> int:
        while group[offer] != offer:
            group[offer] = group[group[offer]]
            offer = group[offer]
        return offer

    for whole, choices in zip(world.quotas.offers, world.quotas.choices, strict=True):
        named = (
            world.choices.offer[choice] for choice in is_open.intersection(choices)
        )
        joined = [*whole, *named]
        for offer in joined[1:]:
            group[find(offer)] = find(joined[0])
    return [find(offer) for offer in range(len(group))]


class _Proposals:
    """Students propose down their lists until every group has chosen."""

    def __init__(self, ground: Ground, groups: list[int]) -> None:
        self.ground, self.groups = ground, groups
        self.offer_of = ground.world.choices.offer
        self.common = _find_common_orders(ground, groups)
        self.next = [0] * len(ground.open)
        self.proposed: dict[int, list[tuple[int, int, int]]] = {}
        """Standing, student and choice of all that each group keeps or must look at."""
        self.waiting: deque[int] = deque()
        self.must_look: set[int] = set()

    def settle(self) -> list[int]:
        """Return the choice of every student when nobody proposes any more."""
        for student in range(len(self.next)):
            self._propose(student)
        while self.waiting:
            group = self.waiting.popleft()
            self.must_look.remove(group)
            kept, rest = self._choose(self.proposed[group])
            self.proposed[group] = kept
            for _, student, _ in rest:
                self._propose(student)
        held = [UNPLACED] * len(self.next)
        for kept in self.proposed.values():
            for _, student, choice in kept:
                held[student] = choice
        return held

    def _propose(self, student: int) -> None:
        """Let a student propose to the next offer on her list that may accept her."""
        while self.next[student] < len(self.ground.open[student]):
            choice = self.ground.open[student][self.next[student]]
            self.next[student] += 1
            offer = self.offer_of[choice]
            standing = self._standing(student, offer)
            if standing is not None:
                group = self.groups[offer]
                row = self.proposed.setdefault(group, [])
                row.append((standing, student, choice))
                if group not in self.must_look:
                    self.must_look.add(group)
                    self.waiting.append(group)
                return

    def _standing(self, student: int, offer: int) -> int | None:
        if student in self.ground.world.pins:
            return -1
        own = self.ground.standing(offer, student)
        common = self.common.get(self.groups[offer])
        return own if own is None or common is None else common[student]

    def _choose(
        self, proposed: list[tuple[int, int, int]]
    ) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
        """Return what a group keeps of all that is proposed to it, and the rest."""
        world = self.ground.world
        limits = [*world.offers.capacity, *world.quotas.capacity]
        used: dict[int, int] = {}
        kept, rest = [], []
        for row in sorted(proposed):
            caps = self.ground.around(row[2])
            if all(used.get(cap, 0) < limits[cap] for cap in caps):
                kept.append(row)
                for cap in caps:
                    used[cap] = used.get(cap, 0) + 1
            else:
                rest.append(row)
        return kept, rest


def _find_common_orders(ground: Ground, groups: list[int]) -> dict[int, dict[int, int]]:
    """Return the places in the common order of each group that has lists to agree."""
    members: dict[int, list[int]] = {}
    for offer, group in enumerate(groups):
        members.setdefault(group, []).append(offer)
    orders = {}
    for group, offers in members.items():
        listed = [offer for offer in offers if offer in ground.world.priority]
        if len(offers) < 2 or not listed:
            continue
        rows = [[[s] for s in ground.world.priority[offer]] for offer in listed]
        if len(listed) < len(offers):
            rows.append(_tiers_of_merit(ground))
        order = Merging(rows, ground.place).order()
        if order is None:
            names = ", ".join(ground.world.offers.ids[offer] for offer in offers)
            raise Refused(f"the orders of {names} contradict each other")
        orders[group] = {student: place for place, student in enumerate(order)}
    return orders


def _tiers_of_merit(ground: Ground) -> list[list[int]]:
    tiers: dict[int, list[int]] = {}
    for student in ground.order:
        tiers.setdefault(ground.world.students.merit[student], []).append(student)
    return list(tiers.values())
