"""Inviting students: their coordinator opens the way, the link goes to them alone."""

from datetime import datetime

from sqlmodel import Session, col, select

from mobility.audit.record import actor_of
from mobility.errors import Conflict, NotFound
from mobility.models import Account, AccountState, Notice, Person, Student
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.invitations import NOTICE
from mobility.sentences import tell


def invite_student(session: Session, number: int, *, by: Person, at: datetime) -> None:
    """Make a student's account where there is none, and have a link mailed to her.

    The coordinator never sees the link: who holds it signs in as the student. A message
    that still waits in the outbox is not doubled.

    Raises
    ------
    NotFound, Forbidden
        When there is no such student; when she is not of the person's university.
    Conflict
        When her account is shut out.
    """
    student = session.get(Student, number)
    if student is None:
        raise NotFound(tell("there is no student {number}", number=number))
    scope = Scope(institution=student.institution_id)
    require(session, "student.invite", scope, by=by, at=at)
    account = _account_of(session, student, at)
    if account.state == AccountState.DISABLED:
        message = tell("the account is shut out: an administrator lets her in again")
        raise Conflict(message)
    if _waits(session, student):
        return
    session.add(Notice(person_id=student.person_id, kind=NOTICE, created_at=at))
    session.flush()
    payload: dict[str, object] = {
        "act": "link",
        "to": actor_of(session, student.person_id),
    }
    log(session, "student.invite", "account", payload, by=by, at=at)


def _account_of(session: Session, student: Student, at: datetime) -> Account:
    query = select(Account).where(Account.person_id == student.person_id)
    account = session.exec(query).one_or_none()
    if account is None:
        account = Account(person_id=student.person_id, created_at=at)
        session.add(account)
        session.flush()
    return account


def _waits(session: Session, student: Student) -> bool:
    query = (
        select(Notice)
        .where(Notice.person_id == student.person_id)
        .where(Notice.kind == NOTICE)
        .where(col(Notice.sent_at).is_(None))
    )
    return session.exec(query).first() is not None
