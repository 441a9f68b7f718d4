"""Asking whether a person may act, finding the round, and writing the act down.

Every function of `rounds` that changes something asks `require` first and ends with
`record`, in the transaction of the act.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from mobility.audit.record import actor_of
from mobility.audit.record import record as append
from mobility.errors import Forbidden, NotFound
from mobility.models import Person, RoleGrant, Round
from mobility.permissions import (
    EVERYWHERE,
    Grant,
    Scope,
    describe_roles,
    may,
    to_action,
)


def require(
    session: Session,
    permission: str,
    scope: Scope = EVERYWHERE,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Refuse an act that a person's roles do not allow.

    Raises
    ------
    Forbidden
        Naming the person, the act and the roles that allow it.
    """
    if not may(grants_of(session, by), permission, scope, at=at):
        raise Forbidden(
            f"{by.name} may not do {to_action(permission)} here; "
            f"that takes the role {describe_roles(permission)}"
        )


def grants_of(session: Session, person: Person) -> list[Grant]:
    """Return a person's roles, ended ones too."""
    rows = session.exec(select(RoleGrant).where(RoleGrant.person_id == person.id))
    return [
        Grant(
            role=row.role,
            institution=row.institution_id,
            round_id=row.round_id,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def record(
    session: Session,
    permission: str,
    subject: str,
    payload: dict[str, object],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Append an act to the log under the person's pseudonym."""
    append(
        session,
        actor=actor_of(session, by.id),
        action=to_action(permission),
        subject=subject,
        payload=payload,
        at=at,
    )


def person_of(session: Session, email: str) -> Person:
    """Return the person with an e-mail address.

    Raises
    ------
    NotFound
        When nobody has it.
    """
    query = select(Person).where(Person.email == email.strip().casefold())
    person = session.exec(query).one_or_none()
    if person is None:
        raise NotFound(f"nobody with the e-mail address {email!r} is known")
    return person


def read_round(session: Session, key: str) -> Round:
    """Return a round by its key.

    Raises
    ------
    NotFound
        When there is none.
    """
    return _found(session.exec(select(Round).where(Round.key == key)).first(), key)


def lock_round(session: Session, key: str, *, is_shared: bool = False) -> Round:
    """Return a round, its row locked until the transaction ends.

    Parameters
    ----------
    is_shared
        True for acts of students: they go side by side and keep the office from moving
        the round meanwhile; False for the office: it waits for them and keeps them out.
    """
    query = (
        select(Round)
        .where(col(Round.key) == key)
        .with_for_update(read=is_shared)
        .execution_options(populate_existing=True)
    )
    return _found(session.exec(query).first(), key)


def _found(a_round: Round | None, key: str) -> Round:
    if a_round is None:
        raise NotFound(f"there is no round {key!r}")
    return a_round


def subject_of(a_round: Round) -> str:
    """Return the round's name in the log, "round:2027-spring"."""
    return f"round:{a_round.key}"


def scope_of(a_round: Round) -> Scope:
    """Return the scope of an act on a whole round."""
    return Scope(round_id=a_round.id)
