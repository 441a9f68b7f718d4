"""Every page that links reach, opened by every role: status, headers, statements."""

import csv
from pathlib import Path

import pytest
from demo_world import DemoWorld
from flask import Flask
from walk import PEOPLE, Step, Walks, sign_in

pytestmark = pytest.mark.browser

MATRIX = Path(__file__).parents[1] / "web" / "permission_matrix.csv"
MOST_STATEMENTS = 19
SHOWN = {200, 302, 303}

UNLINKED = {
    "/healthz": "asked by machines",
    "/readyz": "asked by machines",
}
"""GET routes that no page links to, and why: none of them is a page."""

OWNERS = (
    "student",
    "coordinator",
    "network coordinator",
    "host",
    "auditor",
    "admin",
    "anonymous",
)
"""Whose addresses are tried by all; the first who finds one of a route."""


def matrix() -> dict[str, dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {
            row["route"]: row for row in csv.DictReader(file) if row["method"] == "GET"
        }


@pytest.mark.parametrize("role", PEOPLE)
def test_every_link_that_a_person_is_shown_opens(role: str, walks: Walks) -> None:
    dead = {
        step.address: step.status for step in walks(role) if step.status not in SHOWN
    }
    assert dead == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_every_answer_has_its_headers_and_asks_the_database_little(
    role: str, walks: Walks
) -> None:
    steps = walks(role)
    bare = [
        step.address
        for step in steps
        if "script-src 'self';" not in step.headers.get("Content-Security-Policy", "")
        or step.headers.get("X-Content-Type-Options") != "nosniff"
        or step.headers.get("Cache-Control") != "no-store"
    ]
    assert bare == []
    greedy = {
        step.address: step.statements
        for step in steps
        if step.statements > MOST_STATEMENTS
    }
    assert greedy == {}


def test_every_page_can_be_reached_by_links(demo_app: Flask, walks: Walks) -> None:
    reached = {step.route for role in PEOPLE for step in walks(role)}
    there = {
        rule.rule
        for rule in demo_app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
    }
    assert there - reached == UNLINKED.keys(), "link to it, or say why not"


@pytest.mark.parametrize("role", PEOPLE)
def test_what_others_find_opens_where_the_matrix_says(
    role: str, demo_app: Flask, built: DemoWorld, walks: Walks
) -> None:
    rows = matrix()
    client = sign_in(demo_app, built, role)
    wrong = {}
    for step in examples(walks):
        expected = rows[step.route][role]
        answer = client.get(step.address)
        if not fits(expected, answer.status_code, answer.headers.get("Location", "")):
            wrong[step.address] = (expected, answer.status_code)
        answer.close()
    assert wrong == {}


def examples(walks: Walks) -> list[Step]:
    """Return one address of every route, found by whom it is meant for."""
    found: dict[str, Step] = {}
    for owner in OWNERS:
        for step in walks(owner):
            if step.status == 200:
                found.setdefault(step.route, step)
    assert found
    return list(found.values())


def fits(expected: str, status: int, location: str) -> bool:
    """Say whether an answer is what a cell of the matrix means.

    A page that is open to a role may still lack what it would show: 404 or 409.
    """
    asks = location.startswith("/sign-in")
    return {
        "open": not asks and (status in SHOWN or status in {404, 409}),
        "sign-in": asks or status == 401,
        "closed": status == 403,
        "hidden": status == 404,
    }[expected]
