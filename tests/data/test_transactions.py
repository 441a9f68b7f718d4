"""Units of work: whole or absent, run again where the database asks, read beside."""

import threading
from collections.abc import Callable

import pytest
from builders import add_institution
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from mobility.db import (
    Unavailable,
    database_now,
    make_engine,
    reading,
    transact,
    unit,
)
from mobility.errors import InvalidInput
from mobility.models import Institution


def names(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(Institution.hei_id)))


class Interrupted(Exception):
    """What goes wrong in the middle of a unit."""


def test_an_error_in_the_middle_leaves_nothing(database: Engine) -> None:
    def work(session: Session) -> None:
        add_institution(session)
        raise Interrupted

    with pytest.raises(Interrupted):
        transact(database, work)
    assert names(database) == []


def test_a_reader_sees_the_last_commit_while_a_writer_writes(database: Engine) -> None:
    with unit(database) as session:
        add_institution(session, "uu.se")
        assert names(database) == []
    assert names(database) == ["uu.se"]


def test_a_reading_transaction_cannot_write(database_url: str) -> None:
    engine = make_engine(database_url, read_only=True)
    with (
        pytest.raises(Unavailable, match="it may not be written"),
        unit(engine) as session,
    ):
        add_institution(session)
    engine.dispose()


def test_writers_wait_for_each_other_and_none_is_lost(database: Engine) -> None:
    def work(number: int) -> Callable[[Session], int]:
        return lambda session: add_institution(session, f"hei-{number}.se")

    threads = [
        threading.Thread(target=transact, args=(database, work(n))) for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(database)) == 12


def test_every_connection_of_sqlite_is_durable_and_checks_parents(
    sqlite_url: str,
) -> None:
    engine = make_engine(sqlite_url)
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with engine.connect() as first, engine.connect():
        found = [first.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1, 30_000]
    engine.dispose()


@pytest.mark.postgres
def test_a_deadlock_runs_the_whole_unit_again(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with unit(engine) as session:
        for hei_id in ("a.se", "b.se"):
            add_institution(session, hei_id)
    meeting = threading.Barrier(2, timeout=60)
    attempts: list[str] = []

    def work(first: str, second: str) -> Callable[[Session], None]:
        def touch(session: Session) -> None:
            attempts.append(first)
            lock(session, first)
            if attempts.count(first) == 1:
                meeting.wait()
            lock(session, second)

        return touch

    pairs = (("a.se", "b.se"), ("b.se", "a.se"))
    threads = [
        threading.Thread(target=transact, args=(engine, work(*pair))) for pair in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        counts = session.exec(select(Institution.exchange_tolerance)).all()
    assert counts == [2, 2]
    assert len(attempts) > 2
    engine.dispose()


def lock(session: Session, hei_id: str) -> None:
    statement = text(
        "UPDATE institution SET exchange_tolerance = exchange_tolerance + 1"
        " WHERE hei_id = :hei_id"
    )
    session.execute(statement, {"hei_id": hei_id})


def test_a_failure_that_would_repeat_itself_is_not_tried_again(
    database: Engine,
) -> None:
    attempts: list[int] = []

    def work(session: Session) -> None:
        attempts.append(1)
        session.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError):
        transact(database, work)
    assert len(attempts) == 1


def test_the_database_clock_does_not_run_backwards(database: Engine) -> None:
    with reading(database) as session:
        first, second = database_now(session), database_now(session)
    assert first <= second
    assert first.utcoffset() is not None


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "postgresql://localhost/x", "mobility.sqlite", ""]
)
def test_the_address_of_another_database_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="database_url"):
        make_engine(url)
