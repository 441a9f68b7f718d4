"""Rounds in the states that no round of a demo is in: a draft, a closed, a frozen one.

They are copies of the open round, lived through by the office's own functions, with the
lists of its students, and one of Alice's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from mobility.config import Settings
from mobility.db import unit
from mobility.demo.load import COLLEAGUE
from mobility.demo.solving import solve_with
from mobility.demo.timeline import ZONE, to_local
from mobility.jobs.worker import Worker
from mobility.models import (
    Application,
    Certification,
    CertifiedPreference,
    Offer,
    Person,
    Round,
    RoundState,
    Run,
    RunState,
    Student,
)
from mobility.reading.student_offers import view_offers
from mobility.reading.student_rounds import view_student_round
from mobility.records.people import person_of
from mobility.rounds.certify import certify
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import move
from mobility.rounds.rankings import to_ranking
from mobility.rounds.runs import queue_run
from mobility.rounds.setup import Copied, copy_round

DRAFT, CLOSED, FROZEN = "spare-draft", "spare-closed", "spare-frozen"
DAYS_LEFT = 7
"""Until the deadline: less than the open round has, which students see first."""

WISHES = 3
LONG = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Office:
    """Who lives the rounds through, and when.

    Parameters
    ----------
    dana, alice
        Their e-mail addresses.
    """

    engine: Engine
    settings: Settings
    dana: str
    alice: str
    at: datetime


def add_rounds(office: Office, source: str) -> None:
    """Copy a round into a draft, a closed and a frozen one.

    The frozen one has a run that may be published, and one that never ends: another
    worker holds it, whose lease lasts.
    """
    with unit(office.engine) as session:
        dana = person_of(session, office.dana)
        daria = person_of(session, COLLEAGUE.email)
        for key in (DRAFT, CLOSED, FROZEN):
            _copy(session, source, key, daria, office.at)
        for key in (CLOSED, FROZEN):
            move(session, key, RoundState.OPEN, by=dana, at=office.at)
            _rank(session, source, key, office)
            why = "everybody has ranked"
            state = RoundState.CLOSED
            move(session, key, state, by=dana, at=office.at, reason=why)
        freeze(session, FROZEN, by=dana, at=office.at)
        run = queue_run(session, FROZEN, by=dana, at=office.at).id
    solve_with(Worker(office.engine, office.settings))(run)
    with unit(office.engine) as session:
        dana = person_of(session, office.dana)
        policy = "students-first"
        held = queue_run(session, FROZEN, policy=policy, by=dana, at=office.at)
        _hold(session, held, office.at)


def _copy(session: Session, source: str, key: str, by: Person, at: datetime) -> Round:
    name = key.replace("spare-", "Spare electives, ")
    year = session.exec(select(Round.academic_year_id).where(Round.key == source)).one()
    deadline = to_local(at + timedelta(days=DAYS_LEFT))
    copied = Copied(
        key=key, name=name, academic_year_id=year, deadline=deadline, zone=ZONE
    )
    return copy_round(session, source, copied, by=by, at=at)


def _rank(session: Session, source: str, key: str, office: Office) -> None:
    """Certify the lists of the source, and what Alice could get, latest first."""
    lists = _lists_of(session, source)
    alice = person_of(session, office.alice)
    lists[alice.id] = _open_to(session, key, alice, office.at)
    for person_id, offers in lists.items():
        by = session.get_one(Person, person_id)
        certify(session, key, to_ranking(offers), version=1, by=by, at=office.at)


def _open_to(
    session: Session, key: str, person: Person, at: datetime
) -> tuple[str, ...]:
    a_round = view_student_round(session, key, person.id, at=at)
    offers = view_offers(session, a_round).offers
    return tuple(offer.key for offer in offers if not offer.reasons)[-WISHES:]


def _lists_of(session: Session, source: str) -> dict[int, tuple[str, ...]]:
    """Return the lists that count in a round, by their students' people."""
    query = (
        select(Student.person_id, Offer.key)
        .join(Application, col(Application.student_id) == Student.id)
        .join(Certification, col(Certification.application_id) == Application.id)
        .join(
            CertifiedPreference,
            col(CertifiedPreference.certification_id) == Certification.id,
        )
        .join(Offer, col(Offer.id) == CertifiedPreference.offer_id)
        .join(Round, col(Round.id) == Application.round_id)
        .where(Round.key == source)
        .where(col(Certification.is_current))
        .order_by(col(Student.person_id), col(CertifiedPreference.rank))
    )
    lists: dict[int, tuple[str, ...]] = {}
    for person_id, offer in session.exec(query):
        lists[person_id] = (*lists.get(person_id, ()), offer)
    return lists


def _hold(session: Session, run: Run, at: datetime) -> None:
    """Have a worker of another machine hold a run."""
    run.state, run.owner, run.lease_until = RunState.RUNNING, "elsewhere", at + LONG
    run.attempts, run.started_at, run.enqueued_at = 1, at, at
    session.add(run)
    session.flush()
