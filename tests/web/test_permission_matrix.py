"""Every route is tried by every role; permission_matrix.csv says who gets in.

A cell is `open`, `sign-in` (asked to sign in), `closed` (403: the role never may) or
`hidden` (404: not this one's object). The view itself is replaced, so that only the way
to it is tried; the address is filled from EXAMPLES, objects of the cast's small world.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import EXAMPLES
from flask import Flask
from visitors import As, Visitor
from werkzeug.routing import Rule

from mobility.web import access

MATRIX = Path(__file__).with_name("permission_matrix.csv")

CAST = {
    "anonymous": None,
    "student": "alice",
    "another student": "erin",
    "coordinator": "bob",
    "coordinator elsewhere": "frank",
    "network coordinator": "dana",
    "host": "henry",
    "auditor": "carol",
    "auditor of another round": "mallory",
    "admin": "grace",
}

OPEN = "the page is open"


def rows() -> dict[tuple[str, str], dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"]): row for row in csv.DictReader(file)}


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    there = {(method, rule.rule) for method, rule in routes(app)}
    listed = set(rows())
    hint = f"add to {MATRIX.name}: who may open them?"
    assert there - listed == set(), hint
    assert listed - there == set(), f"remove from {MATRIX.name}: no such routes"


@pytest.mark.parametrize("role", CAST)
def test_a_role_gets_in_where_the_matrix_says(
    role: str, app: Flask, visitor: Visitor, signed_in: As
) -> None:
    name = CAST[role]
    guest = signed_in(name) if name else visitor
    token = guest.token("/")
    for endpoint, view in app.view_functions.items():
        need: access.Need = view.need  # type: ignore[attr-defined]  # set by @needs
        guard = access.needs(need.permission, scope=need.scope)
        app.view_functions[endpoint] = guard(lambda **_: OPEN)
    tried = {
        (method, rule.rule): outcome(guest, method, fill(app, rule), token)
        for method, rule in routes(app)
    }
    expected = {route: row[role] for route, row in rows().items()}
    assert tried == expected


def fill(app: Flask, rule: Rule) -> str:
    """Return an address of a route."""
    missing = rule.arguments - EXAMPLES.keys()
    assert not missing, f"{rule.rule}: add {missing} to EXAMPLES"
    values = {name: EXAMPLES[name] for name in rule.arguments}
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values, method=None)


def outcome(guest: Visitor, method: str, address: str, token: str) -> str:
    if method == "GET":
        answer = guest.get(address)
    else:
        data = {"csrf_token": token}
        answer = guest.client.open(address, method=method, data=data)
    asks = answer.headers.get("Location", "").startswith("/sign-in")
    if answer.status_code == 401 or asks:
        return "sign-in"
    if answer.status_code == 200 and answer.text == OPEN:
        return "open"
    return {403: "closed", 404: "hidden"}.get(answer.status_code, answer.status)
