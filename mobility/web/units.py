"""Transactions of a request: `read()` for GET, one `write()` for POST.

The session they yield is opaque here: it is handed on to `records`, `rounds` and
`reading`, which are the ones to ask it anything.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from flask import Flask, current_app

from mobility import db

Unit: TypeAlias = Any
"""A transaction to hand on."""

T = TypeVar("T")

KEY = "mobility-engine"
WAKE = "mobility-wake"


def init_units(app: Flask, engine: Any, wake: Callable[[int], None]) -> None:  # noqa: ANN401 - opaque to the web
    """Bind the application to its database and to a way of waking a worker."""
    app.extensions[KEY] = engine
    app.extensions[WAKE] = wake


@contextmanager
def read() -> Iterator[Unit]:
    """Open a transaction that only reads; it never waits for a writer."""
    with db.reading(current_app.extensions[KEY]) as session:
        yield session


@contextmanager
def write() -> Iterator[Unit]:
    """Open the request's one writing transaction: saved whole, or not at all."""
    with db.unit(current_app.extensions[KEY]) as session:
        yield session


def transact(work: Callable[[Unit], T]) -> T:
    """Do the request's one unit of work, again when the database asks for it.

    Parameters
    ----------
    work
        It must do nothing outside the session, since it may run more than once.
    """
    return db.transact(current_app.extensions[KEY], work)


def wake(run_id: int) -> None:
    """Tell a worker of a queued run, after the unit that queued it."""
    current_app.extensions[WAKE](run_id)
