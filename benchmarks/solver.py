"""Generate, solve and verify worlds of growing size: seconds, beside a plain LP.

`./run bench solver [--large] [--runs N]` prints the medians of several runs. Every
command is a process of its own, as in service: start, reading and writing count.

The yardstick is the first thing one would write: one linear program of the whole
instance (places, wishes, one-way places) for HiGHS, solved in the same run on the same
machine. It says nothing about ties, proofs or stages. A ratio travels between machines
better than seconds do.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from solver.arrays import Arrays, build_arrays
from solver.instance_reader import read_instance
from solver.linear import INFINITY, LinearModel
from solver.policy_reader import read_policy

SMALL, LARGE = (1_000,), (1_000, 10_000)
POLICIES = ("students-first", "balanced")
PLACE = 1_000_000
"""What a place is worth in msteps; more than any wish."""
ONE_WAY = 2_000
"""The preset `balanced` charges as much for a one-way place."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="also 10,000 students")
    parser.add_argument("--runs", type=int, default=3, help="of which to take medians")
    options = parser.parse_args()
    print(f"medians of {options.runs} runs; ratio: over the plain LP of the same run\n")
    print(f"{'students':>8}  {'what':<24} {'seconds':>8} {'ratio':>6}  outcome")
    for students in LARGE if options.large else SMALL:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), students, options.runs)


def measure(folder: Path, students: int, runs: int) -> None:
    """Print one size's rows."""
    instance = folder / "instance.json"
    size = ["--students", str(students), "--seed", "1"]

    def generate() -> str:
        return call("generate", *size, "--out", str(instance))

    seconds, _ = median_of(runs, generate)
    arrays = build_arrays(read_instance(instance)[0])
    yardstick, outcome = median_of(runs, lambda: solve_plainly(arrays))

    def row(what: str, seconds: float, outcome: str) -> None:
        ratio = seconds / yardstick
        print(f"{students:>8,}  {what:<24} {seconds:>8.2f} {ratio:>6.1f}  {outcome}")

    row("generate", seconds, f"{len(arrays.student):,} choices")
    row("plain LP in HiGHS", yardstick, outcome)
    for policy in POLICIES:
        solve, verify = commands(instance, folder / f"{policy}.json", policy)
        row(f"solve {policy}", *median_of(runs, solve))
        row(f"verify {policy}", *median_of(runs, verify))


def commands(
    instance: Path, result: Path, policy: str
) -> tuple[Callable[[], str], Callable[[], str]]:
    """Return the two commands of a policy."""
    paths = [str(instance), "--policy", policy, "--out", str(result), "--quiet"]
    return (
        lambda: call("solve", *paths),
        lambda: call("verify", str(instance), str(result), flags=["-S"]),
    )


def call(*arguments: str, flags: list[str] | None = None) -> str:
    """Run one of the solver's commands and return the last thing it said."""
    run = subprocess.run(
        [sys.executable, *(flags or []), "-m", "solver", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    said = (run.stdout + run.stderr).strip().splitlines()
    return said[-1][:60] if said else ""


def median_of(runs: int, work: Callable[[], str]) -> tuple[float, str]:
    """Return the median seconds of several runs and what the last one said."""
    seconds = []
    outcome = ""
    for _ in range(runs):
        begin = time.perf_counter()
        outcome = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), outcome


def solve_plainly(arrays: Arrays) -> str:
    """Solve one linear program of the whole instance and say how whole it came out."""
    policy = read_policy(POLICIES[0])
    cost = np.array([policy.cost(rank) for rank in arrays.rank.tolist()], float)
    model = LinearModel()
    choices = model.add_columns(cost - PLACE)
    students = model.add_rows(
        np.full(arrays.students, -INFINITY), np.ones(arrays.students)
    )
    model.add_entries(students[arrays.student], choices, 1.0)
    capacity = arrays.capacity.astype(float)
    caps = model.add_rows(np.full(len(capacity), -INFINITY), capacity)
    model.add_entries(caps[arrays.offer], choices, 1.0)
    model.add_entries(caps[arrays.quota_row], choices[arrays.quota_choice], 1.0)
    excess = model.add_columns(np.full(len(arrays.kink), float(ONE_WAY)), INFINITY)
    kink = arrays.kink.astype(float)
    lanes = model.add_rows(np.full(len(kink), -INFINITY), kink)
    signs = arrays.lane_sign.astype(float)
    model.add_entries(lanes[arrays.lane_row], choices[arrays.lane_choice], signs)
    model.add_entries(lanes, excess, -1.0)
    values = model.solve()[0][choices]
    torn = int(((values > 1e-6) & (values < 1 - 1e-6)).sum())
    return f"{round(values.sum()):,} placed, {torn} choices torn"


if __name__ == "__main__":
    main()
