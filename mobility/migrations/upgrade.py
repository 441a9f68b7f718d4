"""Making, upgrading and checking a database. Imported by the command line and tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from mobility.db import Unavailable, make_engine, plain_faults

FOLDER = Path(__file__).resolve().parent

LOCK = 5_150_220_616
"""PostgreSQL's advisory lock that upgrades compete for; any number would do."""


def upgrade(url: str) -> None:
    """Bring a database to the newest tables, all of the way or not at all.

    Raises
    ------
    Unavailable
        When the database cannot be reached or written, or a row would lose its parent.
    """
    # rebuilding an SQLite table with foreign keys on would silently delete child rows
    engine = make_engine(url, foreign_keys=False)
    try:
        with plain_faults(engine), engine.begin() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            if not is_sqlite:
                query = text("SELECT pg_advisory_xact_lock(:lock)")
                connection.execute(query, {"lock": LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if is_sqlite:
                _refuse(_orphans(connection))
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """Refuse to go on with a database whose tables are not the newest.

    Raises
    ------
    Unavailable
        Saying which command to call.
    """
    with plain_faults(engine), _read_only(engine) as connection:
        _refuse(_revision_problems(connection))


def find_problems(engine: Engine) -> list[str]:
    """Return what is wrong with the tables and the file; empty when all is well."""
    with plain_faults(engine), _read_only(engine) as connection:
        problems = _revision_problems(connection)
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            problems += [f"integrity: {row}" for row in rows if row != "ok"]
            problems += _orphans(connection)
    return problems


def _read_only(engine: Engine) -> Connection:
    return engine.execution_options(read_only=True).connect()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision_problems(connection: Connection) -> list[str]:
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return []
    if current is None:
        return ["the database has no tables yet; call `mobility db upgrade`"]
    message = f"the database's tables are of revision {current}, not {newest}"
    return [f"{message}; call `mobility db upgrade` with the newer program"]


def _orphans(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        f"table {table}, row {row}: its parent in table {parent} is missing"
        for table, row, parent, _ in rows
    ]


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Unavailable(problems)
