"""The offers of a round: made from agreements, or copied from an earlier round."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from mobility.errors import Conflict
from mobility.models import (
    Agreement,
    AgreementState,
    CooperationCondition,
    Institution,
    Offer,
    Person,
    Quota,
    QuotaOffer,
    Round,
    RoundState,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.rounds.rows import lock_round, subject_of
from mobility.sentences import tell


def draw_offers(
    session: Session,
    key: str,
    starts_on: date,
    *,
    by: Person,
    at: datetime,
    institution: int | None = None,
) -> int:
    """Make an offer of every condition in force that a round has no offer of yet.

    The offer has the condition's places and lasts as long as it says. Conditions that
    leave their academic years open are taken too.

    Parameters
    ----------
    starts_on
        First day of the new offers.
    institution
        Row id of the only university whose conditions are taken, either way; None
        takes all and needs a role that reaches all.

    Returns
    -------
    int
        How many offers were made.
    """
    a_round = lock_round(session, key)
    scope = Scope(institution=institution, round_id=a_round.id)
    require(session, "offer.keep", scope, by=by, at=at)
    if a_round.state != RoundState.DRAFT:
        raise Conflict(
            tell(
                "round {key} is {state}: offers are made in a draft",
                key=key,
                state=a_round.state,
            )
        )
    offers = [
        Offer(
            round_id=a_round.id,
            condition_id=condition.id,
            key=f"{host}:{iia_id}:{condition.key}",
            receiving_id=condition.receiving_id,
            capacity=condition.mobilities_per_year,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=condition.duration_days),
            mode=condition.mode,
        )
        for condition, iia_id, host in _conditions(session, a_round, institution)
    ]
    session.add_all(offers)
    session.flush()
    payload: dict[str, object] = {"made": len(offers)}
    log(session, "offer.keep", subject_of(a_round), payload, by=by, at=at)
    return len(offers)


def _conditions(
    session: Session, a_round: Round, institution: int | None
) -> Iterable[tuple[CooperationCondition, str, str]]:
    """Find conditions in force without an offer, with `iia_id` and host."""
    taken = select(Offer.condition_id).where(Offer.round_id == a_round.id)
    first = col(CooperationCondition.receiving_first_academic_year_id)
    last = col(CooperationCondition.receiving_last_academic_year_id)
    query = (
        select(CooperationCondition, Agreement.iia_id, Institution.hei_id)
        .join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
        .join(Institution, col(Institution.id) == CooperationCondition.receiving_id)
        .where(Agreement.state == AgreementState.ACTIVE)
        .where(or_(first.is_(None), first <= a_round.academic_year_id))
        .where(or_(last.is_(None), last >= a_round.academic_year_id))
        .where(col(CooperationCondition.id).not_in(taken))
    )
    if institution is not None:
        sends = col(CooperationCondition.sending_id) == institution
        query = query.where(
            or_(sends, col(CooperationCondition.receiving_id) == institution)
        )
    return session.exec(query)


def copy_offers(
    session: Session, source: Round, target: Round, shift: timedelta
) -> None:
    """Copy offers, and the quotas over whole offers, into an empty round."""
    offers = session.exec(select(Offer).where(Offer.round_id == source.id)).all()
    copies = {
        offer.id: Offer(
            round_id=target.id,
            condition_id=offer.condition_id,
            key=offer.key,
            receiving_id=offer.receiving_id,
            capacity=offer.capacity,
            starts_on=offer.starts_on + shift,
            ends_on=offer.ends_on + shift,
            mode=offer.mode,
            state=offer.state,
        )
        for offer in offers
    }
    session.add_all(copies.values())
    session.flush()
    query = (
        select(Quota, QuotaOffer.offer_id)
        .join(QuotaOffer, col(QuotaOffer.quota_id) == Quota.id)
        .where(Quota.round_id == source.id)
    )
    quotas: dict[int, Quota] = {}
    members = []
    for old, offer_id in session.exec(query):
        if old.id not in quotas:
            quotas[old.id] = Quota(
                round_id=target.id, key=old.key, kind=old.kind, capacity=old.capacity
            )
        members.append((old.id, offer_id))
    session.add_all(quotas.values())
    session.flush()
    session.add_all(
        QuotaOffer(quota_id=quotas[old_id].id, offer_id=copies[offer_id].id)
        for old_id, offer_id in members
    )
    session.flush()
