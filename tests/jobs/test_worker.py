"""From a run that waits to what came of it, with stand-ins for the solver."""

import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from queued_runs import add_queued_run, make_settings
from sqlalchemy import Engine, text
from sqlmodel import select
from stand_ins import HEAD, RESULT, WAITS, WRITES, programs

from mobility.audit.record import find_breaks
from mobility.config import Settings
from mobility.db import reading, unit
from mobility.jobs.child import Programs
from mobility.jobs.solve import read_claim
from mobility.jobs.wake import wake
from mobility.jobs.worker import Orders, Worker
from mobility.models import (
    AuditEntry,
    Run,
    RunFile,
    RunFileKind,
    RunState,
    RunStatus,
    Verdict,
)
from solver.errors import InvalidFile

PATIENCE_SECONDS = 60
"""How long a test waits for something that takes well under a second."""


class Office:
    """A database with one run that waits, and workers for it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        with unit(engine) as session:
            self.run_id = add_queued_run(session)

    def settings(self, **changed: int) -> Settings:
        return make_settings(self.folder, "unused", **changed)

    def worker(self, stand_ins: Programs, **changed: int) -> Worker:
        return Worker(self.engine, self.settings(**changed), stand_ins, Orders())

    def run(self) -> Run:
        with reading(self.engine) as session:
            return session.get_one(Run, self.run_id)

    def wait_for(self, is_so: Callable[[Run], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_so(self.run()):
            assert time.monotonic() < end, "it never came to be"
            time.sleep(0.05)


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return Office(sqlite_engine, tmp_path)


def test_what_the_solver_wrote_is_stored_with_its_verdict(
    database: Engine, tmp_path: Path
) -> None:
    office = Office(database, tmp_path)
    assert office.worker(programs()).work_once()
    run = office.run()
    assert (run.state, run.status, run.gap_msteps) == (
        RunState.DONE,
        RunStatus.OPTIMAL,
        0,
    )
    assert (run.verdict, run.verdict_text) == (Verdict.VERIFIED, "verified")
    assert run.metrics is not None
    assert [stage["metrics"] for stage in run.metrics] == [{"placed": 11}]
    with reading(database) as session:
        rows = session.exec(select(RunFile)).all()
        files = {row.kind: zlib.decompress(row.data) for row in rows}
        actions = session.exec(select(AuditEntry.action).order_by("seq")).all()
        assert find_breaks(session) == []
    assert files[RunFileKind.RESULT] == RESULT.encode()
    assert b'"format":"mobility-instance/1"' in files[RunFileKind.INSTANCE]
    assert actions == ["run:start", "run:finish"]
    assert list((tmp_path / "work").iterdir()) == []


def test_without_a_run_there_is_nothing_to_do(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    worker = Worker(sqlite_engine, make_settings(tmp_path, "unused"), programs())
    assert not worker.work_once()


def test_a_result_that_the_verifier_refuses_is_kept_with_its_reason(
    office: Office,
) -> None:
    refuses = "import sys; print('offer o1 holds 3, capacity 2'); sys.exit(1)"
    office.worker(programs(verify=refuses)).work_once()
    run = office.run()
    assert (run.state, run.verdict) == (RunState.DONE, Verdict.REFUSED)
    assert run.verdict_text == "offer o1 holds 3, capacity 2"
    assert run.metrics is None


FAILURES = {
    "refused input": (
        programs("import sys; print('refused: pins contradict'); sys.exit(2)"),
        "the solver ended with code 2: refused: pins contradict",
    ),
    "a crash with a trace": (
        programs("raise KeyError('o1')"),
        "KeyError: 'o1'",
    ),
    "no memory": (
        programs("raise MemoryError"),
        "the solver ran out of memory; the limit is 0 MiB",
    ),
    "no result": (
        programs(HEAD),
        "cannot read",
    ),
    "garbage that the verifier overlooks": (
        programs(WRITES.replace("optimal", "splendid")),
        "the solver's result is refused: result: status is 'splendid'",
    ),
    "a verifier that breaks": (
        programs(verify="import sys; sys.exit(70)"),
        "the verifier ended with code 70",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_run_that_fails_says_why_and_is_not_tried_again(
    office: Office, name: str
) -> None:
    stand_ins, sentence = FAILURES[name]
    office.worker(stand_ins).work_until_idle()
    run = office.run()
    assert (run.state, run.attempts, run.verdict) == (RunState.FAILED, 1, None)
    assert run.error is not None
    assert sentence in run.error


def test_a_solver_that_is_killed_is_started_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    mark = office.folder / "second"
    dies_once = WRITES.replace(
        "\n",
        f"\nif not pathlib.Path({str(mark)!r}).exists():\n"
        f"    pathlib.Path({str(mark)!r}).touch(); os.kill(os.getpid(), 9)\n",
        1,
    )
    office.worker(programs(dies_once)).work_until_idle()
    assert (office.run().state, office.run().attempts) == (RunState.DONE, 2)
    said = [record.getMessage() for record in caplog.records]
    assert [each for each in said if each.endswith(("given back", "done"))] == [
        f"run {office.run_id}: given back",
        f"run {office.run_id}: done",
    ]


def test_a_solver_that_is_always_killed_fails_its_run(office: Office) -> None:
    dies = HEAD + "os.kill(os.getpid(), 9)"
    office.worker(programs(dies), run_attempts=2).work_until_idle()
    run = office.run()
    assert run.error == "its worker or solver died 2 times; see the server's log"


def test_more_memory_than_the_limit_fails_the_run_in_words(office: Office) -> None:
    takes = "x = bytearray(2**31)"
    office.worker(programs(takes), solver_memory_mb=512).work_until_idle()
    error = office.run().error
    assert error == "the solver ran out of memory; the limit is 512 MiB"


def test_a_solver_that_takes_too_long_is_ended(office: Office) -> None:
    office.worker(programs(WAITS), solver_seconds=1).work_until_idle()
    error = office.run().error
    assert error == "the solver took longer than 1 seconds and was ended"


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_cancelled_run_is_stopped_in_the_middle(office: Office) -> None:
    thread = in_background(office.worker(programs(WAITS)).work_until_idle)
    office.wait_for(lambda run: run.progress == "stage 1 of 3")
    with unit(office.engine) as session:
        session.execute(text("UPDATE run SET cancel_requested = true"))
    thread.join()
    assert office.run().state == RunState.CANCELLED


def test_an_order_to_stop_gives_the_run_back_at_once(office: Office) -> None:
    worker = office.worker(programs(WAITS))
    thread = in_background(worker.work_forever)
    office.wait_for(lambda run: run.state == RunState.RUNNING)
    worker.orders.stop = True
    thread.join()
    run = office.run()
    assert (run.state, run.attempts, run.owner) == (RunState.QUEUED, 0, None)


def test_an_order_to_drain_finishes_the_run_in_hand(office: Office) -> None:
    mark = office.folder / "go on"
    waits = WRITES.replace(
        "\n", f"\nwhile not pathlib.Path({str(mark)!r}).exists(): time.sleep(0.05)\n", 1
    )
    worker = office.worker(programs(waits))
    thread = in_background(worker.work_forever)
    office.wait_for(lambda run: run.state == RunState.RUNNING)
    worker.orders.drain = True
    mark.touch()
    thread.join()
    assert office.run().state == RunState.DONE


def test_a_worker_whose_lease_was_taken_stops_and_writes_nothing(
    office: Office,
) -> None:
    worker = office.worker(programs(WAITS))
    thread = in_background(worker.work_once)
    office.wait_for(lambda run: run.state == RunState.RUNNING)
    with unit(office.engine) as session:
        session.execute(text("UPDATE run SET owner = 'another'"))
    thread.join()
    run = office.run()
    assert (run.state, run.owner) == (RunState.RUNNING, "another")


def test_a_worker_wakes_for_a_run_that_it_is_told_of(office: Office) -> None:
    worker = office.worker(programs(), sweep_seconds=3600)
    with unit(office.engine) as session:
        session.execute(
            text("UPDATE run SET state = 'cancelled', finished_at = '2027-01-01'")
        )
    thread = in_background(worker.work_forever)
    time.sleep(0.3)
    with unit(office.engine) as session:
        session.execute(text("UPDATE run SET state = 'queued', finished_at = NULL"))
    wake(office.engine, office.settings().queue_url, office.run_id)
    office.wait_for(lambda run: run.state == RunState.DONE)
    worker.orders.drain = True
    thread.join()
    assert office.run().enqueued_at is not None


@pytest.mark.parametrize(
    "data",
    [
        b"not json",
        b"[]",
        b'{"status":"optimal"}',
        b'{"status":"optimal","gap_msteps":true}',
        b'{"status":"bounded","gap_msteps":-1}',
        b'{"status":"optimal","gap_msteps":5}',
        b'{"status":"optimal","gap_msteps":0}',
        b'{"status":"optimal","gap_msteps":0,"stages":[1]}',
        b'{"status":"optimal","status":"bounded","gap_msteps":0}',
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidFile, match="result"):
        read_claim(data)
