"""The frontier agrees with trying every rate, and refuses where it would be none."""

import copy
from random import Random
from typing import Any

import pytest
from brute_force import BruteForce
from tiny_worlds import make_world

from solver.errors import InvalidPolicy
from solver.frontier import Sweep, find_frontier
from solver.instance_reader import parse_instance
from solver.policy_reader import parse_policy

Table = dict[str, Any]
UP_TO = 12


def _level(name: str, **weights: int) -> Table:
    return {"name": name, "say": "", "weights": weights, "slack": {"absolute": 0}}


def make_policy(weight: str) -> Table:
    """Return two stages; the weight of the second is what is swept."""
    placed, lottery = _level("placed", unplaced=1), _level("lottery", lottery=1)
    guard = {"everyone": True, "blocks": ["south"], "steps": 3, "steps_protected": 2}
    guard |= {"keep_outward": False, "no_virtual": True}
    weights = {"rank": 1, "one_way": 3, "carbon_per_tonne": 1, weight: 5}
    return {
        "format": "mobility-policy/1",
        "name": "swept",
        "rank_cost": [0, 6, 12, 20],
        "stages": [
            {
                "name": "wishes",
                "say": "",
                "levels": [placed, _level("value", rank=1), lottery],
            },
            {
                "name": "swept",
                "say": "",
                "guard": guard,
                "levels": [placed, _level("value", **weights), lottery],
            },
        ],
    }


def make_tonnes(seed: int) -> Table:
    """Return a tiny world whose journeys emit whole tonnes: no charge is rounded.

    Everybody ranks every offer, and there is room to move.
    """
    random, world = Random(seed), make_world(Random(seed), 3)
    for offer in world["offers"]:
        offer |= {"capacity": 1 + offer["capacity"], "mode": "physical"}
    for student in world["students"]:
        offers = random.sample(world["offers"], len(world["offers"]))
        student["choices"] = [
            {"offer": offer["id"], "emissions_g": random.randint(0, 6) * 1_000_000}
            for offer in offers
        ]
    return world | {"pins": [], "quotas": [], "holds": {}}


def try_rates(world: Table, weight: str) -> dict[int, Table]:
    """Return what is optimal at every rate, by brute force."""
    policy, found = make_policy(weight), {}
    _, (first,) = BruteForce(world, policy).solve_stage(policy["stages"][0], {}, {}, 0)
    for rate in range(UP_TO + 1):
        stage = copy.deepcopy(policy["stages"][1])
        stage["levels"][1]["weights"][weight] = rate
        oracle = BruteForce(world, policy)
        carbon = stage["levels"][1]["weights"]["carbon_per_tonne"]
        _, (best,) = oracle.solve_stage(stage, first, {}, carbon)
        found[rate] = {
            "placed": len(best),
            "rank_total": sum(oracle.choices[pair]["rank"] for pair in best.items()),
            "emissions_g": oracle.emissions(best),
            "one_way_excess": sum(oracle.excess(best).values()),
        }
    return found


def sweep(world: Table, weight: str, solves: int = 99) -> Table:
    policy = parse_policy(make_policy(weight))
    return find_frontier(
        Sweep(parse_instance(world), policy, weight), UP_TO, solves, lambda _: None
    )


def check_seeds(seeds: range) -> int:
    """Return how many segments there were beyond the first."""
    turns = 0
    for seed in seeds:
        world = make_tonnes(seed)
        for weight in ("carbon_per_tonne", "one_way"):
            found = sweep(world, weight)
            assert found["is_complete"]
            assert found["within_msteps"] == 0
            spread = {
                rate: {key: row[key] for key in row if key not in ("from", "to")}
                for row in found["segments"]
                for rate in range(row["from"], row["to"] + 1)
            }
            expected = try_rates(world, weight)
            assert spread == {
                rate: {**row, "is_proven": True} for rate, row in expected.items()
            }, seed
            for point, row in zip(
                found["breakpoints"], found["segments"][1:], strict=True
            ):
                top, bottom = point["rate"] or (row["from"], 1)
                assert row["from"] - 1 <= top / bottom <= row["from"]
            turns += len(found["breakpoints"])
    return turns


def test_every_rate_gives_what_brute_force_finds() -> None:
    assert check_seeds(range(2)) > 0


@pytest.mark.slow
def test_every_rate_gives_what_brute_force_finds_in_many_worlds() -> None:
    assert check_seeds(range(100, 104)) > 2


def test_a_frontier_that_was_not_followed_to_the_end_says_so() -> None:
    found = sweep(make_tonnes(5), "carbon_per_tonne", solves=2)
    assert not found["is_complete"]
    assert found["within_msteps"] > 0
    assert len(found["segments"]) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"slack": {"absolute": 3}}, "has slack"),
        ({"one_way_second": {"above": 1, "rate": 9}}, "second one-way rate"),
        ({"weights": {"unplaced": 1}}, "no level counts msteps"),
    ],
)
def test_policies_without_a_frontier_are_refused(change: Table, sentence: str) -> None:
    policy = make_policy("one_way")
    policy["stages"][1]["levels"][1] |= change
    with pytest.raises(InvalidPolicy, match=sentence):
        Sweep(parse_instance(make_tonnes(0)), parse_policy(policy), "one_way")


def test_equity_prices_found_in_the_swept_stage_are_refused() -> None:
    policy = make_policy("one_way")
    policy["equity"] = {"attributes": {"income": 5}, "max_price": 5, "min_group": 1}
    policy["stages"][1]["levels"][1]["weights"]["equity"] = 1
    with pytest.raises(InvalidPolicy, match="others at every rate"):
        Sweep(parse_instance(make_tonnes(0)), parse_policy(policy), "one_way")
