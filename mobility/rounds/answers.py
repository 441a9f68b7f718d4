"""Students' answers to their places."""

from datetime import datetime

from sqlmodel import Session, select

from mobility.errors import Conflict, InvalidInput
from mobility.models import Answer, AnswerKind, DeclineReason, Offer, Person
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.rounds.answer_deadline import check_answers_open
from mobility.rounds.rows import lock_place, lock_round, subject_of
from mobility.sentences import tell


def answer(
    session: Session,
    key: str,
    kind: AnswerKind,
    reason: DeclineReason | None = None,
    *,
    by: Person,
    at: datetime,
) -> Answer:
    """Accept a place, decline it, or accept it and wait for a better one.

    The same answer given again changes nothing. A place that was declined is free for
    others and cannot be taken back.

    Parameters
    ----------
    reason
        Needed for declining, and for nothing else.

    Raises
    ------
    NotFound
        When the student has no place in the round.
    Conflict
        When the round is not published, the last moment for answers has passed, or she
        has declined already.
    """
    if (kind == AnswerKind.DECLINE) != (reason is not None):
        raise InvalidInput(
            tell("declining needs a reason, and no other answer has one")
        )
    a_round = lock_round(session, key, is_shared=True)
    placement, student = lock_place(session, a_round, by)
    scope = Scope(institution=student.institution_id, round_id=a_round.id)
    require(session, "placement.answer", scope, by=by, at=at)
    check_answers_open(a_round, at)
    row = session.exec(
        select(Answer).where(Answer.placement_id == placement.id)
    ).first()
    if row is None:
        row = Answer(placement_id=placement.id, kind=kind, answered_at=at)
    elif (row.kind, row.reason) == (kind, reason):
        return row
    elif row.kind == AnswerKind.DECLINE:
        raise Conflict(tell("the place was declined and has been given back"))
    row.kind, row.reason, row.answered_at = kind, reason, at
    session.add(row)
    session.flush()
    payload: dict[str, object] = {
        "offer": session.get_one(Offer, placement.offer_id).key,
        "answer": kind.value,
        "reason": reason.value if reason else None,
    }
    log(session, "placement.answer", subject_of(a_round), payload, by=by, at=at)
    return row
