"""A coordinator's decisions on single pairs of student and offer, before the freeze."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from mobility.audit.record import actor_of
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import (
    ForbiddenPair,
    Offer,
    Person,
    Pin,
    Round,
    RoundState,
    Student,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.people import person_of
from mobility.rounds.rows import lock_round, subject_of
from mobility.sentences import tell

BEFORE_FREEZE = (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED)
TABLES: dict[str, type[Pin] | type[ForbiddenPair]] = {
    "pin": Pin,
    "forbid": ForbiddenPair,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided.

    Parameters
    ----------
    kind
        `pin`: the student has this offer, whatever the policy says. `forbid`: she may
        not have it.
    email
        The student's.
    offer
        Key of the offer.
    reason
        Needed; it is logged and kept with the decision.
    """

    kind: str
    email: str
    offer: str
    reason: str


def decide(
    session: Session, key: str, decision: Decision, *, by: Person, at: datetime
) -> None:
    """Pin a student to an offer, or forbid her one.

    Raises
    ------
    InvalidInput
        When the reason is missing.
    Conflict
        When the round is frozen, or the same was decided before.
    """
    a_round, student, offer = _enter(session, key, decision, by=by, at=at)
    standing = _standing(session, decision.kind, a_round, student)
    if standing and (decision.kind == "pin" or offer.id in standing):
        raise Conflict(
            tell(
                "{decision} has such a decision in round {key} already",
                decision=decision.email,
                key=key,
            )
        )
    row = TABLES[decision.kind](
        round_id=a_round.id,
        student_id=student.id,
        offer_id=offer.id,
        reason=decision.reason,
        created_by=actor_of(session, by.id),
        created_at=at,
    )
    session.add(row)
    session.flush()
    payload = _to_payload(session, decision, student)
    permission = f"eligibility.{decision.kind}"
    log(session, permission, subject_of(a_round), payload, by=by, at=at)


def lift(
    session: Session, key: str, decision: Decision, *, by: Person, at: datetime
) -> None:
    """Take a decision back, with a reason.

    Raises
    ------
    NotFound
        When it was not made.
    """
    a_round, student, offer = _enter(session, key, decision, by=by, at=at)
    row = _standing(session, decision.kind, a_round, student).get(offer.id)
    if row is None:
        raise NotFound(
            tell(
                "{decision} has no such decision in round {key}",
                decision=decision.email,
                key=key,
            )
        )
    session.delete(row)
    session.flush()
    payload = _to_payload(session, decision, student) | {"is_lifted": True}
    permission = f"eligibility.{decision.kind}"
    log(session, permission, subject_of(a_round), payload, by=by, at=at)


def _enter(
    session: Session, key: str, decision: Decision, *, by: Person, at: datetime
) -> tuple[Round, Student, Offer]:
    if not decision.reason.strip():
        raise InvalidInput(
            tell("the decision {kind} takes a reason", kind=decision.kind)
        )
    a_round = lock_round(session, key)
    person = person_of(session, decision.email)
    student = session.exec(
        select(Student).where(Student.person_id == person.id)
    ).first()
    if student is None:
        raise NotFound(tell("{decision} is no student", decision=decision.email))
    scope = Scope(institution=student.institution_id, round_id=a_round.id)
    require(session, f"eligibility.{decision.kind}", scope, by=by, at=at)
    if a_round.state not in BEFORE_FREEZE:
        raise Conflict(
            tell(
                "round {key} is {state}: its decisions stand",
                key=key,
                state=a_round.state,
            )
        )
    offer = session.exec(
        select(Offer)
        .where(Offer.round_id == a_round.id)
        .where(Offer.key == decision.offer)
    ).first()
    if offer is None:
        raise NotFound(
            tell(
                "there is no offer {offer!r} in round {key}",
                offer=decision.offer,
                key=key,
            )
        )
    return a_round, student, offer


def _standing(
    session: Session, kind: str, a_round: Round, student: Student
) -> dict[int, Pin | ForbiddenPair]:
    """Return a student's decisions of a kind by the row id of their offer."""
    if kind == "pin":
        pins = (
            select(Pin)
            .where(Pin.round_id == a_round.id)
            .where(Pin.student_id == student.id)
        )
        return {row.offer_id: row for row in session.exec(pins)}
    pairs = (
        select(ForbiddenPair)
        .where(ForbiddenPair.round_id == a_round.id)
        .where(ForbiddenPair.student_id == student.id)
    )
    return {row.offer_id: row for row in session.exec(pairs)}


def _to_payload(
    session: Session, decision: Decision, student: Student
) -> dict[str, object]:
    return {
        "student": actor_of(session, student.person_id),
        "offer": decision.offer,
        "reason": decision.reason,
    }
