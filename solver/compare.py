"""Policies and mechanisms side by side on one instance: a row each, all figures.

Every row is worked out in a process of its own making (HiGHS ignores an interrupt), as
many at once as there are processors. A mechanism or policy that does not apply is a row
with the reasons.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from solver.errors import InvalidPolicy, Refused
from solver.explain.offers import explain_offers
from solver.explain.reading import read_stages
from solver.figures import derive_figures
from solver.fileio import parse_json, to_canonical, to_digest
from solver.instance import Instance
from solver.instance_reader import read_instance
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.registry import MECHANISMS, OPTIMISE, run_mechanism
from solver.metrics import PlacementFacts, measure
from solver.optimise import solve
from solver.policy import Policy
from solver.policy_reader import read_policy
from solver.result import Result, to_json
from solver.verify import verify

FORMAT = "mobility-comparison/1"
DEAREST = 10
"""How many places of a stage are named as those where one more helps most."""

Row = dict[str, Any]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Contest:
    """What is compared: policies, solved to the optimum, and other mechanisms."""

    policies: tuple[Policy, ...]
    mechanisms: tuple[str, ...]


def read_contest(policies: Sequence[str], mechanisms: Sequence[str]) -> Contest:
    """Return what the names stand for: presets or files, and mechanisms.

    Raises
    ------
    Refused
        When a policy cannot be read or a mechanism is unknown; every problem is named.
    """
    problems: list[str] = []
    read = []
    for name in policies:
        try:
            read.append(read_policy(name))
        except Refused as refusal:
            problems += refusal.problems
    known = ", ".join(MECHANISMS)
    others = [name for name in mechanisms if name != OPTIMISE]
    problems += [
        f"there is no mechanism {name!r}; there are {known}"
        for name in others
        if name not in MECHANISMS
    ]
    if not problems and not read and not others:
        problems.append("there is nothing to compare: name a policy or a mechanism")
    if problems:
        raise Refused(problems)
    return Contest(tuple(read), tuple(others))


def compare(path: Path, contest: Contest, tell: Tell, workers: int) -> Row:
    """Return the table of a comparison; rows in the order in which they were named.

    Parameters
    ----------
    path
        The instance.
    tell
        Told what is done.
    workers
        How many processes work at once, 1 or more.

    Raises
    ------
    Refused
        When the instance cannot be read, or a process was ended from outside.
    """
    instance, data, _ = read_instance(path)
    tasks: list[Policy | str] = [*contest.policies, *contest.mechanisms]
    rows = dict(_work(path, tasks, tell, min(workers, len(tasks))))
    return {
        "format": FORMAT,
        "instance": instance.id,
        "instance_digest": to_digest(data),
        "rows": [rows[number] for number in range(len(tasks))],
    }


def _work(
    path: Path, tasks: list[Policy | str], tell: Tell, workers: int
) -> Iterator[tuple[int, Row]]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin, (path,))
    try:
        numbers: dict[Future[Row], int] = {
            pool.submit(_make_row, task): number for number, task in enumerate(tasks)
        }
        for done, future in enumerate(as_completed(numbers), start=1):
            row = future.result()
            tell(f"{name_row(row)}: {row['status']} ({done} of {len(tasks)})")
            yield numbers[future], row
    except BrokenProcessPool as error:
        message = "a process of the comparison was ended from outside: too much memory?"
        raise Refused(message) from error
    finally:
        for child in multiprocessing.active_children():
            child.terminate()  # after the last row they are idle; before, unwanted
        pool.shutdown(cancel_futures=True)


def name_row(row: Row) -> str:
    """Return what a row is called: its policy, or its mechanism."""
    return str(row["policy"] or row["mechanism"])


_instance: list[tuple[Instance, bytes]] = []
"""The instance of this process, read once when it began."""


def _begin(path: Path) -> None:
    """Read the instance, and end this process when the one that began it ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    instance, data, _ = read_instance(path)
    _instance[:] = [(instance, data)]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(3)


def _make_row(task: Policy | str) -> Row:
    instance, data = _instance[0]
    if isinstance(task, str):
        return run_one_mechanism(instance, task)
    return solve_one_policy(instance, data, task)


def run_one_mechanism(instance: Instance, name: str) -> Row:
    """Return a mechanism's row: one stage, or why the mechanism does not apply."""
    row = {"policy": None, "mechanism": name, "gap_msteps": None, "is_verified": None}
    try:
        outcome = run_mechanism(name, instance)
    except NotApplicable as refusal:
        reasons = list(refusal.problems)
        return {**row, "status": "not applicable", "reasons": reasons, "stages": []}
    facts = PlacementFacts(instance, outcome.placements)
    stage = {
        "name": name,
        "metrics": measure(facts, None),
        "figures": derive_figures(facts, facts),
    }
    return {**row, "status": "done", "reasons": [], "stages": [stage]}


def solve_one_policy(instance: Instance, data: bytes, policy: Policy) -> Row:
    """Return a policy's row: its stages, verified, or why it does not fit."""
    row: Row = {"policy": policy.name, "mechanism": OPTIMISE}
    try:
        result = solve(instance, policy)
    except InvalidPolicy as refusal:
        reasons = list(refusal.problems)
        row |= {"status": "not applicable", "reasons": reasons, "stages": []}
        return {**row, "gap_msteps": None, "is_verified": None}
    written = to_canonical(to_json(result, data))
    verdict = verify(data, written)
    return {
        **row,
        "status": "optimal" if result.is_optimal else "bounded",
        "gap_msteps": result.gap_msteps,
        "is_verified": verdict.holds,
        "reasons": [*policy.warnings(), *verdict.facts],
        "stages": _describe_stages(result, data, written),
    }


def _describe_stages(result: Result, data: bytes, written: bytes) -> list[Row]:
    value: Any = parse_json(written, "result")
    views = read_stages(parse_json(data, "instance"), value)
    facts = [PlacementFacts(result.instance, s.placements) for s in result.stages]
    keys = ("name", "levels", "carbon_rate", "equity_prices", "terms", "metrics")
    return [
        {
            **{key: stage[key] for key in keys},
            "figures": derive_figures(own, facts[0]),
            "dearest_places": explain_offers(view)[:DEAREST],
        }
        for stage, own, view in zip(value["stages"], facts, views, strict=True)
    ]
