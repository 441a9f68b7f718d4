"""The offers of a round and the quotas over them, as the office's pages show them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy import select as select_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from mobility.errors import NotFound
from mobility.models import (
    Agreement,
    CooperationCondition,
    Institution,
    Offer,
    OfferState,
    Quota,
    QuotaOffer,
    QuotaPair,
)
from mobility.reading.agreements import Partner, Reach
from mobility.sentences import tell

SENDING, RECEIVING = aliased(Institution), aliased(Institution)


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
    query = _offers(round_id).order_by(col(Offer.key))
    if reach is not None:
        ends = col(SENDING.id).in_(reach) | col(RECEIVING.id).in_(reach)
        query = query.where(ends)
    return [_to_row(row) for row in session.execute(query)]


def _offers(round_id: int) -> Select[Any]:
    """Return the query for a round's offers: columns, for a page may list thousands."""
    query: Select[Any] = (
        select_all(  # type: ignore[assignment]  # columns of five tables, by their labels
            col(Offer.id).label("number"),
            col(Offer.key),
            col(Offer.capacity),
            col(Offer.starts_on),
            col(Offer.ends_on),
            col(Offer.mode),
            (col(Offer.state) == OfferState.SUSPENDED).label("is_suspended"),
            col(SENDING.id).label("home"),
            col(SENDING.hei_id).label("home_hei_id"),
            col(SENDING.name).label("home_name"),
            col(RECEIVING.id).label("host"),
            col(RECEIVING.hei_id).label("host_hei_id"),
            col(RECEIVING.name).label("host_name"),
            col(CooperationCondition.agreement_id),
            col(CooperationCondition.key).label("condition"),
            col(CooperationCondition.mobilities_per_year),
            col(Agreement.iia_id),
        )
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .join(Agreement, col(Agreement.id) == CooperationCondition.agreement_id)
        .join(SENDING, col(SENDING.id) == CooperationCondition.sending_id)
        .join(RECEIVING, col(RECEIVING.id) == Offer.receiving_id)
        .where(col(Offer.round_id) == round_id)
    )
    return query


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
    query = _offers(round_id).where(col(Offer.id) == number)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(tell("there is no offer {number}", number=number))
    return _to_row(row)


def _to_row(row: Row[Any]) -> OfferRow:
    return OfferRow(
        number=row.number,
        key=row.key,
        sending=Partner(row.home, row.home_hei_id, row.home_name),
        receiving=Partner(row.host, row.host_hei_id, row.host_name),
        capacity=row.capacity,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        mode=row.mode.value,
        is_suspended=row.is_suspended,
        agreement=row.agreement_id,
        iia_id=row.iia_id,
        condition=row.condition,
        mobilities_per_year=row.mobilities_per_year,
    )


def list_quotas(session: Session, round_id: int, reach: Reach) -> list[QuotaView]:
    """Return the quotas that count an offer which some universities receive by."""
    wanted = select(Quota).where(Quota.round_id == round_id)
    return _read_quotas(session, wanted, reach)


def list_quotas_over(
    session: Session, round_id: int, reach: Reach, offer: int
) -> list[QuotaView]:
    """Return those of `list_quotas` that count an offer, named by its row id."""
    counting = select(QuotaOffer.quota_id).where(QuotaOffer.offer_id == offer)
    wanted = select(Quota).where(Quota.round_id == round_id)
    return _read_quotas(session, wanted.where(col(Quota.id).in_(counting)), reach)


def find_quota(session: Session, round_id: int, key: str) -> QuotaView | None:
    """Return a round's quota, None when there is none of that key."""
    wanted = select(Quota).where(Quota.round_id == round_id).where(Quota.key == key)
    return next(iter(_read_quotas(session, wanted, None)), None)


def _read_quotas(
    session: Session, wanted: SelectOfScalar[Quota], reach: Reach
) -> list[QuotaView]:
    ids = wanted.with_only_columns(col(Quota.id))
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
        .where(col(QuotaOffer.quota_id).in_(ids))
        .order_by(col(Offer.key))
    )
    for quota, *offer in session.execute(query):
        members[quota].append(tuple(offer))
    counted = (
        select(QuotaPair.quota_id, func.count())
        .where(col(QuotaPair.quota_id).in_(ids))
        .group_by(col(QuotaPair.quota_id))
    )
    pairs = dict(session.exec(counted).all())
    return [
        _to_quota(row, members[row.id], pairs.get(row.id, 0))
        for row in session.exec(wanted.order_by(col(Quota.key)))
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
