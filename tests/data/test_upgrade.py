"""Upgrades keep every row, and say what is wrong where they cannot."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from builders import AT, add_institution, add_round, add_student, fill_every_table
from sqlalchemy import Column, Connection, Engine, Integer, func, inspect, select, text
from sqlmodel import select as select_rows

from mobility.db import Unavailable, make_engine, reading, unit
from mobility.migrations.upgrade import (
    FOLDER,
    find_problems,
    require_current,
    upgrade,
)
from mobility.models import METADATA, Round, RoundState, Run


def rows_by_table(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
        }


def test_an_upgrade_with_rows_in_every_table_keeps_them(database: Engine) -> None:
    with unit(database) as session:
        fill_every_table(session)
    before = rows_by_table(database)
    assert 0 not in before.values()
    upgrade(database.url.render_as_string(hide_password=False))
    assert rows_by_table(database) == before
    assert find_problems(database) == []


def downgrade_by_copying(filled: Engine, folder: Path, revision: str) -> Engine:
    """Return a database of an earlier revision with the rows of a filled one."""
    if filled.dialect.name == "sqlite":
        url = f"sqlite:///{folder}/earlier.sqlite"
        setup = [f"ATTACH '{filled.url.database}' AS filled"]
    else:
        url = filled.url.render_as_string(hide_password=False)
        with filled.begin() as connection:
            connection.execute(text("ALTER SCHEMA public RENAME TO filled"))
            connection.execute(text("CREATE SCHEMA public"))
        setup = ["SET session_replication_role = replica"]  # parents come in any order
    engine = make_engine(url, foreign_keys=False)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with engine.connect() as connection:
        for statement in setup:
            connection.exec_driver_sql(statement)
        copy_rows(connection)
        connection.commit()
    return engine


def copy_rows(connection: Connection) -> None:
    inspector = inspect(connection)
    schema = None if connection.dialect.name == "sqlite" else "public"
    for table in set(inspector.get_table_names(schema)) - {"alembic_version"}:
        columns = (column["name"] for column in inspector.get_columns(table, schema))
        names = ", ".join(f'"{name}"' for name in columns)
        connection.exec_driver_sql(f"DELETE FROM {table}")
        statement = f"INSERT INTO {table} ({names}) SELECT {names} FROM filled.{table}"
        connection.exec_driver_sql(statement)


def test_rounds_published_before_answers_had_a_last_day_keep_everything(
    database: Engine, tmp_path: Path
) -> None:
    with unit(database) as session:
        fill_every_table(session)
        a_round = session.exec(select_rows(Round)).one()
        run = session.exec(select_rows(Run.id)).one()
        a_round.published_run_id, a_round.published_verdict = run, "verified"
        a_round.state = RoundState.PUBLISHED
        session.flush()
        add_round(session, "next")
    before = rows_by_table(database) | {"travel_report": 0}  # made by 0005
    earlier = downgrade_by_copying(database, tmp_path, "0002")
    known = {*inspect(earlier).get_table_names()}
    upgrade(earlier.url.render_as_string(hide_password=False))
    after = rows_by_table(earlier)
    assert {name: after[name] for name in known & {*after}} == {
        name: before[name] for name in known & {*before}
    }
    assert find_problems(earlier) == []
    with reading(earlier) as session:
        rows = {row.key: row for row in session.exec(select_rows(Round))}
    told = rows["2027-spring"]
    assert (told.state, told.answers_until) == (RoundState.PUBLISHED, None)
    assert (told.published_at, rows["next"].published_at) == (AT, None)
    earlier.dispose()


def test_rebuilding_a_table_as_a_migration_does_keeps_its_children(
    sqlite_url: str,
) -> None:
    engine = make_engine(sqlite_url, foreign_keys=False)
    with unit(engine) as session:
        student = add_student(session, add_institution(session))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("institution", recreate="always") as batch:
            batch.add_column(Column("rating", Integer))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT id FROM student")) == student
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()


def test_a_row_without_its_parent_stops_an_upgrade_and_a_check(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url, foreign_keys=False)
    with engine.begin() as connection:
        statement = "INSERT INTO quota_offer (quota_id, offer_id) VALUES (7, 8)"
        connection.execute(text(statement))
    with pytest.raises(Unavailable, match="table quota_offer, row 1: its parent in"):
        upgrade(sqlite_url)
    assert len(find_problems(engine)) == 2
    engine.dispose()


def test_an_empty_database_is_refused_with_the_command_to_call(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new.sqlite")
    with pytest.raises(Unavailable, match="call `mobility db upgrade`"):
        require_current(engine)
    engine.dispose()


def test_a_folder_that_is_missing_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="it cannot be opened"):
        upgrade(f"sqlite:///{tmp_path}/nowhere/new.sqlite")


def test_a_file_that_is_no_database_is_a_plain_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("Dear Bob, " * 200)
    with pytest.raises(Unavailable, match="it is not an SQLite database"):
        upgrade(f"sqlite:///{path}")


def test_no_password_is_in_a_refusal() -> None:
    url = "postgresql+psycopg://dana:secret@127.0.0.1:1/none"
    with pytest.raises(Unavailable, match="it cannot be reached") as caught:
        upgrade(url)
    assert "secret" not in str(caught.value)
