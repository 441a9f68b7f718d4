"""`mobility demo`: build the demo world and run a round in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from rich.console import Console

from mobility.cli.db import make_folder
from mobility.clock import now
from mobility.config import Settings, read_settings
from mobility.db import make_engine, reading
from mobility.demo.build import SEED, WHOLE, Size, build_world
from mobility.demo.database import make_database
from mobility.demo.play import Say, play
from mobility.demo.solving import solve_with
from mobility.demo.summary import LINE_WIDTH, print_summary, to_json
from mobility.demo.term import next_term
from mobility.jobs.worker import Worker
from mobility.reading.published import PublishedRun, read_published

NO_PAGES = "This version has no pages yet: the demo ends here."


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the summary.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on stdout.")
@click.option("--seed", default=SEED, help="Another seed is another world.")
@click.option("--schools", type=click.IntRange(4, 60), default=WHOLE.schools)
@click.option("--students", type=click.IntRange(20, 5000), default=WHOLE.published)
@click.option(
    "--database",
    metavar="URL",
    default="",
    help="An empty database, or one with an earlier demo, which is emptied. "
    "Default: demo.sqlite3 in the instance folder, made anew each time.",
)
def command(
    *,
    no_serve: bool,
    as_json: bool,
    seed: int,
    schools: int,
    students: int,
    database: str,
) -> None:
    """Build the demo world and run a round in it, from data to published placements.

    Schools and cities are real; agreements, places, people and rankings are
    constructed. Last year's round is settled, this year's is frozen, solved, verified
    and published, and the next is open.
    """
    size = Size(schools, settled=students // 3, published=students, open=students // 13)
    run = run_demo(read_settings(), seed, size, database)
    if as_json:
        click.echo(json.dumps(to_json(run), indent=2))
    else:
        print_summary(run, Console(width=LINE_WIDTH))
    if not no_serve:
        click.echo(NO_PAGES, err=True)


def run_demo(settings: Settings, seed: int, size: Size, database: str) -> PublishedRun:
    """Build the world, live through its rounds, and return the published run."""
    make_folder(settings.instance_folder)
    url = make_database(settings.instance_folder, database)
    settings = replace(settings, database_url=url)
    instant = now()
    engine = make_engine(url)
    try:
        with progress() as say:
            say(f"building the world of seed {seed}")
            world = build_world(seed, size, next_term(instant.date()))
            solve = solve_with(Worker(engine, settings))
            play(engine, world, solve=solve, say=say, now=instant)
        with reading(engine) as session:
            return read_published(session, world.rounds[1].key)
    finally:
        engine.dispose()


@contextmanager
def progress() -> Iterator[Say]:
    """Give a way to say on stderr what goes on: a live line, or plain lines."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: click.echo(text, err=True)
        return
    with console.status("") as status:
        yield status.update
