"""Tiny worlds and policies in which every feature of the formats may be switched on.

``make_case`` draws one, ``find_features`` says what a case had: a coverage count shows
that nothing was left out.
"""

import itertools
from collections.abc import Mapping
from random import Random
from typing import Any

from brute_force import BruteForce
from tiny_worlds import make_policy, make_staged_policy, make_world

from solver.policy import to_json
from solver.policy_reader import preset_names, read_policy

Table = dict[str, Any]

LEAST_SHARES = {
    "crossing quotas": 10,
    "quota over choices": 20,
    "offer without places": 20,
    "pin": 5,
    "forbidden pair": 10,
    "ties in ranks": 20,
    "virtual offer": 30,
    "blended offer": 30,
    "priority": 20,
    "exchange tolerance": 20,
    "partnership listed": 30,
    "partnership not listed": 20,
    "student without choices": 20,
    "holds": 20,
    "hold that does not stand": 3,
    "preset": 20,
    "several stages": 20,
    "guard": 20,
    "guard from holds": 5,
    "remote students": 10,
    "keep outward": 10,
    "no virtual": 10,
    "second breakpoint": 3,
    "equity": 10,
    "equity over several attributes": 5,
    "equity price above 0": 2,
    "carbon budget": 3,
    "carbon rate raised": 1,
    "carbon weighed": 20,
    "one-way weighed": 20,
    "moved": 10,
    "emissions level": 5,
    "worst rank": 10,
    "rank maximal": 5,
    "slack": 10,
    "witness": 1,
    "lottery absent": 3,
    "someone moved by a stage": 2,
    "branch tree": 1,
}
"""Features, and in which percentage of two hundred cases each occurs at the least."""


def make_case(random: Random, students: int = 5) -> tuple[Table, Table]:
    """Return an instance and a policy with everything switched on at random."""
    world = make_world(random, students, is_split=random.random() < 0.3)
    if random.random() < 0.5:
        for institution in world["institutions"]:
            institution["exchange_tolerance"] = random.randint(0, 2)
    if random.random() < 0.4:
        names = [student["id"] for student in world["students"]]
        some = random.sample(world["offers"], random.randint(1, len(world["offers"])))
        world["priority"] = {
            offer["id"]: random.sample(names, random.randint(0, len(names)))
            for offer in some
        }
    if random.random() < 0.5:
        hold_feasibly(random, world)
    return world, make_any_policy(random)


def make_any_policy(random: Random) -> Table:
    """Return a preset, or a policy of one stage or of several."""
    kind = random.random()
    if kind < 0.35:
        return _make_preset(random)
    policy = (make_policy if kind < 0.6 else make_staged_policy)(random)
    _enrich(random, policy)
    return policy


def hold_feasibly(random: Random, world: Table) -> None:
    """Let students hold what could once be published: offers have room for all."""
    left = {offer["id"]: offer["capacity"] for offer in world["offers"]}
    holds = {}
    for student in random.sample(world["students"], len(world["students"])):
        open_offers = [c["offer"] for c in student["choices"] if left[c["offer"]] > 0]
        if open_offers and random.random() < 0.7:
            holds[student["id"]] = random.choice(open_offers)
            left[holds[student["id"]]] -= 1
    world["holds"] = holds


def _make_preset(random: Random) -> Table:
    policy = to_json(read_policy(random.choice(preset_names())))
    if "equity" in policy and random.random() < 0.7:
        policy["equity"]["min_group"] = random.choice((1, 2))  # groups here are tiny
    return policy


def _enrich(random: Random, policy: Table) -> None:
    """Add what the simpler makers leave out: holds to guard, levels in later stages."""
    first, last = policy["stages"][0], policy["stages"][-1]
    if random.random() < 0.25:
        first["guard"] = {
            "from": "holds",
            "everyone": random.random() < 0.7,
            "blocks": random.choice((["south"], ["north", "south"], [])),
            "steps": random.choice((0, 0, 1, 2)),
            "steps_protected": random.choice((0, 1)),
            "keep_outward": random.random() < 0.5,
            "no_virtual": random.random() < 0.5,
        }
    if last is not first and random.random() < 0.4:
        kind = random.choice(("moved", "emissions_g", "worst_rank", "rank_maximal"))
        level = {
            "name": kind,
            "say": "",
            "weights": {kind: 1},
            "slack": {"absolute": 0},
        }
        last["levels"].insert(random.choice((1, 2)), level)
    weights = [level["weights"] for level in last["levels"]]
    if random.random() < 0.2 and "unplaced" in weights[0]:
        weights[0]["moved"] = 1
    if random.random() < 0.1 and "lottery" in weights[-1]:
        del last["levels"][-1]


def find_rare(counts: Mapping[str, int], cases: int) -> dict[str, int]:
    """Return the features that occurred in a smaller share of the cases than stated."""
    return {
        name: counts.get(name, 0)
        for name, share in LEAST_SHARES.items()
        if 100 * counts.get(name, 0) < share * cases
    }


def find_features(world: Table, policy: Table, result: Table) -> set[str]:
    """Return which of the features an instance, its policy and its result show."""
    switched = {
        **_features_of_world(world),
        **_features_of_policy(policy),
        **_features_of_result(policy, result),
    }
    oracle = BruteForce(world, policy)
    held = world["holds"].items()
    switched["hold that does not stand"] = bool(held - oracle.standing().items())
    return {name for name, is_on in switched.items() if is_on}


def _features_of_world(world: Table) -> dict[str, bool]:
    choices = [choice for s in world["students"] for choice in s["choices"]]
    modes = [offer["mode"] for offer in world["offers"]]
    listed = {(p["north"], p["south"]) for p in world["partnerships"]}
    ranked = [s["choices"] for s in world["students"]]
    return {
        "crossing quotas": _has_crossing(world),
        "quota over choices": any(quota.get("choices") for quota in world["quotas"]),
        "offer without places": any(o["capacity"] == 0 for o in world["offers"]),
        "pin": bool(world["pins"]),
        "forbidden pair": bool(world["forbidden"]),
        "ties in ranks": any("rank" in c and _has_tie(r) for r in ranked for c in r),
        "virtual offer": "virtual" in modes,
        "blended offer": "blended" in modes,
        "priority": bool(world.get("priority")),
        "exchange tolerance": any(
            i.get("exchange_tolerance") for i in world["institutions"]
        ),
        "partnership listed": bool(listed),
        "partnership not listed": bool(_crossing_pairs(world) - listed),
        "student without choices": [] in ranked and bool(choices),
        "holds": bool(world["holds"]),
    }


def _has_tie(choices: list[Table]) -> bool:
    ranks = [choice["rank"] for choice in choices]
    return len(set(ranks)) < len(ranks)


def _has_crossing(world: Table) -> bool:
    """Return whether two caps overlap and neither holds the other."""
    pairs = [(s["id"], c["offer"]) for s in world["students"] for c in s["choices"]]
    caps = [{pair for pair in pairs if pair[1] == o["id"]} for o in world["offers"]]
    for quota in world["quotas"]:
        single = [tuple(pair) for pair in quota.get("choices", [])]
        offers = quota.get("offers", [])
        caps.append({pair for pair in pairs if pair[1] in offers or pair in single})
    return any(a & b and a - b and b - a for a, b in itertools.combinations(caps, 2))


def _crossing_pairs(world: Table) -> set[tuple[str, str]]:
    """Return the pairs of a North and a South that a choice runs between."""
    blocks = {i["id"]: i.get("block") for i in world["institutions"]}
    hosts = {o["id"]: o["receiving"] for o in world["offers"] if o["mode"] != "virtual"}
    ends = [
        (s["sending"], hosts[c["offer"]])
        for s in world["students"]
        for c in s["choices"]
        if c["offer"] in hosts
    ]
    ends += [(b, a) for a, b in ends]
    return {(a, b) for a, b in ends if (blocks[a], blocks[b]) == ("north", "south")}


def _features_of_policy(policy: Table) -> dict[str, bool]:
    stages = policy["stages"]
    levels = [level for stage in stages for level in stage["levels"]]
    terms = {term for level in levels for term in level["weights"]}
    guards = [stage["guard"] for stage in stages if "guard" in stage]
    attributes = policy.get("equity", {}).get("attributes", {})
    return {
        "preset": policy["name"] in preset_names(),
        "several stages": len(stages) > 1,
        "guard": bool(guards),
        "guard from holds": any("from" in guard for guard in guards),
        "remote students": any("remote_kg" in guard for guard in guards),
        "keep outward": any(guard["keep_outward"] for guard in guards),
        "no virtual": any(guard["no_virtual"] for guard in guards),
        "second breakpoint": any("one_way_second" in level for level in levels),
        "equity": "equity" in terms,
        "equity over several attributes": "equity" in terms and len(attributes) > 1,
        "carbon budget": any("carbon_budget_kg" in stage for stage in stages),
        "carbon weighed": "carbon_per_tonne" in terms,
        "one-way weighed": "one_way" in terms,
        "moved": "moved" in terms,
        "emissions level": "emissions_g" in terms,
        "worst rank": "worst_rank" in terms,
        "rank maximal": "rank_maximal" in terms,
        "slack": any(sum(level["slack"].values()) for level in levels),
        "lottery absent": any(
            "lottery" not in s["levels"][-1]["weights"] for s in stages
        ),
    }


def _features_of_result(policy: Table, result: Table) -> dict[str, bool]:
    proofs = [
        proof for stage in result["certificate"]["stages"] for proof in stage["levels"]
    ]
    prices = [
        price
        for table in result["stages"][0]["equity_prices"].values()
        for price in table.values()
    ]
    declared = [
        max([v["weights"].get("carbon_per_tonne", 0) for v in stage["levels"]])
        for stage in policy["stages"]
    ]
    rates = [stage["carbon_rate"] for stage in result["stages"]]
    moves = [sum(stage["metrics"]["moves"].values()) for stage in result["stages"]]
    return {
        "equity price above 0": any(prices),
        "carbon rate raised": any(r > d for r, d in zip(rates, declared, strict=True)),
        "witness": any("witness" in proof for proof in proofs),
        "branch tree": any("tree" in proof for proof in proofs),
        "someone moved by a stage": any(moves),
    }
