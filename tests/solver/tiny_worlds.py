"""Tiny random instances and policies that touch every rule of the formats."""

import json
from random import Random
from typing import Any

Table = dict[str, Any]

INSTITUTIONS = (
    ("lund.se", "SE", "north"),
    ("uu.se", "SE", "north"),
    ("uonbi.ac.ke", "KE", "south"),
    ("ug.edu.gh", "GH", "south"),
    ("open.example", "CH", None),
)


def to_bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def make_world(random: Random, students: int = 5, *, is_split: bool = False) -> Table:
    """Return an instance; ``is_split`` gives every institution a block."""
    blocks = random.random() < 0.85 or is_split
    institutions = []
    for name, country, block in INSTITUTIONS[: 4 if is_split else 5]:
        institutions.append({"id": name, "country": country})
        if block and blocks:
            institutions[-1]["block"] = block
    names = [item["id"] for item in institutions]
    offers = [
        {
            "id": f"o{number}",
            "receiving": random.choice(names),
            "capacity": random.choice((0, 1, 1, 1, 2, 2)),
            "mode": random.choice(("physical", "physical", "blended", "virtual")),
        }
        for number in range(1, random.randint(2, 4) + 1)
    ]
    people = [
        make_student(random, f"s{number}", names, offers)
        for number in range(1, random.randint(min(3, students), students) + 1)
    ]
    world = {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": institutions,
        "offers": offers,
        "students": people,
        "partnerships": make_partnerships(random, names),
        "seed": f"{random.getrandbits(256):064x}",
    }
    pairs = [(s["id"], c["offer"]) for s in people for c in s["choices"]]
    world["quotas"] = _make_quotas(random, offers, pairs)
    add_orders(random, world, pairs)
    return world


def make_student(
    random: Random, name: str, names: list[str], offers: list[Table]
) -> Table:
    wished = random.sample(offers, random.randint(0, len(offers)))
    choices = [
        {"offer": offer["id"], "emissions_g": random.choice((0, 400_500, 1_700_000))}
        for offer in wished
    ]
    if random.random() < 0.4:
        rank = 1
        for position, choice in enumerate(choices, 1):
            rank = min(position, rank + random.randint(0, 2)) if position > 1 else 1
            choice["rank"] = rank
    groups = random.choice(({"income": "low"}, {"income": "high"}, {}))
    return {
        "id": name,
        "sending": random.choice(names),
        "merit": random.randint(0, 9),
        "floor_g": random.choice((0, 900_000, 1_800_000)),
        "groups": groups,
        "choices": choices,
    }


def make_partnerships(random: Random, names: list[str]) -> list[Table]:
    pairs = [(north, south) for north in names[:2] for south in names[2:4]]
    return [
        {
            "north": north,
            "south": south,
            "carried": random.randint(-1, 2),
            "inbound_known": random.randint(0, 1),
            "tolerance": random.randint(0, 1),
        }
        for north, south in random.sample(pairs, random.randint(0, 3))
    ]


def _make_quotas(
    random: Random, offers: list[Table], pairs: list[tuple[str, str]]
) -> list[Table]:
    quotas = []
    for number in range(1, random.randint(0, 3) + 1):
        quota: Table = {"id": f"q{number}", "capacity": random.randint(0, 3)}
        if random.random() < 0.7:
            some = random.sample(offers, random.randint(1, len(offers)))
            quota["offers"] = [offer["id"] for offer in some]
        if "offers" not in quota or random.random() < 0.3:
            some = random.sample(pairs, random.randint(0, len(pairs)))
            quota["choices"] = [list(pair) for pair in some]
        quotas.append(quota)
    return quotas


def add_orders(random: Random, world: Table, pairs: list[tuple[str, str]]) -> None:
    """Add holds, forbidden pairs, and at most one pin that has room."""
    world["holds"] = dict(
        random.sample(pairs, min(len(pairs), random.choice((0, 0, 1, 2))))
    )
    forbidden = random.sample(pairs, min(len(pairs), random.choice((0, 0, 0, 1, 2))))
    world["forbidden"] = [list(pair) for pair in forbidden]
    world["pins"] = []
    if pairs and random.random() < 0.2:
        pin = random.choice(pairs)
        if pin not in forbidden and _has_room(world, pin):
            world["pins"] = [list(pin)]


def _has_room(world: Table, pin: tuple[str, str]) -> bool:
    caps = [o["capacity"] for o in world["offers"] if o["id"] == pin[1]]
    caps += [
        quota["capacity"]
        for quota in world["quotas"]
        if pin[1] in quota.get("offers", ()) or list(pin) in quota.get("choices", ())
    ]
    return min(caps) > 0


def shuffle_world(random: Random, world: Table) -> Table:
    """Return the same instance with everything without an order in another one."""
    shuffled = dict(random.sample(list(world.items()), len(world)))
    for key in ("institutions", "offers", "quotas", "students", "partnerships"):
        items = world.get(key, [])
        shuffled[key] = random.sample(items, len(items))
    shuffled["quotas"] = [
        {
            key: random.sample(item, len(item)) if isinstance(item, list) else item
            for key, item in quota.items()
        }
        for quota in shuffled["quotas"]
    ]
    shuffled["students"] = [
        student | {"choices": _shuffle_ties(random, student["choices"])}
        for student in shuffled["students"]
    ]
    return shuffled


def _shuffle_ties(random: Random, choices: list[Table]) -> list[Table]:
    """Return choices in another order where their ranks allow one."""
    if not all("rank" in choice for choice in choices):
        return choices
    mixed = random.sample(choices, len(choices))
    return sorted(mixed, key=lambda choice: choice["rank"])


def make_policy(random: Random) -> Table:
    """Return a policy of one stage: any levels, weights and slacks."""
    policy = _frame(random)
    levels = [_placed(random)]
    if random.random() < 0.2:
        levels = [_level("mixed", {"unplaced": 2500} | _value(random, policy))]
    kinds = ("value", "emissions_g", "moved", "worst_rank", "rank_maximal")
    for kind in random.sample(kinds, random.randint(1, 2)):
        levels.append(_make_level(random, policy, kind))
    if random.random() < 0.8:
        levels.append(_level("lottery", {"lottery": 1}))
    policy["stages"] = [{"name": "only", "say": "", "levels": levels}]
    return policy


def make_staged_policy(random: Random) -> Table:
    """Return a policy of two or three guarded stages, each closed by the lottery."""
    policy = _frame(random)
    stages = []
    for name in ("wishes", "balance", "carbon")[: random.randint(2, 3)]:
        levels = [
            _placed(random),
            _make_level(random, policy, "value"),
            _level("lottery", {"lottery": 1}),
        ]
        stage: Table = {"name": name, "say": "", "levels": levels}
        if stages and random.random() < 0.9:
            stage["guard"] = _guard(random)
        rate = levels[1]["weights"].get("carbon_per_tonne")
        if rate and random.random() < 0.3:
            stage["carbon_budget_kg"] = random.choice((0, 800, 2000))
            stage["max_carbon_per_tonne"] = rate + random.choice((0, 2000))
        stages.append(stage)
    policy["stages"] = stages
    return policy


def _frame(random: Random) -> Table:
    table = random.choice(([0, 1000, 3000, 6000], [0, 900], [500]))
    policy: Table = {"format": "mobility-policy/1", "name": "any", "rank_cost": table}
    if random.random() < 0.5:
        names = random.sample(("income", "block", "sending"), random.randint(1, 2))
        policy["equity"] = {
            "attributes": {name: random.choice((0, 5, 20)) for name in names},
            "max_price": 400,
            "min_group": random.choice((1, 2)),
        }
    return policy


def _level(name: str, weights: Table, slack: Table | None = None) -> Table:
    slack = slack or {"absolute": 0}
    return {"name": name, "say": "", "weights": weights, "slack": slack}


def _placed(random: Random) -> Table:
    weights = {"unplaced": random.choice((1, 1, 3))}
    return _level("placed", weights)


def _slack(random: Random) -> Table:
    options = ({"absolute": 0}, {"absolute": 0}, {"absolute": 700}, {"percent": 30})
    return dict(random.choice(options))


def _make_level(random: Random, policy: Table, kind: str) -> Table:
    if kind in ("worst_rank", "rank_maximal"):
        return _level(kind, {kind: 1})
    if kind == "emissions_g":
        slack = random.choice(({"absolute": 400_000}, {"percent": 10}, None))
        return _level(kind, {kind: 1}, slack)
    if kind == "moved":
        if random.random() < 0.3:
            return _level(kind, {"moved": 1, "unplaced": 2})
        return _level(kind, {"moved": 1}, random.choice(({"absolute": 1}, None)))
    level = _level(kind, _value(random, policy), _slack(random))
    rate = level["weights"].get("one_way")
    if rate and random.random() < 0.3:
        second = {"above": random.randint(0, 1), "rate": rate + 1500}
        level["one_way_second"] = second
    return level


def _value(random: Random, policy: Table) -> Table:
    weights = {
        "rank": random.choice((1, 1, 2)),
        "carbon_per_tonne": random.choice((0, 1000, 3000)),
        "one_way": random.choice((0, 2000, 700)),
        "equity": random.randint(0, 1) if "equity" in policy else 0,
    }
    return {key: weight for key, weight in weights.items() if weight}


def _guard(random: Random) -> Table:
    steps = random.randint(0, 2)
    guard = {
        "everyone": random.random() < 0.6,
        "blocks": random.choice((["south"], ["north"], ["north", "south"], [])),
        "steps": steps,
        "steps_protected": random.choice((0, 1, steps)),
        "keep_outward": random.random() < 0.6,
        "no_virtual": random.random() < 0.6,
    }
    if random.random() < 0.5:
        guard["remote_kg"] = 1000
    return guard
