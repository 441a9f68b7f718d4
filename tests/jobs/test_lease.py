"""A run is one worker's at a time, whatever happens to workers."""

import threading
from datetime import timedelta

import pytest
from queued_runs import add_queued_run, add_run_on
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from mobility.audit.record import find_breaks
from mobility.db import reading, transact, unit
from mobility.jobs.lease import (
    Lease,
    claim,
    end,
    give_back,
    is_idle,
    renew,
    sweep,
    write,
)
from mobility.models import AuditEntry, Round, Run, RunState


def take(session: Session, run: int, owner: str, seconds: int = 60) -> bool:
    return claim(session, Lease(run, owner), seconds=seconds, attempts=3)


def queued(engine: Engine) -> int:
    with unit(engine) as session:
        return add_queued_run(session)


def row(engine: Engine, run: int) -> Run:
    with reading(engine) as session:
        return session.get_one(Run, run)


def fall_silent(engine: Engine) -> None:
    """Let every lease have run out, as if workers had been dead for a day."""
    with unit(engine) as session:
        for run in session.exec(select(Run).where(Run.state == RunState.RUNNING)):
            assert run.lease_until is not None
            run.lease_until -= timedelta(days=1)


def fail(session: Session, lease: Lease) -> bool:
    return end(session, lease, RunState.FAILED, {"error": "x"}, {})


def test_of_many_workers_at_once_one_gets_the_run(database: Engine) -> None:
    run = queued(database)
    won: list[str] = []

    def work(owner: str) -> None:
        if transact(database, lambda session: take(session, run, owner)):
            won.append(owner)

    threads = [threading.Thread(target=work, args=(f"{n:032x}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert row(database, run).owner == won[0]
    assert row(database, run).attempts == 1


def test_a_claimed_run_is_nobody_elses_until_its_worker_falls_silent(
    database: Engine,
) -> None:
    run = queued(database)
    with unit(database) as session:
        assert take(session, run, "alice")
        assert not take(session, run, "bob")
        assert sweep(session, attempts=3) == []
    fall_silent(database)
    with unit(database) as session:
        assert sweep(session, attempts=3) == [run]
        assert take(session, run, "bob")
    assert row(database, run).attempts == 2


def test_a_worker_that_lost_its_run_can_write_nothing(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")
    fall_silent(database)
    lease = Lease(run, "alice")
    with unit(database) as session:
        take(session, run, "bob")
        assert not renew(session, lease, "half way", seconds=60).is_mine
        assert not write(session, lease, {"progress": "half way"})
        assert not give_back(session, lease, is_attempt=True)
        assert not fail(session, lease)
    now = row(database, run)
    assert (now.owner, now.state, now.progress) == ("bob", RunState.RUNNING, "")


def test_renewing_holds_the_run_and_reads_whether_it_is_wanted(
    database: Engine,
) -> None:
    run = queued(database)
    lease = Lease(run, "alice")
    with unit(database) as session:
        take(session, run, "alice", seconds=1)
    before = row(database, run).lease_until
    with unit(database) as session:
        renewal = renew(session, lease, "stage 2 of 3", seconds=600)
        assert (renewal.is_mine, renewal.is_cancelled) == (True, False)
    after = row(database, run)
    assert before is not None
    assert after.lease_until is not None
    assert after.lease_until > before
    assert after.progress == "stage 2 of 3"
    with unit(database) as session:
        session.execute(text("UPDATE run SET cancel_requested = true"))
        assert renew(session, lease, "", seconds=600).is_cancelled


def test_a_run_given_back_waits_again(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")
        assert give_back(session, Lease(run, "alice"), is_attempt=False)
    now = row(database, run)
    assert (now.state, now.owner, now.attempts) == (RunState.QUEUED, None, 0)
    with unit(database) as session:
        take(session, run, "alice")
        give_back(session, Lease(run, "alice"), is_attempt=True)
    assert row(database, run).attempts == 1


def test_a_run_whose_workers_keep_dying_has_failed(database: Engine) -> None:
    run = queued(database)
    for number in range(3):
        with unit(database) as session:
            assert take(session, run, f"worker {number}")
        fall_silent(database)
    with unit(database) as session:
        assert not take(session, run, "worker 3")
        assert sweep(session, attempts=3) == []
        assert is_idle(session)
    now = row(database, run)
    assert now.state == RunState.FAILED
    assert now.error == "its worker or solver died 3 times; see the server's log"


def test_a_cancelled_run_whose_worker_died_ends(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")
        session.execute(text("UPDATE run SET cancel_requested = true"))
    fall_silent(database)
    with unit(database) as session:
        assert not take(session, run, "bob")
        assert sweep(session, attempts=3) == []
    assert row(database, run).state == RunState.CANCELLED


def test_an_ended_run_is_never_claimed_again(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")
        assert fail(session, Lease(run, "alice"))
        assert not fail(session, Lease(run, "alice"))
        assert not take(session, run, "bob")
    assert row(database, run).state == RunState.FAILED


def test_the_oldest_run_comes_first(database: Engine) -> None:
    first = queued(database)
    with unit(database) as session:
        a_round = session.exec(select(Round)).one()
        second = add_run_on(session, a_round)
        assert sweep(session, attempts=3) == [first, second]
        assert not is_idle(session)


def test_starts_and_ends_are_in_the_log(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")
        fail(session, Lease(run, "alice"))
    with reading(database) as session:
        entries = session.exec(select(AuditEntry).order_by("seq")).all()
        assert find_breaks(session) == []
    assert [(e.actor, e.action, e.subject) for e in entries] == [
        ("worker", "run:start", "round:2027-spring"),
        ("worker", "run:fail", "round:2027-spring"),
    ]


def test_a_run_that_is_not_judged_cannot_be_done(database: Engine) -> None:
    run = queued(database)
    with unit(database) as session:
        take(session, run, "alice")

    def work(session: Session) -> None:
        end(session, Lease(run, "alice"), RunState.DONE, {}, {})

    with pytest.raises(IntegrityError, match="done"):
        transact(database, work)
    assert row(database, run).state == RunState.RUNNING
