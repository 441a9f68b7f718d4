"""Signing in, slowly for who guesses; and where one goes from there."""

from datetime import timedelta
from pathlib import Path

import pytest
from examples import EXAMPLES
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select
from visitors import PASSWORD, As, Visitor, mail_of, settings_of

from mobility.app import create_app
from mobility.db import unit
from mobility.models import SignInThrottle

WRONG = "The e-mail address or the password is wrong."
ALICE = mail_of("alice")


def test_the_right_password_signs_in_and_leads_home(visitor: Visitor) -> None:
    answer = visitor.sign_in("  ALICE@Example.org ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert visitor.get("/home").headers["Location"] == "/student"
    assert "What to do next" in visitor.get("/student").text


@pytest.mark.parametrize(
    ("email", "password"),
    [(ALICE, PASSWORD + "x"), ("nobody@example.org", PASSWORD), (ALICE, "too short")],
)
def test_a_wrong_pair_is_told_the_same_whoever_it_is(
    visitor: Visitor, email: str, password: str
) -> None:
    answer = visitor.sign_in(email, password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert email in answer.text
    assert password not in answer.text


def test_an_empty_form_says_what_is_missing_beside_the_fields(visitor: Visitor) -> None:
    answer = visitor.sign_in("", "")
    assert answer.status_code == 422
    assert 'aria-describedby="email-error"' in answer.text
    assert '<a href="#password">Enter your password.</a>' in answer.text


def test_a_field_that_nobody_asked_for_is_refused(visitor: Visitor) -> None:
    answer = visitor.sign_in(ALICE, role="admin")
    assert answer.status_code == 422
    assert "no field “role”" in answer.text
    assert visitor.get("/account").status_code == 302


def test_guessing_is_slowed_down_and_a_restart_does_not_help(
    visitor: Visitor, web_url: str, tmp_path: Path
) -> None:
    for _ in range(5):
        assert visitor.sign_in(ALICE, "a wrong guess").status_code == 422
    again = Visitor(create_app(settings_of(tmp_path, web_url)).test_client())
    answer = again.sign_in(ALICE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Try again in" in answer.text
    assert again.sign_in(mail_of("bob")).status_code == 303


def test_nobody_is_locked_out_for_good(visitor: Visitor, web_engine: Engine) -> None:
    for _ in range(5):
        visitor.sign_in(ALICE, "a wrong guess")
    with unit(web_engine) as session:
        for row in session.exec(select(SignInThrottle)):
            if row.blocked_until is not None:
                row.blocked_until -= timedelta(seconds=30)
            session.add(row)
    assert visitor.sign_in(ALICE).status_code == 303
    with unit(web_engine) as session:
        assert {row.failures for row in session.exec(select(SignInThrottle))} == {0, 5}


@pytest.mark.parametrize(
    "wanted", ["/account", "/sign-in?next=/account", "/admin?page=2"]
)
def test_the_page_that_was_asked_for_comes_next(visitor: Visitor, wanted: str) -> None:
    assert visitor.sign_in(ALICE, next=wanted).headers["Location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/account",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "account",
        "/nowhere",
        "/sign-out",
        "",
    ],
)
def test_no_other_site_and_no_act_comes_next(visitor: Visitor, wanted: str) -> None:
    assert visitor.sign_in(ALICE, next=wanted).headers["Location"] == "/home"


def test_who_asks_for_a_page_signed_out_gets_it_after_signing_in(
    visitor: Visitor,
) -> None:
    asked = visitor.get("/admin?text=al").headers["Location"]
    assert asked == "/sign-in?next=/admin?text%3Dal"
    assert 'value="/admin?text=al"' in visitor.get(asked).text


def test_a_script_is_told_that_nobody_is_signed_in(visitor: Visitor) -> None:
    answer = visitor.client.get("/account", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 401


def test_the_demo_s_door_is_in_a_demo_alone(
    visitor: Visitor, web_url: str, tmp_path: Path
) -> None:
    assert visitor.post("/demo/sign-in", email=ALICE).status_code == 404
    demo = create_app(settings_of(tmp_path, web_url), is_demo=True)
    guest = Visitor(demo.test_client())
    assert guest.post("/demo/sign-in", email=ALICE).status_code == 404  # has a password
    assert "Look around as" in guest.get("/sign-in").text


@pytest.mark.parametrize(
    "address", ["/sign-in", "/sign-out", "/language", "/account/password"]
)
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_our_token_is_not_taken(
    signed_in: As, address: str, token: str
) -> None:
    alice = signed_in("alice")
    answer = alice.client.post(address, data={"csrf_token": token})
    assert answer.status_code == 400
    assert alice.get("/account").status_code == 200


def test_every_route_that_changes_something_wants_the_token(
    app: Flask, signed_in: As
) -> None:
    grace = signed_in("grace")
    rules = [
        rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())
    ]
    adapter = app.url_map.bind("localhost")
    assert len(rules) > 8
    for rule in rules:
        parts = {name: EXAMPLES[name] for name in rule.arguments}
        address = adapter.build(rule.endpoint, parts, method="POST")
        assert grace.client.post(address, data={}).status_code == 400, rule.rule
