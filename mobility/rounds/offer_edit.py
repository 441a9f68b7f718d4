"""Changing one offer of a round before its freeze: places, days, held back or not."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Session, select

from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import (
    CooperationCondition,
    Offer,
    OfferState,
    Person,
    Round,
    RoundState,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require_any
from mobility.records.checks import Checks
from mobility.records.keeping import refuse_all
from mobility.records.versions import changed_fields, is_change
from mobility.rounds.decisions import BEFORE_FREEZE
from mobility.rounds.rows import lock_round, subject_of
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What may be changed of an offer: its places and its days."""

    capacity: int
    starts_on: date
    ends_on: date


class OfferIn(NamedTuple):
    """One offer of a round: the round's key and the offer's row id."""

    key: str
    number: int


class Holding(NamedTuple):
    """Whether an offer is held back, and why it is or is not any more."""

    is_suspended: bool
    reason: str


def offer_terms(row: Offer) -> OfferTerms:
    """Return what is kept of an offer and may be changed."""
    return OfferTerms(row.capacity, row.starts_on, row.ends_on)


def change_offer(
    session: Session,
    which: OfferIn,
    given: OfferTerms,
    seen: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Change an offer's places, and in a draft its days.

    Parameters
    ----------
    seen
        `records.versions.version_of` the terms that the person saw.

    Raises
    ------
    NotFound, Forbidden
        When there is no such offer; when she acts for neither of its universities.
    InvalidInput
        With every rule that is broken.
    Conflict
        When the round is frozen, when students rank the offer by its days already, or
        when it was changed meanwhile.
    """
    a_round, row = enter_offer(session, which, "offer.keep", by=by, at=at)
    where = tell("offer {name}", name=row.key)
    checks = Checks()
    checks.count(where, "capacity", given.capacity)
    if given.starts_on >= given.ends_on:
        checks.refuse(
            where,
            tell("it ends on {ends_on}, before it has begun", ends_on=given.ends_on),
        )
    refuse_all(checks.problems)
    stored = offer_terms(row)
    if not is_change(where, stored, given, seen):
        return
    days_differ = (stored.starts_on, stored.ends_on) != (given.starts_on, given.ends_on)
    if days_differ and a_round.state != RoundState.DRAFT:
        message = tell(
            "round {round} is {state}: the days of its offers stand",
            round=which.key,
            state=a_round.state,
        )
        raise Conflict(message)
    for name, value in asdict(given).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    payload = {"act": "change", "offer": row.key, **changed_fields(stored, given)}
    log(session, "offer.keep", subject_of(a_round), payload, by=by, at=at)


def suspend_offer(
    session: Session, which: OfferIn, given: Holding, *, by: Person, at: datetime
) -> None:
    """Hold an offer back, or give it out again; what is so already stays so.

    Raises
    ------
    NotFound, Forbidden, Conflict
        As `change_offer`.
    InvalidInput
        When the reason is missing.
    """
    a_round, row = enter_offer(session, which, "offer.suspend", by=by, at=at)
    if not given.reason.strip():
        raise InvalidInput(
            tell("holding an offer back, or not any more, takes a reason")
        )
    state = OfferState.SUSPENDED if given.is_suspended else OfferState.ACTIVE
    if row.state == state:
        return
    row.state = state
    session.add(row)
    session.flush()
    payload: dict[str, object] = {
        "offer": row.key,
        "is_suspended": given.is_suspended,
        "reason": given.reason.strip(),
    }
    log(session, "offer.suspend", subject_of(a_round), payload, by=by, at=at)


def enter_offer(
    session: Session, which: OfferIn, permission: str, *, by: Person, at: datetime
) -> tuple[Round, Offer]:
    """Return a round, locked, and one of its offers, before the freeze."""
    a_round = lock_round(session, which.key)
    query = (
        select(Offer, CooperationCondition.sending_id)
        .join(CooperationCondition)
        .where(Offer.id == which.number)
        .where(Offer.round_id == a_round.id)
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound(
            tell(
                "there is no offer {number} in round {round}",
                number=which.number,
                round=which.key,
            )
        )
    row, sending = found
    scopes = [Scope(each, a_round.id) for each in (sending, row.receiving_id)]
    require_any(session, permission, scopes, by=by, at=at)
    require_not_frozen(a_round, "offers")
    return a_round, row


def require_not_frozen(a_round: Round, what: str) -> None:
    """Refuse a change of what is frozen.

    Raises
    ------
    Conflict
        Naming the round's state.
    """
    if a_round.state not in BEFORE_FREEZE:
        message = tell(
            "round {round} is {state}: its {what} stand",
            round=a_round.key,
            state=a_round.state,
            what=what,
        )
        raise Conflict(message)
