"""Sessions are kept here, so that they can be ended here."""

from datetime import timedelta

import pytest
from builders import AT
from sqlalchemy import Engine
from sqlmodel import Session, select

from mobility.db import unit
from mobility.errors import Conflict, Forbidden
from mobility.models import Account, AccountSession, Person
from mobility.records.accounts import (
    IDLE,
    LONGEST,
    activate_account,
    begin_session,
    disable_account,
    find_session,
    open_account,
    revoke_session,
)
from mobility.records.people import (
    PersonFacts,
    found_installation,
    keep_people,
    person_of,
)


def grace_and_alice(session: Session) -> tuple[Person, Person]:
    admin = PersonFacts(name="Grace", email="grace@example.org")
    grace = found_installation(session, admin, at=AT)
    alice = PersonFacts(name="Alice", email="alice@example.org")
    keep_people(session, [alice], by=grace, at=AT)
    return grace, person_of(session, "alice@example.org")


def signed_in(session: Session) -> tuple[Person, Account, str]:
    grace, alice = grace_and_alice(session)
    account = open_account(session, alice, by=grace, at=AT)
    activate_account(session, account, "a hash", at=AT)
    return grace, account, begin_session(session, account, at=AT)


def test_a_session_holds_until_it_is_idle_or_too_long(database: Engine) -> None:
    with unit(database) as session:
        token = signed_in(session)[2]
        assert find_session(session, token, at=AT) is not None
        assert find_session(session, token + "x", at=AT) is None
        assert find_session(session, token, at=AT + IDLE) is None
        row = session.exec(select(AccountSession)).one()
        row.last_seen_at = AT + LONGEST - timedelta(minutes=1)
        session.flush()
        assert find_session(session, token, at=AT + LONGEST) is None


def test_a_revoked_session_is_over(database: Engine) -> None:
    with unit(database) as session:
        token = signed_in(session)[2]
        row = find_session(session, token, at=AT)
        assert row is not None
        revoke_session(session, row, at=AT)
        assert find_session(session, token, at=AT) is None


def test_disabling_an_account_ends_its_sessions_at_once(database: Engine) -> None:
    with unit(database) as session:
        grace, account, token = signed_in(session)
        disable_account(session, account, by=grace, at=AT)
        assert find_session(session, token, at=AT) is None
        with pytest.raises(Conflict, match="disabled, not active"):
            begin_session(session, account, at=AT)


def test_the_token_itself_is_kept_nowhere(database: Engine) -> None:
    with unit(database) as session:
        token = signed_in(session)[2]
        row = session.exec(select(AccountSession)).one()
    assert token not in row.model_dump_json()


def test_an_invited_account_signs_nobody_in(database: Engine) -> None:
    with unit(database) as session:
        grace, alice = grace_and_alice(session)
        account = open_account(session, alice, by=grace, at=AT)
        with pytest.raises(Conflict, match="invited, not active"):
            begin_session(session, account, at=AT)
        with pytest.raises(Conflict, match="Alice has an account already"):
            open_account(session, alice, by=grace, at=AT)
        with pytest.raises(Forbidden):
            open_account(session, grace, by=alice, at=AT)
