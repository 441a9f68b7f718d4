"""Where a student hands in a ranking: her rows, locked, and how they are replaced."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from mobility.errors import Conflict, Forbidden
from mobility.models import (
    Application,
    Certification,
    CertifiedPreference,
    Offer,
    Person,
    Preference,
    Round,
    RoundState,
    Student,
)
from mobility.permissions import Scope
from mobility.records.authority import require
from mobility.rounds.rankings import Ranking
from mobility.rounds.rankings import describe as describe_ranking
from mobility.rounds.rows import lock_round
from mobility.sentences import Moment, tell

Entries = list[tuple[str, int]]


class StaleDraft(Conflict):
    """The draft was changed since the student saw it.

    Parameters
    ----------
    stored, given
        The list as it is kept now, and the one that was not taken.
    version
        Of the stored list: who has seen it may change it.
    """

    code = "stale_draft"

    def __init__(self, stored: Ranking, given: Ranking, version: int) -> None:
        self.stored, self.given, self.version = stored, given, version
        super().__init__(
            [
                tell(
                    "the ranking was changed elsewhere since you saw it; "
                    "nothing was saved"
                ),
                tell(
                    "kept now, version {version}: {ranking}",
                    version=version,
                    ranking=describe_ranking(stored),
                ),
                tell("yours: {ranking}", ranking=describe_ranking(given)),
            ]
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """An open round, a student's application in it, and its offers' ids by key."""

    round: Round
    application: Application
    offers: dict[str, int]


def enter(
    session: Session, key: str, permission: str, *, by: Person, at: datetime
) -> Desk:
    """Lock a student's application for a change of her ranking.

    Raises
    ------
    NotFound, Forbidden, Conflict
        When there is no such round, the person is no student, or the round takes no
        ranking now.
    """
    a_round = lock_round(session, key, is_shared=True)
    student = session.exec(select(Student).where(Student.person_id == by.id)).first()
    if student is None:
        raise Forbidden(
            tell("{name} is no student: only students rank offers", name=by.name)
        )
    scope = Scope(institution=student.institution_id, round_id=a_round.id)
    require(session, permission, scope, by=by, at=at)
    _check_open(a_round, at)
    application = _lock_application(session, a_round.id, student.id)
    if application.withdrawn_at is not None:
        raise Conflict(tell("the application in round {key} was withdrawn", key=key))
    rows = session.exec(
        select(Offer.key, Offer.id).where(Offer.round_id == a_round.id)
    ).all()
    return Desk(a_round, application, dict(rows))


def _check_open(a_round: Round, at: datetime) -> None:
    if a_round.state != RoundState.OPEN:
        raise Conflict(
            tell(
                "round {round} is {state}: no ranking is taken",
                round=a_round.key,
                state=a_round.state,
            )
        )
    if at >= a_round.deadline_at:
        when = Moment(a_round.deadline_at, a_round.deadline_zone)
        raise Conflict(
            tell(
                "the deadline of round {round}, {when}, has passed; the "
                "draft is kept as it was",
                round=a_round.key,
                when=when,
            )
        )


def _lock_application(session: Session, round_id: int, student_id: int) -> Application:
    """Return the application, made where there is none; two tabs make one."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert
    values = {"round_id": round_id, "student_id": student_id, "version": 1}
    session.execute(insert(Application).values(values).on_conflict_do_nothing())
    return session.exec(
        select(Application)
        .where(Application.round_id == round_id)
        .where(Application.student_id == student_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def replace_draft(session: Session, desk: Desk, entries: Entries, version: int) -> bool:
    """Store a draft over the one that the student saw; say whether it is another.

    Raises
    ------
    StaleDraft
        When the stored draft is of a later version and another list.
    """
    application = desk.application
    stored = draft_of(session, application)
    if stored == entries:
        return False
    if application.version != version:
        raise StaleDraft(stored, entries, application.version)
    session.exec(
        delete(Preference).where(col(Preference.application_id) == application.id)
    )
    session.add_all(
        Preference(
            application_id=application.id, offer_id=desk.offers[offer], rank=rank
        )
        for offer, rank in entries
    )
    application.version += 1
    session.add(application)
    session.flush()
    return True


def draft_of(session: Session, application: Application) -> Entries:
    """Return the draft, first wish first."""
    query = (
        select(Offer.key, Preference.rank)
        .join(Preference, col(Preference.offer_id) == Offer.id)
        .where(Preference.application_id == application.id)
        .order_by(col(Preference.rank))
    )
    return [(key, rank) for key, rank in session.exec(query)]


def current_of(session: Session, application: Application) -> Certification | None:
    """Return the certified ranking that counts, None without one."""
    return session.exec(
        select(Certification)
        .where(Certification.application_id == application.id)
        .where(col(Certification.is_current))
    ).first()


def certified_of(session: Session, certification: Certification) -> Entries:
    """Return a certified list, first wish first."""
    query = (
        select(Offer.key, CertifiedPreference.rank)
        .join(CertifiedPreference, col(CertifiedPreference.offer_id) == Offer.id)
        .where(CertifiedPreference.certification_id == certification.id)
        .order_by(col(CertifiedPreference.rank))
    )
    return [(key, rank) for key, rank in session.exec(query)]


def store_certified(
    session: Session,
    desk: Desk,
    made: Certification,
    entries: Entries,
    *,
    replaced: Certification | None,
) -> None:
    """Store a certified list as the one that counts, in place of an earlier one."""
    if replaced is not None:
        replaced.is_current = False
        session.add(replaced)
        session.flush()
    session.add(made)
    session.flush()
    session.add_all(
        CertifiedPreference(
            certification_id=made.id, offer_id=desk.offers[offer], rank=rank
        )
        for offer, rank in entries
    )
    session.flush()
