"""Students of a university and where they stand in a round, as the office sees them.

A list that was certified is shown from the freeze on, never before: until then the
office knows that it is there, not what it says.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy import select as select_all
from sqlmodel import Session, col, func, select

from mobility.errors import NotFound
from mobility.models import (
    Account,
    Application,
    Certification,
    ForbiddenPair,
    Institution,
    Person,
    Pin,
    Round,
    Student,
    StudentGroup,
    StudentLanguage,
)
from mobility.reading.agreements import Partner, Reach
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student in a list; `account` is its state, None without one."""

    number: int
    name: str
    email: str
    home: Partner
    isced_f_code: str | None
    eqf_level: int | None
    account: str | None


@dataclass(frozen=True, slots=True)
class StudentView:
    """A student in full; pairs of language and level, of attribute and value."""

    row: StudentRow
    languages: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """Where a student stands in a round.

    Parameters
    ----------
    state
        `none`, `draft`, `certified` or `withdrawn`.
    """

    student: StudentRow
    state: str
    certified_at: datetime | None
    is_pinned: bool
    forbidden: int


def list_students(session: Session, reach: Reach) -> list[StudentRow]:
    """Return the students of some universities, by name."""
    query = _students().order_by(col(Person.name), col(Person.id))
    if reach is not None:
        query = query.where(col(Student.institution_id).in_(reach))
    return [_to_row(row) for row in session.execute(query)]


def _students() -> Select[Any]:
    """Return the query for students: columns, for a page may list thousands."""
    query: Select[Any] = (
        select_all(  # type: ignore[assignment]  # columns of four tables, by their labels
            col(Student.id).label("number"),
            col(Student.isced_f_code),
            col(Student.eqf_level),
            col(Person.name),
            col(Person.email),
            col(Institution.id).label("home"),
            col(Institution.hei_id),
            col(Institution.name).label("home_name"),
            col(Account.state).label("account"),
        )
        .join(Person, col(Person.id) == Student.person_id)
        .join(Institution, col(Institution.id) == Student.institution_id)
        .outerjoin(Account, col(Account.person_id) == Person.id)
    )
    return query


def _to_row(row: Row[Any]) -> StudentRow:
    return StudentRow(
        number=row.number,
        name=row.name,
        email=row.email,
        home=Partner(row.home, row.hei_id, row.home_name),
        isced_f_code=row.isced_f_code,
        eqf_level=row.eqf_level,
        account=row.account.value if row.account else None,
    )


def find_home(session: Session, number: int) -> int | None:
    """Return the row id of a student's university, None without such a student."""
    query = select(Student.institution_id).where(Student.id == number)
    return session.exec(query).one_or_none()


def find_applicant(session: Session, key: str, number: int) -> tuple[int, int] | None:
    """Return row ids of a student's university and of a round, None without them."""
    query = (
        select(Student.institution_id, Round.id)
        .join_from(Student, Round, col(Round.key) == key)
        .where(Student.id == number)
    )
    return session.exec(query).one_or_none()


def view_student(session: Session, number: int) -> StudentView:
    """Return a student in full.

    Raises
    ------
    NotFound
        When there is none of that row id.
    """
    query = _students().where(col(Student.id) == number)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(tell("there is no student {number}", number=number))
    languages = session.exec(
        select(StudentLanguage).where(StudentLanguage.student_id == number)
    )
    groups = session.exec(select(StudentGroup).where(StudentGroup.student_id == number))
    return StudentView(
        row=_to_row(found),
        languages=tuple(sorted((each.language, each.cefr.value) for each in languages)),
        groups=tuple(sorted((each.attribute, each.value) for each in groups)),
    )


def list_applications(
    session: Session, round_id: int, reach: Reach
) -> list[ApplicationRow]:
    """Return where the students of some universities stand in a round, by name."""
    query = (
        select_all(
            col(Application.student_id),
            col(Application.withdrawn_at),
            col(Certification.certified_at),
        )
        .outerjoin(
            Certification,
            (col(Certification.application_id) == col(Application.id))
            & col(Certification.is_current),
        )
        .where(col(Application.round_id) == round_id)
    )
    found = {student: (out, at) for student, out, at in session.execute(query)}
    pinned = set(session.exec(select(Pin.student_id).where(Pin.round_id == round_id)))
    forbidden = dict(
        session.exec(
            select(ForbiddenPair.student_id, func.count())
            .where(ForbiddenPair.round_id == round_id)
            .group_by(col(ForbiddenPair.student_id))
        ).all()
    )
    return [
        ApplicationRow(
            student=row,
            state=_state(found.get(row.number)),
            certified_at=found.get(row.number, (None, None))[1],
            is_pinned=row.number in pinned,
            forbidden=forbidden.get(row.number, 0),
        )
        for row in list_students(session, reach)
    ]


def _state(found: tuple[datetime | None, datetime | None] | None) -> str:
    if found is None:
        return "none"
    withdrawn_at, certified_at = found
    if withdrawn_at is not None:
        return "withdrawn"
    return "certified" if certified_at is not None else "draft"


def count_students(session: Session, round_id: int, reach: Reach) -> dict[str, int]:
    """Return how many students of some universities there are, and where they stand.

    Returns
    -------
    dict
        `all`, `certified`, `draft`, `none`, `withdrawn`, and `uninvited`: without an
        account.
    """
    query = (
        select_all(
            col(Application.id),
            col(Application.withdrawn_at),
            col(Certification.certified_at),
            col(Account.id),
        )
        .select_from(Student)
        .outerjoin(
            Application,
            (col(Application.student_id) == col(Student.id))
            & (col(Application.round_id) == round_id),
        )
        .outerjoin(
            Certification,
            (col(Certification.application_id) == col(Application.id))
            & col(Certification.is_current),
        )
        .outerjoin(Account, col(Account.person_id) == col(Student.person_id))
    )
    if reach is not None:
        query = query.where(col(Student.institution_id).in_(reach))
    counts = dict.fromkeys(
        ("all", "certified", "draft", "none", "withdrawn", "uninvited"), 0
    )
    for begun, out, certified_at, account in session.execute(query):
        counts["all"] += 1
        counts[_state((out, certified_at) if begun else None)] += 1
        counts["uninvited"] += account is None
    return counts


def find_standing(
    session: Session, round_id: int, student: int
) -> tuple[str, datetime | None]:
    """Return where a student stands in a round, and when she certified.

    The state is one of `ApplicationRow`.
    """
    query = (
        select_all(col(Application.withdrawn_at), col(Certification.certified_at))
        .outerjoin(
            Certification,
            (col(Certification.application_id) == col(Application.id))
            & col(Certification.is_current),
        )
        .where(col(Application.round_id) == round_id)
        .where(col(Application.student_id) == student)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return "none", None
    return _state((row[0], row[1])), row[1]
