"""A round's offers, quotas and rankings, stored in bulk.

Whole lists go in at once: one by one, as students certify, twelve hundred rankings
would take longer than everything else. The rows are those that certifying makes.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from mobility.audit.record import record
from mobility.demo import world as made
from mobility.models import (
    Agreement,
    Application,
    Certification,
    CertifiedPreference,
    CooperationCondition,
    Institution,
    Offer,
    Preference,
    Quota,
    QuotaOffer,
    QuotaPair,
    Round,
)
from mobility.rounds.rankings import to_ranking
from mobility.rounds.receipts import new_salt, to_receipt
from mobility.rounds.rows import subject_of

Row = dict[str, object]


def store_offers(
    session: Session,
    a_round: Round,
    world_round: made.Round,
    students: Mapping[str, int],
) -> None:
    """Store the offers of a draft round and the quotas over them."""
    hosts = dict(session.exec(select(Institution.hei_id, Institution.id)).all())
    conditions = _condition_ids(session)
    _insert(session, Offer, _offer_rows(a_round, world_round, hosts, conditions))
    _store_quotas(session, a_round, world_round.quotas, students)


def _store_quotas(
    session: Session,
    a_round: Round,
    quotas: tuple[made.Quota, ...],
    students: Mapping[str, int],
) -> None:
    rows = (
        {
            "round_id": a_round.id,
            "key": quota.key,
            "kind": quota.kind,
            "capacity": quota.capacity,
        }
        for quota in quotas
    )
    _insert(session, Quota, rows)
    query = select(Quota.key, Quota.id).where(Quota.round_id == a_round.id)
    ids = dict(session.exec(query).all())
    offers = offer_ids(session, a_round)
    whole = (
        {"quota_id": ids[quota.key], "offer_id": offers[offer]}
        for quota in quotas
        for offer in quota.offers
    )
    _insert(session, QuotaOffer, whole)
    single = (
        {
            "quota_id": ids[quota.key],
            "student_id": students[student],
            "offer_id": offers[offer],
        }
        for quota in quotas
        for student, offer in quota.pairs
    )
    _insert(session, QuotaPair, single)


def _condition_ids(session: Session) -> dict[tuple[str, str], int]:
    query = select(
        Agreement.iia_id, CooperationCondition.key, CooperationCondition.id
    ).join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
    return {(iia_id, key): number for iia_id, key, number in session.exec(query)}


def _offer_rows(
    a_round: Round,
    world_round: made.Round,
    hosts: Mapping[str, int],
    conditions: Mapping[tuple[str, str], int],
) -> Iterator[Row]:
    for offer in world_round.offers:
        yield {
            "round_id": a_round.id,
            "condition_id": conditions[offer.iia_id, offer.condition],
            "key": offer.key,
            "receiving_id": hosts[offer.receiving],
            "capacity": offer.capacity,
            "starts_on": offer.starts_on,
            "ends_on": offer.ends_on,
            "mode": offer.mode,
        }


def offer_ids(session: Session, a_round: Round) -> dict[str, int]:
    """Return the row id of every offer of a round by its key."""
    query = select(Offer.key, Offer.id).where(Offer.round_id == a_round.id)
    return dict(session.exec(query).all())


def store_rankings(
    session: Session,
    a_round: Round,
    world_round: made.Round,
    students: Mapping[str, int],
    *,
    at: datetime,
) -> None:
    """Store an open round's certified rankings and receipts, with one log entry."""
    offers = offer_ids(session, a_round)
    entries = {
        students[application.student]: [
            (offers[key], key, rank) for key, rank in to_ranking(application.ranking)
        ]
        for application in world_round.applications
    }
    _insert(
        session,
        Application,
        ({"round_id": a_round.id, "student_id": student} for student in entries),
    )
    query = select(Application.student_id, Application.id).where(
        Application.round_id == a_round.id
    )
    applications = dict(session.exec(query).all())
    lists = {applications[student]: entries[student] for student in entries}
    _insert(session, Preference, _listed("application_id", lists))
    _insert(session, Certification, _certifications(a_round, lists, at))
    made_query = select(Certification.application_id, Certification.id).where(
        col(Certification.application_id).in_(lists)
    )
    certified = dict(session.exec(made_query).all())
    counting = {certified[number]: lists[number] for number in lists}
    _insert(session, CertifiedPreference, _listed("certification_id", counting))
    record(
        session,
        actor="demo",
        action="ranking:certify",
        subject=subject_of(a_round),
        payload={"constructed": len(lists)},
        at=at,
    )


Lists = Mapping[int, list[tuple[int, str, int]]]
"""Owner -> offer's id, offer's key and rank."""


def _listed(owner: str, lists: Lists) -> Iterator[Row]:
    for number, entries in lists.items():
        for offer, _, rank in entries:
            yield {owner: number, "offer_id": offer, "rank": rank}


def _certifications(a_round: Round, lists: Lists, at: datetime) -> Iterator[Row]:
    for application, entries in lists.items():
        salt = new_salt()
        ranking = [(key, rank) for _, key, rank in entries]
        yield {
            "application_id": application,
            "number": 1,
            "certified_at": at,
            "receipt": to_receipt(a_round.key, 1, ranking, salt),
            "salt": salt,
        }


def _insert(
    session: Session, table: type[SQLModel], rows: Iterable[Mapping[str, object]]
) -> None:
    values = [dict(row) for row in rows]
    if values:
        session.execute(insert(table), values)
