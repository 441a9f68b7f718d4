"""Who is looking: the person behind a session, with her roles, in three queries."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import Account, AccountState, Person, RoleGrant
from mobility.permissions import ROLES_BY_PERMISSION, Grant, Role
from mobility.records.accounts import find_session
from mobility.records.authority import grants_of
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person who is signed in.

    Parameters
    ----------
    session_id
        Row id of her session, to end it and to note when it was last used.
    grants
        Her roles that hold now.
    """

    person_id: int
    account_id: int
    session_id: int
    name: str
    email: str
    last_seen_at: datetime
    grants: tuple[Grant, ...]

    def holds(self, permission: str) -> bool:
        """Say whether one of her roles carries a permission, however far it reaches."""
        roles = ROLES_BY_PERMISSION.get(permission, frozenset())
        return any(grant.role in roles for grant in self.grants)

    def institutions(self, role: Role) -> tuple[int, ...]:
        """Return the row ids of the institutions that she has a role in."""
        held = (grant for grant in self.grants if grant.role == role)
        return tuple(grant.institution for grant in held if grant.institution)


def read_viewer(session: Session, token: str, *, at: datetime) -> Viewer | None:
    """Return who is behind a session's token, None when the session is over."""
    row = find_session(session, token, at=at)
    if row is None:
        return None
    query = (
        select(Person)
        .join(Account, col(Account.person_id) == Person.id)
        .where(Account.id == row.account_id)
    )
    person = session.exec(query).one()
    grants = grants_of(session, person)
    return Viewer(
        person_id=person.id,
        account_id=row.account_id,
        session_id=row.id,
        name=person.name,
        email=person.email,
        last_seen_at=row.last_seen_at,
        grants=tuple(
            grant
            for grant in grants
            if grant.valid_until is None or at < grant.valid_until
        ),
    )


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody whom a demo offers to sign in as."""

    name: str
    email: str
    role: str


def list_cast(session: Session) -> list[CastMember]:
    """Return who has an open account without a password: in a demo, the cast."""
    query = (
        select(Person.name, Person.email, RoleGrant.role)
        .join(Account, col(Account.person_id) == Person.id)
        .outerjoin(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(Account.state == AccountState.ACTIVE)
        .where(col(Account.password_hash).is_(None))
        .order_by(col(Account.id), col(RoleGrant.id))
    )
    rows = session.exec(query).all()
    members = {email: CastMember(name, email, role) for name, email, role in rows}
    return list(members.values())


def find_open_account(session: Session, email: str) -> Account:
    """Return the account of one of a demo's cast.

    Raises
    ------
    NotFound
        When there is none, or it has a password.
    """
    query = (
        select(Account)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Person.email == email)
        .where(Account.state == AccountState.ACTIVE)
        .where(col(Account.password_hash).is_(None))
    )
    account = session.exec(query).one_or_none()
    if account is None:
        message = tell(
            "the demo has nobody with the e-mail address {email!r}", email=email
        )
        raise NotFound(message)
    return account
