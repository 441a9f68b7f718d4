"""Solve tiny worlds with everything in them and try every placement beside it.

`./run bench oracle [--worlds N] [--seed S] [--processes P]` prints how many of the
worlds the optimiser, the verifier and brute force agree on, and in how many of them
each feature of the formats occurred. Ends with 1 when one disagrees, naming its seed.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

# the oracle is the tests' own: what it tries here is more of the same
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "solver"))

from rich_worlds import find_features, find_rare, make_case
from solving import check_world

STUDENTS = 5


def main() -> int:
    """Print the table; return 1 when a world disagrees or a feature is too rare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=100_000, help="of the first world")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    begin = time.perf_counter()
    wrong, counts = check(options.seed, options.worlds, options.processes)
    rare = find_rare(counts, options.worlds)
    for name, count in sorted(counts.items(), key=lambda row: -row[1]):
        print(f"{count:>7,}  {name}")
    for name, count in rare.items():
        print(f"too rare: {name} in {count:,} worlds")
    for seed, problem in wrong:
        print(f"seed {seed}: {problem}")
    agreed = options.worlds - len({seed for seed, _ in wrong})
    seconds = time.perf_counter() - begin
    print(
        f"{agreed:,} of {options.worlds:,} worlds agree with brute force and verify "
        f"({STUDENTS} students at most, {len(counts)} features, {seconds:.0f} s)"
    )
    return 1 if wrong or rare else 0


def check(
    start: int, worlds: int, processes: int
) -> tuple[list[tuple[int, str]], Counter[str]]:
    """Return the disagreements by seed, and the worlds that had each feature."""
    wrong: list[tuple[int, str]] = []
    counts: Counter[str] = Counter()
    with multiprocessing.Pool(processes) as pool:
        seeds = range(start, start + worlds)
        for found, features in pool.imap_unordered(check_one, seeds, chunksize=20):
            wrong += found
            counts.update(features)
    return sorted(wrong), counts


def check_one(seed: int) -> tuple[list[tuple[int, str]], set[str]]:
    """Return what disagrees in the world of a seed, and its features."""
    world, policy = make_case(Random(seed), STUDENTS)
    result, found = check_world(world, policy)
    features = find_features(world, policy, result)
    return [(seed, problem) for problem in found], features


if __name__ == "__main__":
    sys.exit(main())
