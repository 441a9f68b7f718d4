"""Links by which a person sets her password: new ones and those who forgot theirs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from mobility.audit.record import actor_of
from mobility.errors import Conflict, NotFound
from mobility.models import Account, AccountState, Invitation, Notice, Person
from mobility.records.accounts import (
    activate_account,
    begin_session,
    change_password,
)
from mobility.records.authority import log, require
from mobility.sentences import tell

LIFE = timedelta(days=7)
"""A link that was not used for so long is void."""

NOTICE = "account:invite"
"""Kind of the message; whoever sends it makes the link, so that none is ever stored."""


class VoidInvitation(NotFound):
    """The link was used, has expired, or never was one."""

    code = "void_invitation"

    def __init__(self) -> None:
        super().__init__(tell("this link has expired or was used already"))


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom a link lets in."""

    account_id: int
    name: str
    email: str


def invite(session: Session, account: Account, *, by: Person, at: datetime) -> str:
    """Return the token of a new link for an account, and put a message into the outbox.

    Raises
    ------
    Forbidden
        When the roles do not allow it.
    Conflict
        When the account is disabled.
    """
    require(session, "account.keep", by=by, at=at)
    actor = actor_of(session, by.id)
    token = make_link(session, account, created_by=actor, at=at)
    session.add(Notice(person_id=account.person_id, kind=NOTICE, created_at=at))
    session.flush()
    payload: dict[str, object] = {
        "act": "link",
        "to": actor_of(session, account.person_id),
    }
    log(session, "account.keep", "account", payload, by=by, at=at)
    return token


def make_link(
    session: Session, account: Account, *, created_by: str, at: datetime
) -> str:
    """Return the token of a new link; only its hash is kept.

    Raises
    ------
    Conflict
        When the account is disabled.
    """
    if account.state == AccountState.DISABLED:
        message = tell("the account is disabled: enable it before a link is made")
        raise Conflict(message)
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            account_id=account.id,
            token_hash=_to_hash(token),
            created_at=at,
            created_by=created_by,
            expires_at=at + LIFE,
        )
    )
    session.flush()
    return token


def find_invitee(session: Session, token: str, *, at: datetime) -> Invitee:
    """Return whom a link lets in.

    Raises
    ------
    VoidInvitation
        When it does not hold.
    """
    query = (
        select(Account.id, Person.name, Person.email)
        .join(Invitation, col(Invitation.account_id) == Account.id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Invitation.token_hash == _to_hash(token))
        .where(col(Invitation.ended_at).is_(None))
        .where(Invitation.expires_at > at)
        .where(Account.state != AccountState.DISABLED)
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise VoidInvitation
    return Invitee(*found)


def accept_invitation(
    session: Session, token: str, password_hash: str, *, at: datetime
) -> str:
    """Set the password of whom a link lets in, and return the token of her session.

    All links of the account are void afterwards, and all earlier sessions end.

    Raises
    ------
    VoidInvitation
        When the link does not hold.
    """
    invitee = find_invitee(session, token, at=at)
    account = session.exec(
        select(Account).where(Account.id == invitee.account_id).with_for_update()
    ).one()
    find_invitee(session, token, at=at)  # nobody used it while the row was waited for
    end_invitations(session, account, at=at)
    if account.state == AccountState.INVITED:
        activate_account(session, account, password_hash, at=at)
    else:
        change_password(session, account, password_hash, at=at)
    return begin_session(session, account, at=at)


def end_invitations(session: Session, account: Account, *, at: datetime) -> None:
    """Make all links of an account void."""
    session.exec(
        update(Invitation)
        .where(col(Invitation.account_id) == account.id)
        .where(col(Invitation.ended_at).is_(None))
        .values(ended_at=at)
    )


def _to_hash(token: str) -> str:
    return hashlib.sha256(b"mobility/invitation/1\x00" + token.encode()).hexdigest()
