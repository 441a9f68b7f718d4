"""A student's rounds: how far she is in each, in a handful of queries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from mobility.eligibility import VIRTUAL
from mobility.errors import NotFound
from mobility.models import (
    Answer,
    AnswerKind,
    Application,
    Certification,
    CertifiedPreference,
    Institution,
    Offer,
    Placement,
    Preference,
    Round,
    RoundState,
    Student,
)
from mobility.sentences import tell

SHOWN = tuple(state for state in RoundState if state != RoundState.DRAFT)


class Phase(StrEnum):
    """What a round asks of a student now."""

    START = "start"
    DRAFT = "draft"
    CERTIFIED = "certified"
    CHANGED = "changed"
    WAIT = "wait"
    MISSED = "missed"
    ANSWER = "answer"
    ANSWERED = "answered"
    EXPIRED = "expired"
    UNPLACED = "unplaced"


ENDED = (RoundState.PUBLISHED, RoundState.SETTLED, RoundState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Certified:
    """The list that counts: offer keys, first wish first, and its receipt."""

    number: int
    receipt: str
    salt: str
    certified_at: datetime
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A published place, as briefly as a list needs it."""

    placement: int
    offer: str
    mode: str
    host: str
    city: str
    rank: int
    emissions_g: int
    reason: str
    held_in: dict[str, str]
    answer: str | None
    decline_reason: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class StudentRound:
    """A round as one student sees it.

    Parameters
    ----------
    version
        Of her draft; 1 when she has none.
    draft
        Offer keys, first wish first.
    answers_until
        Until when she may answer her place; None: until the round is settled.
    takes_rankings
        The round is open and its deadline has not passed.
    takes_answers
        The round is published and the last moment for answers has not passed.
    """

    row_id: int
    student_id: int
    institution_id: int
    key: str
    name: str
    state: str
    academic_year_id: str
    is_dry_run: bool
    deadline_at: datetime
    deadline_zone: str
    factor_set: str
    carbon_settings: dict[str, int | str]
    policy_id: int
    application: int | None
    version: int
    draft: tuple[str, ...]
    certified: Certified | None
    place: Place | None
    takes_rankings: bool
    answers_until: datetime | None
    takes_answers: bool

    @property
    def wish(self) -> int | None:
        """Return the number of her place on the list as she certified it.

        It is later than the place's rank where offers before it were not open to her.
        """
        if self.place is None or self.certified is None:
            return None
        offers, held = self.certified.offers, self.place.offer
        return offers.index(held) + 1 if held in offers else None

    @property
    def takes_travel(self) -> bool:
        """Say whether she may tell how she really travelled."""
        place = self.place
        return (
            place is not None
            and self.state in (RoundState.PUBLISHED, RoundState.SETTLED)
            and place.answer != AnswerKind.DECLINE
            and place.mode != VIRTUAL
        )

    @property
    def phase(self) -> Phase:
        """Say what the round asks of her now."""
        if self.takes_rankings:
            return self._open_phase()
        if self.certified is None and self.place is None:
            return Phase.MISSED
        if self.state not in ENDED:
            return Phase.WAIT
        if self.place is None:
            return Phase.UNPLACED
        if self.place.answer is not None:
            return Phase.ANSWERED
        return Phase.ANSWER if self.takes_answers else Phase.EXPIRED

    def _open_phase(self) -> Phase:
        if self.certified is None:
            return Phase.DRAFT if self.draft else Phase.START
        if self.certified.offers == self.draft:
            return Phase.CERTIFIED
        return Phase.CHANGED


def list_student_rounds(
    session: Session, person_id: int, *, at: datetime
) -> list[StudentRound]:
    """Return the open rounds and those that a student took part in, latest first."""
    student = find_student(session, person_id)
    if student is None:
        return []
    found = _read_rounds(session, student, None)
    wanted = [
        (a_round, application)
        for a_round, application in found
        if application is not None or a_round.state == RoundState.OPEN
    ]
    return _assemble(session, student, wanted, at)


def view_student_round(
    session: Session, key: str, person_id: int, *, at: datetime
) -> StudentRound:
    """Return one round as a student sees it.

    Raises
    ------
    NotFound
        When there is no such round for students yet, or the person is no student.
    """
    student = find_student(session, person_id)
    found = _read_rounds(session, student, key) if student else []
    if student is None or not found:
        message = tell("there is no round {key!r} for this student", key=key)
        raise NotFound(message)
    return _assemble(session, student, found, at)[0]


def find_student(session: Session, person_id: int) -> Student | None:
    """Return a person as a student, None when she is none."""
    query = select(Student).where(Student.person_id == person_id)
    return session.exec(query).one_or_none()


Found = list[tuple[Round, Application | None]]


def _read_rounds(session: Session, student: Student, key: str | None) -> Found:
    query = (
        select(Round, Application)
        .outerjoin(
            Application,
            (col(Application.round_id) == col(Round.id))
            & (col(Application.student_id) == student.id)
            & col(Application.withdrawn_at).is_(None),
        )
        .where(col(Round.state).in_(SHOWN))
        .order_by(col(Round.deadline_at).desc(), col(Round.key))
    )
    if key is not None:
        query = query.where(Round.key == key)
    return [(a_round, application) for a_round, application in session.exec(query)]


def _assemble(
    session: Session, student: Student, found: Found, at: datetime
) -> list[StudentRound]:
    applications = [row.id for _, row in found if row is not None]
    drafts = _read_drafts(session, applications) if applications else {}
    certified = _read_certified(session, applications) if applications else {}
    places = _read_places(session, student)
    return [
        StudentRound(
            row_id=a_round.id,
            student_id=student.id,
            institution_id=student.institution_id,
            key=a_round.key,
            name=a_round.name,
            state=a_round.state.value,
            academic_year_id=a_round.academic_year_id,
            is_dry_run=a_round.is_dry_run,
            deadline_at=a_round.deadline_at,
            deadline_zone=a_round.deadline_zone,
            factor_set=a_round.factor_set,
            carbon_settings=dict(a_round.carbon_settings),
            policy_id=a_round.policy_id,
            application=row.id if row else None,
            version=row.version if row else 1,
            draft=tuple(drafts.get(row.id, ())) if row else (),
            certified=certified.get(row.id) if row else None,
            place=places.get(a_round.id),
            takes_rankings=a_round.state == RoundState.OPEN
            and at < a_round.deadline_at,
            answers_until=a_round.answers_until,
            takes_answers=a_round.state == RoundState.PUBLISHED
            and (a_round.answers_until is None or at < a_round.answers_until),
        )
        for a_round, row in found
    ]


def _read_drafts(session: Session, applications: list[int]) -> dict[int, list[str]]:
    query = (
        select(Preference.application_id, Offer.key)
        .join(Offer, col(Offer.id) == Preference.offer_id)
        .where(col(Preference.application_id).in_(applications))
        .order_by(col(Preference.rank))
    )
    found: dict[int, list[str]] = {}
    for application, offer in session.exec(query):
        found.setdefault(application, []).append(offer)
    return found


def _read_certified(session: Session, applications: list[int]) -> dict[int, Certified]:
    query = (
        select(Certification, Offer.key)
        .join(
            CertifiedPreference,
            col(CertifiedPreference.certification_id) == Certification.id,
        )
        .join(Offer, col(Offer.id) == CertifiedPreference.offer_id)
        .where(col(Certification.application_id).in_(applications))
        .where(col(Certification.is_current))
        .order_by(col(CertifiedPreference.rank))
    )
    rows: dict[int, Certification] = {}
    offers: dict[int, list[str]] = {}
    for row, offer in session.exec(query):
        rows[row.application_id] = row
        offers.setdefault(row.application_id, []).append(offer)
    return {
        application: Certified(
            row.number,
            row.receipt,
            row.salt,
            row.certified_at,
            tuple(offers[application]),
        )
        for application, row in rows.items()
    }


def _read_places(session: Session, student: Student) -> dict[int, Place]:
    """Return her published places by round."""
    query = (
        select(Placement, Offer, Institution)
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .join(Institution, col(Institution.id) == col(Offer.receiving_id))
        .where(Placement.student_id == student.id)
    )
    rows = list(session.exec(query))
    if not rows:
        return {}
    given = select(Answer).where(
        col(Answer.placement_id).in_([row.id for row, _, _ in rows])
    )
    answers = {answer.placement_id: answer for answer in session.exec(given)}
    return {
        row.round_id: _to_place(row, offer, host, answers.get(row.id))
        for row, offer, host in rows
    }


def _to_place(
    row: Placement, offer: Offer, host: Institution, answer: Answer | None
) -> Place:
    return Place(
        placement=row.id,
        offer=offer.key,
        mode=offer.mode.value,
        host=host.name,
        city=host.city,
        rank=row.rank,
        emissions_g=row.emissions_g,
        reason=row.reason,
        held_in=dict(row.held_in),
        answer=answer.kind.value if answer is not None else None,
        decline_reason=answer.reason.value
        if answer is not None and answer.reason
        else None,
        answered_at=answer.answered_at if answer is not None else None,
    )
