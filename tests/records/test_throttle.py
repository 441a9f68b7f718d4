"""Guessing is slowed down; nobody waits for good."""

from datetime import datetime, timedelta

import pytest
from builders import AT
from sqlalchemy import Engine
from sqlmodel import select

from mobility.db import unit
from mobility.models import SignInThrottle
from mobility.records.throttle import (
    FORGOTTEN_AFTER,
    PACE_BY_KIND,
    TooManyAttempts,
    forgive,
    reserve_attempt,
)

HOME, CAMPUS = "192.0.2.1", "198.51.100.7"
ACCOUNT, ADDRESS = PACE_BY_KIND["account"], PACE_BY_KIND["address"]


def guess(
    engine: Engine, at: datetime = AT, email: str = "alice", address: str = HOME
) -> int:
    """Try once, wrongly; return how many seconds to wait, 0 when it was looked at."""
    try:
        with unit(engine) as session:
            reserve_attempt(session, email, address, at=at)
    except TooManyAttempts as refusal:
        return refusal.wait_seconds
    return 0


def test_waiting_begins_after_some_failures_and_doubles_up_to_half_a_minute(
    database: Engine,
) -> None:
    at, waits = AT, []
    for _ in range(ACCOUNT.free):
        assert guess(database, at) == 0
    for _ in range(8):
        wait = guess(database, at)
        waits.append(wait)
        at += timedelta(seconds=wait)
        assert guess(database, at) == 0
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_an_attempt_that_must_wait_does_not_prolong_the_wait(database: Engine) -> None:
    for _ in range(ACCOUNT.free):
        guess(database)
    assert {guess(database) for _ in range(20)} == {1}


def test_an_account_is_slowed_down_wherever_the_guesses_come_from(
    database: Engine,
) -> None:
    for number in range(ACCOUNT.free):
        assert guess(database, address=f"203.0.113.{number}") == 0
    assert guess(database, address="203.0.113.200") > 0
    assert guess(database, email="bob", address="203.0.113.200") == 0


def test_an_address_is_slowed_down_whomever_it_guesses(database: Engine) -> None:
    for number in range(ADDRESS.free):
        assert guess(database, email=f"student-{number}", address=CAMPUS) == 0
    assert guess(database, email="another", address=CAMPUS) > 0
    assert guess(database, email="another", address=HOME) == 0


def test_a_subscriber_s_addresses_count_as_one(database: Engine) -> None:
    for number in range(ADDRESS.free):
        guess(database, email=f"student-{number}", address=f"2001:db8::{number:x}")
    assert guess(database, email="another", address="2001:db8::ffff") > 0
    assert guess(database, email="another", address="2001:db8:0:1::1") == 0


def test_the_right_password_frees_the_account_and_costs_the_address_nothing(
    database: Engine,
) -> None:
    for _ in range(ADDRESS.free + 5):
        assert guess(database, address=CAMPUS) == 0
        with unit(database) as session:
            forgive(session, "alice", CAMPUS, at=AT)


def test_old_failures_are_forgotten_and_their_rows_go(database: Engine) -> None:
    for _ in range(ACCOUNT.free):
        guess(database)
    later = AT + FORGOTTEN_AFTER + timedelta(seconds=1)
    assert guess(database, later, email="bob", address=CAMPUS) == 0
    with unit(database) as session:
        assert len(session.exec(select(SignInThrottle)).all()) == 2


def test_what_was_typed_is_not_kept(database: Engine) -> None:
    guess(database, email="my password by mistake")
    with unit(database) as session:
        rows = session.exec(select(SignInThrottle)).all()
    kept = "".join(row.model_dump_json() for row in rows)
    assert "my password" not in kept
    assert HOME not in kept


def test_the_refusal_says_when_to_try_again() -> None:
    with pytest.raises(TooManyAttempts, match="try again in 7 seconds"):
        raise TooManyAttempts(7)
