"""Upgrades keep every row, and say what is wrong where they cannot."""

from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from builders import add_institution, add_student, fill_every_table
from sqlalchemy import Column, Engine, Integer, func, select, text

from mobility.db import Unavailable, make_engine, unit
from mobility.migrations.upgrade import find_problems, require_current, upgrade
from mobility.models import METADATA


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
