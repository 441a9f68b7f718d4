"""What each person reaches by links alone, opened with Flask's test client."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urljoin, urlsplit

from demo_world import DemoWorld, settings_of
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from mobility.app import create_app
from mobility.web import units

LINK = re.compile(r'\s(?:href|data-live|method="get" action)="([^"#]+)')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PLAIN, QUERIED = 6, 2
"""Addresses of one route that one person opens, without and with a query: as many as
there are rounds."""

PEOPLE = {
    "anonymous": None,
    "student": "alice",
    "another student": "pat",
    "coordinator": "bob",
    "coordinator elsewhere": "frank",
    "network coordinator": "dana",
    "host": "henry",
    "auditor": "carol",
    "auditor of another round": "mallory",
    "admin": "ada",
}
"""The columns of the permission matrix, and who stands for them here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One address as one person found it.

    Parameters
    ----------
    is_page
        The answer is HTML, be it a part that a page loads.
    template
        What the answer was rendered from, empty where it was not.
    """

    route: str
    address: str
    status: int
    is_page: bool
    template: str
    statements: int
    headers: dict[str, str]
    took_ms: float


Walks = Callable[[str], list[Step]]
"""Gives the steps of a role, walked once."""


def app_of(world: DemoWorld) -> Flask:
    return create_app(settings_of(world), is_demo=True)


def sign_in(app: Flask, world: DemoWorld, role: str) -> FlaskClient:
    client = app.test_client()
    name = PEOPLE[role]
    if name:
        found = TOKEN.search(client.get("/sign-in").text)
        data = {"csrf_token": found[1] if found else "", "email": world.emails[name]}
        answer = client.post("/demo/sign-in", data=data)
        assert answer.status_code == 303, answer.text
    return client


def walk(app: Flask, world: DemoWorld, role: str) -> list[Step]:
    """Return every address that a person reaches, a few of each route."""
    client = sign_in(app, world, role)
    invitation = f"/invitations/{world.token}"
    waiting = deque(["/", "/home", "/sign-in", "/account", invitation])
    seen: set[str] = set(waiting)
    opened: Counter[tuple[str, bool]] = Counter()
    steps = []
    while waiting:
        address = waiting.popleft()
        route = route_of(app, address)
        has_query = "?" in address
        if route is None or opened[route, has_query] >= (
            QUERIED if has_query else PLAIN
        ):
            continue
        opened[route, has_query] += 1
        start = perf_counter()
        with rendered(app) as templates:
            answer, statements = ask(app, client, address)
        took_ms = 1000 * (perf_counter() - start)
        is_page = answer.mimetype == "text/html"
        steps.append(
            Step(
                route,
                address,
                answer.status_code,
                is_page,
                templates[-1] if templates else "",
                statements,
                dict(answer.headers),
                took_ms,
            )
        )
        for link in links_of(answer, address) if is_page else ():
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return steps


def ask(app: Flask, client: FlaskClient, address: str) -> tuple[TestResponse, int]:
    """Return an answer and how often the database was asked for it."""
    with counted(app.extensions[units.KEY]) as asked:
        answer = client.get(address)
    return answer, len(asked)


def links_of(answer: TestResponse, address: str) -> list[str]:
    links = [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]
    if 300 <= answer.status_code < 400:
        links.append(answer.headers["Location"])
    return [urljoin(address, link) for link in links]


def route_of(app: Flask, address: str) -> str | None:
    """Return the rule that GET of an address asks for; None: not one of ours."""
    parts = urlsplit(address)
    if parts.netloc:
        return None
    try:
        rule, _ = app.url_map.bind("localhost").match(
            parts.path, method="GET", return_rule=True
        )
    except HTTPException:
        return None
    return str(rule.rule)


@contextmanager
def rendered(app: Flask) -> Iterator[list[str]]:
    """Give a list that grows by the name of every template that is rendered."""
    names: list[str] = []

    def note(_app: Flask, template: Template, **_rest: object) -> None:
        names.append(template.name or "")

    with template_rendered.connected_to(note, app):
        yield names


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Give a list that grows by every statement the database is asked."""
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
