"""The migrations make exactly the tables that the models describe."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from mobility.db import make_engine
from mobility.models import METADATA

POSTGRES_CONSTRAINTS = """
    SELECT conrelid::regclass::text || ' ' || conname
        || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
POSTGRES_INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
POSTGRES_COLUMNS = """
    SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable
        || ' ' || coalesce(character_maximum_length::text, '')
        || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
"""


@pytest.fixture
def described(database: Engine, tmp_path: Path) -> Iterator[Engine]:
    """Return a second database, made straight from the models."""
    if database.dialect.name == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path}/described.sqlite")
    else:
        engine = make_engine(database.url.render_as_string(hide_password=False))
        with engine.begin() as connection:
            connection.execute(text("ALTER SCHEMA public RENAME TO migrated"))
            connection.execute(text("CREATE SCHEMA public"))
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


def test_migrated_tables_equal_the_models_with_every_constraint(
    database: Engine, request: pytest.FixtureRequest
) -> None:
    with database.connect() as connection:
        migrated = schema_of(connection)
    described = request.getfixturevalue("described")
    with described.connect() as connection:
        modelled = schema_of(connection)
    assert migrated - modelled == set()
    assert modelled - migrated == set()
    assert len(modelled) > 100


def schema_of(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(_sqlite_schema(connection))
    queries = (POSTGRES_CONSTRAINTS, POSTGRES_INDEXES, POSTGRES_COLUMNS)
    rows = {row for query in queries for row in connection.scalars(text(query))}
    return {row for row in rows if "alembic_version" not in row}


def _sqlite_schema(connection: Connection) -> Iterator[str]:
    """Yield each line of each table's own text: columns and constraints alike."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    for name, sql in connection.execute(text(query)):
        if name == "alembic_version":
            continue
        for line in sql.splitlines():
            words = re.sub(r"[\s,]+", " ", line).strip()
            # a table that a migration rebuilt has its name in quotes
            words = words.replace(f'CREATE TABLE "{name}"', f"CREATE TABLE {name}")
            yield f"{name}: {words}"
