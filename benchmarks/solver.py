"""Generate, solve and verify worlds of growing size: seconds, beside a plain LP.

`./run bench solver [--large] [--runs N]` prints the medians of several runs. Every
command is a process of its own, as in service: start, reading and writing count.

The yardstick of a policy is the first thing one would write: one linear program of the
whole instance for HiGHS, with what the policy's last stage weighs (places, wishes,
one-way places, carbon; no equity), solved in the same run on the same machine. It says
nothing about ties, proofs, guards or stages. A ratio travels between machines better
than seconds do.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from solver.arrays import Arrays, build_arrays
from solver.instance_reader import read_instance
from solver.linear import INFINITY, LinearModel
from solver.policy import Policy
from solver.policy_reader import read_policy

SMALL, LARGE = (1_000,), (1_000, 10_000)
POLICIES = ("students-first", "balanced")
PLACE = 1_000_000
"""What a place is worth in msteps; more than any wish."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="also 10,000 students")
    parser.add_argument("--runs", type=int, default=3, help="of which to take medians")
    options = parser.parse_args()
    print(f"medians of {options.runs} runs; ratio: over the policy's plain LP\n")
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

    def row(what: str, seconds: float, outcome: str, yardstick: float = 0) -> None:
        ratio = f"{seconds / yardstick:.1f}" if yardstick else ""
        print(f"{students:>8,}  {what:<24} {seconds:>8.2f} {ratio:>6}  {outcome}")

    seconds, _ = median_of(runs, generate)
    arrays = build_arrays(read_instance(instance)[0])
    row("generate", seconds, f"{len(arrays.student):,} choices")
    for name in POLICIES:
        plain = partial(solve_plainly, arrays, read_policy(name))
        yardstick, outcome = median_of(runs, plain)
        row(f"plain LP {name}", yardstick, outcome)
        solve, verify = commands(instance, folder / f"{name}.json", name)
        row(f"solve {name}", *median_of(runs, solve), yardstick)
        row(f"verify {name}", *median_of(runs, verify), yardstick)


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


def solve_plainly(arrays: Arrays, policy: Policy) -> str:
    """Solve one linear program of the whole instance and say how whole it came out."""
    levels = policy.stages[-1].levels
    weights = {term: rate for level in levels for term, rate in level.weights.items()}
    cost = np.array([policy.cost(rank) for rank in arrays.rank.tolist()], float)
    cost += arrays.emissions_g * weights.get("carbon_per_tonne", 0) / 1_000_000
    one_way = float(weights.get("one_way", 0))
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
    excess = model.add_columns(np.full(len(arrays.kink), one_way), INFINITY)
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
