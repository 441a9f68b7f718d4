"""The optimiser reaches, proves and reports what trying every placement finds."""

from collections import Counter
from random import Random

import pytest
from rich_worlds import find_features, find_rare, make_case
from solving import check_world, solve_world
from tiny_worlds import make_staged_policy, make_world, shuffle_world


def find_wrong(seeds: range, students: int) -> tuple[list[tuple[int, str]], Counter]:
    """Return the seeds where brute force or the verifier disagree; and the features."""
    wrong, features = [], Counter()
    for seed in seeds:
        world, policy = make_case(Random(seed), students)
        result, found = check_world(world, policy)
        wrong += [(seed, disagreement) for disagreement in found]
        features.update(find_features(world, policy, result))
    return wrong, features


def test_three_hundred_worlds_with_everything_in_them_agree_with_brute_force() -> None:
    wrong, features = find_wrong(range(300), students=4)
    assert wrong == []
    assert find_rare(features, 300) == {}


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_two_thousand_worlds_agree_and_miss_no_feature(block: int) -> None:
    start = 1000 + 200 * block
    wrong, features = find_wrong(range(start, start + 200), students=5)
    assert wrong == []
    assert find_rare(features, 200) == {}


def test_the_order_of_the_input_does_not_change_who_gets_what() -> None:
    for seed in range(15):
        random = Random(seed)
        world, policy = make_world(random), make_staged_policy(random)
        placed = solve_world(world, policy)["placements"]
        again = solve_world(shuffle_world(random, world), policy)["placements"]
        assert placed == again, seed


def make_guarded_policy(rate: int) -> dict:
    """Return wishes, balance and carbon as the default policy has them."""

    def level(name: str, **weights: int) -> dict:
        return {"name": name, "say": "", "weights": weights, "slack": {"absolute": 0}}

    def stage(name: str, guard: dict | None, **weights: int) -> dict:
        levels = [level("placed", unplaced=1), level("value", rank=1, **weights)]
        levels.append(level("lottery", lottery=1))
        made = {"name": name, "say": "", "levels": levels}
        return made | ({"guard": guard} if guard else {})

    flags = {"keep_outward": True, "no_virtual": False, "everyone": False}
    guard = {"blocks": ["south"], "steps": 1, "steps_protected": 1} | flags
    strict = guard | {"everyone": True, "no_virtual": True, "steps": 2}
    return {
        "format": "mobility-policy/1",
        "name": "guarded",
        "rank_cost": [0, 1000, 3000, 6000],
        "stages": [
            stage("wishes", None),
            stage("balance", guard, one_way=2000),
            stage("carbon", strict, one_way=2000, carbon_per_tonne=rate),
        ],
    }


@pytest.mark.parametrize("rate", [1, 1000, 50_000])
def test_no_carbon_rate_changes_who_is_placed(rate: int) -> None:
    for seed in range(8):
        result = solve_world(make_world(Random(seed)), make_guarded_policy(rate))
        _, balance, carbon = (set(s["placements"]) for s in result["stages"])
        assert balance <= carbon, seed
        assert len(balance) == len(carbon), seed


def test_guards_keep_places_from_south_to_north() -> None:
    for seed in range(25):
        world = make_world(Random(seed), is_split=True)
        result = solve_world(world, make_guarded_policy(3000))
        counts = [stage["metrics"]["south_to_north"] for stage in result["stages"]]
        assert min(counts) == counts[0], seed
