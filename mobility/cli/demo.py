"""`mobility demo`: build the demo world and run a round in it."""

import json
import os
import secrets
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
from mobility.demo.database import find_demo, make_database
from mobility.demo.play import Say, play
from mobility.demo.solving import solve_with
from mobility.demo.summary import LINE_WIDTH, print_summary, to_json
from mobility.demo.term import next_term
from mobility.jobs.worker import Worker
from mobility.reading.published import PublishedRun, read_published

KEPT = "The demo world is the one built earlier; --fresh builds it anew."


@click.command()
@click.option("--no-serve", is_flag=True, help="Build anew, end after the summary.")
@click.option("--fresh", is_flag=True, help="Build the world anew if there is one.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on stdout.")
@click.option("--seed", default=SEED, help="Another seed is another world.")
@click.option("--schools", type=click.IntRange(4, 60), default=WHOLE.schools)
@click.option("--students", type=click.IntRange(20, 5000), default=WHOLE.published)
@click.option(
    "--database",
    metavar="URL",
    default="",
    help="An empty database, or one with an earlier demo. "
    "Default: demo.sqlite3 in the instance folder.",
)
def command(  # noqa: PLR0913 - one argument for each option
    *,
    no_serve: bool,
    fresh: bool,
    port: int,
    as_json: bool,
    seed: int,
    schools: int,
    students: int,
    database: str,
) -> None:
    """Build the demo world, run a round in it, and serve its pages.

    Schools and cities are real; agreements, places, people and rankings are
    constructed. Last year's round is settled, this year's is frozen, solved, verified
    and published, and the next is open. The pages are on 127.0.0.1 alone.
    """
    settings = read_settings()
    is_built = find_demo(settings.instance_folder, database) is not None
    if no_serve or as_json or fresh or not is_built:
        size = Size(schools, students // 3, published=students, open=students // 13)
        run = run_demo(settings, seed, size, database)
        if as_json:
            click.echo(json.dumps(to_json(run), indent=2))
        else:
            print_summary(run, Console(width=LINE_WIDTH))
    else:
        click.echo(KEPT, err=True)
    if not (no_serve or as_json):
        serve_demo(settings, database, port)


def serve_demo(settings: Settings, database: str, port: int) -> None:
    """Serve the demo's pages on this machine alone, with a worker beside them."""
    url = find_demo(settings.instance_folder, database) or database
    folder = settings.instance_folder / "demo"
    make_folder(folder)
    settings = replace(
        settings,
        instance_folder=folder,
        database_url=url,
        queue_url=f"sqlite:///{folder / 'queue.sqlite'}",
        secret_key=secrets.token_hex(32),
        trusted_hosts="127.0.0.1,localhost",
        public_url=f"http://127.0.0.1:{port}",
    )
    # the worker is a process of its own and reads its settings from here
    os.environ |= {
        "MOBILITY_INSTANCE_FOLDER": str(folder),
        "MOBILITY_DATABASE_URL": settings.database_url,
        "MOBILITY_QUEUE_URL": settings.queue_url,
    }
    # loaded here: a demo that is only built needs no pages
    from mobility.app import create_app
    from mobility.cli.serve import Place, serve

    serve(create_app(settings, is_demo=True), settings, Place(port=port))


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
