"""Engines and transactions: the only place that knows which database is in use.

Entry points open a unit of work here and hand its session down; nothing below commits.
What fails for a reason outside the service is refused in a plain sentence.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlmodel import Session

from mobility.errors import InvalidInput, Refused

T = TypeVar("T")

ATTEMPTS = 8
"""How often a unit is run again after a deadlock or a serialisation failure."""

BUSY_MS = 30_000
"""How long a writer waits for its turn on SQLite."""

RETRIED = ("40001", "40P01")
"""PostgreSQL's serialisation failure and deadlock: the unit may simply run again."""

SENTENCES = {
    "SQLITE_FULL": "the disk is full; nothing was saved",
    "SQLITE_READONLY": "it may not be written; nothing was saved",
    "SQLITE_CANTOPEN": "it cannot be opened; does its folder exist?",
    "SQLITE_BUSY": "another program has kept it locked; nothing was saved",
    "SQLITE_NOTADB": "it is not an SQLite database",
    "SQLITE_CORRUPT": "its file is damaged; restore a backup",
    "SQLITE_IOERR": "its disk cannot be read or written; nothing was saved",
    "53100": "its disk is full; nothing was saved",
    "25006": "it may not be written; nothing was saved",
}
"""Why a database did not do what it was asked, by SQLite's or PostgreSQL's code."""


class Unavailable(Refused):
    """The database cannot be reached, read or written."""

    code = "unavailable"


def make_engine(
    url: str, *, read_only: bool = False, foreign_keys: bool = True
) -> Engine:
    """Return an engine whose every connection is durable and checks foreign keys.

    Parameters
    ----------
    url
        `sqlite:///PATH` or `postgresql+psycopg://...`.
    read_only
        Every connection refuses to write.
    foreign_keys
        False for migrations alone: rebuilding a table would delete its child rows.

    Raises
    ------
    InvalidInput
        When the address is of no database that is known here.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
            return _sqlite(url, read_only=read_only, foreign_keys=foreign_keys)
        if parsed.drivername == "postgresql+psycopg":
            return _postgresql(url, read_only=read_only)
    except (ArgumentError, NoSuchModuleError) as error:
        raise InvalidInput("database_url is not the address of a database") from error
    message = f"database_url starts with {parsed.drivername!r}"
    raise InvalidInput(f"{message}, must be 'sqlite' or 'postgresql+psycopg'")


def _sqlite(url: str, *, read_only: bool, foreign_keys: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # without this, Python's driver begins transactions by its own rules
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    def begin(connection: Connection) -> None:
        # a deferred transaction that turns into a writer fails at once under load
        reads = read_only or connection.get_execution_options().get("read_only")
        # a reader cannot write even by mistake; connections are used by both in turn
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
        cursor.close()
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _postgresql(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c synchronous_commit=on"},
    )

    def begin(connection: Connection) -> None:
        if read_only or connection.get_execution_options().get("read_only"):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    event.listen(engine, "begin", begin)
    return engine


@contextmanager
def unit(engine: Engine) -> Iterator[Session]:
    """Open one transaction: committed at the end of the block, undone by an error."""
    with (
        plain_faults(engine),
        Session(engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a transaction that only reads; it never waits for a writer."""
    with unit(engine.execution_options(read_only=True)) as session:
        yield session


def transact(engine: Engine, work: Callable[[Session], T]) -> T:
    """Run a unit of work, again from its start when the database asks for it.

    Parameters
    ----------
    work
        What to do in the transaction. It must do nothing outside the session, since it
        may run up to `ATTEMPTS` times.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            with unit(engine) as session:
                return work(session)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED:
                raise
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads the retries, keeps no secret
    with unit(engine) as session:
        return work(session)


@contextmanager
def plain_faults(engine: Engine) -> Iterator[None]:
    """Turn failures of the database itself into refusals that name it."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise Unavailable(f"database {where}: {sentence}") from error


def _sentence(error: DBAPIError) -> str | None:
    original: Any = error.orig
    name = getattr(original, "sqlite_errorname", None) or ""
    for code, sentence in SENTENCES.items():
        if name.startswith(code) or getattr(original, "sqlstate", None) == code:
            return sentence
    if error.connection_invalidated or _never_connected(error):
        return "it cannot be reached; nothing was saved"
    return None


def _never_connected(error: DBAPIError) -> bool:
    is_sqlite = isinstance(error.orig, sqlite3.Error)
    return not is_sqlite and error.statement is None


def database_now(session: Session) -> datetime:
    """Return the instant by the database's clock, which all workers share."""
    if session.get_bind().dialect.name == "sqlite":
        query = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
        return datetime.fromisoformat(session.scalar(text(query))).replace(tzinfo=UTC)
    instant: datetime = session.scalar(text("SELECT clock_timestamp()"))
    return instant.astimezone(UTC)
