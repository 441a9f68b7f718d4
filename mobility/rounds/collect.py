"""A round's rows become plain facts, in a query per table. Journeys come later."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from mobility.eligibility import Terms
from mobility.models import (
    ForbiddenPair,
    Institution,
    Offer,
    Pin,
    Policy,
    Round,
    Snapshot,
)
from mobility.reading.eligibility import read_applicants, read_terms
from mobility.reading.frozen import (
    OfferRow,
    read_certified,
    read_groups,
    read_institutions,
    read_offers,
    read_pairs,
    read_quotas,
    read_rankings,
    students_that_count,
)
from mobility.rounds.balance import read_partnerships
from mobility.rounds.deadlines import to_text
from mobility.rounds.facts import (
    CarbonFacts,
    Commitment,
    Facts,
    InstitutionFacts,
    OfferFacts,
    PartnershipFacts,
    QuotaFacts,
    RoundFacts,
    StudentFacts,
)
from mobility.rounds.lottery import commitments_of
from mobility.rounds.policies import policy_value


def collect(
    session: Session, a_round: Round, carbon: CarbonFacts, *, at: datetime
) -> Facts:
    """Return what a freeze at an instant would freeze, but for the journeys.

    Parameters
    ----------
    carbon
        Factors and method of the round's journeys; the used rows may still be missing.
    """
    institutions = read_institutions(session, a_round)
    pins = read_pairs(session, a_round, Pin)
    forbidden = read_pairs(session, a_round, ForbiddenPair)
    return Facts(
        round=_round(session, a_round, at),
        carbon=carbon,
        institutions=tuple(to_institution(row) for row in institutions.values()),
        offers=collect_offers(session, a_round),
        quotas=collect_quotas(session, a_round),
        students=_students(session, a_round),
        partnerships=_partnerships(session, a_round, institutions),
        pins=tuple((student, offer) for student, _, offer in pins),
        forbidden=tuple((student, offer) for student, _, offer in forbidden),
        commitments=tuple(
            Commitment(row.committer, row.commitment)
            for row in commitments_of(session, a_round)
        ),
        names={student: name for student, name, _ in pins},
    )


def collect_quotas(session: Session, a_round: Round) -> tuple[QuotaFacts, ...]:
    """Return a round's quotas."""
    return tuple(
        QuotaFacts(
            key=row.quota.key,
            kind=row.quota.kind.value,
            capacity=row.quota.capacity,
            offers=row.offers,
            pairs=row.pairs,
        )
        for row in read_quotas(session, a_round)
    )


def _round(session: Session, a_round: Round, at: datetime) -> RoundFacts:
    policy = session.get_one(Policy, a_round.policy_id)
    earlier = select(func.count(col(Snapshot.id))).where(
        Snapshot.round_id == a_round.id
    )
    return RoundFacts(
        key=a_round.key,
        name=a_round.name,
        academic_year=a_round.academic_year_id,
        is_dry_run=a_round.is_dry_run,
        deadline_at=to_text(a_round.deadline_at),
        deadline_zone=a_round.deadline_zone,
        frozen_at=to_text(at),
        freeze=session.exec(earlier).one() + 1,
        balance_years=a_round.balance_years,
        policy=policy_value(policy),
        policy_digest=policy.digest,
    )


def to_institution(row: Institution) -> InstitutionFacts:
    """Return what is frozen of a university."""
    return InstitutionFacts(
        hei_id=row.hei_id,
        name=row.name,
        city=row.city,
        country=row.country,
        latitude_udeg=row.latitude_udeg,
        longitude_udeg=row.longitude_udeg,
        block=row.block.value if row.block else None,
        block_source=row.block_source,
        block_date=row.block_date.isoformat() if row.block_date else None,
        exchange_tolerance=row.exchange_tolerance,
    )


def collect_offers(session: Session, a_round: Round) -> tuple[OfferFacts, ...]:
    """Return a round's offers with their terms."""
    wanted = select(Offer.id).where(Offer.round_id == a_round.id)
    terms = read_terms(session, wanted)
    return tuple(
        _offer(row, terms[row.offer.id]) for row in read_offers(session, a_round)
    )


def _offer(row: OfferRow, terms: Terms) -> OfferFacts:
    offer = row.offer
    return OfferFacts(
        key=offer.key,
        receiving=terms.receiving,
        capacity=offer.capacity,
        mode=offer.mode.value,
        starts_on=offer.starts_on.isoformat(),
        ends_on=offer.ends_on.isoformat(),
        days=(offer.ends_on - offer.starts_on).days,
        iia_id=row.iia_id,
        condition_key=row.condition_key,
        terms=terms,
    )


def _students(session: Session, a_round: Round) -> tuple[StudentFacts, ...]:
    counting = students_that_count(a_round)
    applicants = read_applicants(session, counting)
    groups = read_groups(session, counting)
    rankings = read_rankings(session, a_round)
    return tuple(
        StudentFacts(
            student=row.student,
            applicant=applicants[row.student],
            merit=row.merit,
            groups=groups.get(row.student, ()),
            number=row.certification.number,
            receipt=row.certification.receipt,
            salt=row.certification.salt,
            certified=rankings.get(row.certification.id, ()),
        )
        for row in read_certified(session, a_round)
    )


def _partnerships(
    session: Session, a_round: Round, institutions: dict[int, Institution]
) -> tuple[PartnershipFacts, ...]:
    """Return the partnerships of which both ends take part in the round."""
    present = {row.hei_id for row in institutions.values()}
    return tuple(
        pair
        for pair in read_partnerships(session, a_round)
        if pair.north in present and pair.south in present
    )
