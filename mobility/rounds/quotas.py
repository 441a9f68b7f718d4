"""Quotas of one host over its own offers in a round, kept before the freeze."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from mobility.errors import Conflict, NotFound
from mobility.models import (
    Institution,
    Offer,
    Person,
    Quota,
    QuotaKind,
    QuotaOffer,
    QuotaPair,
    Round,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.checks import Checks
from mobility.records.keeping import refuse_all
from mobility.records.versions import changed_fields, is_change
from mobility.rounds.offer_edit import require_not_frozen
from mobility.rounds.rows import lock_round, subject_of
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class QuotaTerms:
    """A limit over several offers of one host; offers by key, sorted."""

    key: str
    kind: str
    capacity: int
    offers: tuple[str, ...]


class HostIn(NamedTuple):
    """A host in a round: the round's key and the host's `hei_id`."""

    key: str
    hei_id: str


def find_quota(session: Session, round_id: int, key: str) -> Quota | None:
    """Return a round's quota of a key, None when there is none."""
    query = select(Quota).where(Quota.round_id == round_id).where(Quota.key == key)
    return session.exec(query).one_or_none()


def quota_terms(session: Session, row: Quota) -> QuotaTerms:
    """Return what is kept of a quota over whole offers."""
    query = (
        select(Offer.key)
        .join(QuotaOffer, col(QuotaOffer.offer_id) == Offer.id)
        .where(QuotaOffer.quota_id == row.id)
        .order_by(col(Offer.key))
    )
    offers = tuple(session.exec(query))
    return QuotaTerms(row.key, row.kind.value, row.capacity, offers)


def keep_quota(
    session: Session,
    host: HostIn,
    given: QuotaTerms,
    seen: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Add a host's quota, or change one.

    Parameters
    ----------
    host
        Whose offers it counts.
    seen
        `records.versions.version_of` the terms that the person saw; empty for a new
        one.

    Raises
    ------
    NotFound, Forbidden
        When there is no such round or host; when the person does not act for it.
    InvalidInput
        With every rule that is broken: another host's offer, none at all.
    Conflict
        When the round is frozen, the key is taken, or it was changed meanwhile.
    """
    a_round, ids = _enter(session, host, by=by, at=at)
    _check(given, ids)
    row = find_quota(session, a_round.id, given.key)
    where = tell("quota {key}", key=given.key)
    stored = quota_terms(session, row) if row else None
    if row is not None and stored is not None:
        if not seen and stored != given:
            raise Conflict(
                tell(
                    "there is a {where} in round {host} already",
                    where=where,
                    host=host.key,
                )
            )
        if not is_change(where, stored, given, seen):
            return
        _require_own(session, row, ids)
    _store(session, a_round, row, given, ids)
    changed = changed_fields(stored, given) if stored else {}
    payload = {"act": "quota", "quota": given.key, **changed}
    log(session, "offer.keep", subject_of(a_round), payload, by=by, at=at)


def drop_quota(
    session: Session, host: HostIn, quota: str, *, by: Person, at: datetime
) -> None:
    """Take a host's quota away; one that is gone already is no error.

    Raises
    ------
    NotFound, Forbidden, Conflict
        As `keep_quota`.
    """
    a_round, ids = _enter(session, host, by=by, at=at)
    row = find_quota(session, a_round.id, quota)
    if row is None:
        return
    _require_own(session, row, ids)
    session.exec(delete(QuotaOffer).where(col(QuotaOffer.quota_id) == row.id))
    session.delete(row)
    session.flush()
    payload: dict[str, object] = {"act": "drop quota", "quota": quota}
    log(session, "offer.keep", subject_of(a_round), payload, by=by, at=at)


def _enter(
    session: Session, host: HostIn, *, by: Person, at: datetime
) -> tuple[Round, dict[str, int]]:
    """Return a round, locked, and the row ids of a host's offers by key."""
    a_round = lock_round(session, host.key)
    query = select(Institution.id).where(Institution.hei_id == host.hei_id)
    institution = session.exec(query).one_or_none()
    if institution is None:
        raise NotFound(tell("there is no institution {host!r}", host=host.hei_id))
    scope = Scope(institution=institution, round_id=a_round.id)
    require(session, "offer.keep", scope, by=by, at=at)
    require_not_frozen(a_round, "quotas")
    offers = (
        select(Offer.key, Offer.id)
        .where(Offer.round_id == a_round.id)
        .where(Offer.receiving_id == institution)
    )
    return a_round, dict(session.exec(offers).all())


def _check(given: QuotaTerms, ids: dict[str, int]) -> None:
    checks = Checks()
    where = tell("quota {key}", key=given.key)
    checks.text(where, "name", given.key)
    checks.code(where, "kind", given.kind, QuotaKind)
    checks.count(where, "capacity", given.capacity)
    if not given.offers:
        checks.refuse(where, tell("it counts no offer; choose one or more"))
    for offer in sorted(set(given.offers) - ids.keys()):
        checks.refuse(
            where, tell("{offer} is no offer of this host in this round", offer=offer)
        )
    refuse_all(checks.problems)


def _require_own(session: Session, row: Quota, ids: dict[str, int]) -> None:
    """Refuse a quota that counts more than whole offers of this host."""
    offers = select(QuotaOffer.offer_id).where(QuotaOffer.quota_id == row.id)
    pairs = select(QuotaPair.offer_id).where(QuotaPair.quota_id == row.id)
    counted = set(session.exec(offers).all())
    if not counted <= set(ids.values()) or session.exec(pairs).first() is not None:
        raise NotFound(
            tell("quota {name} counts more than this host's whole offers", name=row.key)
        )


def _store(
    session: Session,
    a_round: Round,
    row: Quota | None,
    given: QuotaTerms,
    ids: dict[str, int],
) -> None:
    if row is None:
        row = Quota(
            round_id=a_round.id,
            key=given.key,
            kind=QuotaKind(given.kind),
            capacity=given.capacity,
        )
    row.kind, row.capacity = QuotaKind(given.kind), given.capacity
    session.add(row)
    session.flush()
    session.exec(delete(QuotaOffer).where(col(QuotaOffer.quota_id) == row.id))
    session.add_all(_members(row.id, given.offers, ids))
    session.flush()


def _members(
    quota: int, offers: Sequence[str], ids: dict[str, int]
) -> list[QuotaOffer]:
    return [QuotaOffer(quota_id=quota, offer_id=ids[key]) for key in offers]
