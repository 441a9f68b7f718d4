"""What the commands of `mobility round` share: who acts, one unit of work, output."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

import click
from sqlmodel import Session

from mobility.cli.db import open_database
from mobility.clock import now
from mobility.config import read_settings
from mobility.db import reading, transact
from mobility.jobs.wake import wake
from mobility.models import Person
from mobility.records.people import person_of
from mobility.rounds.deadlines import to_text

T = TypeVar("T")

by_option = click.option(
    "--by",
    "email",
    required=True,
    metavar="EMAIL",
    help="Who acts; the roles of this person decide whether she may.",
)
reason_option = click.option(
    "--reason", default="", metavar="TEXT", help="Why; kept in the log."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON alone on stdout."
)
key_argument = click.argument("key", metavar="ROUND")


def act(email: str, work: Callable[[Session, Person, datetime], T]) -> T:
    """Run an act of a person in one transaction: all of it is saved, or nothing."""

    def unit(session: Session) -> T:
        return work(session, person_of(session, email), now())

    with open_database() as engine:
        return transact(engine, unit)


def wake_workers(runs: list[int]) -> None:
    """Tell the workers of saved runs; without it their sweep finds them later."""
    settings = read_settings()
    with open_database() as engine:
        for run in runs:
            wake(engine, settings.queue_url, run)


def look(work: Callable[[Session], T]) -> T:
    """Read from the database without waiting for anybody."""
    with open_database() as engine, reading(engine) as session:
        return work(session)


def print_json(value: object) -> None:
    """Print a value as JSON, instants in UTC."""
    click.echo(json.dumps(value, default=_to_plain, ensure_ascii=False, indent=2))


def _to_plain(value: Any) -> object:  # noqa: ANN401 - whatever json.dumps cannot write
    return to_text(value) if isinstance(value, datetime) else asdict(value)


def print_fields(rows: list[tuple[str, str]]) -> None:
    """Print names and values in two columns, rows without a value left out."""
    width = max(len(name) for name, _ in rows) + 2
    for name, value in rows:
        if value:
            click.echo(f"{name:<{width}}{value}")


def print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table under its headings, or "none" when it is empty."""
    if not rows:
        click.echo("none")
        return
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
