"""A round's offers for one student: those open to her, and why the others are not."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from mobility.eligibility import Applicant, Assessment, Finding, Terms, assess
from mobility.models import (
    CooperationCondition,
    ForbiddenPair,
    Institution,
    Mode,
    Offer,
    Student,
)
from mobility.reading.eligibility import read_applicants, read_terms
from mobility.reading.student_journeys import JourneyView, read_journeys
from mobility.reading.student_rounds import StudentRound

FORBIDDEN = "forbidden"
"""Code of a reason that is the office's own decision."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer of the student's home university.

    Parameters
    ----------
    journey
        None for a virtual stay, and where no mode reaches the host.
    reasons
        Why it is not open to her; empty when it is.
    position
        Place on her draft list, from 1; None when it is not on it.
    """

    key: str
    host: str
    hei_id: str
    city: str
    country: str
    block: str | None
    starts_on: date
    ends_on: date
    mode: str
    kind: str
    ward: str | None
    places: int
    terms: Terms
    journey: JourneyView | None
    reasons: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    position: int | None

    @property
    def is_open(self) -> bool:
        """Say whether she may rank it."""
        return not self.reasons

    @property
    def days(self) -> int:
        """Return the length of the stay."""
        return (self.ends_on - self.starts_on).days

    @property
    def weeks(self) -> int:
        """Return the length of the stay in weeks, rounded to the nearest."""
        return (self.days + 3) // 7


@dataclass(frozen=True, slots=True)
class OffersView:
    """All offers of a student's home university in a round, by host and first day."""

    home: str
    home_city: str
    home_country: str
    applicant: Applicant
    offers: tuple[OfferView, ...]

    @property
    def by_key(self) -> dict[str, OfferView]:
        """Return the offers by key."""
        return {offer.key: offer for offer in self.offers}

    @property
    def open(self) -> tuple[OfferView, ...]:
        """Return those that she may rank."""
        return tuple(offer for offer in self.offers if offer.is_open)

    @property
    def closed(self) -> tuple[OfferView, ...]:
        """Return those that she may not rank."""
        return tuple(offer for offer in self.offers if not offer.is_open)


Row = tuple[Offer, CooperationCondition, Institution]


def view_offers(session: Session, a_round: StudentRound) -> OffersView:
    """Return the offers that a student's home university has in a round."""
    home = session.get_one(Institution, a_round.institution_id)
    wanted = (
        select(Offer.id)
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .where(Offer.round_id == a_round.row_id)
        .where(CooperationCondition.sending_id == home.id)
    )
    rows = _read_rows(session, wanted)
    herself = select(Student.id).where(Student.id == a_round.student_id)
    applicant = read_applicants(session, herself)[a_round.student_id]
    terms = read_terms(session, wanted)
    forbidden = _read_forbidden(session, a_round)
    hosts = [host for offer, _, host in rows if offer.mode != Mode.VIRTUAL]
    journeys = read_journeys(session, a_round, home, hosts)
    positions = {key: rank for rank, key in enumerate(a_round.draft, start=1)}
    offers = []
    for offer, condition, host in rows:
        found = assess(applicant, terms[offer.id], a_round.academic_year_id)
        by_office = (Finding(FORBIDDEN, ""),) if offer.id in forbidden else ()
        offers.append(
            _to_view(
                (offer, condition, host),
                terms[offer.id],
                Assessment(found.reasons + by_office, found.notes),
                None if offer.mode == Mode.VIRTUAL else journeys.get(host.id),
                positions.get(offer.key),
            )
        )
    return OffersView(home.name, home.city, home.country, applicant, tuple(offers))


def _read_rows(session: Session, wanted: SelectOfScalar[int]) -> list[Row]:
    query = (
        select(Offer, CooperationCondition, Institution)
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .join(Institution, col(Institution.id) == Offer.receiving_id)
        .where(col(Offer.id).in_(wanted))
        .order_by(col(Institution.name), col(Offer.starts_on), col(Offer.key))
    )
    return [(offer, condition, host) for offer, condition, host in session.exec(query)]


def _read_forbidden(session: Session, a_round: StudentRound) -> set[int]:
    """Return the offers that the office decided she may not have."""
    query = (
        select(ForbiddenPair.offer_id)
        .where(ForbiddenPair.round_id == a_round.row_id)
        .where(ForbiddenPair.student_id == a_round.student_id)
    )
    return set(session.exec(query))


def _to_view(
    row: Row,
    terms: Terms,
    found: Assessment,
    journey: JourneyView | None,
    position: int | None,
) -> OfferView:
    offer, condition, host = row
    return OfferView(
        key=offer.key,
        host=host.name,
        hei_id=host.hei_id,
        city=host.city,
        country=host.country,
        block=host.block.value if host.block else None,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        mode=offer.mode.value,
        kind=condition.kind.value,
        ward=condition.receiving_ounit,
        places=offer.capacity,
        terms=terms,
        journey=journey,
        reasons=found.reasons,
        notes=found.notes,
        position=position,
    )
