"""Until when places are answered: set at publication, changed in the open."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from mobility.errors import Conflict, InvalidInput
from mobility.models import Person, Round, RoundState
from mobility.records.authority import log, require
from mobility.rounds.deadlines import to_instant, to_text
from mobility.rounds.notices import announce
from mobility.rounds.rows import lock_round, scope_of, subject_of
from mobility.sentences import Moment, tell

ANSWER_DAYS = 14
"""Days to answer where nothing else is said. Judgement."""


def default_until(zone: str, at: datetime) -> datetime:
    """Return the end of the day `ANSWER_DAYS` from now, in a zone's own time."""
    day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=ANSWER_DAYS)
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)


def read_until(local_time: str, zone: str, at: datetime) -> datetime:
    """Return the instant until which places are answered.

    Parameters
    ----------
    local_time
        As `rounds.deadlines.to_instant` takes it; empty: `default_until`.

    Raises
    ------
    InvalidInput
        When it is no time, one that the clocks skip or show twice, or has passed.
    """
    if not local_time:
        return default_until(zone, at)
    instant = to_instant(local_time, zone)
    if instant <= at:
        raise InvalidInput(
            tell("deadline {when} has passed already", when=Moment(instant, zone))
        )
    return instant


def set_answers_until(
    session: Session, key: str, local_time: str, *, by: Person, at: datetime
) -> Round:
    """Give a published round another last moment for answers; students are told.

    Raises
    ------
    Conflict
        When the round is not published, or settled already.
    InvalidInput
        As `read_until` does.
    """
    a_round = lock_round(session, key)
    require(session, "round.change", scope_of(a_round), by=by, at=at)
    if a_round.state != RoundState.PUBLISHED:
        raise Conflict(
            tell(
                "round {key} is {state}: no answer is taken",
                key=key,
                state=a_round.state,
            )
        )
    instant = read_until(local_time, a_round.deadline_zone, at)
    if instant == a_round.answers_until:
        return a_round
    # a round published before there was such a day may not know when that was
    a_round.published_at = a_round.published_at or at
    a_round.answers_until = instant
    session.add(a_round)
    session.flush()
    payload: dict[str, object] = {"answers_until": to_text(instant)}
    log(session, "round.change", subject_of(a_round), payload, by=by, at=at)
    announce(session, a_round, "round:answers_until", dict(payload), at=at)
    return a_round


def check_answers_in(a_round: Round, unanswered: int, at: datetime) -> None:
    """Refuse to settle a round while students may still answer.

    Raises
    ------
    Conflict
        When a place without an answer has not expired yet.
    """
    until = a_round.answers_until
    if unanswered and until is not None and at < until:
        when = Moment(until, a_round.deadline_zone)
        raise Conflict(
            tell(
                "round {round}: {unanswered} students may answer until "
                "{when}; settle it then, or tell them an earlier last "
                "moment first",
                round=a_round.key,
                unanswered=unanswered,
                when=when,
            )
        )


def check_answers_open(a_round: Round, at: datetime) -> None:
    """Refuse an answer that comes too early or too late.

    Raises
    ------
    Conflict
        When the round is not published, or the last moment for answers has passed.
    """
    if a_round.state != RoundState.PUBLISHED:
        raise Conflict(
            tell(
                "round {round} is {state}: no answer is taken",
                round=a_round.key,
                state=a_round.state,
            )
        )
    until = a_round.answers_until
    if until is not None and at >= until:
        when = Moment(until, a_round.deadline_zone)
        raise Conflict(
            tell(
                "places of round {round} were answered until {when}: no "
                "answer is taken any more",
                round=a_round.key,
                when=when,
            )
        )
