"""Complaints about a placement are counted as their definitions read."""

from itertools import product
from random import Random
from typing import Any

import pytest
from tiny_worlds import make_world

from solver.envy import Complaint, count_envy, count_wasted, measure_envy
from solver.instance_reader import parse_instance

Table = dict[str, Any]


class Definitions:
    """Every pair looked at, every quota counted anew."""

    def __init__(self, world: Table, placement: dict[str, str]) -> None:
        self.world, self.placement = world, placement
        self.students = {student["id"]: student for student in world["students"]}
        self.pinned = {student for student, _ in world["pins"]}
        self.forbidden = {tuple(pair) for pair in world["forbidden"]}

    def is_feasible(self, placement: dict[str, str]) -> bool:
        if any(placement.get(s) != o for s, o in self.world["pins"]):
            return False
        caps = [(o["capacity"], {o["id"]}, set()) for o in self.world["offers"]]
        caps += [
            (
                q["capacity"],
                set(q.get("offers", ())),
                {tuple(pair) for pair in q.get("choices", ())},
            )
            for q in self.world["quotas"]
        ]
        return all(
            sum(p[1] in offers or p in pairs for p in placement.items()) <= capacity
            for capacity, offers, pairs in caps
        )

    def prefers(self, student: str, offer: str) -> bool:
        if student in self.pinned or (student, offer) in self.forbidden:
            return False
        choices = self.students[student]["choices"]
        ranks = {c["offer"]: c.get("rank", n) for n, c in enumerate(choices, 1)}
        held = self.placement.get(student)
        order = self.world.get("priority", {}).get(offer)
        if offer not in ranks or (order is not None and student not in order):
            return False
        return held is None or ranks[offer] < ranks[held]

    def is_above(self, student: str, other: str, offer: str) -> bool:
        order = self.world.get("priority", {}).get(offer)
        if order is None:
            merit = {name: row["merit"] for name, row in self.students.items()}
            return merit[student] > merit[other]
        return other not in order or order.index(student) < order.index(other)

    def envies(self, student: str, other: str) -> bool:
        offer = self.placement.get(other)
        if offer is None or not self.prefers(student, offer):
            return False
        moved = {s: o for s, o in self.placement.items() if s not in (student, other)}
        is_feasible = self.is_feasible(moved | {student: offer})
        return is_feasible and self.is_above(student, other, offer)

    def wastes(self, student: str, offer: str) -> bool:
        moved = self.placement | {student: offer}
        return self.prefers(student, offer) and self.is_feasible(moved)


def make_case(random: Random, students: int) -> tuple[Table, dict[str, str]] | None:
    """Return a world, some with priority lists, and one of its feasible placements."""
    world = make_world(random, students)
    names = [student["id"] for student in world["students"]]
    world["priority"] = {
        offer["id"]: random.sample(names, random.randint(0, len(names)))
        for offer in world["offers"]
        if random.random() < 0.3
    }
    options = [[None, *(c["offer"] for c in s["choices"])] for s in world["students"]]
    forbidden = {tuple(pair) for pair in world["forbidden"]}
    placements = [
        {name: offer for name, offer in zip(names, row, strict=True) if offer}
        for row in product(*options)
    ]
    feasible = [
        placement
        for placement in placements
        if Definitions(world, placement).is_feasible(placement)
        and not placement.items() & forbidden
    ]
    return (world, random.choice(feasible)) if feasible else None


def find_wrong(seeds: range, students: int) -> list[str]:
    wrong, complaints = [], 0
    for seed in seeds:
        case = make_case(Random(seed), students)
        if case is None:
            continue
        world, placement = case
        own = Definitions(world, placement)
        offers = [offer["id"] for offer in world["offers"]]
        envy = {(s, t) for s in own.students for t in own.students if own.envies(s, t)}
        waste = {(s, o) for s in own.students for o in offers if own.wastes(s, o)}
        found = measure_envy(parse_instance(world), placement)
        claims = {(s, o) for s, t in envy for o in [placement[t]]}
        counts = (found.justified_envy, found.envious_students, found.wasted_places)
        if counts != (len(envy), len({s for s, _ in envy}), len(waste)):
            wrong.append(f"{seed}: {counts}, not {envy} and {waste}")
        for student, offer, holder in found.examples:
            pairs = waste if holder is None else claims
            if (student, offer) not in pairs:
                wrong.append(f"{seed}: {student} has no claim to {offer}")
        complaints += len(envy) + len(waste)
    assert complaints > len(seeds) // 2, "the worlds have too few complaints to tell"
    return wrong


def test_complaints_are_counted_as_they_are_defined() -> None:
    assert find_wrong(range(150), 4) == []


@pytest.mark.slow
def test_complaints_are_counted_as_they_are_defined_in_larger_worlds() -> None:
    assert find_wrong(range(1000, 2500), 5) == []


def make_pair_of_students(merit_of_alice: int) -> Table:
    wish = [{"offer": "lyon"}]
    students = [("alice", merit_of_alice), ("bea", 5)]
    return {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": [{"id": "lund.se", "country": "SE"}],
        "offers": [{"id": "lyon", "receiving": "lund.se", "capacity": 1}],
        "students": [
            {"id": name, "sending": "lund.se", "merit": merit, "choices": wish}
            for name, merit in students
        ],
    }


def test_alice_envies_with_reason_only_a_student_of_lower_merit() -> None:
    higher = parse_instance(make_pair_of_students(merit_of_alice=6))
    equal = parse_instance(make_pair_of_students(merit_of_alice=5))
    report = measure_envy(higher, {"bea": "lyon"})
    assert report.examples == (Complaint("alice", "lyon", "bea"),)
    assert count_envy(higher, {"bea": "lyon"}) == 1
    assert count_envy(equal, {"bea": "lyon"}) == 0


def test_a_place_that_nobody_holds_is_wasted_for_each_who_wants_it() -> None:
    instance = parse_instance(make_pair_of_students(merit_of_alice=5))
    assert count_wasted(instance, {}) == 2
    assert count_wasted(instance, {"alice": "lyon"}) == 0
