"""How students say that they travelled: for each herself, and for reports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from mobility.eligibility import VIRTUAL
from mobility.models import (
    Answer,
    AnswerKind,
    Offer,
    Placement,
    Pseudonym,
    Run,
    TravelReport,
)


@dataclass(frozen=True, slots=True)
class Travelled:
    """A journey as told; grams of the way there and back, `journey` with its legs."""

    out_mode: str
    back_mode: str
    onward_mode: str
    stop: str
    stop_name: str
    total_g: int
    low_g: int
    high_g: int
    journey: dict[str, Any]
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class ToldJourney:
    """A placed student's journey, as modelled and as told; told None: not yet.

    `student` is her pseudonym in the published snapshot.
    """

    student: str
    modelled_g: int
    told: Travelled | None


def read_travelled(session: Session, placement: int) -> Travelled | None:
    """Return what a student told of her journey; None: nothing yet."""
    query = select(TravelReport).where(TravelReport.placement_id == placement)
    return _told(session.exec(query).first())


def list_told(session: Session, run: int, student: str = "") -> tuple[ToldJourney, ...]:
    """Return a published run's placements with what was told of the journeys.

    Left out are virtual offers and places that were declined: nobody travels to them.

    Parameters
    ----------
    student
        Only the one of this pseudonym; all when empty.
    """
    query = (
        select(Pseudonym.pseudonym, Placement.emissions_g, TravelReport)
        .join(Placement, col(Placement.student_id) == col(Pseudonym.student_id))
        .join(Run, col(Run.id) == col(Placement.run_id))
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .outerjoin(Answer, col(Answer.placement_id) == col(Placement.id))
        .outerjoin(TravelReport, col(TravelReport.placement_id) == col(Placement.id))
        .where(Placement.run_id == run)
        .where(col(Offer.mode) != VIRTUAL)
        .where(col(Answer.kind).is_distinct_from(AnswerKind.DECLINE))
        .where(col(Pseudonym.snapshot_id) == col(Run.snapshot_id))
        .order_by(col(Pseudonym.pseudonym))
    )
    if student:
        query = query.where(Pseudonym.pseudonym == student)
    return tuple(
        ToldJourney(name, grams, _told(row)) for name, grams, row in session.exec(query)
    )


def _told(row: TravelReport | None) -> Travelled | None:
    return None if row is None else _to_travelled(row)


def _to_travelled(row: TravelReport) -> Travelled:
    low, high = row.journey.get("interval_g") or (row.total_g, row.total_g)
    return Travelled(
        out_mode=row.out_mode,
        back_mode=row.back_mode,
        onward_mode=row.onward_mode or "",
        stop=row.stop,
        stop_name=_label(row.stop_place),
        total_g=row.total_g,
        low_g=low,
        high_g=high,
        journey=dict(row.journey),
        reported_at=row.reported_at,
    )


def _label(place: dict[str, Any] | None) -> str:
    return f"{place['name']}, {place['country']}" if place else ""
