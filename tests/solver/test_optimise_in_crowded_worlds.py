"""Where quotas cross a lot, every result is still proven, and the proof holds."""

from typing import Any

import pytest
from crowded_worlds import make_crowded_case
from solving import solve_world
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.verify import verify

pytestmark = pytest.mark.slow

Table = dict[str, Any]

LARGEST_PRICE = 2**256


def find_unproven(seeds: range) -> tuple[list[tuple[int, str]], int]:
    """Return what is not proven, by seed; and how many results needed a tree."""
    unproven, trees = [], 0
    for seed in seeds:
        world, policy = make_crowded_case(seed)
        result = solve_world(world, policy)
        facts = verify(to_bytes(world), to_canonical(result)).facts
        unproven += [(seed, fact) for fact in facts]
        if result["status"] != "optimal":
            unproven.append((seed, result["status"]))
        trees += any("tree" in level for level in proofs(result))
    return unproven, trees


def proofs(result: Table) -> list[Table]:
    return [v for stage in result["certificate"]["stages"] for v in stage["levels"]]


@pytest.mark.parametrize("block", range(2))
def test_scores_of_crowded_worlds_are_proven(block: int) -> None:
    unproven, trees = find_unproven(range(60 * block, 60 * block + 60))
    assert unproven == []
    assert trees > 5


def make_grams(slack: int) -> tuple[Table, Table]:
    """Return a crowded world whose level of grams leaves slack to those after it."""
    world, policy = make_crowded_case(3213)
    weights = ("unplaced", "emissions_g", "rank_maximal", "lottery")
    levels = [
        {"name": term, "say": "", "weights": {term: 1}, "slack": {"absolute": 0}}
        for term in weights
    ]
    levels[1]["slack"]["absolute"] = slack
    policy["stages"] = [{"name": "only", "say": "", "levels": levels}]
    return world, policy


@pytest.mark.parametrize("slack", [1, 120_150])
def test_a_slack_in_grams_is_priced_to_the_end(slack: int) -> None:
    world, policy = make_grams(slack)
    result = solve_world(world, policy)
    assert result["status"] == "optimal"
    assert verify(to_bytes(world), to_canonical(result)).facts == ()
    assert all(level["denominator"] < LARGEST_PRICE for level in proofs(result))
