"""Rows that decide eligibility, read in few queries into the rules' own types."""

from collections import defaultdict

from sqlalchemy import select as select_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from mobility.eligibility import Applicant, LanguageNeed, Terms
from mobility.models import (
    Agreement,
    AgreementState,
    CooperationCondition,
    Institution,
    Offer,
    OfferState,
    Student,
    StudentLanguage,
)


def read_applicants(
    session: Session, students: SelectOfScalar[int]
) -> dict[int, Applicant]:
    """Return what the rules need to know of students, by row id.

    Parameters
    ----------
    students
        A query for the row ids of the students wanted.
    """
    languages: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    spoken = select(StudentLanguage).where(
        col(StudentLanguage.student_id).in_(students)
    )
    for row in session.exec(spoken):
        languages[row.student_id].append((row.language, row.cefr.value))
    query = (
        select(Student, Institution.hei_id)
        .join(Institution, col(Institution.id) == Student.institution_id)
        .where(col(Student.id).in_(students))
    )
    return {
        student.id: Applicant(
            sending=hei_id,
            isced_f_code=student.isced_f_code,
            eqf_level=student.eqf_level,
            languages=tuple(sorted(languages[student.id])),
        )
        for student, hei_id in session.exec(query)
    }


def read_terms(session: Session, offers: SelectOfScalar[int]) -> dict[int, Terms]:
    """Return the terms of offers, by row id.

    Parameters
    ----------
    offers
        A query for the row ids of the offers wanted.
    """
    sending, receiving = aliased(Institution), aliased(Institution)
    query = (
        select_all(
            Offer,
            CooperationCondition,
            col(Agreement.state),
            col(sending.hei_id),
            col(receiving.hei_id),
        )
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
        .join(sending, col(sending.id) == CooperationCondition.sending_id)
        .join(receiving, col(receiving.id) == Offer.receiving_id)
        .where(col(Offer.id).in_(offers))
    )
    return {
        offer.id: _to_terms(offer, condition, state, home, host)
        for offer, condition, state, home, host in session.execute(query)
    }


def _to_terms(
    offer: Offer,
    condition: CooperationCondition,
    state: AgreementState,
    sending: str,
    receiving: str,
) -> Terms:
    return Terms(
        offer=offer.key,
        sending=sending,
        receiving=receiving,
        mode=offer.mode.value,
        isced_f_codes=tuple(sorted(condition.isced_f_codes)),
        eqf_levels=tuple(sorted(condition.eqf_levels)),
        languages=_needs(condition),
        first_year=condition.receiving_first_academic_year_id,
        last_year=condition.receiving_last_academic_year_id,
        is_active=state == AgreementState.ACTIVE,
        is_suspended=offer.state == OfferState.SUSPENDED,
    )


def _needs(condition: CooperationCondition) -> tuple[LanguageNeed, ...]:
    needs = [
        LanguageNeed(
            language=str(need["language"]),
            cefr=str(need["cefr"]) if need.get("cefr") else None,
            is_required=bool(need["is_required"]),
        )
        for need in condition.languages
    ]
    return tuple(sorted(needs, key=lambda need: (need.language, need.cefr or "")))
