"""A round's moves from state to state: who may make them, and what they require.

Freezing, publishing and settling are acts of their own modules; they begin and end
their move here, so that every move is checked and logged alike.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.errors import Conflict, InvalidInput
from mobility.models import (
    LotteryCommitment,
    Person,
    Round,
    RoundState,
    Run,
    RunState,
)
from mobility.records.authority import log, require
from mobility.rounds.deadlines import to_instant, to_text
from mobility.rounds.notices import announce
from mobility.rounds.rows import lock_round, scope_of, subject_of
from mobility.sentences import Moment, tell

DRAFT, OPEN, CLOSED, FROZEN, PUBLISHED, SETTLED, ARCHIVED = RoundState


@dataclass(frozen=True, slots=True)
class Move:
    """A legal move: its permission, and what else it takes.

    Parameters
    ----------
    act
        The command that makes it, where it takes more than setting the state.
    """

    permission: str
    needs_reason: bool = False
    act: str = ""


MOVES = {
    (DRAFT, OPEN): Move("round.open"),
    (OPEN, CLOSED): Move("round.close"),
    (CLOSED, OPEN): Move("round.reopen", needs_reason=True),
    (CLOSED, FROZEN): Move("round.freeze", act="freeze"),
    (FROZEN, CLOSED): Move("round.unfreeze", needs_reason=True, act="unfreeze"),
    (FROZEN, PUBLISHED): Move("round.publish", act="publish"),
    (PUBLISHED, SETTLED): Move("round.settle", act="settle"),
    (SETTLED, ARCHIVED): Move("round.archive"),
}
ANNOUNCED = ("round.open", "round.reopen", "round.unfreeze")


def begin(
    session: Session,
    key: str,
    to: RoundState,
    *,
    by: Person,
    at: datetime,
    act: str = "",
) -> tuple[Round, Move]:
    """Lock a round and check that it may move; nothing is changed yet.

    Parameters
    ----------
    act
        The act that asks: a move that has a command of its own is made by no other.

    Raises
    ------
    NotFound, Forbidden, Conflict
        When there is no such round, the person may not, the move is not legal from its
        present state, or it is another act's.
    """
    a_round = lock_round(session, key)
    move = MOVES.get((a_round.state, to))
    if move is None:
        legal = [str(target) for source, target in MOVES if source == a_round.state]
        raise Conflict(
            tell(
                "round {key} is {state}; it can become {names}, not {to}",
                key=key,
                state=a_round.state,
                names=" or ".join(legal) or tell("nothing else"),
                to=to,
            )
        )
    require(session, move.permission, scope_of(a_round), by=by, at=at)
    if move.act != act:
        raise Conflict(
            tell(
                "round {key} is {state}: it becomes {to} by the act {act} alone",
                key=key,
                state=a_round.state,
                to=to,
                act=move.act,
            )
        )
    return a_round, move


def _check_reason(a_round: Round, move: Move, to: RoundState, reason: str) -> None:
    if move.needs_reason and not reason.strip():
        raise InvalidInput(
            tell(
                "round {round}: {state} to {to} needs a reason",
                round=a_round.key,
                state=a_round.state,
                to=to,
            )
        )


def finish(
    session: Session,
    a_round: Round,
    move: Move,
    payload: dict[str, object],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Write a move down, and tell the students of those that concern them."""
    session.add(a_round)
    session.flush()
    log(session, move.permission, subject_of(a_round), payload, by=by, at=at)
    if move.permission in ANNOUNCED:
        news = {"round": a_round.key, "deadline": to_text(a_round.deadline_at)}
        reason = payload.get("reason")
        news |= {"reason": str(reason)} if reason else {}
        announce(session, a_round, move.permission.replace(".", ":"), news, at=at)


def move(
    session: Session,
    key: str,
    to: RoundState,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
) -> Round:
    """Open, close, reopen, or archive.

    Parameters
    ----------
    reason
        Needed for going back, and for closing before the deadline.

    Raises
    ------
    Conflict
        Also for a move that has an act of its own: freeze, unfreeze, publish, settle.
    """
    a_round, legal = begin(session, key, to, by=by, at=at)
    _check_reason(a_round, legal, to, reason)
    if to == OPEN:
        _check_deadline(a_round, at)
        a_round.opens_at = a_round.opens_at or at
    elif a_round.state == OPEN:
        _check_early(a_round, at, reason)
    a_round.state = to
    payload: dict[str, object] = {"reason": reason} if reason else {}
    finish(session, a_round, legal, payload, by=by, at=at)
    return a_round


def unfreeze(
    session: Session, key: str, reason: str, *, by: Person, at: datetime
) -> Round:
    """Take a freeze back before publication, with a reason that students are told.

    Its runs end; its snapshot stays as evidence.
    """
    a_round, legal = begin(session, key, CLOSED, by=by, at=at, act="unfreeze")
    _check_reason(a_round, legal, CLOSED, reason)
    _drop_freeze(session, a_round, at)
    a_round.state = CLOSED
    finish(session, a_round, legal, {"reason": reason}, by=by, at=at)
    return a_round


def _check_deadline(a_round: Round, at: datetime) -> None:
    if at >= a_round.deadline_at:
        when = Moment(a_round.deadline_at, a_round.deadline_zone)
        raise Conflict(
            tell(
                "round {round} cannot be open: its deadline {when} has "
                "passed; set a later one first",
                round=a_round.key,
                when=when,
            )
        )


def _check_early(a_round: Round, at: datetime, reason: str) -> None:
    if at < a_round.deadline_at and not reason.strip():
        when = Moment(a_round.deadline_at, a_round.deadline_zone)
        raise InvalidInput(
            tell(
                "round {round}: closing before its deadline {when} needs a reason",
                round=a_round.key,
                when=when,
            )
        )


def _drop_freeze(session: Session, a_round: Round, at: datetime) -> None:
    """Let go of the snapshot: its runs end, and secrets already told count no more.

    The snapshot itself stays as evidence. A known secret would let somebody try which
    freeze suits them, so the next freeze needs new promises.
    """
    runs = session.exec(
        select(Run)
        .where(Run.round_id == a_round.id)
        .where(col(Run.state).in_([RunState.QUEUED, RunState.RUNNING]))
        .with_for_update()
    ).all()
    for run in runs:
        if run.state == RunState.QUEUED:
            run.state, run.finished_at = RunState.CANCELLED, at
        run.cancel_requested = True
    told = session.exec(
        select(LotteryCommitment)
        .where(LotteryCommitment.round_id == a_round.id)
        .where(col(LotteryCommitment.secret).is_not(None))
    ).all()
    for commitment in told:
        session.delete(commitment)
    a_round.snapshot_id = None
    a_round.factor_set_digest = None


def set_deadline(
    session: Session,
    key: str,
    local_time: str,
    zone: str,
    *,
    by: Person,
    at: datetime,
) -> Round:
    """Set the deadline of a round that is not frozen yet; students are told.

    Parameters
    ----------
    local_time, zone
        As `rounds.deadlines.to_instant` takes them; the instant must be in the future.
    """
    instant = to_instant(local_time, zone)
    a_round = lock_round(session, key)
    require(session, "round.change", scope_of(a_round), by=by, at=at)
    if a_round.state not in (DRAFT, OPEN, CLOSED):
        raise Conflict(
            tell(
                "round {key} is {state}: its deadline stands",
                key=key,
                state=a_round.state,
            )
        )
    if instant <= at:
        raise InvalidInput(
            tell("deadline {when} has passed already", when=Moment(instant, zone))
        )
    a_round.deadline_at, a_round.deadline_zone = instant, zone
    session.add(a_round)
    payload: dict[str, object] = {"deadline": to_text(instant), "zone": zone}
    log(session, "round.change", subject_of(a_round), payload, by=by, at=at)
    if a_round.state != DRAFT:
        announce(session, a_round, "round:deadline", dict(payload), at=at)
    return a_round
