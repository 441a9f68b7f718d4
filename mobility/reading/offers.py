"""The offers of a round and the quotas over them, as the office's pages show them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select as select_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from mobility.errors import NotFound
from mobility.models import (
    Agreement,
    CooperationCondition,
    Institution,
    Offer,
    Quota,
    QuotaOffer,
    QuotaPair,
)
from mobility.reading.agreements import Partner, Reach


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer of a round; `agreement` is a row id."""

    number: int
    key: str
    sending: Partner
    receiving: Partner
    capacity: int
    starts_on: date
    ends_on: date
    mode: str
    is_suspended: bool
    agreement: int
    iia_id: str
    condition: str
    mobilities_per_year: int


@dataclass(frozen=True, slots=True)
class QuotaView:
    """A quota; `offers` are those it counts in full, `pairs` single students on one.

    `host` is the `hei_id` of the only host of its offers, None with several.
    """

    key: str
    kind: str
    capacity: int
    offers: tuple[str, ...]
    pairs: int
    places: int
    host: str | None
    host_name: str | None
    hosts: int


def list_offers(session: Session, round_id: int, reach: Reach) -> list[OfferRow]:
    """Return the offers that some universities send to or receive by, by key."""
    sending, receiving = aliased(Institution), aliased(Institution)
    query = (
        select_all(
            Offer, CooperationCondition, col(Agreement.iia_id), sending, receiving
        )
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
        .join(sending, col(sending.id) == CooperationCondition.sending_id)
        .join(receiving, col(receiving.id) == Offer.receiving_id)
        .where(col(Offer.round_id) == round_id)
        .order_by(col(Offer.key))
    )
    if reach is not None:
        ends = col(sending.id).in_(reach) | col(receiving.id).in_(reach)
        query = query.where(ends)
    return [_to_row(*found) for found in session.execute(query)]


def find_offer(session: Session, round_id: int, number: int) -> tuple[int, int] | None:
    """Return the row ids of an offer's home and host, None without one."""
    query = (
        select(CooperationCondition.sending_id, Offer.receiving_id)
        .join(Offer, col(Offer.condition_id) == CooperationCondition.id)
        .where(Offer.id == number)
        .where(Offer.round_id == round_id)
    )
    return session.exec(query).one_or_none()


def view_offer(session: Session, round_id: int, number: int) -> OfferRow:
    """Return one offer.

    Raises
    ------
    NotFound
        When the round has none of that row id.
    """
    ends = find_offer(session, round_id, number)
    rows = list_offers(session, round_id, ends[1:]) if ends else []
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise NotFound(f"there is no offer {number}")
    return found


def _to_row(
    offer: Offer,
    condition: CooperationCondition,
    iia_id: str,
    sending: Institution,
    receiving: Institution,
) -> OfferRow:
    return OfferRow(
        number=offer.id,
        key=offer.key,
        sending=Partner(sending.id, sending.hei_id, sending.name),
        receiving=Partner(receiving.id, receiving.hei_id, receiving.name),
        capacity=offer.capacity,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        mode=offer.mode.value,
        is_suspended=offer.state.value == "suspended",
        agreement=condition.agreement_id,
        iia_id=iia_id,
        condition=condition.key,
        mobilities_per_year=condition.mobilities_per_year,
    )


def list_quotas(session: Session, round_id: int, reach: Reach) -> list[QuotaView]:
    """Return the quotas that count an offer which some universities receive by."""
    members: defaultdict[int, list[tuple[str, int, int, str, str]]] = defaultdict(list)
    query = (
        select_all(
            col(QuotaOffer.quota_id),
            col(Offer.key),
            col(Offer.capacity),
            col(Offer.receiving_id),
            col(Institution.hei_id),
            col(Institution.name),
        )
        .join(Offer, col(Offer.id) == QuotaOffer.offer_id)
        .join(Institution, col(Institution.id) == Offer.receiving_id)
        .where(col(Offer.round_id) == round_id)
        .order_by(col(Offer.key))
    )
    for quota, *offer in session.execute(query):
        members[quota].append(tuple(offer))
    counted = select(QuotaPair.quota_id, func.count()).group_by(col(QuotaPair.quota_id))
    pairs = dict(session.exec(counted).all())
    quotas = select(Quota).where(Quota.round_id == round_id).order_by(col(Quota.key))
    return [
        _to_quota(row, members[row.id], pairs.get(row.id, 0))
        for row in session.exec(quotas)
        if reach is None or any(offer[2] in reach for offer in members[row.id])
    ]


def _to_quota(
    row: Quota, offers: list[tuple[str, int, int, str, str]], pairs: int
) -> QuotaView:
    names = {hei_id: name for *_, hei_id, name in offers}
    is_one_host = len(names) == 1 and not pairs
    return QuotaView(
        key=row.key,
        kind=row.kind.value,
        capacity=row.capacity,
        offers=tuple(offer[0] for offer in offers),
        pairs=pairs,
        places=sum(offer[1] for offer in offers),
        host=next(iter(names)) if is_one_host else None,
        host_name=next(iter(names.values())) if len(names) == 1 else None,
        hosts=len(names),
    )
