"""What one would use instead: each peer reads an instance, solves it and says so.

Started by `benchmarks/solver.py`, a process per run: `peers.py NAME INSTANCE [POLICY]`.
`matching` and `algmatch` run in an environment of their own (`peers.txt`) with the
standard library; the plain models are built by ours and solved without levels, stages,
ties or proofs. The last line printed is [seconds of solving alone, what came out].
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLACE = 1_000_000
"""What a place is worth in msteps; more than any wish."""


def solve_linear(path: Path, policy: str) -> tuple[float, str]:
    """Solve one linear program of the whole instance with HiGHS."""
    return _solve_model(path, policy, is_whole=False)


def solve_whole(path: Path, policy: str) -> tuple[float, str]:
    """Solve the same program in whole numbers with HiGHS."""
    return _solve_model(path, policy, is_whole=True)


def _solve_model(path: Path, policy: str, *, is_whole: bool) -> tuple[float, str]:
    model, choices = _build_model(path, policy)
    begin = time.perf_counter()
    values = model.solve(choices if is_whole else None)[0][choices]
    seconds = time.perf_counter() - begin
    torn = int(((values > 1e-6) & (values < 1 - 1e-6)).sum())
    return seconds, f"{round(values.sum()):,} placed, {torn} choices torn"


def solve_constraints(path: Path, policy: str) -> tuple[float, str]:
    """Solve the same program with CP-SAT, two workers."""
    import numpy as np
    from ortools.sat.python import cp_model

    model, choices = _build_model(path, policy)
    sat = cp_model.CpModel()
    uppers = np.concatenate(model.uppers)
    columns = [
        sat.new_int_var(0, 1 if upper == 1 else 10**6, "") for upper in uppers.tolist()
    ]
    rows, members, factors = (
        np.concatenate([part[k] for part in model.entries]) for k in range(3)
    )
    order = np.argsort(rows, kind="stable")
    ends = np.cumsum(np.bincount(rows, minlength=model.rows)).tolist()
    highs = np.concatenate(model.row_highs).astype(int).tolist()
    members, factors = members[order].tolist(), factors[order].astype(int).tolist()
    for begin, end, high in zip([0, *ends[:-1]], ends, highs, strict=True):
        parts = [columns[member] for member in members[begin:end]]
        sat.add(cp_model.LinearExpr.weighted_sum(parts, factors[begin:end]) <= high)
    costs = np.rint(np.concatenate(model.costs)).astype(int).tolist()
    sat.minimize(cp_model.LinearExpr.weighted_sum(columns, costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    begin = time.perf_counter()
    status = solver.status_name(solver.solve(sat))
    seconds = time.perf_counter() - begin
    placed = sum(solver.value(columns[j]) for j in choices.tolist())
    return seconds, f"{placed:,} placed, {status.lower()}"


def _build_model(path: Path, policy_name: str) -> tuple[Any, Any]:
    """Return the plain model of a policy's last stage: no equity, no guards."""
    import numpy as np

    from solver.arrays import build_arrays
    from solver.instance_reader import read_instance
    from solver.linear import INFINITY, LinearModel
    from solver.policy_reader import read_policy

    arrays, policy = build_arrays(read_instance(path)[0]), read_policy(policy_name)
    levels = policy.stages[-1].levels
    weights = {term: rate for level in levels for term, rate in level.weights.items()}
    ranks = range(1, arrays.largest_rank + 1)
    cost = np.array([0, *(policy.cost(rank) for rank in ranks)], float)[arrays.rank]
    cost += arrays.emissions_g * weights.get("carbon_per_tonne", 0) // 1_000_000
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
    if weights.get("one_way"):
        rate = np.full(len(arrays.kink), float(weights["one_way"]))
        kink = arrays.kink.astype(float)
        excess = model.add_columns(rate, INFINITY)
        lanes = model.add_rows(np.full(len(kink), -INFINITY), kink)
        signs = arrays.lane_sign.astype(float)
        model.add_entries(lanes[arrays.lane_row], choices[arrays.lane_choice], signs)
        model.add_entries(lanes, excess, -1.0)
    return model, choices


def defer_ours(path: Path, policy: str) -> tuple[float, str]:
    """Run our deferred acceptance."""
    from solver.instance_reader import read_instance
    from solver.mechanisms.registry import run_mechanism

    del policy
    instance = read_instance(path)[0]
    begin = time.perf_counter()
    outcome = run_mechanism("deferred_acceptance", instance)
    seconds = time.perf_counter() - begin
    return seconds, f"{len(outcome.placements):,} placed"


def defer_matching(path: Path, policy: str) -> tuple[float, str]:
    """Run the deferred acceptance of `matching`: offers alone, no quotas."""
    from matching.games import HospitalResident

    del policy
    wishes, orders, places = _read_market(path)
    begin = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(wishes, orders, places)
    result = game.solve(optimal="resident")
    seconds = time.perf_counter() - begin
    return seconds, f"{sum(map(len, result.values())):,} placed"


def defer_algmatch(path: Path, policy: str) -> tuple[float, str]:
    """Run the deferred acceptance of `algmatch`: offers alone, no quotas."""
    from algmatch import HospitalResidentsProblem

    del policy
    wishes, orders, places = _read_market(path)
    student = {name: k for k, name in enumerate(wishes, start=1)}
    offer = {name: k for k, name in enumerate(orders, start=1)}
    world = {
        "residents": {student[s]: [offer[o] for o in wishes[s]] for s in wishes},
        "hospitals": {
            offer[o]: {
                "capacity": places[o],
                "preferences": [student[s] for s in orders[o]],
            }
            for o in orders
        },
    }
    begin = time.perf_counter()
    problem = HospitalResidentsProblem(dictionary=world, optimised_side="residents")
    result = problem.get_stable_matching()
    seconds = time.perf_counter() - begin
    placed = sum(bool(host) for host in result["resident_sided"].values())
    return seconds, f"{placed:,} placed"


def _read_market(
    path: Path,
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """Return students' wishes, offers' orders by merit, and places."""
    value = json.loads(path.read_bytes())
    students = sorted(value["students"], key=lambda s: (-s["merit"], s["id"]))
    wishes = {s["id"]: [c["offer"] for c in s["choices"]] for s in students}
    wishes = {student: listed for student, listed in wishes.items() if listed}
    orders: dict[str, list[str]] = {}
    for student, listed in wishes.items():
        for offer in listed:
            orders.setdefault(offer, []).append(student)
    places = {o["id"]: o["capacity"] for o in value["offers"] if o["id"] in orders}
    return wishes, orders, places


PEERS: dict[str, Callable[[Path, str], tuple[float, str]]] = {
    "linear": solve_linear,
    "whole": solve_whole,
    "constraints": solve_constraints,
    "deferred": defer_ours,
    "matching": defer_matching,
    "algmatch": defer_algmatch,
}


def main() -> None:
    """Run the peer that the arguments name."""
    name, instance, policy = sys.argv[1:]
    print(json.dumps(PEERS[name](Path(instance), policy)))


if __name__ == "__main__":
    sys.setrecursionlimit(10**6)  # matching copies its players one inside another
    threading.stack_size(2**30 - 2**16)
    work = threading.Thread(target=main)
    work.start()
    work.join()
