"""Keeping people and their roles; the first administrator of an installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, select

from mobility.audit.record import actor_of
from mobility.errors import Conflict, NotFound
from mobility.models import Institution, Person, RoleGrant, Round
from mobility.permissions import Role
from mobility.records.authority import log, require
from mobility.records.checks import EMAIL, Checks
from mobility.records.keeping import Kept, count, keep, refuse_all
from mobility.sentences import tell

OF_AN_INSTITUTION = (Role.STUDENT, Role.HOST, Role.COORDINATOR)
"""Roles that are held in one institution; the others are held in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person as given. The e-mail address tells people apart, in any capitals."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFacts:
    """A role to be given or taken away.

    Parameters
    ----------
    institution
        `hei_id`; for students, hosts and coordinators.
    round_key
        Needed for auditors; for others the role then holds in that round alone.
    valid_until
        First instant at which it no longer holds, aware; needed for auditors.
    """

    role: str
    institution: str | None = None
    round_key: str | None = None
    valid_until: datetime | None = None


def to_email(text: str) -> str:
    """Return an e-mail address as it is kept: without capitals, without margins."""
    return text.strip().casefold()


def person_of(session: Session, email: str) -> Person:
    """Return the person with an e-mail address.

    Raises
    ------
    NotFound
        When nobody has it.
    """
    person = session.exec(
        select(Person).where(Person.email == to_email(email))
    ).one_or_none()
    if person is None:
        raise NotFound(
            tell("nobody with the e-mail address {email!r} is known", email=email)
        )
    return person


def check_person(checks: Checks, where: str, facts: PersonFacts) -> None:
    """Check a name and an e-mail address."""
    checks.text(where, "name", facts.name)
    email = to_email(facts.email)
    checks.pattern(where, tell("e-mail address"), email, EMAIL, "alice@example.org")


def store_people(session: Session, given: Sequence[PersonFacts]) -> Kept:
    """Add or change checked people, without asking and without an entry in the log."""
    stored = {row.email: row for row in session.exec(select(Person))}
    rows = (
        (email, {"email": email, "name": facts.name})
        for facts in given
        for email in [to_email(facts.email)]
    )
    return count(keep(session, Person, stored, rows).values())


def keep_people(
    session: Session, given: Sequence[PersonFacts], *, by: Person, at: datetime
) -> Kept:
    """Add people or change their names, all of them or none.

    Raises
    ------
    Forbidden, InvalidInput
        When the roles do not allow it; with every rule that is broken.
    """
    require(session, "person.keep", by=by, at=at)
    checks = Checks()
    checks.unique("person", (facts.email for facts in given))
    for facts in given:
        check_person(checks, tell("person {email}", email=facts.email), facts)
    refuse_all(checks.problems)
    kept = store_people(session, given)
    log(session, "person.keep", "people", kept.to_payload(), by=by, at=at)
    return kept


def found_installation(session: Session, facts: PersonFacts, *, at: datetime) -> Person:
    """Make the first person, an administrator, where nobody has a role yet.

    Raises
    ------
    Conflict
        When somebody has one: an administrator gives further roles.
    InvalidInput
        When the name or the e-mail address breaks a rule.
    """
    if session.exec(select(RoleGrant)).first() is not None:
        raise Conflict(
            tell("somebody has a role already: an administrator gives others")
        )
    checks = Checks()
    check_person(checks, tell("person {email}", email=facts.email), facts)
    refuse_all(checks.problems)
    store_people(session, [facts])
    person = person_of(session, facts.email)
    actor = actor_of(session, person.id)
    grant = RoleGrant(
        person_id=person.id, role=Role.ADMIN, granted_at=at, granted_by=actor
    )
    session.add(grant)
    session.flush()
    payload: dict[str, object] = {"to": actor, "role": Role.ADMIN.value}
    log(session, "role.grant", f"role:{Role.ADMIN.value}", payload, by=person, at=at)
    return person


def grant_role(
    session: Session, person: Person, facts: RoleFacts, *, by: Person, at: datetime
) -> RoleGrant:
    """Give a person a role.

    Raises
    ------
    Forbidden
        When the roles do not allow it.
    InvalidInput
        With every rule that is broken: an unknown institution, an auditor without end.
    Conflict
        When the person has it already.
    """
    require(session, "role.grant", by=by, at=at)
    held = _check_role(session, person, facts, at)
    if _find(session, held) is not None:
        raise Conflict(
            tell(
                "{person} has the role {role} already",
                person=person.name,
                role=facts.role,
            )
        )
    grant = RoleGrant(
        person_id=held.person_id,
        role=held.role,
        institution_id=held.institution_id,
        round_id=held.round_id,
        valid_until=facts.valid_until,
        granted_at=at,
        granted_by=actor_of(session, by.id),
    )
    session.add(grant)
    session.flush()
    _log_role(session, person, facts, "grant", by=by, at=at)
    return grant


def revoke_role(
    session: Session, person: Person, facts: RoleFacts, *, by: Person, at: datetime
) -> None:
    """Take a role away.

    Raises
    ------
    Forbidden, NotFound
        When the roles do not allow it; when the person has no such role.
    """
    require(session, "role.grant", by=by, at=at)
    grant = _find(session, _check_role(session, person, facts, None))
    if grant is None:
        raise NotFound(
            tell(
                "{person} does not have the role {role} there",
                person=person.name,
                role=facts.role,
            )
        )
    session.delete(grant)
    session.flush()
    _log_role(session, person, facts, "revoke", by=by, at=at)


def _log_role(
    session: Session,
    person: Person,
    facts: RoleFacts,
    act: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    payload: dict[str, object] = {
        "act": act,
        "to": actor_of(session, person.id),
        "institution": facts.institution,
        "round": facts.round_key,
        "valid_until": facts.valid_until and facts.valid_until.isoformat(),
    }
    log(session, "role.grant", f"role:{facts.role}", payload, by=by, at=at)


class _Held(NamedTuple):
    """The columns that tell one role of a person from another."""

    person_id: int
    role: Role
    institution_id: int | None
    round_id: int | None


def _check_role(
    session: Session, person: Person, facts: RoleFacts, at: datetime | None
) -> _Held:
    checks = Checks()
    where = tell("role of {person}", person=person.name)
    checks.code(where, "role", facts.role, Role)
    wants_institution = facts.role in OF_AN_INSTITUTION
    if wants_institution != (facts.institution is not None):
        rule = (
            tell("needs an institution")
            if wants_institution
            else tell("is held in none")
        )
        checks.refuse(where, tell("the role {role} {rule}", role=facts.role, rule=rule))
    if facts.role == Role.AUDITOR and None in (facts.round_key, facts.valid_until):
        checks.refuse(where, tell("an auditor's role is for one round and has an end"))
    if at is not None and facts.valid_until is not None and facts.valid_until <= at:
        checks.refuse(where, tell("its end has passed already"))
    institution_id = _id_of_institution(session, checks, where, facts.institution)
    round_id = _id_of_round(session, checks, where, facts.round_key)
    refuse_all(checks.problems)
    return _Held(person.id, Role(facts.role), institution_id, round_id)


def _id_of_institution(
    session: Session, checks: Checks, where: str, hei_id: str | None
) -> int | None:
    query = select(Institution.id).where(Institution.hei_id == hei_id)
    found = session.exec(query).one_or_none() if hei_id is not None else None
    if found is None and hei_id is not None:
        checks.refuse(where, tell("there is no institution {hei_id!r}", hei_id=hei_id))
    return found


def _id_of_round(
    session: Session, checks: Checks, where: str, key: str | None
) -> int | None:
    query = select(Round.id).where(Round.key == key)
    found = session.exec(query).one_or_none() if key is not None else None
    if found is None and key is not None:
        checks.refuse(where, tell("there is no round {key!r}", key=key))
    return found


def _find(session: Session, held: _Held) -> RoleGrant | None:
    return session.exec(select(RoleGrant).filter_by(**held._asdict())).one_or_none()
