"""The lottery leaves one answer, whoever computes it, and equal odds to equals."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from math import comb
from pathlib import Path
from random import Random
from typing import Any

import pytest
from solving import solve_world
from tiny_worlds import shuffle_world, to_bytes

from solver.generate import generate
from solver.policy import to_json
from solver.policy_reader import read_policy

Table = dict[str, Any]

ROOT = Path(__file__).parents[2]


def solve_otherwise(folder: Path, world: Table, policy: str, run: int) -> Table:
    """Solve in a process of its own: its hashes, its threads, its seeds, its order."""
    shuffled = shuffle_world(Random(run), world) if run else world
    instance, result = folder / f"{run}.json", folder / f"{run}-result.json"
    instance.write_bytes(to_bytes(shuffled))
    engine = ["--threads", str(1 + run % 2), "--solver-seed", str(97 * run)]
    files = [str(instance), "--policy", policy, "--out", str(result), "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "solver", "solve", *files, *engine],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": str(run)},
        capture_output=True,
        check=True,
    )
    return json.loads(result.read_bytes())


def texts(results: list[Table], key: str) -> list[str]:
    return [json.dumps(result[key], sort_keys=True) for result in results]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("policy", ["students-first", "generous", "balanced"])
def test_seeds_threads_hashes_and_the_order_of_files_decide_nothing(
    tmp_path: Path, policy: str, seed: int
) -> None:
    world = generate(1000, seed) | {"seed": hashlib.sha256(b"a seed").hexdigest()}
    assert world["quotas"]
    results = [solve_otherwise(tmp_path, world, policy, run) for run in range(5)]
    assert [result["status"] for result in results] == ["optimal"] * 5
    assert len(set(texts(results, "certificate"))) > 1  # the runs were not the same
    placements = texts(results, "placements")
    prices = [json.dumps(result["stages"][0]["equity_prices"]) for result in results]
    # one answer for the published equity prices; without equity there are none
    assert len(set(zip(prices, placements, strict=True))) == len(set(prices))
    if policy != "balanced":
        assert len(set(placements)) == 1


def make_clones(clones: int, number: int) -> Table:
    """Return students alike in all but their ids, one place, and a seed of its own."""
    wishes = [{"offer": "ward", "emissions_g": 900}]
    return {
        "format": "mobility-instance/1",
        "id": "clones",
        "institutions": [{"id": "uu.se", "country": "SE"}],
        "offers": [{"id": "ward", "receiving": "uu.se", "capacity": 1}],
        "students": [
            {"id": f"clone-{n}", "sending": "uu.se", "choices": wishes}
            for n in range(clones)
        ],
        "seed": hashlib.sha256(f"seed {number}".encode()).hexdigest(),
    }


def count_winners(clones: int, seeds: int) -> Counter[str]:
    policy = to_json(read_policy("students-first"))
    winners: Counter[str] = Counter()
    for number in range(seeds):
        placements = solve_world(make_clones(clones, number), policy)["placements"]
        winners.update(placements.keys())
    return winners


def chance_of(wins: int, draws: int, share: float) -> float:
    """Return how likely a fair draw is to be at least as far off (exact binomial)."""
    chances = [
        comb(draws, k) * share**k * (1 - share) ** (draws - k) for k in range(draws + 1)
    ]
    return sum(chance for chance in chances if chance <= chances[wins] * (1 + 1e-9))


@pytest.mark.slow
@pytest.mark.parametrize("clones", [2, 3])
def test_clones_have_equal_odds_over_four_hundred_seeds(clones: int) -> None:
    winners = count_winners(clones, 400)
    assert winners.total() == 400
    assert len(winners) == clones
    for wins in winners.values():
        assert chance_of(wins, 400, 1 / clones) > 0.01


def test_a_lottery_that_favours_one_clone_would_be_noticed() -> None:
    assert chance_of(200, 400, 0.5) == pytest.approx(1)
    assert chance_of(230, 400, 0.5) < 0.01
