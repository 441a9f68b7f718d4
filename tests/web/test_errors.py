"""Whatever goes wrong has a page that says what to do, and the right status."""

from collections.abc import Callable

import pytest
from flask import Flask
from visitors import As, Visitor

from mobility.db import Unavailable
from mobility.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from mobility.web import units


def breaking(refusal: Exception) -> Callable[[], str]:
    def view() -> str:
        raise refusal

    return view


@pytest.mark.parametrize(
    ("refusal", "status", "is_told"),
    [
        (InvalidInput("offer o1: capacity is -1"), 422, True),
        (Forbidden("Bob may not do this"), 403, True),
        (Conflict("the round is frozen"), 409, True),
        (Refused("something new"), 422, True),
        (NotFound("there is no round 'secret'"), 404, False),
        (Unavailable("database at a secret address"), 503, False),
    ],
)
def test_a_refusal_has_its_status_and_tells_what_may_be_told(
    app: Flask, visitor: Visitor, refusal: Refused, status: int, *, is_told: bool
) -> None:
    app.view_functions["front.front"] = breaking(refusal)
    answer = visitor.get("/")
    assert answer.status_code == status
    assert (refusal.problems[0] in answer.text.replace("&#39;", "'")) == is_told
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_without_its_database_a_page_says_so(
    signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = signed_in("alice")

    def unavailable() -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(units, "read", unavailable)
    answer = alice.get("/account")
    assert answer.status_code == 503
    assert "Not available at the moment" in answer.text
    assert alice.get("/healthz").status_code == 200


def test_what_is_too_large_is_413(visitor: Visitor) -> None:
    answer = visitor.client.post("/sign-in", data={"email": "a" * 3_000_000})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_wrong_method_says_which_are_right(visitor: Visitor) -> None:
    answer = visitor.client.put("/sign-in")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.allow)


def test_a_form_that_was_open_too_long_is_shown_again_with_what_was_typed(
    signed_in: As,
) -> None:
    grace = signed_in("grace")
    data = {"csrf_token": "too old", "name": "Ivan", "email": "ivan@example.org"}
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = grace.client.post("/admin/people/new", data=data, headers=own)
    assert answer.status_code == 400
    assert 'name="name" value="Ivan"' in answer.text
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = grace.client.post("/admin/people/new", data=data, headers=foreign)
    assert "Ivan" not in answer.text


def test_a_password_is_never_shown_again(visitor: Visitor) -> None:
    own = {"Origin": "http://localhost"}
    data = {"csrf_token": "old", "email": "alice@example.org", "password": "a secret"}
    answer = visitor.client.post("/sign-in", data=data, headers=own)
    assert "alice@example.org" in answer.text
    assert "a secret" not in answer.text
