"""Waking workers: a queue that carries run ids and may be lost at any time.

Of huey only the storage is used. Messages are digits, not pickled tasks: who can write
to the queue can wake a worker, no more. What the queue loses, the workers' sweep finds.
"""

import logging
import sqlite3
import time
from typing import Any
from urllib.parse import urlsplit

import psycopg
from huey import storage
from huey.exceptions import ConfigurationError
from sqlalchemy import Engine
from sqlmodel import Session, col, update

from mobility.db import database_now, transact
from mobility.errors import InvalidInput
from mobility.models import Run

NAME = "mobility-runs"
POLL_SECONDS = 0.2
"""How often a queue that cannot wait by itself is looked at."""

logger = logging.getLogger(__name__)

LOST: tuple[type[Exception], ...] = (
    sqlite3.Error,
    psycopg.Error,
    OSError,
    # what the optional package `redis` raises; None without it
    *(kind for kind in (storage.ConnectionError, storage.TimeoutError) if kind),
)
"""How a queue fails that cannot be reached."""


class Queue:
    """A queue of run ids.

    Parameters
    ----------
    url
        The setting `queue_url`.

    Raises
    ------
    InvalidInput
        When the address is of no queue that is known here.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._storage: Any = None
        if urlsplit(url).scheme not in ("sqlite", "postgresql", "redis"):
            rule = "must start with 'sqlite:', 'postgresql:' or 'redis:'"
            raise InvalidInput(f"queue_url {rule}")

    def put(self, run_id: int) -> bool:
        """Tell a worker of a run; say whether the queue took it."""
        try:
            self._open().enqueue(str(run_id).encode())
        except LOST as error:
            logger.warning("the queue cannot be written: %s", error)
            self.close()
            return False
        return True

    def take(self, seconds: float) -> int | None:
        """Return the next run id, waiting for it; None when none came in time."""
        end = time.monotonic() + seconds
        while True:
            message = self._dequeue(seconds)
            if message is not None and message.isdigit():
                return int(message)
            if time.monotonic() >= end:
                return None
            time.sleep(min(POLL_SECONDS, seconds))

    def _dequeue(self, seconds: float) -> bytes | None:
        try:
            opened = self._open()
            opened.read_timeout = seconds
            message = opened.dequeue()
        except LOST as error:
            logger.warning("the queue cannot be read: %s", error)
            self.close()
            time.sleep(seconds)
            return None
        return None if message is None else bytes(message)

    def close(self) -> None:
        """Let go of the connection; it is made anew when needed."""
        if self._storage is not None:
            self._storage.close()
            self._storage = None

    def _open(self) -> Any:  # noqa: ANN401 - huey has no types
        if self._storage is None:
            self._storage = _make_storage(self._url)
        return self._storage


def wake(engine: Engine, queue_url: str, run_id: int) -> None:
    """Tell a worker of a run whose row has been committed.

    Nothing is lost when the queue is: then the row stays without `enqueued_at`, and the
    workers' sweep finds it.
    """
    queue = Queue(queue_url)
    try:
        if queue.put(run_id):
            transact(engine, lambda session: _mark(session, run_id))
    finally:
        queue.close()


def _mark(session: Session, run_id: int) -> None:
    instant = database_now(session)
    session.exec(update(Run).where(col(Run.id) == run_id).values(enqueued_at=instant))


def _make_storage(url: str) -> Any:  # noqa: ANN401 - huey has no types
    scheme = urlsplit(url).scheme
    try:
        if scheme == "sqlite":
            path = url.removeprefix("sqlite:///")
            return storage.SqliteStorage(NAME, filename=path)
        if scheme == "postgresql":
            return storage.PostgresStorage(NAME, dsn=url)
        return storage.RedisStorage(NAME, url=url)
    except ConfigurationError as error:
        raise InvalidInput(f"queue_url: {error}") from error
