"""The smallest relaxation is what trying all of them finds."""

import copy
import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from brute_force import BruteForce
from tiny_worlds import make_world

from solver.errors import InvalidPolicy, Refused
from solver.instance_reader import parse_instance
from solver.policy_reader import parse_policy, read_policy
from solver.relax import relax

Table = dict[str, Any]
STUDENTS_FIRST = read_policy("students-first")


def items_of(world: Table) -> list[Table]:
    return [*world["offers"], *world["quotas"]]


def most_placed(world: Table) -> int:
    return max(len(placement) for placement in BruteForce(world, {}).placements())


def widen(world: Table, additions: tuple[int, ...]) -> Table:
    """Return the world with a place more at each item that is named."""
    wider = copy.deepcopy(world)
    for number in additions:
        items_of(wider)[number]["capacity"] += 1
    return wider


def additions_of(world: Table, total: int, *, single: bool) -> Iterator[Any]:
    numbers = range(len(items_of(world)))
    if single:
        return ((number,) * total for number in numbers)
    return itertools.combinations_with_replacement(numbers, total)


def find_least(world: Table, goal: int, *, single: bool = False) -> int | None:
    """Return the fewest places with which the goal is reached, by trying all."""
    for total in range(1, 7 if single else 4):
        tried = additions_of(world, total, single=single)
        if any(most_placed(widen(world, each)) >= goal for each in tried):
            return total
    return None


def check_seeds(seeds: range, *, single: bool = False) -> int:
    """Return how many relaxations were compared and proven the least."""
    proven = 0
    for seed in seeds:
        world, more = make_world(Random(seed), 4), 1 + seed % 2
        placed = most_placed(world)
        try:
            found = relax(parse_instance(world), STUDENTS_FIRST, more, single=single)
        except Refused:
            assert find_least(world, placed + more, single=single) is None
            continue
        least = find_least(world, placed + more, single=single)
        assert found["total"] == (least or found["total"]), seed
        assert least is not None or found["total"] > 3
        assert found["bound"] <= found["total"]
        assert found["placed_before"] == placed
        assert found["placed_after"] >= placed + more
        grown = sum(each["to"] - each["from"] for each in found["added"])
        assert grown == found["total"]
        assert not single or len(found["added"]) == 1
        proven += found["is_least"]
    return proven


def test_fewest_places_are_those_that_trying_all_finds() -> None:
    assert check_seeds(range(6)) > 0


@pytest.mark.slow
def test_fewest_places_are_those_that_trying_all_finds_in_many_worlds() -> None:
    assert check_seeds(range(100, 300)) > 50


@pytest.mark.slow
def test_one_capacity_alone_is_found_where_it_is_enough() -> None:
    assert check_seeds(range(300, 400), single=True) > 20


def test_more_than_have_a_choice_cannot_be_placed() -> None:
    world = make_world(Random(1), 4)
    with pytest.raises(Refused, match="99 more cannot be placed"):
        relax(parse_instance(world), STUDENTS_FIRST, 99, single=False)


def test_a_policy_that_weighs_something_before_placing_is_refused() -> None:
    level = {"name": "mixed", "weights": {"unplaced": 2500, "one_way": 1000}}
    policy = {
        "format": "mobility-policy/1",
        "name": "mixed",
        "levels": [level, {"name": "lottery", "weights": {"lottery": 1}}],
    }
    with pytest.raises(InvalidPolicy, match="as many as possible"):
        relax(
            parse_instance(make_world(Random(1))), parse_policy(policy), 1, single=False
        )
