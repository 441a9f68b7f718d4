"""Constructed runs: a generated instance, random placements, the solver's figures."""

import random
from itertools import pairwise
from typing import Any

from mobility.reporting.facts import RunFacts, to_facts
from solver.generate import generate
from solver.instance_reader import parse_instance
from solver.metrics import PlacementFacts, measure

STAGES = ("wishes", "balance", "carbon")
YEAR = "2026/2027"


def make_run(
    students: int = 60, seed: int = 1, stages: tuple[str, ...] = STAGES
) -> RunFacts:
    """Return the facts of a run on a constructed world."""
    snapshot, result = make_files(students, seed, stages)
    return to_facts(f"{students}-{seed}-{len(stages)}", snapshot, result)


def make_files(
    students: int = 60, seed: int = 1, stages: tuple[str, ...] = STAGES
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a snapshot and a result, as far as figures read them."""
    dice = random.Random(seed)
    instance = generate(students, seed=seed)
    instance["offers"][0]["mode"] = "virtual"
    placements = [place(instance, dice) for _ in stages]
    return to_snapshot(instance, dice), to_result(instance, stages, placements)


def empty_files() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the files of a round in which nobody is."""
    instance = generate(10, seed=1)
    for key in ("students", "partnerships", "quotas", "pins", "forbidden"):
        instance[key] = []
    for key in ("priority", "holds"):
        instance[key] = {}
    empty = to_result(instance, STAGES, [{} for _ in STAGES])
    return to_snapshot(instance, random.Random(1)), empty


def place(instance: dict[str, Any], dice: random.Random) -> dict[str, str]:
    """Return some choice or none for every student, early choices more often."""
    found = {}
    for student in instance["students"]:
        choices = student["choices"]
        if choices and dice.random() < 0.8:
            at = min(int(dice.expovariate(1)), len(choices) - 1)
            found[student["id"]] = choices[at]["offer"]
    return found


def to_result(
    instance: dict[str, Any],
    stages: tuple[str, ...],
    placements: list[dict[str, str]],
) -> dict[str, Any]:
    world = parse_instance(instance)
    facts = [PlacementFacts(world, each) for each in placements]
    metrics = [measure(facts[0], None)] if facts else []
    metrics += [measure(now, was) for was, now in pairwise(facts)]
    rows = zip(stages, placements, metrics, strict=True)
    return {
        "policy": {
            "name": "balanced",
            "stages": [{"name": x, "say": x} for x in stages],
        },
        "stages": [
            {"name": name, "placements": placed, "metrics": figures}
            for name, placed, figures in rows
        ],
    }


def to_snapshot(instance: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a snapshot of this instance: each school on its own spot of the earth."""
    schools = [institution["id"] for institution in instance["institutions"]]
    spots = {
        school: (dice.randint(-55, 68) * 1_000_000, dice.randint(-179, 179) * 1_000_000)
        for school in schools
    }
    modes = {offer["id"]: offer["mode"] for offer in instance["offers"]}
    homes = {
        choice["offer"]: student["sending"]
        for student in instance["students"]
        for choice in student["choices"]
    }
    return {
        "round": {"academic_year": YEAR},
        "institutions": [
            {
                "hei_id": value["id"],
                "name": f"University <{value['id']}> & sons",
                "city": "Town",
                "country": value["country"],
                "block": value.get("block"),
                "latitude_udeg": spots[value["id"]][0],
                "longitude_udeg": spots[value["id"]][1],
            }
            for value in instance["institutions"]
        ],
        "offers": [
            _offer(value, homes.get(value["id"], value["receiving"]))
            for value in instance["offers"]
        ],
        "students": [_student(value, modes) for value in instance["students"]],
        "partnerships": instance["partnerships"],
        "journeys": [{"key": "any", "detail": {"non_co2_g": 300_000}}],
    }


def _offer(value: dict[str, Any], home: str) -> dict[str, Any]:
    kept = {key: value[key] for key in ("receiving", "capacity", "mode", "days")}
    terms = {
        "offer": value["id"],
        "sending": home,
        "receiving": value["receiving"],
        "mode": value["mode"],
        "isced_f_codes": ["0912"],
        "eqf_levels": [7],
        "languages": [{"language": "en", "cefr": "B2", "is_required": True}],
    }
    return {"key": value["id"], "sending": home, **kept, "terms": terms}


def _student(value: dict[str, Any], modes: dict[str, str]) -> dict[str, Any]:
    choices = [
        {
            "offer": choice["offer"],
            "rank": choice.get("rank", at),
            "emissions_g": choice["emissions_g"],
            "journey": None if modes[choice["offer"]] == "virtual" else "any",
            "mode": "virtual" if modes[choice["offer"]] == "virtual" else "air",
        }
        for at, choice in enumerate(value["choices"], start=1)
    ]
    return {
        "id": value["id"],
        "sending": value["sending"],
        "isced_f_code": "0912",
        "eqf_level": 7,
        "languages": [["en", "C1" if int(value["id"][1:]) % 2 else "A2"]],
        "groups": value["groups"],
        "choices": choices,
    }
