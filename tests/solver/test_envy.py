"""Complaints about a placement are counted as their definitions read."""

from itertools import product
from random import Random
from typing import Any

import pytest
from complaints import Definitions
from tiny_worlds import make_world

from solver.envy import Complaint, count_envy, count_wasted, measure_envy
from solver.instance_reader import parse_instance

Table = dict[str, Any]


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
    assert find_wrong(range(80), 4) == []


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
