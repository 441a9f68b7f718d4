"""Whoever dies in the middle of a solve: another finishes it, with the same result."""

import json
import os
import signal
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import (
    Workers,
    descendants,
    is_alive,
    kill,
    solvers_of,
    wait_until,
)
from queued_runs import add_queued_run, make_settings
from sqlalchemy import Engine
from sqlmodel import col, func, select

from mobility.audit.record import find_breaks
from mobility.db import make_engine, reading, unit
from mobility.jobs.worker import Worker
from mobility.migrations.upgrade import upgrade
from mobility.models import AuditEntry, Run, RunFile, RunFileKind, RunState, Verdict

STUDENTS = 600
"""Enough for a solve that lasts some seconds: time to find it and kill it."""

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(
        sys.platform != "linux", reason="processes are found through /proc"
    ),
]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the run comes to when nobody is killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    url = f"sqlite:///{folder / 'mobility.sqlite'}"
    upgrade(url)
    engine = make_engine(url)
    with unit(engine) as session:
        run_id = add_queued_run(session, students=STUDENTS, policy="balanced")
    Worker(engine, make_settings(folder, url, lease_seconds=600)).work_once()
    found = outcome(engine, run_id)
    engine.dispose()
    return found


@pytest.fixture
def workers(tmp_path: Path, database_url: str) -> Iterator[Workers]:
    started = Workers(tmp_path, database_url)
    yield started
    started.end()


def outcome(engine: Engine, run_id: int) -> dict[str, Any]:
    """Return what a run's stored result claims, without notes on how it was found."""
    with reading(engine) as session:
        row = session.get_one(RunFile, (run_id, RunFileKind.RESULT))
    value: dict[str, Any] = json.loads(zlib.decompress(row.data))
    return {key: value[key] for key in ("placements", "stages", "status", "gap_msteps")}


def state(engine: Engine, run_id: int) -> Run:
    with reading(engine) as session:
        return session.get_one(Run, run_id)


def starts(engine: Engine) -> int:
    with reading(engine) as session:
        query = select(func.count()).where(col(AuditEntry.action) == "run:start")
        return session.exec(query).one()


def kill_worker(worker: int) -> None:
    kill(worker, signal.SIGKILL)


def kill_child(worker: int) -> None:
    for solver in solvers_of(worker):
        kill(solver, signal.SIGKILL)


def kill_both(worker: int) -> None:
    for process in (worker, *solvers_of(worker)):
        kill(process, signal.SIGKILL)


@pytest.mark.parametrize("strike", [kill_worker, kill_child, kill_both])
def test_another_finishes_what_a_killed_one_began(
    database: Engine,
    workers: Workers,
    undisturbed: dict[str, Any],
    tmp_path: Path,
    strike: Callable[[int], None],
) -> None:
    run_id = queue(database)
    first = workers.start()
    solver = wait_for_solver(first.pid)
    strike(first.pid)
    wait_until(lambda: not is_alive(solver), "the solver ends with its worker")
    if strike is not kill_child:
        first.wait()
    workers.start("--until-idle").wait()
    check(database, run_id, undisturbed)
    assert strike is kill_child or list((tmp_path / "work").iterdir()) == []


def test_workers_end_with_their_parent_and_another_finishes(
    database: Engine, workers: Workers, undisturbed: dict[str, Any]
) -> None:
    run_id = queue(database)
    parent = workers.start("--processes", "2")
    wait_for_solver(parent.pid)
    family = descendants(parent.pid)
    kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, family)), "orphans end by themselves")
    assert state(database, run_id).state != RunState.DONE
    workers.start("--until-idle").wait()
    check(database, run_id, undisturbed)


def test_a_parent_replaces_a_worker_that_was_killed(
    database: Engine, workers: Workers, undisturbed: dict[str, Any]
) -> None:
    run_id = queue(database)
    parent = workers.start("--processes", "2")
    solver = wait_for_solver(parent.pid)
    at_work = next(pid for pid in descendants(parent.pid) if solver in descendants(pid))
    kill(at_work, signal.SIGKILL)
    wait_until(lambda: state(database, run_id).state == RunState.DONE, "it is done")
    check(database, run_id, undisturbed)
    os.kill(parent.pid, signal.SIGINT)
    assert parent.wait() == 0


def test_a_worker_that_was_stopped_for_long_does_no_harm_when_it_goes_on(
    database: Engine, workers: Workers, undisturbed: dict[str, Any]
) -> None:
    run_id = queue(database)
    first = workers.start("--once")
    wait_for_solver(first.pid)
    kill(first.pid, signal.SIGSTOP)
    workers.start("--until-idle").wait()
    done = state(database, run_id)
    kill(first.pid, signal.SIGCONT)
    assert first.wait() == 0
    assert state(database, run_id) == done
    check(database, run_id, undisturbed)


def test_a_stop_signal_gives_the_run_back_before_the_lease_ends(
    database: Engine, workers: Workers, undisturbed: dict[str, Any]
) -> None:
    run_id = queue(database)
    first = workers.start()
    wait_for_solver(first.pid)
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait() == 0
    assert state(database, run_id).state == RunState.QUEUED
    workers.start("--until-idle").wait()
    check(database, run_id, undisturbed)


def queue(engine: Engine) -> int:
    with unit(engine) as session:
        return add_queued_run(session, students=STUDENTS, policy="balanced")


def wait_for_solver(process: int) -> int:
    wait_until(lambda: bool(solvers_of(process)), "a solver runs")
    return solvers_of(process)[0]


def check(engine: Engine, run_id: int, undisturbed: dict[str, Any]) -> None:
    """Check that the run was taken up again and came to the same end."""
    run = state(engine, run_id)
    assert (run.state, run.verdict) == (RunState.DONE, Verdict.VERIFIED)
    assert starts(engine) >= 2
    assert outcome(engine, run_id) == undisturbed
    with reading(engine) as session:
        assert find_breaks(session) == []
