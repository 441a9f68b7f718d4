"""What the network coordinator's pages show of a round and its runs."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_all
from sqlmodel import Session, col, or_, select

from mobility.errors import NotFound
from mobility.models import (
    AuditActor,
    AuditEntry,
    AuditPayload,
    LotteryCommitment,
    Person,
    Policy,
    Round,
    Run,
    RunState,
    Snapshot,
    Verdict,
)
from mobility.reading.rounds import RoundRow, name_rule, to_row
from mobility.sentences import tell

TOLD = ("round:", "policy:", "lottery:", "run:", "offer:")
"""Beginnings of the acts that a round's history shows."""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """An act on a round.

    Parameters
    ----------
    who
        Name of the person, or of the program that acted; empty when it is erased.
    detail
        What the act says of itself: reason, deadline, policy, run, ...
    """

    at: datetime
    who: str
    action: str
    detail: dict[str, Any]

    @property
    def reason(self) -> str:
        """Return why it was done, empty without a reason."""
        return str(self.detail.get("reason", ""))


@dataclass(frozen=True, slots=True)
class RoundSettings:
    """What a round has declared beside its deadline.

    Parameters
    ----------
    policy
        Value of "mobility-policy/1".
    policy_set_by
        Name of the last person to set it; empty when nobody knows any more.
    """

    policy: dict[str, Any]
    policy_digest: str
    policy_set_by: str
    factor_set: str
    carbon_settings: dict[str, int | str]
    balance_years: int
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run in full; `gap_msteps` in thousandths of a rank step.

    Parameters
    ----------
    is_before_reveal
        A secret of the lottery was revealed after the run had begun: its seed is not
        the one that may be published.
    missing_secrets
        Committers who have not revealed theirs.
    """

    run: int
    policy: str
    mechanism: str
    policy_value: dict[str, Any]
    policy_digest: str
    is_scenario: bool
    is_of_present_freeze: bool
    is_published: bool
    is_before_reveal: bool
    missing_secrets: tuple[str, ...]
    state: str
    attempts: int
    is_cancel_requested: bool
    progress: str
    status: str | None
    gap_msteps: int | None
    verdict: str | None
    verdict_text: str
    error: str
    snapshot_digest: str
    instance_digest: str | None
    result_digest: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def rule(self) -> str:
        """What placed: the policy, or a mechanism that it measures."""
        return name_rule(self.policy, self.mechanism)

    @property
    def is_under_way(self) -> bool:
        """Say whether it waits or is being solved."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def is_verified(self) -> bool:
        """Say whether its result may be looked at."""
        return self.verdict == Verdict.VERIFIED

    @property
    def may_be_published(self) -> bool:
        """Say whether nothing that is known here speaks against publishing it."""
        is_declared = not self.is_scenario and self.is_of_present_freeze
        is_drawn = not self.is_before_reveal and not self.missing_secrets
        return self.is_verified and is_declared and is_drawn


def read_row(session: Session, key: str) -> RoundRow:
    """Return a round as it stands in a list.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    return to_row(_find(session, key))


def list_moves(session: Session, key: str) -> list[MoveRow]:
    """Return a round's history: who did what, when and why, latest first."""
    query = (
        select(AuditEntry, AuditPayload.payload, Person.name)
        .outerjoin(AuditPayload, col(AuditPayload.seq) == col(AuditEntry.seq))
        .outerjoin(AuditActor, col(AuditActor.pseudonym) == col(AuditEntry.actor))
        .outerjoin(Person, col(Person.id) == col(AuditActor.person_id))
        .where(AuditEntry.subject == f"round:{key}")
        .where(or_(*(col(AuditEntry.action).startswith(start) for start in TOLD)))
        .order_by(col(AuditEntry.seq).desc())
    )
    return [
        MoveRow(
            at=entry.at,
            who=name or _program(entry.actor),
            action=entry.action,
            detail=json.loads(payload or "{}"),
        )
        for entry, payload, name in session.exec(query)
    ]


def _program(actor: str) -> str:
    """Return the name of a program, empty for a person's pseudonym."""
    return "" if actor.startswith("p-") else actor


def read_settings_of(session: Session, key: str) -> RoundSettings:
    """Return what a round has declared.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    query = (
        select(Round, Policy, Person.name)
        .join(Policy, col(Policy.id) == Round.policy_id)
        .outerjoin(AuditActor, col(AuditActor.pseudonym) == col(Round.policy_set_by))
        .outerjoin(Person, col(Person.id) == col(AuditActor.person_id))
        .where(Round.key == key)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    a_round, policy, name = found
    return RoundSettings(
        policy=json.loads(policy.text),
        policy_digest=policy.digest,
        policy_set_by=name or "",
        factor_set=a_round.factor_set,
        carbon_settings=a_round.carbon_settings,
        balance_years=a_round.balance_years,
        opens_at=a_round.opens_at,
    )


def is_policy_setter(session: Session, key: str, person: int) -> bool:
    """Say whether a person is the last to have set a round's policy."""
    query = select(AuditActor.pseudonym).where(AuditActor.person_id == person)
    return _find(session, key).policy_set_by in session.exec(query).all()


def view_run(session: Session, key: str, number: int) -> RunView:
    """Return a run of a round.

    Raises
    ------
    NotFound
        When there is no such round, or it has no such run.
    """
    query = (
        select_all(Run, Round, Policy, col(Snapshot.digest), col(Person.name))
        .join(Round, col(Round.id) == Run.round_id)
        .join(Policy, col(Policy.id) == Run.policy_id)
        .join(Snapshot, col(Snapshot.id) == Run.snapshot_id)
        .outerjoin(AuditActor, col(AuditActor.pseudonym) == col(Run.created_by))
        .outerjoin(Person, col(Person.id) == col(AuditActor.person_id))
        .where(col(Run.id) == number)
        .where(col(Round.key) == key)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound(tell("round {key} has no run {number}", key=key, number=number))
    run, a_round, policy, digest, name = found
    told = _read_reveals(session, run)
    begun = run.started_at or run.created_at
    return RunView(
        run=run.id,
        policy=policy.name,
        mechanism=run.mechanism,
        policy_value=json.loads(policy.text),
        policy_digest=policy.digest,
        is_scenario=run.is_scenario,
        is_of_present_freeze=run.snapshot_id == a_round.snapshot_id,
        is_published=run.id == a_round.published_run_id,
        is_before_reveal=any(at is not None and at > begun for at in told.values()),
        missing_secrets=tuple(who for who, at in told.items() if at is None),
        state=run.state.value,
        attempts=run.attempts,
        is_cancel_requested=run.cancel_requested,
        progress=run.progress,
        status=run.status.value if run.status else None,
        gap_msteps=run.gap_msteps,
        verdict=run.verdict.value if run.verdict else None,
        verdict_text=run.verdict_text,
        error=run.error or "",
        snapshot_digest=digest,
        instance_digest=run.instance_digest,
        result_digest=run.result_digest,
        created_by=name or "",
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _find(session: Session, key: str) -> Round:
    a_round = session.exec(select(Round).where(Round.key == key)).first()
    if a_round is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    return a_round


def _read_reveals(session: Session, run: Run) -> dict[str, datetime | None]:
    """Return when each committer of a run's round told her secret, if she has."""
    query = (
        select(LotteryCommitment.committer, LotteryCommitment.revealed_at)
        .where(LotteryCommitment.round_id == run.round_id)
        .order_by(LotteryCommitment.committer)
    )
    return dict(session.exec(query).all())
