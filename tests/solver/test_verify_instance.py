"""An instance or a policy that breaks a rule of its format is refused in words."""

from collections.abc import Callable
from typing import Any

import pytest
from example import make_policy, make_world

from solver.verify.instance import read_instance
from solver.verify.policy import read_policy

Table = dict[str, Any]
Act = Callable[[Table], object]


INSTANCES: dict[str, tuple[Act, str]] = {
    "unknown key": (lambda w: w.update(extra=1), "instance: key 'extra' is unknown"),
    "missing key": (lambda w: w.pop("offers"), "instance: key 'offers' is missing"),
    "other format": (lambda w: w.update(format="x"), "instance: format must be"),
    "short seed": (lambda w: w.update(seed="5"), "seed must be 64 lower-case"),
    "capitals in the seed": (lambda w: w.update(seed="A" * 64), "seed must be 64"),
    "negative capacity": (
        lambda w: w["offers"][0].update(capacity=-1),
        "offer uppsala: capacity: -1 must be 0 or more",
    ),
    "boolean capacity": (
        lambda w: w["offers"][0].update(capacity=True),
        "offer uppsala: capacity: true must be a whole number",
    ),
    "huge capacity": (
        lambda w: w["offers"][0].update(capacity=10**400),
        "offer uppsala: capacity: a number of 1329 bits must be",
    ),
    "unknown mode": (
        lambda w: w["offers"][0].update(mode="hybrid"),
        "offer uppsala: mode: 'hybrid' must be one of",
    ),
    "unknown host": (
        lambda w: w["offers"][0].update(receiving="x.se"),
        "offer uppsala: receiving institution 'x.se' is unknown",
    ),
    "offer twice": (
        lambda w: w["offers"].append(dict(w["offers"][0])),
        "offer uppsala: listed twice",
    ),
    "unknown block": (
        lambda w: w["institutions"][0].update(block="west"),
        "institution lund.se: block: 'west' must be one of north, south",
    ),
    "student twice": (
        lambda w: w["students"].append(dict(w["students"][0])),
        "student alice: listed twice",
    ),
    "half a surrogate pair": (
        lambda w: w["students"][0].update(id="\ud800"),
        "holds half a surrogate pair",
    ),
    "reserved group": (
        lambda w: w["students"][0].update(groups={"block": "x"}),
        "student alice: group 'block' is a reserved name",
    ),
    "unknown offer": (
        lambda w: w["students"][0]["choices"].append({"offer": "x"}),
        "student alice: choice 3: offer 'x' is unknown",
    ),
    "offer that is no text": (
        lambda w: w["students"][0]["choices"].append({"offer": ["x"]}),
        "student alice: choice 3: offer a list is unknown",
    ),
    "offer ranked twice": (
        lambda w: w["students"][0]["choices"].append({"offer": "accra"}),
        "student alice: an offer is ranked twice",
    ),
    "decimal emissions": (
        lambda w: w["students"][0]["choices"][1].update(emissions_g=1.5),
        "student alice: choice 2: emissions_g: 1.5 must be a whole number",
    ),
    "rank for one choice only": (
        lambda w: w["students"][0]["choices"][0].update(rank=1),
        "student alice: ranks must be given for all choices or none",
    ),
    "quota of an unknown offer": (
        lambda w: w["quotas"][0]["offers"].append("x"),
        "quota field: offer 'x' is unknown",
    ),
    "quota that names an offer twice": (
        lambda w: w["quotas"][0]["offers"].append("accra"),
        "quota field: names an offer or a choice twice",
    ),
    "quota of a pair that is no choice": (
        lambda w: w["quotas"][0].update(choices=[["alice", "uppsala"]]),
        "quota field: names a pair that is no choice",
    ),
    "partnership both ways round": (
        lambda w: w["partnerships"].append(
            {"north": "uonbi.ac.ke", "south": "lund.se"}
        ),
        "partnership uonbi.ac.ke - lund.se: its north is of the south",
    ),
    "pin to what is no choice": (
        lambda w: w["pins"].append(["alice", "uppsala"]),
        "student alice: pinned to uppsala, which is no choice",
    ),
    "pin to what is forbidden": (
        lambda w: (
            w["pins"].append(["alice", "accra"]),
            w["forbidden"].append(["alice", "accra"]),
        ),
        "student alice: pinned to accra, which is forbidden",
    ),
    "two pins": (
        lambda w: w["pins"].extend([["alice", "accra"], ["alice", "nairobi"]]),
        "student alice: pinned twice",
    ),
    "priority of a stranger": (
        lambda w: w.update(priority={"accra": ["mallory"]}),
        "priority of offer accra: student 'mallory' is unknown",
    ),
    "hold of a stranger": (
        lambda w: w.update(holds={"mallory": "accra"}),
        "holds: student 'mallory' is unknown",
    ),
}


@pytest.mark.parametrize("name", INSTANCES)
def test_an_instance_that_breaks_a_rule_is_refused(name: str) -> None:
    world = make_world()
    act, expected = INSTANCES[name]
    act(world)
    _, problems = read_instance(world)
    assert any(expected in problem for problem in problems), problems


def test_all_problems_of_an_instance_are_named_at_once() -> None:
    world = make_world()
    world["offers"][0]["capacity"] = -1
    world["students"][0]["choices"][0]["emissions_g"] = -1
    _, problems = read_instance(world)
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("ranks", "problem"),
    [
        ((1, 3), "student alice: ranks must be from 1 to their position"),
        ((0, 1), "student alice: ranks must be from 1 to their position"),
        ((1, True), "student alice: ranks must be whole numbers"),
        ((2, 1), "student alice: ranks must not fall"),
    ],
)
def test_ranks_that_skip_or_fall_are_refused(
    ranks: tuple[int, int], problem: str
) -> None:
    world = make_world()
    for rank, choice in zip(ranks, world["students"][0]["choices"], strict=True):
        choice["rank"] = rank
    assert read_instance(world)[1] == [problem]


def first_level(policy: Table) -> Table:
    return policy["stages"][0]["levels"][0]


POLICIES: dict[str, tuple[Act, str]] = {
    "unknown weight": (
        lambda p: first_level(p)["weights"].update(luck=1),
        "stage wishes, level placed: weights: key 'luck' is unknown",
    ),
    "weight of nothing": (
        lambda p: first_level(p)["weights"].update(unplaced=0),
        "weight unplaced: 0 must be 1 or more",
    ),
    "emissions beside another term": (
        lambda p: first_level(p)["weights"].update(emissions_g=1),
        "emissions_g must stand alone",
    ),
    "falling rank costs": (
        lambda p: p.update(rank_cost=[0, 5, 3]),
        "rank_cost must hold a cost and never fall",
    ),
    "prices above a step of rank": (
        lambda p: p["equity"].update(max_price=1000),
        "equity prices of 1000 over 1 attributes must stay below 1000",
    ),
    "equity without attributes": (
        lambda p: p.pop("equity"),
        "a level weighs equity, and no attributes are declared",
    ),
    "guard in the first stage": (
        lambda p: p["stages"][0].update(guard=p["stages"][1]["guard"]),
        "stage wishes: the first stage has no guard but one from holds",
    ),
    "guard from holds in a later stage": (
        lambda p: p["stages"][1]["guard"].update({"from": "holds"}),
        "stage carbon: a guard from holds stands in the first stage",
    ),
    "guard from something else": (
        lambda p: p["stages"][1]["guard"].update({"from": "pins"}),
        "stage carbon: guard: from: 'pins' must be one of holds",
    ),
    "guard with a number for a flag": (
        lambda p: p["stages"][1]["guard"].update(everyone=1),
        "stage carbon: guard: everyone: 1 must be true or false",
    ),
    "lottery before the end": (
        lambda p: p["stages"][0]["levels"].reverse(),
        "stage wishes: the lottery must be the last level",
    ),
    "slack on the lottery": (
        lambda p: p["stages"][0]["levels"][2].update(slack={"absolute": 1}),
        "level lottery: sub-levels have no slack",
    ),
    "two slacks": (
        lambda p: first_level(p).update(slack={"absolute": 0, "percent": 0}),
        "slack needs either absolute or percent",
    ),
    "second rate below the first": (
        lambda p: p["stages"][1]["levels"][1].update(
            one_way_second={"above": 1, "rate": 1999}
        ),
        "one_way_second: rate: 1999 must be 2000 or more",
    ),
    "budget without a ceiling": (
        lambda p: p["stages"][1].update(carbon_budget_kg=1),
        "stage carbon: max_carbon_per_tonne: null must be a whole number",
    ),
    "budget where nothing weighs carbon": (
        lambda p: p["stages"][0].update(carbon_budget_kg=1, max_carbon_per_tonne=1),
        "stage wishes: a carbon budget needs a level that weighs carbon",
    ),
    "no stages": (lambda p: p.update(stages=[]), "policy: needs a stage"),
    "stages of one name": (
        lambda p: p["stages"][1].update(name="wishes"),
        "policy: two stages have one name",
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_that_breaks_a_rule_is_refused(name: str) -> None:
    policy = make_policy()
    act, expected = POLICIES[name]
    act(policy)
    _, problems = read_policy(policy, 2)
    assert any(expected in problem for problem in problems), problems
