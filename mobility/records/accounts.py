"""Keeping accounts and the sessions of those who have signed in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from mobility.audit.record import actor_of
from mobility.errors import Conflict, NotFound
from mobility.models import Account, AccountSession, AccountState, Person
from mobility.records.authority import log, require
from mobility.records.people import to_email
from mobility.sentences import tell

IDLE = timedelta(hours=2)
"""A session that was not used for so long is over."""

LONGEST = timedelta(hours=12)
"""A session is over so long after it began, used or not."""


def open_account(
    session: Session, person: Person, *, by: Person, at: datetime
) -> Account:
    """Make an account, invited and without a password.

    Raises
    ------
    Forbidden
        When the roles do not allow it.
    Conflict
        When the person has one.
    """
    require(session, "account.keep", by=by, at=at)
    query = select(Account).where(Account.person_id == person.id)
    if session.exec(query).one_or_none() is not None:
        raise Conflict(tell("{person} has an account already", person=person.name))
    account = Account(person_id=person.id, created_at=at)
    session.add(account)
    session.flush()
    _log(session, person, "invite", by=by, at=at)
    return account


def activate_account(
    session: Session, account: Account, password_hash: str | None, *, at: datetime
) -> None:
    """Let an invited person in; without a password she signs in elsewhere (OIDC).

    Raises
    ------
    Conflict
        When the account was not merely invited.
    """
    if account.state != AccountState.INVITED:
        raise Conflict(
            tell("the account is {state}, not invited", state=account.state.value)
        )
    account.state, account.password_hash = AccountState.ACTIVE, password_hash
    session.flush()
    person = session.get_one(Person, account.person_id)
    _log(session, person, "activate", by=person, at=at)


def change_password(
    session: Session, account: Account, password_hash: str, *, at: datetime
) -> None:
    """Set another password; all sessions end, the one that asks included.

    Raises
    ------
    Conflict
        When the account is not active.
    """
    if account.state != AccountState.ACTIVE:
        raise Conflict(
            tell("the account is {state}, not active", state=account.state.value)
        )
    account.password_hash = password_hash
    session.add(account)
    session.flush()
    revoke_sessions(session, account, at=at)
    person = session.get_one(Person, account.person_id)
    _log(session, person, "password", by=person, at=at)


def find_account(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address as typed, None without one."""
    query = (
        select(Account)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Person.email == to_email(email))
    )
    return session.exec(query).one_or_none()


def account_of(session: Session, person_id: int) -> Account:
    """Return a person's account.

    Raises
    ------
    NotFound
        When she has none.
    """
    query = select(Account).where(Account.person_id == person_id)
    account = session.exec(query).one_or_none()
    if account is None:
        raise NotFound(tell("this person has no account"))
    return account


def enable_account(
    session: Session, account: Account, *, by: Person, at: datetime
) -> None:
    """Let a person in again who was shut out; without a password she is invited.

    Raises
    ------
    Forbidden, Conflict
        When the roles do not allow it; when the account is not disabled.
    """
    require(session, "account.keep", by=by, at=at)
    if account.state != AccountState.DISABLED:
        raise Conflict(
            tell("the account is {state}, not disabled", state=account.state.value)
        )
    is_new = account.password_hash is None
    account.state = AccountState.INVITED if is_new else AccountState.ACTIVE
    session.add(account)
    session.flush()
    _log(session, session.get_one(Person, account.person_id), "enable", by=by, at=at)


def disable_account(
    session: Session, account: Account, *, by: Person, at: datetime
) -> None:
    """Shut a person out, at once: all her sessions end.

    Raises
    ------
    Forbidden
        When the roles do not allow it.
    """
    require(session, "account.keep", by=by, at=at)
    account.state = AccountState.DISABLED
    session.flush()
    revoke_sessions(session, account, at=at)
    _log(session, session.get_one(Person, account.person_id), "disable", by=by, at=at)


def begin_session(session: Session, account: Account, *, at: datetime) -> str:
    """Return the token of a new session; only its hash is kept.

    Raises
    ------
    Conflict
        When the account is not active.
    """
    if account.state != AccountState.ACTIVE:
        raise Conflict(
            tell("the account is {state}, not active", state=account.state.value)
        )
    token = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            account_id=account.id,
            token_hash=to_token_hash(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + LONGEST,
        )
    )
    session.flush()
    return token


def find_session(
    session: Session, token: str, *, at: datetime
) -> AccountSession | None:
    """Return the session of a token while it holds, else None."""
    query = (
        select(AccountSession)
        .join(Account, col(Account.id) == AccountSession.account_id)
        .where(AccountSession.token_hash == to_token_hash(token))
        .where(Account.state == AccountState.ACTIVE)
    )
    found = session.exec(query).one_or_none()
    if found is None or found.revoked_at is not None:
        return None
    is_over = at >= found.expires_at or at >= found.last_seen_at + IDLE
    return None if is_over else found


def revoke_session(session: Session, row: AccountSession, *, at: datetime) -> None:
    """End one session."""
    row.revoked_at = row.revoked_at or at
    session.flush()


def touch_session(session: Session, number: int, *, at: datetime) -> None:
    """Note that a session was used."""
    session.exec(
        update(AccountSession)
        .where(col(AccountSession.id) == number)
        .values(last_seen_at=at)
    )


def end_session(session: Session, number: int, *, at: datetime) -> None:
    """End the session of a row id; once ended it stays as it is."""
    session.exec(
        update(AccountSession)
        .where(col(AccountSession.id) == number)
        .where(col(AccountSession.revoked_at).is_(None))
        .values(revoked_at=at)
    )


def revoke_sessions(session: Session, account: Account, *, at: datetime) -> None:
    """End all sessions of an account."""
    session.exec(
        update(AccountSession)
        .where(col(AccountSession.account_id) == account.id)
        .where(col(AccountSession.revoked_at).is_(None))
        .values(revoked_at=at)
    )


def to_token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(b"mobility/session/1\x00" + token.encode()).hexdigest()


def _log(
    session: Session, person: Person, act: str, *, by: Person, at: datetime
) -> None:
    payload: dict[str, object] = {"act": act, "to": actor_of(session, person.id)}
    log(session, "account.keep", "account", payload, by=by, at=at)
