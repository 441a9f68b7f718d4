"""How students really travelled: stated after publication, shown beside the model.

A report, and nothing more: no snapshot, instance or objective ever reads it.
"""

from datetime import datetime

from sqlmodel import Session, select

from mobility.carbon.actual import Told, travel_as_told
from mobility.carbon.factors import FactorSet, load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place
from mobility.eligibility import VIRTUAL
from mobility.errors import Conflict
from mobility.models import (
    Answer,
    AnswerKind,
    Institution,
    Offer,
    Person,
    Placement,
    Round,
    RoundState,
    Student,
    TravelReport,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.rounds.rows import lock_place, lock_round, subject_of
from mobility.sentences import tell

REPORTED_IN = (RoundState.PUBLISHED, RoundState.SETTLED)


def report_travel(
    session: Session,
    key: str,
    told: Told,
    *,
    by: Person,
    at: datetime,
) -> TravelReport:
    """Keep how a student really travelled; what she says later replaces it.

    The same said again changes nothing.

    Parameters
    ----------
    told
        Modes as `carbon.route.HOP_MODES` has them; the stop as `read_stop` found it.

    Raises
    ------
    NotFound
        When she has no place in the round.
    Conflict
        When the round is not published or settled, she declined the place, it asks for
        no journey, or the round's factors are not those of this installation.
    InvalidJourney
        When nobody can have travelled so.
    """
    a_round = lock_round(session, key, is_shared=True)
    placement, student = lock_place(session, a_round, by)
    scope = Scope(institution=student.institution_id, round_id=a_round.id)
    require(session, "travel.report", scope, by=by, at=at)
    _check_travels(session, a_round, placement)
    method, factors = _settings_of(a_round)
    ends = _ends_of(session, student, placement)
    journey = travel_as_told(*ends, told, (method, factors))
    row = session.exec(
        select(TravelReport).where(TravelReport.placement_id == placement.id)
    ).first()
    new = TravelReport(
        placement_id=placement.id,
        out_mode=told.out,
        back_mode=told.back,
        onward_mode=told.onward or None,
        stop=told.stop.entered if told.stop else "",
        stop_place=told.stop.to_json() if told.stop else None,
        journey=journey.to_json(),
        total_g=journey.total_g,
        factor_set_digest=factors.digest,
        method_digest=method.digest,
        reported_at=at,
    )
    if row is not None and _says(row) == _says(new):
        return row
    row = _replace(session, row, new)
    payload: dict[str, object] = {**_says(row), "total_g": row.total_g}
    log(session, "travel.report", subject_of(a_round), payload, by=by, at=at)
    return row


def read_stop(text: str) -> Place | None:
    """Return the place on the way that a text names; None of an empty one.

    Raises
    ------
    InvalidPlace
        When no place or several fit, with proposals.
    """
    return parse_place(text.strip()) if text.strip() else None


def _says(row: TravelReport) -> dict[str, object]:
    return {
        "out": row.out_mode,
        "back": row.back_mode,
        "stop": row.stop,
        "onward": row.onward_mode or "",
    }


def _replace(
    session: Session, row: TravelReport | None, new: TravelReport
) -> TravelReport:
    if row is None:
        row = new
    else:
        row.sqlmodel_update(new.model_dump(exclude={"id"}))
    session.add(row)
    session.flush()
    return row


def _check_travels(session: Session, a_round: Round, placement: Placement) -> None:
    if a_round.state not in REPORTED_IN:
        raise Conflict(
            tell(
                "round {key} is {state}: no journey is taken down",
                key=a_round.key,
                state=a_round.state,
            )
        )
    answer = select(Answer.kind).where(Answer.placement_id == placement.id)
    if session.exec(answer).first() == AnswerKind.DECLINE:
        raise Conflict(tell("the place was declined: nobody travels to it"))
    if session.get_one(Offer, placement.offer_id).mode == VIRTUAL:
        raise Conflict(tell("a virtual offer has no journey to tell of"))


def _settings_of(a_round: Round) -> tuple[Method, FactorSet]:
    settings: dict[str, object] = {**a_round.carbon_settings}
    method = Method.from_json({**settings, "factor_set": a_round.factor_set})
    factors = load_factor_set(a_round.factor_set)
    if factors.digest != a_round.factor_set_digest:
        name = tell("factor set {factor_set}", factor_set=a_round.factor_set)
        raise Conflict(
            tell(
                "{name} of this installation is not the one that was frozen", name=name
            )
        )
    return method, factors


def _ends_of(
    session: Session, student: Student, placement: Placement
) -> tuple[Place, Place]:
    offer = session.get_one(Offer, placement.offer_id)
    home = session.get_one(Institution, student.institution_id)
    host = session.get_one(Institution, offer.receiving_id)
    return _to_place(home), _to_place(host)


def _to_place(row: Institution) -> Place:
    return Place(row.city, row.country, row.latitude_udeg, row.longitude_udeg)
