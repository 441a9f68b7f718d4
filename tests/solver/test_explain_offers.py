"""One more place never brings more than the certificate's prices allow."""

import copy
from random import Random
from typing import Any

import pytest
from brute_force import BruteForce
from rich_worlds import make_case
from solving import solve_world
from tiny_worlds import make_world

from solver.explain.offers import find_worths
from solver.explain.reading import read_stages
from solver.policy import to_json
from solver.policy_reader import read_policy

Table = dict[str, Any]
PRESETS = (
    "balanced",
    "students-first",
    "generous",
    "low-carbon",
    "reciprocal",
    "plain-sum",
)


def widen(world: Table, kind: str, number: int) -> Table:
    """Return the world with one more place in an offer or a quota."""
    wider = copy.deepcopy(world)
    wider[f"{kind}s"][number]["capacity"] += 1
    return wider


def find_excesses(world: Table, policy: Table) -> tuple[list[str], int]:
    """Return where a re-solve gains more than allowed, and how often just as much."""
    result = solve_world(world, policy)
    found, reached, before = [], 0, {}
    for view, stage in zip(read_stages(world, result), policy["stages"], strict=True):
        worths = find_worths(view)
        prices, rate = view.claim.prices, view.claim.carbon_rate
        for kind, items in (("offer", world["offers"]), ("quota", world["quotas"])):
            for number in range(len(items)):
                oracle = BruteForce(widen(world, kind, number), policy)
                goals, _ = oracle.solve_stage(stage, before, prices, rate)
                allowed = {w.entry: w.most for w in worths.get((kind, number), [])}
                for goal, claim in zip(goals, view.claim.levels, strict=True):
                    most = allowed.get(goal.name, 0)
                    if "lottery" in goal.name or goal.best != claim.best:
                        gain = claim.best - goal.best
                        if "lottery" not in goal.name and gain > most:
                            found.append(
                                f"{kind} {number}, {goal.name}: {gain} > {most}"
                            )
                        reached += 0 < gain == most
                        break
        before = view.claim.placements
    return found, reached


def check_seeds(seeds: range) -> int:
    reached = 0
    for seed in seeds:
        world, policy = make_case(Random(seed), 4)
        excesses, met = find_excesses(world, policy)
        assert excesses == [], seed
        reached += met
    return reached


def test_one_more_place_brings_at_most_what_its_price_allows() -> None:
    assert check_seeds(range(6)) > 0


@pytest.mark.slow
def test_one_more_place_never_brings_more_in_two_hundred_worlds() -> None:
    assert check_seeds(range(1000, 1200)) > 40


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_brings_more_than_its_prices_allow(name: str) -> None:
    policy = to_json(read_policy(name))
    reached = 0
    for seed in range(40):
        excesses, met = find_excesses(make_world(Random(seed)), policy)
        assert excesses == [], seed
        reached += met
    assert reached > 0
