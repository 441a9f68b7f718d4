"""What would block a freeze now, as a page shows it: nothing is computed or kept.

Few queries, since a page asks for it each time: students are read only where one is
pinned. The freeze itself also tells of places that no way of travelling reaches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.carbon.places import check_coordinates
from mobility.models import (
    Application,
    Certification,
    CertifiedPreference,
    ForbiddenPair,
    Institution,
    Offer,
    Pin,
    Policy,
    Round,
    Student,
)
from mobility.reading.eligibility import read_applicants
from mobility.reading.frozen import read_institutions, read_pairs
from mobility.rounds.collect import collect_offers, collect_quotas, to_institution
from mobility.rounds.deadlines import to_text
from mobility.rounds.facts import CarbonFacts, Facts, RoundFacts, StudentFacts
from mobility.rounds.policies import policy_value
from mobility.rounds.problems import Problem, list_findings

NOT_LOOKED_AT = CarbonFacts(
    factor_set="", factor_set_digest="", method_digest="", settings={}, factors=()
)


@dataclass(frozen=True, slots=True)
class Preview:
    """The problems of a round before its freeze.

    Parameters
    ----------
    problems
        Those that concern the universities asked for, by kind.
    elsewhere
        How many concern others alone.
    """

    problems: tuple[Problem, ...]
    elsewhere: int


def preview(
    session: Session, number: int, institutions: Collection[int] | None, *, at: datetime
) -> Preview:
    """Return what would block a freeze.

    Parameters
    ----------
    number
        Row id of the round.
    institutions
        Row ids of the universities whose problems are wanted; None wants all.
    """
    a_round = session.get_one(Round, number)
    rows = read_institutions(session, a_round)
    facts = _gather(session, a_round, rows.values(), at)
    findings = [each for each in list_findings(facts) if each.kind != "journey"]
    findings += _misplaced(facts)
    names = institutions if institutions is None else _names(rows, institutions)
    wanted = [
        each for each in findings if names is None or names & {*each.institutions}
    ]
    return Preview(tuple(sorted(wanted)), len(findings) - len(wanted))


def _gather(
    session: Session, a_round: Round, rows: Iterable[Institution], at: datetime
) -> Facts:
    """Return what problems are found in; offers and students only where one is pinned.

    Without a pin no offer is overfull and no decision contradicts another.
    """
    facts = Facts(
        round=_round(session, a_round, at),
        carbon=NOT_LOOKED_AT,
        institutions=tuple(to_institution(row) for row in rows),
    )
    pins = read_pairs(session, a_round, Pin)
    if not pins:
        return facts
    forbidden = read_pairs(session, a_round, ForbiddenPair)
    return replace(
        facts,
        offers=collect_offers(session, a_round),
        quotas=collect_quotas(session, a_round),
        students=_pinned(session, a_round, {student for student, _, _ in pins}),
        pins=tuple((student, offer) for student, _, offer in pins),
        forbidden=tuple((student, offer) for student, _, offer in forbidden),
        names={student: name for student, name, _ in pins},
    )


def _pinned(
    session: Session, a_round: Round, students: Collection[int]
) -> tuple[StudentFacts, ...]:
    """Return those of the pinned students who have certified; receipts are left out."""
    rankings: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    query = (
        select(Application.student_id, Offer.key, CertifiedPreference.rank)
        .join(Certification, col(Certification.application_id) == Application.id)
        .join(
            CertifiedPreference,
            col(CertifiedPreference.certification_id) == Certification.id,
        )
        .join(Offer, col(Offer.id) == CertifiedPreference.offer_id)
        .where(Application.round_id == a_round.id)
        .where(col(Application.student_id).in_(students))
        .where(col(Application.withdrawn_at).is_(None))
        .where(col(Certification.is_current))
    )
    for student, key, rank in session.exec(query):
        rankings[student].append((key, rank))
    wanted = select(Student.id).where(col(Student.id).in_(rankings))
    return tuple(
        StudentFacts(
            student=student,
            applicant=applicant,
            merit=0,
            groups=(),
            number=1,
            receipt="",
            salt="",
            certified=tuple(rankings[student]),
        )
        for student, applicant in read_applicants(session, wanted).items()
    )


def _round(session: Session, a_round: Round, at: datetime) -> RoundFacts:
    policy = session.get_one(Policy, a_round.policy_id)
    return RoundFacts(
        key=a_round.key,
        name=a_round.name,
        academic_year=a_round.academic_year_id,
        is_dry_run=a_round.is_dry_run,
        deadline_at=to_text(a_round.deadline_at),
        deadline_zone=a_round.deadline_zone,
        frozen_at=to_text(at),
        freeze=1,
        balance_years=a_round.balance_years,
        policy=policy_value(policy),
        policy_digest=policy.digest,
    )


def _names(rows: Mapping[int, Institution], numbers: Collection[int]) -> set[str]:
    return {row.hei_id for number, row in rows.items() if number in numbers}


def _misplaced(facts: Facts) -> list[Problem]:
    """Return the universities of the round that lie elsewhere than they say."""
    found = []
    for row in facts.institutions:
        position = row.latitude_udeg, row.longitude_udeg
        for sentence in check_coordinates(row.city, row.country, *position):
            text = f"{row.name} ({row.hei_id}): {sentence}"
            found.append(Problem("journey", text, (row.hei_id,), row.hei_id))
    return found
