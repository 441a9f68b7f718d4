"""The world becomes records: schools, agreements, people, roles."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, select

from mobility.audit.record import actor_of, record
from mobility.demo import world as made
from mobility.models import Person, RoleGrant, Student
from mobility.permissions import Role
from mobility.records.accounts import activate_account, open_account
from mobility.records.agreements import (
    AgreementFacts,
    ConditionFacts,
    LanguageFacts,
    keep_agreements,
)
from mobility.records.institutions import (
    InstitutionFacts,
    PartnershipFacts,
    keep_institutions,
    keep_partnerships,
)
from mobility.records.people import (
    PersonFacts,
    RoleFacts,
    found_installation,
    grant_role,
    keep_people,
    person_of,
)
from mobility.records.students import StudentFacts, keep_students

ADMIN = PersonFacts(name="Ada Sample", email="ada@network.example")
"""Who set the demo up; she gives the cast their roles."""

COLLEAGUE = PersonFacts(name="Daria Sample", email="daria@network.example")
"""Dana's colleague, who makes the rounds: Dana may publish what another declared, and
Daria what Dana did."""

BUILD = "demo:build"
"""The first act of a demo database's log, by which it is known as one."""


def load_records(session: Session, world: made.World, *, at: datetime) -> None:
    """Store everything but the rounds, through the functions that keep records."""
    payload: dict[str, object] = {"seed": world.seed, "notice": world.notice}
    record(session, actor="demo", action=BUILD, subject="world", payload=payload, at=at)
    admin = found_installation(session, ADMIN, at=at)
    staff = [member for member in world.cast if not member.student]
    people = [PersonFacts(name=member.name, email=member.email) for member in staff]
    keep_people(session, [*people, COLLEAGUE], by=admin, at=at)
    schools = [_to_institution(school) for school in world.schools]
    keep_institutions(session, schools, by=admin, at=at)
    pairs = [_to_partnership(pair) for pair in world.partnerships]
    keep_partnerships(session, pairs, by=admin, at=at)
    for member in staff:
        if member.role != Role.AUDITOR:
            role = RoleFacts(role=member.role, institution=member.institution or None)
            grant_role(session, person_of(session, member.email), role, by=admin, at=at)
    office = RoleFacts(role=Role.NETWORK_COORDINATOR)
    colleague = person_of(session, COLLEAGUE.email)
    grant_role(session, colleague, office, by=admin, at=at)
    dana = find_member(session, world, Role.NETWORK_COORDINATOR)
    agreements = [_to_agreement(agreement) for agreement in world.agreements]
    keep_agreements(session, agreements, by=dana, at=at)
    students = [_to_student(student) for student in world.students]
    keep_students(session, students, by=dana, at=at)
    _grant_students(session, admin, at)
    office_and_admin = (COLLEAGUE.email, ADMIN.email)
    for email in (*(member.email for member in world.cast), *office_and_admin):
        _let_in(session, email, admin, at)


def find_member(session: Session, world: made.World, role: Role) -> Person:
    """Return the one of the cast who has a role."""
    member = next(member for member in world.cast if member.role == role)
    return person_of(session, member.email)


def grant_auditor(
    session: Session, world: made.World, *, until: datetime, at: datetime
) -> None:
    """Give Carol the round that she audits; it must be there."""
    carol = next(member for member in world.cast if member.role == Role.AUDITOR)
    role = RoleFacts(role=Role.AUDITOR, round_key=carol.round_key, valid_until=until)
    admin = person_of(session, ADMIN.email)
    grant_role(session, person_of(session, carol.email), role, by=admin, at=at)


def _let_in(session: Session, email: str, admin: Person, at: datetime) -> None:
    """Give somebody an account without a password: a button signs in as her."""
    account = open_account(session, person_of(session, email), by=admin, at=at)
    activate_account(session, account, None, at=at)


def _grant_students(session: Session, admin: Person, at: datetime) -> None:
    """Give every student her role at once; one by one takes seconds."""
    actor = actor_of(session, admin.id)
    rows = session.exec(select(Student.person_id, Student.institution_id)).all()
    grants = [
        {
            "person_id": person,
            "role": Role.STUDENT,
            "institution_id": institution,
            "granted_at": at,
            "granted_by": actor,
        }
        for person, institution in rows
    ]
    session.execute(insert(RoleGrant), grants)
    payload: dict[str, object] = {"students": len(grants)}
    record(
        session,
        actor=actor,
        action="role:grant",
        subject="role:student",
        payload=payload,
        at=at,
    )


def student_ids(session: Session, world: made.World) -> dict[str, int]:
    """Return the row id of every student by her key in the world."""
    query = select(Person.email, Student.id).join(
        Student, col(Student.person_id) == Person.id
    )
    ids = dict(session.exec(query).all())
    return {student.key: ids[student.email] for student in world.students}


def _to_institution(school: made.School) -> InstitutionFacts:
    return InstitutionFacts(
        hei_id=school.hei_id,
        name=school.name,
        city=school.city,
        country=school.country,
        latitude_udeg=school.latitude_udeg,
        longitude_udeg=school.longitude_udeg,
        block=school.block,
        block_source=school.block_source,
        block_date=school.block_date,
        erasmus_code=school.erasmus_code or None,
    )


def _to_partnership(pair: made.Partnership) -> PartnershipFacts:
    return PartnershipFacts(
        north=pair.north, south=pair.south, tolerance=pair.tolerance, asks=pair.asks
    )


def _to_agreement(agreement: made.Agreement) -> AgreementFacts:
    return AgreementFacts(
        iia_id=agreement.iia_id,
        institution_a=agreement.institution_a,
        institution_b=agreement.institution_b,
        conditions=tuple(_to_condition(each) for each in agreement.conditions),
        is_constructed=True,
    )


def _to_condition(condition: made.Condition) -> ConditionFacts:
    return ConditionFacts(
        key=condition.key,
        sending=condition.sending,
        receiving=condition.receiving,
        kind=condition.kind,
        mobilities_per_year=condition.mobilities_per_year,
        duration_days=condition.duration_days,
        isced_f_codes=condition.isced_f_codes,
        eqf_levels=condition.eqf_levels,
        languages=tuple(
            LanguageFacts(
                language=each.language, cefr=each.cefr, is_required=each.is_required
            )
            for each in condition.languages
        ),
        receiving_first_academic_year_id=condition.receiving_first_academic_year_id,
        receiving_last_academic_year_id=condition.receiving_last_academic_year_id,
        receiving_ounit=condition.receiving_ounit,
        is_blended=condition.mode == "blended",
        mode=condition.mode,
    )


def _to_student(student: made.Student) -> StudentFacts:
    return StudentFacts(
        name=student.name,
        email=student.email,
        sending=student.sending,
        isced_f_code=student.isced_f_code,
        eqf_level=student.eqf_level,
        merit=student.merit,
        languages=tuple((each.language, each.cefr) for each in student.languages),
        groups=student.groups,
    )
