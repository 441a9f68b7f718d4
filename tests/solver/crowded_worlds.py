"""Worlds of some sixty students whose quotas cross again and again.

Too many to try all; here certificates need trees, and limits that may still move.
"""

from random import Random
from typing import Any

from rich_worlds import hold_feasibly, make_any_policy
from tiny_worlds import INSTITUTIONS, add_orders, make_partnerships, make_student

Table = dict[str, Any]


def make_crowded_case(seed: int, most: int = 60) -> tuple[Table, Table]:
    """Return an instance of 5 to ``most`` students, and any policy."""
    random = Random(seed)
    world = _make_world(random, random.randint(5, most))
    return world, make_any_policy(random)


def _make_world(random: Random, students: int) -> Table:
    names = [name for name, _, _ in INSTITUTIONS]
    offers = [
        {
            "id": f"o{number}",
            "receiving": random.choice(names),
            "capacity": random.choice((0, 1, 1, 2, 2, 3, 5)),
            "mode": random.choice(("physical", "physical", "blended", "virtual")),
        }
        for number in range(random.randint(4, 14))
    ]
    people = [
        _wish_less(random, make_student(random, f"s{number}", names, offers))
        for number in range(students)
    ]
    pairs = [(s["id"], c["offer"]) for s in people for c in s["choices"]]
    world = {
        "format": "mobility-instance/1",
        "id": "crowded",
        "institutions": [
            {"id": name, "country": country, "block": block}
            for name, country, block in INSTITUTIONS
        ],
        "offers": offers,
        "students": people,
        "quotas": _make_quotas(random, offers, pairs),
        "partnerships": make_partnerships(random, names),
        "seed": f"{random.getrandbits(256):064x}",
    }
    add_orders(random, world, pairs)
    if random.random() < 0.5:
        hold_feasibly(random, world)
    return world


def _wish_less(random: Random, student: Table) -> Table:
    """Return a student of at most six wishes, some of them with odd emissions."""
    choices = student["choices"][: random.randint(1, 6)]
    for choice in choices:
        odd = random.randint(0, 3_000_000)
        choice["emissions_g"] = random.choice((0, 400_500, 1_700_000, odd))
    return student | {"choices": choices}


def _make_quotas(
    random: Random, offers: list[Table], pairs: list[tuple[str, str]]
) -> list[Table]:
    quotas = []
    for number in range(random.randint(0, 14)):
        quota: Table = {"id": f"q{number}", "capacity": random.randint(0, 4)}
        if random.random() < 0.75:
            some = random.sample(offers, random.randint(2, min(4, len(offers))))
            quota["offers"] = [offer["id"] for offer in some]
        if "offers" not in quota or random.random() < 0.2:
            single = random.sample(pairs, min(len(pairs), random.randint(1, 12)))
            quota["choices"] = [list(pair) for pair in single]
        quotas.append(quota)
    return quotas
