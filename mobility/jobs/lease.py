"""Who holds a run: claimed, renewed and given up by single conditional writes.

A worker holds a run while the row carries its random token. Every write after the claim
says `WHERE owner = me`: a worker that was stopped, and whose run was given to another,
finds that its writes touch nothing. Time is the database's clock throughout.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select, update

from mobility.audit.record import record
from mobility.clock import now
from mobility.db import database_now
from mobility.models import Round, Run, RunState

ACTOR = "worker"
"""How the log calls whoever solves runs."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker on one run."""

    run_id: int
    owner: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a worker learns when it renews: whether the run is its own and wanted."""

    is_mine: bool
    is_cancelled: bool


def claim(session: Session, lease: Lease, *, seconds: int, attempts: int) -> bool:
    """Take a run that waits or whose worker has gone silent; say whether it worked.

    Parameters
    ----------
    seconds
        How long the claim holds without being renewed.
    attempts
        How often a run may be claimed.
    """
    instant = database_now(session)
    taken = session.exec(
        update(Run)
        .where(col(Run.id) == lease.run_id)
        .where(_is_free(instant), col(Run.attempts) < attempts)
        .where(col(Run.cancel_requested).is_(False))
        .values(
            state=RunState.RUNNING,
            owner=lease.owner,
            lease_until=instant + timedelta(seconds=seconds),
            attempts=Run.attempts + 1,
            started_at=instant,
            progress="",
        )
    )
    if taken.rowcount != 1:
        return False
    run = session.get_one(Run, lease.run_id, populate_existing=True)
    log(session, lease.run_id, "run:start", {"attempt": run.attempts})
    return True


def _is_free(instant: object) -> ColumnElement[bool]:
    return or_(
        col(Run.state) == RunState.QUEUED,
        and_(col(Run.state) == RunState.RUNNING, col(Run.lease_until) < instant),
    )


def renew(session: Session, lease: Lease, progress: str, *, seconds: int) -> Renewal:
    """Hold the run for longer, say how far it is, and read whether it is wanted."""
    until = database_now(session) + timedelta(seconds=seconds)
    if not write(session, lease, {"lease_until": until, "progress": progress}):
        return Renewal(is_mine=False, is_cancelled=False)
    query = select(Run.cancel_requested).where(Run.id == lease.run_id)
    return Renewal(is_mine=True, is_cancelled=session.exec(query).one())


def write(session: Session, lease: Lease, values: dict[str, object]) -> bool:
    """Write to a run if it is still this worker's; say whether it was."""
    written = session.exec(
        update(Run)
        .where(col(Run.id) == lease.run_id, col(Run.owner) == lease.owner)
        .values(**values)
    )
    return written.rowcount == 1


def give_back(session: Session, lease: Lease, *, is_attempt: bool) -> bool:
    """Put a run back into the queue; say whether it was still this worker's.

    Parameters
    ----------
    is_attempt
        False when the worker was asked to stop: that must not count against the run.
    """
    values: dict[str, object] = {"state": RunState.QUEUED, **NOBODY}
    if not is_attempt:
        values["attempts"] = Run.attempts - 1
    return write(session, lease, values)


def end(
    session: Session,
    lease: Lease,
    state: RunState,
    values: dict[str, object],
    payload: dict[str, object],
) -> bool:
    """End a run, with an entry in the log; say whether it was still this worker's."""
    finished = {"state": state, "finished_at": database_now(session), **NOBODY}
    if not write(session, lease, {**finished, **values}):
        return False
    log(session, lease.run_id, f"run:{ACTIONS[state]}", payload)
    return True


NOBODY: dict[str, object] = {"owner": None, "lease_until": None}

ACTIONS = {
    RunState.DONE: "finish",
    RunState.FAILED: "fail",
    RunState.CANCELLED: "abort",
}


def sweep(session: Session, *, attempts: int) -> list[int]:
    """Return the runs that may be claimed, oldest first; end those that may not.

    A run that fell silent is ended when it was cancelled, or claimed as often as is
    allowed.
    """
    instant = database_now(session)
    free = session.exec(select(Run).where(_is_free(instant)).order_by(col(Run.id)))
    claimable = []
    for run in free.all():
        values = _last_word(run, attempts)
        if values is None:
            claimable.append(run.id)
            continue
        ended = session.exec(
            update(Run)
            .where(col(Run.id) == run.id, _is_free(instant))
            .values(finished_at=instant, **NOBODY, **values)
        )
        if ended.rowcount == 1:
            state = RunState(str(values["state"]))
            log(
                session,
                run.id,
                f"run:{ACTIONS[state]}",
                {"attempts": run.attempts},
            )
    return claimable


def _last_word(run: Run, attempts: int) -> dict[str, object] | None:
    if run.cancel_requested:
        return {"state": RunState.CANCELLED}
    if run.attempts >= attempts:
        error = f"its worker or solver died {run.attempts} times; see the server's log"
        return {"state": RunState.FAILED, "error": error}
    return None


def is_idle(session: Session) -> bool:
    """Say whether no run waits and none is being solved, by anybody."""
    under_way = col(Run.state).in_([RunState.QUEUED, RunState.RUNNING])
    return session.exec(select(Run.id).where(under_way)).first() is None


def log(session: Session, run_id: int, action: str, payload: dict[str, object]) -> None:
    """Append an act of the worker on a run to the log."""
    query = (
        select(Round.key)
        .join(Run, col(Run.round_id) == Round.id)
        .where(Run.id == run_id)
    )
    record(
        session,
        actor=ACTOR,
        action=action,
        subject=f"round:{session.exec(query).one()}",
        payload={"run": run_id, **payload},
        at=now(),
    )
