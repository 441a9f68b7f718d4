"""The demo's own database: made from scratch each time, and nobody else's ever."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlmodel import select

from mobility.db import Unavailable, make_engine, plain_faults, reading
from mobility.demo.load import BUILD
from mobility.errors import Conflict, InvalidFile
from mobility.migrations.upgrade import require_current, upgrade
from mobility.models import METADATA, AuditEntry
from mobility.reading.rounds import list_rounds

FILE_NAME = "demo.sqlite3"

PLAYED = ("published", "settled", "archived")
"""States of a round whose placements are known."""

LIVED_THROUGH = 2
"""Rounds that have come so far when a build ends."""


def make_database(folder: Path, url: str = "") -> str:
    """Make the demo's empty database and return its address.

    Parameters
    ----------
    folder
        Where the file lies when no address is given.
    url
        A database that is empty or holds an earlier demo; emptied first.

    Raises
    ------
    InvalidFile, Unavailable
        When the file or the database cannot be written.
    Conflict
        When the database at the address holds anything but a demo.
    """
    if url:
        _clear(url)
    else:
        url = f"sqlite:///{folder / FILE_NAME}"
        _remove(folder)
    upgrade(url)
    return url


def find_demo(folder: Path, url: str = "") -> str | None:
    """Return the address of a demo that was built to its end, None without one.

    Parameters
    ----------
    folder, url
        As for `make_database`.
    """
    path = folder / FILE_NAME
    if not url and not path.exists():
        return None
    url = url or f"sqlite:///{path}"
    engine = make_engine(url)
    try:
        require_current(engine)
        with reading(engine) as session:
            states = [row.state for row in list_rounds(session)]
    except Unavailable:
        return None
    finally:
        engine.dispose()
    is_built = sum(state in PLAYED for state in states) >= LIVED_THROUGH
    return url if is_built else None


def _remove(folder: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path = folder / (FILE_NAME + suffix)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            message = f"cannot replace {path}: {error.strerror}"
            raise InvalidFile(message) from error


def _clear(url: str) -> None:
    engine = make_engine(url, foreign_keys=False)
    try:
        with plain_faults(engine):
            tables = inspect(engine).get_table_names()
            if tables and not _is_demo(engine, tables):
                where = engine.url.render_as_string(hide_password=True)
                raise Conflict(
                    f"database {where} holds something else than a demo; "
                    "name an empty one"
                )
            METADATA.drop_all(engine)
            with engine.begin() as connection:
                connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    finally:
        engine.dispose()


def _is_demo(engine: Engine, tables: list[str]) -> bool:
    """Tell whether nothing was ever done in the database, or a demo was first."""
    if AuditEntry.__tablename__ not in tables:
        return False
    with reading(engine) as session:
        first = session.exec(select(AuditEntry).where(AuditEntry.seq == 1)).first()
    return first is None or first.action == BUILD
