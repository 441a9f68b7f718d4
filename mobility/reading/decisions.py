"""Decisions about a student in a round, and her list once the round is frozen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_all
from sqlmodel import Session, col, select

from mobility.models import (
    Application,
    Certification,
    CertifiedPreference,
    ForbiddenPair,
    Offer,
    Pin,
)

BEFORE_FREEZE = ("draft", "open", "closed")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision about a student and an offer: `pin` or `forbid`."""

    kind: str
    offer: str
    reason: str
    at: datetime


def list_decisions(
    session: Session, round_id: int, student: int
) -> tuple[DecisionRow, ...]:
    """Return the decisions about a student in a round, pins first."""
    rows: list[DecisionRow] = []
    for kind, table in (("pin", Pin), ("forbid", ForbiddenPair)):
        query = (
            select_all(col(Offer.key), col(table.reason), col(table.created_at))
            .join(Offer, col(Offer.id) == col(table.offer_id))
            .where(col(table.round_id) == round_id)
            .where(col(table.student_id) == student)
            .order_by(col(Offer.key))
        )
        rows += [DecisionRow(kind, *found) for found in session.execute(query)]
    return tuple(rows)


def read_frozen_ranking(
    session: Session, round_id: int, state: str, student: int
) -> tuple[tuple[int, str], ...]:
    """Return a student's certified list as (rank, offer) once the round is frozen.

    Before the freeze it is empty, whatever she has certified.
    """
    if state in BEFORE_FREEZE:
        return ()
    query = (
        select(CertifiedPreference.rank, Offer.key)
        .join(Offer, col(Offer.id) == CertifiedPreference.offer_id)
        .join(
            Certification, col(Certification.id) == CertifiedPreference.certification_id
        )
        .join(Application, col(Application.id) == Certification.application_id)
        .where(Application.round_id == round_id)
        .where(Application.student_id == student)
        .where(col(Certification.is_current))
        .order_by(col(CertifiedPreference.rank))
    )
    return tuple((rank, key) for rank, key in session.exec(query))
