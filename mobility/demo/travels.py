"""Some of last year's students tell how they travelled, not all as was modelled."""

from datetime import datetime

from sqlmodel import Session, col, select

from mobility.carbon.actual import Told
from mobility.carbon.journey import InvalidJourney
from mobility.eligibility import VIRTUAL
from mobility.models import Answer, AnswerKind, Offer, Person, Placement, Round, Student
from mobility.rounds.travel import report_travel

ONE_IN = 4
"""Part of the travellers who tell."""
SLOW_WAYS = ("rail", "coach", "air")
"""Tried in turn by every other one of them; the rest flew."""
FLIGHT = ("air",)


def tell_journeys(session: Session, key: str, *, at: datetime) -> int:
    """Have one traveller in `ONE_IN` tell of her journey; return how many did."""
    query = (
        select(Person)
        .join(Student, col(Student.person_id) == col(Person.id))
        .join(Placement, col(Placement.student_id) == col(Student.id))
        .join(Round, col(Round.id) == col(Placement.round_id))
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .join(Answer, col(Answer.placement_id) == col(Placement.id))
        .where(Round.key == key)
        .where(col(Offer.mode) != VIRTUAL)
        .where(Answer.kind == AnswerKind.ACCEPT)
        .order_by(col(Person.id))
    )
    travellers = session.exec(query).all()[::ONE_IN]
    return sum(
        _tell(session, key, person, FLIGHT if number % 2 else SLOW_WAYS, at)
        for number, person in enumerate(travellers)
    )


def _tell(
    session: Session, key: str, person: Person, ways: tuple[str, ...], at: datetime
) -> bool:
    """Let a person tell of the first of some ways that she can have gone."""
    for way in ways:
        try:
            report_travel(session, key, Told(way, way), by=person, at=at)
        except InvalidJourney:
            continue
        return True
    return False
