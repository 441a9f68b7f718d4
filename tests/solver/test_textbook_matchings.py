"""Stable placements that textbooks print are found."""

import json
import os
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from complaints import Definitions, Placement

from solver.envy import measure_envy
from solver.instance_reader import parse_instance
from solver.mechanisms.registry import run_mechanism

Table = dict[str, Any]

FILE = "data/instances/known_stable_matchings.json"
TEXTBOOK = Path(__file__).resolve().parents[3] / "shared" / FILE


def read_cases() -> dict[str, Table]:
    """Return the textbook's examples; nothing may be missing where CI is set."""
    if not TEXTBOOK.is_file():
        reason = f"../shared/{FILE} is not there"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    cases: dict[str, Table] = json.loads(TEXTBOOK.read_text(encoding="utf-8"))
    return cases


def to_world(name: str, case: Table) -> Table:
    return {
        "format": "mobility-instance/1",
        "id": name,
        "institutions": [{"id": "all", "country": "SE"}],
        "offers": [
            {"id": offer, "receiving": "all", "capacity": capacity}
            for offer, capacity in case["capacity"].items()
        ],
        "students": [
            {
                "id": student,
                "sending": "all",
                "choices": [{"offer": offer} for offer in wishes],
            }
            for student, wishes in case["students"].items()
        ],
        "priority": case["priority"],
        "quotas": [],
        "pins": [],
        "forbidden": [],
    }


def list_stable(world: Table) -> list[Placement]:
    """Return every stable placement of a world, tried one by one."""
    names = [student["id"] for student in world["students"]]
    options = [
        [None]
        + [
            choice["offer"]
            for choice in student["choices"]
            if student["id"] in world["priority"][choice["offer"]]
        ]
        for student in world["students"]
    ]
    stable = []
    for row in product(*options):
        placement = {n: offer for n, offer in zip(names, row, strict=True) if offer}
        own = Definitions(world, placement)
        if (
            own.is_feasible(placement)
            and not any(own.envies(s, t) for s in names for t in names)
            and not any(own.wastes(s, o) for s in names for o in world["priority"])
        ):
            stable.append(placement)
    return stable


def test_textbook_matchings_are_reproduced() -> None:
    for name, case in read_cases().items():
        world = to_world(name, case)
        instance = parse_instance(world)
        found = run_mechanism("deferred_acceptance", instance).placements
        assert found == case["student_optimal"], name
        for side in ("student_optimal", "option_optimal"):
            report = measure_envy(instance, case[side])
            assert (report.justified_envy, report.wasted_places) == (0, 0), name


@pytest.mark.slow
def test_textbook_matchings_are_the_ends_of_all_stable_ones() -> None:
    for name, case in read_cases().items():
        stable = list_stable(to_world(name, case))
        for student, wishes in case["students"].items():
            held = [other.get(student) for other in stable]
            ranks = [wishes.index(offer) if offer else len(wishes) for offer in held]
            for pick, side in ((min, "student_optimal"), (max, "option_optimal")):
                expected = case[side].get(student)
                assert held[ranks.index(pick(ranks))] == expected, (name, student)
