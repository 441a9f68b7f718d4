"""The rows that a freeze collects, in a query per table, whatever the round's size."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select as select_all
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from mobility.models import (
    Agreement,
    Application,
    Certification,
    CertifiedPreference,
    CooperationCondition,
    ForbiddenPair,
    Institution,
    Offer,
    Person,
    Pin,
    Quota,
    QuotaOffer,
    QuotaPair,
    Round,
    Student,
    StudentGroup,
)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with the names of what it stands on."""

    offer: Offer
    condition_key: str
    iia_id: str


@dataclass(frozen=True, slots=True)
class CertifiedRow:
    """A student whose certified list counts, and the receipt of it."""

    student: int
    merit: int
    certification: Certification


def students_that_count(a_round: Round) -> SelectOfScalar[int]:
    """Return the query for students with a certified list that was not withdrawn."""
    return (
        select(Application.student_id)
        .join(Certification, col(Certification.application_id) == Application.id)
        .where(Application.round_id == a_round.id)
        .where(col(Application.withdrawn_at).is_(None))
        .where(col(Certification.is_current))
    )


def read_certified(session: Session, a_round: Round) -> list[CertifiedRow]:
    """Return the students whose lists count."""
    query = (
        select(Certification, Student.id, Student.merit)
        .join(Application, col(Application.id) == Certification.application_id)
        .join(Student, col(Student.id) == Application.student_id)
        .where(Application.round_id == a_round.id)
        .where(col(Application.withdrawn_at).is_(None))
        .where(col(Certification.is_current))
    )
    return [
        CertifiedRow(student=student, merit=merit, certification=certification)
        for certification, student, merit in session.exec(query)
    ]


def read_rankings(
    session: Session, a_round: Round
) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return the lists that count as (offer key, rank), by certification."""
    query = (
        select(
            CertifiedPreference.certification_id, Offer.key, CertifiedPreference.rank
        )
        .join(Offer, col(Offer.id) == CertifiedPreference.offer_id)
        .join(
            Certification, col(Certification.id) == CertifiedPreference.certification_id
        )
        .where(Offer.round_id == a_round.id)
        .where(col(Certification.is_current))
        .order_by(col(CertifiedPreference.rank))
    )
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for certification, key, rank in session.exec(query):
        found[certification].append((key, rank))
    return {certification: tuple(entries) for certification, entries in found.items()}


def read_groups(
    session: Session, students: SelectOfScalar[int]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return students' coded labels as (attribute, value), by row id."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(StudentGroup).where(col(StudentGroup.student_id).in_(students))
    for row in session.exec(query):
        found[row.student_id].append((row.attribute, row.value))
    return {student: tuple(sorted(labels)) for student, labels in found.items()}


def read_offers(session: Session, a_round: Round) -> list[OfferRow]:
    """Return a round's offers with their conditions' and agreements' keys."""
    query = (
        select(Offer, CooperationCondition.key, Agreement.iia_id)
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
        .where(Offer.round_id == a_round.id)
    )
    return [OfferRow(offer, key, iia_id) for offer, key, iia_id in session.exec(query)]


def read_institutions(session: Session, a_round: Round) -> dict[int, Institution]:
    """Return the universities that send or receive in a round, by row id."""
    hosts = select(Offer.receiving_id).where(Offer.round_id == a_round.id)
    homes = (
        select(CooperationCondition.sending_id)
        .join(Offer, col(Offer.condition_id) == CooperationCondition.id)
        .where(Offer.round_id == a_round.id)
    )
    applied = select(Student.institution_id).where(
        col(Student.id).in_(students_that_count(a_round))
    )
    ids = col(Institution.id)
    query = select(Institution).where(
        ids.in_(hosts) | ids.in_(homes) | ids.in_(applied)
    )
    return {row.id: row for row in session.exec(query)}


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A quota with its offers and its pairs (student row id, offer key)."""

    quota: Quota
    offers: tuple[str, ...]
    pairs: tuple[tuple[int, str], ...]


def read_quotas(session: Session, a_round: Round) -> list[QuotaRow]:
    """Return a round's quotas."""
    offers: defaultdict[int, list[str]] = defaultdict(list)
    whole = (
        select(QuotaOffer.quota_id, Offer.key)
        .join(Offer, col(Offer.id) == QuotaOffer.offer_id)
        .where(Offer.round_id == a_round.id)
    )
    for quota_id, key in session.exec(whole):
        offers[quota_id].append(key)
    pairs: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    single = (
        select(QuotaPair.quota_id, QuotaPair.student_id, Offer.key)
        .join(Offer, col(Offer.id) == QuotaPair.offer_id)
        .where(Offer.round_id == a_round.id)
    )
    for quota_id, student, key in session.exec(single):
        pairs[quota_id].append((student, key))
    return [
        QuotaRow(row, tuple(offers[row.id]), tuple(pairs[row.id]))
        for row in session.exec(select(Quota).where(Quota.round_id == a_round.id))
    ]


def read_pairs(
    session: Session, a_round: Round, table: type[Pin] | type[ForbiddenPair]
) -> list[tuple[int, str, str]]:
    """Return pins or forbidden pairs as (student row id, her name, offer key)."""
    query = (
        select_all(col(table.student_id), col(Person.name), col(Offer.key))
        .join(Offer, col(Offer.id) == col(table.offer_id))
        .join(Student, col(Student.id) == col(table.student_id))
        .join(Person, col(Person.id) == col(Student.person_id))
        .where(col(table.round_id) == a_round.id)
    )
    return [(student, name, key) for student, name, key in session.execute(query)]
