"""Asking whether a person may act, and writing the act down.

Every function of `records` that changes something asks `require` first and ends with
`log`, in the transaction of the act.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from mobility.audit.record import actor_of, record
from mobility.errors import Forbidden
from mobility.models import Person, RoleGrant
from mobility.permissions import (
    EVERYWHERE,
    Grant,
    Scope,
    describe_roles,
    may,
    to_action,
)
from mobility.sentences import tell


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
    require_any(session, permission, [scope], by=by, at=at)


def require_any(
    session: Session,
    permission: str,
    scopes: Iterable[Scope],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Refuse an act on what belongs to several, when a person may act for none of them.

    Raises
    ------
    Forbidden
        As `require`.
    """
    grants = grants_of(session, by)
    if not any(may(grants, permission, scope, at=at) for scope in scopes):
        raise Forbidden(
            tell(
                "{name} may not do {action} here; that takes the role {roles}",
                name=by.name,
                action=to_action(permission),
                roles=describe_roles(permission),
            )
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


def log(
    session: Session,
    permission: str,
    subject: str,
    payload: dict[str, object],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Append an act to the log under the person's pseudonym."""
    record(
        session,
        actor=actor_of(session, by.id),
        action=to_action(permission),
        subject=subject,
        payload=payload,
        at=at,
    )
