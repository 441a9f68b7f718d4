"""A round as its auditor sees it: what is frozen, proven and published, and by whom.

People stand under the log's pseudonyms; no name is read.
"""

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy import select as select_all
from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import (
    AuditEntry,
    AuditHead,
    AuditPayload,
    LotteryCommitment,
    Offer,
    Placement,
    Policy,
    Pseudonym,
    Round,
    Run,
    RunFile,
    RunFileKind,
    Snapshot,
)
from mobility.sentences import tell
from solver.fileio import parse_json

ACTS = ("round:", "policy:", "lottery:", "run:", "offer:", "audit:")
"""What is done to a whole round: the log's actions that begin so."""


@dataclass(frozen=True, slots=True)
class AuditedRound:
    """A round in the auditor's list.

    Parameters
    ----------
    status, gap_msteps, verdict
        Of the published run; None before publication.
    """

    key: str
    name: str
    academic_year_id: str
    state: str
    is_dry_run: bool
    snapshot_digest: str | None
    status: str | None
    gap_msteps: int | None
    verdict: str | None

    @property
    def is_published(self) -> bool:
        """Say whether there are placements to look at."""
        return self.verdict is not None


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """A run of the round's present freeze, with what its verifier said."""

    run: int
    policy: str
    policy_digest: str
    mechanism: str
    is_scenario: bool
    is_published: bool
    state: str
    status: str | None
    gap_msteps: int | None
    verdict: str | None
    verdict_text: str
    instance_digest: str | None
    result_digest: str | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A committer of the lottery; `entered_by` is who wrote the promise down."""

    committer: str
    commitment: str
    secret: str | None
    entered_by: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done to the round; `payload` is empty where it was erased."""

    seq: int
    at: datetime
    actor: str
    action: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Oversight:
    """What an auditor asks of a round first."""

    round: AuditedRound
    policy: str
    policy_digest: str
    factor_set: str
    factor_set_digest: str | None
    frozen_at: datetime | None
    published: RunEvidence | None
    runs: tuple[RunEvidence, ...]
    promises: tuple[Promise, ...]
    acts: tuple[Act, ...]
    weaknesses: tuple[str, ...]
    """As the publication wrote them into the log."""
    head_seq: int
    head_hash: str


def list_audited(
    session: Session, rounds: Collection[int] | None
) -> list[AuditedRound]:
    """Return rounds, latest deadline first.

    Parameters
    ----------
    rounds
        Row ids of those that may be seen; None is all of them.
    """
    query = _rounds().order_by(col(Round.deadline_at).desc(), col(Round.key))
    if rounds is not None:
        query = query.where(col(Round.id).in_(rounds))
    return [_to_row(row) for row in session.execute(query)]


def find_audited(session: Session, key: str) -> tuple[AuditedRound, int | None]:
    """Return a round and the row id of its published run.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    row = _find(session, key)
    return _to_row(row), row.Round.published_run_id


def _rounds() -> Select[Any]:
    """Return the query for rounds with what is told of each.

    The snapshot's columns by themselves: its data are millions of bytes.
    """
    query: Select[Any] = (
        select_all(  # type: ignore[assignment]  # columns of other tables, by their labels
            Round,
            Policy,
            col(Snapshot.digest).label("snapshot_digest"),
            col(Snapshot.created_at).label("frozen_at"),
            Run,
        )
        .join(Policy, col(Policy.id) == col(Round.policy_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Round.snapshot_id))
        .outerjoin(Run, col(Run.id) == col(Round.published_run_id))
    )
    return query


def _find(session: Session, key: str) -> Row[Any]:
    row = session.execute(_rounds().where(col(Round.key) == key)).first()
    if row is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    return row


def _to_row(row: Row[Any]) -> AuditedRound:
    a_round: Round = row.Round
    run: Run | None = row.Run
    return AuditedRound(
        key=a_round.key,
        name=a_round.name,
        academic_year_id=a_round.academic_year_id,
        state=a_round.state.value,
        is_dry_run=a_round.is_dry_run,
        snapshot_digest=row.snapshot_digest,
        status=run.status.value if run and run.status else None,
        gap_msteps=run.gap_msteps if run else None,
        verdict=run.verdict.value if run and run.verdict else None,
    )


def view_oversight(session: Session, key: str) -> Oversight:
    """Return a round's digests, runs, promises and acts.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    row = _find(session, key)
    a_round: Round = row.Round
    runs = _runs(session, a_round)
    acts = _acts(session, key)
    head = session.exec(select(AuditHead)).one_or_none()
    return Oversight(
        round=_to_row(row),
        policy=row.Policy.name,
        policy_digest=row.Policy.digest,
        factor_set=a_round.factor_set,
        factor_set_digest=a_round.factor_set_digest,
        frozen_at=row.frozen_at,
        published=next((run for run in runs if run.is_published), None),
        runs=runs,
        promises=_promises(session, a_round, acts),
        acts=acts,
        weaknesses=_weaknesses(acts),
        head_seq=head.seq if head else 0,
        head_hash=head.hash if head else "",
    )


def _runs(session: Session, a_round: Round) -> tuple[RunEvidence, ...]:
    query = (
        select(Run, Policy)
        .join(Policy, col(Policy.id) == Run.policy_id)
        .where(Run.round_id == a_round.id)
        .where(Run.snapshot_id == a_round.snapshot_id)
        .order_by(col(Run.id).desc())
    )
    return tuple(
        RunEvidence(
            run=run.id,
            policy=policy.name,
            policy_digest=policy.digest,
            mechanism=run.mechanism,
            is_scenario=run.is_scenario,
            is_published=run.id == a_round.published_run_id,
            state=run.state.value,
            status=run.status.value if run.status else None,
            gap_msteps=run.gap_msteps,
            verdict=run.verdict.value if run.verdict else None,
            verdict_text=run.verdict_text,
            instance_digest=run.instance_digest,
            result_digest=run.result_digest,
            started_at=run.started_at,
            finished_at=run.finished_at,
        )
        for run, policy in session.exec(query)
    )


def _acts(session: Session, key: str) -> tuple[Act, ...]:
    """Return what was done to the round, first act first."""
    action = col(AuditEntry.action)
    begins = action.startswith(ACTS[0])
    for prefix in ACTS[1:]:
        begins |= action.startswith(prefix)
    query = (
        select(AuditEntry, AuditPayload.payload)
        .outerjoin(AuditPayload, col(AuditPayload.seq) == col(AuditEntry.seq))
        .where(AuditEntry.subject == f"round:{key}")
        .where(begins)
        .order_by(col(AuditEntry.seq))
    )
    return tuple(
        Act(row.seq, row.at, row.actor, row.action, json.loads(text) if text else {})
        for row, text in session.exec(query)
    )


def _promises(
    session: Session, a_round: Round, acts: Sequence[Act]
) -> tuple[Promise, ...]:
    entered = {
        act.payload.get("commitment"): act.actor
        for act in acts
        if act.action == "lottery:commit"
    }
    query = (
        select(LotteryCommitment)
        .where(LotteryCommitment.round_id == a_round.id)
        .order_by(col(LotteryCommitment.committer))
    )
    return tuple(
        Promise(
            row.committer, row.commitment, row.secret, entered.get(row.commitment, "")
        )
        for row in session.exec(query)
    )


def _weaknesses(acts: Sequence[Act]) -> tuple[str, ...]:
    """Return what the last publication said of itself."""
    said = [
        act.payload.get("weaknesses", ())
        for act in acts
        if act.action == "round:publish"
    ]
    return tuple(said[-1]) if said else ()


def read_seed(session: Session, run: int) -> str:
    """Return the lottery's seed of a run's input; "" where the input is not stored."""
    file = session.get(RunFile, (run, RunFileKind.INSTANCE))
    if file is None:
        return ""
    value = parse_json(zlib.decompress(file.data), f"the input of run {run}")
    return str(value.get("seed", "")) if isinstance(value, dict) else ""


@dataclass(frozen=True, slots=True)
class ToldPlacement:
    """A place as its student was told of it; grams of the return journey."""

    offer: str
    rank: int
    emissions_g: int


def read_told(session: Session, run: int, pseudonym: str) -> ToldPlacement | None:
    """Return what a student was told at publication; None: that she has no place."""
    query = (
        select(Offer.key, Placement.rank, Placement.emissions_g)
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .join(Pseudonym, col(Pseudonym.student_id) == col(Placement.student_id))
        .join(Run, col(Run.id) == col(Placement.run_id))
        .where(Placement.run_id == run)
        .where(col(Pseudonym.snapshot_id) == col(Run.snapshot_id))
        .where(Pseudonym.pseudonym == pseudonym)
    )
    row = session.exec(query).first()
    return None if row is None else ToldPlacement(*row)
