"""`mobility db`: make, upgrade and check the database of this installation."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine

from mobility.audit.record import find_breaks
from mobility.clock import now
from mobility.config import Settings, read_settings
from mobility.db import make_engine, reading, transact
from mobility.errors import InvalidFile
from mobility.migrations.upgrade import find_problems, require_current, upgrade
from mobility.records.people import PersonFacts, found_installation


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Engine]:
    """Open the installation's database for a command, its tables being the newest.

    Raises
    ------
    Refused
        When a setting is wrong, or the database cannot be reached or is out of date.
    """
    engine = make_engine((settings or read_settings()).database_url)
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()


@click.group()
def command() -> None:
    """Make, upgrade and check the database."""


@command.command("upgrade")
def upgrade_command() -> None:
    """Make the database, or bring its tables to the newest form."""
    settings = read_settings()
    make_folder(settings.instance_folder)
    upgrade(settings.database_url)
    click.echo("The database's tables are the newest.", err=True)


@command.command("check")
def check_command() -> None:
    """Check the tables, the file and the log; exit 1 with all that is broken."""
    engine = make_engine(read_settings().database_url)
    try:
        problems = find_problems(engine)
        if not problems:
            with reading(engine) as session:
                problems = find_breaks(session)
    finally:
        engine.dispose()
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("The database and its log are whole.", err=True)


@command.command("admin")
@click.argument("name")
@click.argument("email")
def admin_command(name: str, email: str) -> None:
    """Make the first administrator, who gives everybody else a role."""
    facts = PersonFacts(name=name, email=email)
    with open_database() as engine:
        transact(engine, lambda session: found_installation(session, facts, at=now()))
    click.echo(f"{name} is the administrator.", err=True)


def make_folder(folder: Path) -> None:
    """Make the installation's folder where it is missing.

    Raises
    ------
    InvalidFile
        When it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidFile(f"cannot make {folder}: {error.strerror}") from error
