"""Runs: a policy on a snapshot, queued here, claimed and solved by a worker."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from mobility.audit.record import actor_of
from mobility.errors import Conflict, NotFound, Refused
from mobility.models import Person, Policy, Round, RoundState, Run, RunState, Snapshot
from mobility.models.run import OPTIMISE
from mobility.records.authority import log, require
from mobility.rounds.freeze import snapshot_value
from mobility.rounds.lottery import seed_of
from mobility.rounds.policies import keep_policy
from mobility.rounds.rows import lock_round, scope_of, subject_of
from mobility.rounds.translate import to_instance
from mobility.sentences import tell
from solver.mechanism_table import read_properties
from solver.policy_reader import read_policy

ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


def queue_run(
    session: Session,
    key: str,
    *,
    policy: str = "",
    mechanism: str = OPTIMISE,
    by: Person,
    at: datetime,
) -> Run:
    """Queue a run of a policy on a round's snapshot.

    Parameters
    ----------
    policy
        Empty for the declared one, which may be published; else the name of a preset
        or path of a file, for a scenario: a simulation that is never published.
    mechanism
        How to place. Any but `optimise` is a scenario too; the policy then measures.

    Raises
    ------
    Conflict
        When the round has no snapshot, or the declared policy's run is under way.
    """
    _check_mechanism(mechanism)
    scenario = read_policy(policy) if policy else None
    is_scenario = scenario is not None or mechanism != OPTIMISE
    a_round = lock_round(session, key)
    require(session, "run.queue", scope_of(a_round), by=by, at=at)
    if a_round.snapshot_id is None:
        raise Conflict(
            tell(
                "round {key} is {state}: it has no snapshot to solve",
                key=key,
                state=a_round.state,
            )
        )
    if not is_scenario:
        _check_declared(session, a_round)
    run = Run(
        round_id=a_round.id,
        snapshot_id=a_round.snapshot_id,
        policy_id=keep_policy(session, scenario).id if scenario else a_round.policy_id,
        mechanism=mechanism,
        is_scenario=is_scenario,
        created_at=at,
        created_by=actor_of(session, by.id),
    )
    session.add(run)
    session.flush()
    _record(session, "run.queue", a_round, run, by=by, at=at)
    return run


def _check_mechanism(mechanism: str) -> None:
    known = [row.name for row in read_properties()]
    if mechanism not in known:
        raise Refused(
            tell(
                "there is no mechanism {mechanism!r}; there are {known}",
                mechanism=mechanism,
                known=", ".join(known),
            )
        )


def _check_declared(session: Session, a_round: Round) -> None:
    if a_round.state != RoundState.FROZEN:
        raise Conflict(
            tell(
                "round {round} is {state}: its declared policy has been "
                "run; name a policy for a scenario",
                round=a_round.key,
                state=a_round.state,
            )
        )
    waiting = session.exec(
        select(Run.id)
        .where(Run.snapshot_id == a_round.snapshot_id)
        .where(col(Run.is_scenario).is_(False))
        .where(col(Run.state).in_([RunState.QUEUED, RunState.RUNNING]))
    ).first()
    if waiting is not None:
        raise Conflict(
            tell(
                "run {waiting} of round {round}'s declared policy is under way",
                waiting=waiting,
                round=a_round.key,
            )
        )


def cancel_run(session: Session, run_id: int, *, by: Person, at: datetime) -> Run:
    """Cancel a run: at once while it waits, by its worker while it is solved."""
    run, a_round = _lock_run(session, run_id)
    require(session, "run.cancel", scope_of(a_round), by=by, at=at)
    if run.state in ENDED:
        raise Conflict(
            tell(
                "run {run} is {state}: there is nothing to cancel",
                run=str(run_id),
                state=run.state,
            )
        )
    run.cancel_requested = True
    if run.state == RunState.QUEUED:
        run.state, run.finished_at = RunState.CANCELLED, at
    session.add(run)
    session.flush()
    _record(session, "run.cancel", a_round, run, by=by, at=at)
    return run


def _lock_run(session: Session, run_id: int) -> tuple[Run, Round]:
    query = (
        select(Run)
        .where(Run.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    run = session.exec(query).first()
    if run is None:
        raise NotFound(tell("there is no run {run}", run=str(run_id)))
    return run, session.get_one(Round, run.round_id)


def _record(
    session: Session,
    permission: str,
    a_round: Round,
    run: Run,
    *,
    by: Person,
    at: datetime,
) -> None:
    payload: dict[str, object] = {
        "run": run.id,
        "policy": session.get_one(Policy, run.policy_id).digest,
        "mechanism": run.mechanism,
        "is_scenario": run.is_scenario,
    }
    log(session, permission, subject_of(a_round), payload, by=by, at=at)


def instance_of(session: Session, run: Run) -> dict[str, Any]:
    """Return the instance that a run is to solve, its seed as far as revealed.

    The worker writes this value in canonical form for the solver.
    """
    snapshot = session.get_one(Snapshot, run.snapshot_id)
    value = snapshot_value(snapshot)
    a_round = session.get_one(Round, run.round_id)
    policy = session.get_one(Policy, run.policy_id)
    return to_instance(value, seed_of(session, a_round, policy, value))
