"""People, their roles and their ways in, as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import (
    Account,
    AccountSession,
    Institution,
    Invitation,
    Person,
    RoleGrant,
    Round,
)
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role as held; `institution` is a `hei_id`, `round_key` a round's key."""

    grant: int
    role: str
    institution: str | None
    institution_name: str | None
    round_key: str | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list; `account` is the account's state, None without one."""

    person: int
    name: str
    email: str
    roles: tuple[str, ...]
    account: str | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person in full.

    Parameters
    ----------
    open_sessions
        Sessions that were not ended; some may have run out since.
    link_until
        When the last link that still holds expires, None without one.
    """

    person: int
    name: str
    email: str
    roles: tuple[RoleRow, ...]
    account: str | None
    has_password: bool
    last_seen_at: datetime | None
    open_sessions: int
    link_until: datetime | None


def list_people(session: Session) -> list[PersonRow]:
    """Return everybody by name."""
    roles: dict[int, list[str]] = {}
    for person, role in session.exec(select(RoleGrant.person_id, RoleGrant.role)):
        roles.setdefault(person, []).append(str(role))
    query = (
        select(Person.id, Person.name, Person.email, col(Account.state))
        .outerjoin(Account, col(Account.person_id) == Person.id)
        .order_by(col(Person.name), col(Person.id))
    )
    return [
        PersonRow(
            person=person,
            name=name,
            email=email,
            roles=tuple(sorted(roles.get(person, ()))),
            account=state.value if state else None,
        )
        for person, name, email, state in session.exec(query)
    ]


def view_person(session: Session, number: int, *, at: datetime) -> PersonView:
    """Return a person in full.

    Raises
    ------
    NotFound
        When there is none of that row id.
    """
    person = session.get(Person, number)
    if person is None:
        message = tell("there is no person {number}", number=number)
        raise NotFound(message)
    query = select(Account).where(Account.person_id == person.id)
    account = session.exec(query).one_or_none()
    last_seen_at, open_sessions = _sessions(session, account)
    return PersonView(
        person=person.id,
        name=person.name,
        email=person.email,
        roles=_roles(session, person),
        account=account.state.value if account else None,
        has_password=account is not None and account.password_hash is not None,
        last_seen_at=last_seen_at,
        open_sessions=open_sessions,
        link_until=_link_until(session, account, at),
    )


def list_scopes(session: Session) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what a role can be limited to: institutions' ids and names, round keys."""
    institutions = session.exec(
        select(Institution.hei_id, Institution.name).order_by(col(Institution.name))
    ).all()
    keys = session.exec(select(Round.key).order_by(col(Round.deadline_at).desc())).all()
    return [(hei_id, name) for hei_id, name in institutions], list(keys)


def _roles(session: Session, person: Person) -> tuple[RoleRow, ...]:
    query = (
        select(
            RoleGrant, col(Institution.hei_id), col(Institution.name), col(Round.key)
        )
        .outerjoin(Institution, col(Institution.id) == col(RoleGrant.institution_id))
        .outerjoin(Round, col(Round.id) == col(RoleGrant.round_id))
        .where(RoleGrant.person_id == person.id)
        .order_by(col(RoleGrant.id))
    )
    return tuple(
        RoleRow(grant.id, grant.role.value, hei_id, name, key, grant.valid_until)
        for grant, hei_id, name, key in session.exec(query)
    )


def _sessions(session: Session, account: Account | None) -> tuple[datetime | None, int]:
    if account is None:
        return None, 0
    query = select(AccountSession).where(AccountSession.account_id == account.id)
    rows = session.exec(query).all()
    last = max((row.last_seen_at for row in rows), default=None)
    return last, sum(row.revoked_at is None for row in rows)


def _link_until(
    session: Session, account: Account | None, at: datetime
) -> datetime | None:
    if account is None:
        return None
    query = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.account_id == account.id)
        .where(col(Invitation.ended_at).is_(None))
        .where(Invitation.expires_at > at)
    )
    latest: datetime | None = session.exec(query).one()
    return latest
