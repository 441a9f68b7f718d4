"""`mobility serve`: the pages of this installation, with a worker beside them."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
import waitress
from flask import Flask

from mobility.app import create_app, settle_heap
from mobility.cli.db import open_database
from mobility.config import Settings, read_settings
from mobility.errors import InvalidInput
from mobility.jobs.supervise import supervise
from mobility.jobs.worker import Orders

LARGEST_BODY = 20_000_000
"""Bytes that are received before the application is asked; it refuses less."""

DEBUG_VARIABLES = ("FLASK_DEBUG", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where pages are served, and by how many.

    Parameters
    ----------
    workers
        Processes that solve runs, 0 or more.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option("--web-only", is_flag=True, help="Start no worker: it runs elsewhere.")
def command(*, host: str, port: int, threads: int, web_only: bool) -> None:
    """Serve the pages, and solve queued runs beside them, until stopped.

    Needs MOBILITY_SECRET_KEY and MOBILITY_TRUSTED_HOSTS, or the same in settings.toml.
    """
    refuse_debug()
    settings = read_settings()
    app = create_app(settings)
    with open_database(settings):
        pass
    workers = 0 if web_only else 1
    serve(app, settings, Place(host=host, port=port, threads=threads, workers=workers))


def refuse_debug() -> None:
    """Refuse to serve with a debugger, which runs whatever it is sent.

    Raises
    ------
    InvalidInput
        Naming what switches it on.
    """
    on = [
        name for name in DEBUG_VARIABLES if os.environ.get(name, "0") not in ("", "0")
    ]
    if on:
        raise InvalidInput(
            [f"{name} is set: pages are not served in debug mode" for name in on]
        )


def serve(app: Flask, settings: Settings, place: Place) -> None:
    """Serve an application until SIGINT or SIGTERM; a run in hand is finished first.

    Raises
    ------
    InvalidInput
        When the port is taken.
    """
    _check_free(place)
    server = waitress.create_server(
        app,
        host=place.host,
        port=place.port,
        threads=place.threads,
        url_scheme="https" if settings.is_https else "http",
        trusted_proxy=settings.trusted_proxy or None,
        trusted_proxy_headers=_proxy_headers(settings),
        clear_untrusted_proxy_headers=True,
        max_request_body_size=LARGEST_BODY,
        ident=None,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settle_heap()
    with _workers(place.workers):
        click.echo(f"Serving on http://{place.host}:{place.port}", err=True)
        server.run()


def _check_free(place: Place) -> None:
    """Refuse a taken port in words; waitress would leave its own socket open."""
    try:
        socket.create_server((place.host, place.port)).close()
    except OSError as error:
        where = f"{place.host}:{place.port}"
        message = f"cannot serve on {where}: {error.strerror or error}; see --port"
        raise InvalidInput(message) from error


def _proxy_headers(settings: Settings) -> set[str]:
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return headers if settings.trusted_proxy else set()


@contextmanager
def _workers(count: int) -> Iterator[None]:
    """Keep workers running; at the end they finish the run in hand."""
    if count == 0:
        yield
        return
    orders = Orders()
    thread = threading.Thread(target=supervise, args=(count, orders), name="workers")
    thread.start()
    try:
        yield
    finally:
        orders.drain = True
        _wait(thread, orders)


def _wait(thread: threading.Thread, orders: Orders) -> None:
    """Wait for the workers; a second Ctrl-C does not wait for the run in hand."""
    try:
        thread.join()
    except KeyboardInterrupt:
        orders.stop = True
        thread.join()
