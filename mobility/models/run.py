"""Runs: one policy solved on one snapshot. The row is the truth of the job."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import BIG, LIST, coded, one_of


class RunState(StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunStatus(StrEnum):
    """What the solver says of its result."""

    OPTIMAL = "optimal"
    BOUNDED = "bounded"
    MECHANISM = "mechanism"
    """A rule was followed that optimises nothing: there is no claim of an optimum."""


class Verdict(StrEnum):
    """What the independent verifier says of the result."""

    VERIFIED = "verified"
    REFUSED = "refused"


class RunFileKind(StrEnum):
    """Which of a run's files."""

    INSTANCE = "instance"
    RESULT = "result"


OPTIMISE = "optimise"
"""The mechanism of a declared policy; any other is a scenario."""

HAS_ENDED = one_of("state", ("done", "failed", "cancelled"))


class Run(SQLModel, table=True):
    """A run, its lease while a worker holds it, and its outcome.

    `metrics` are the figures of each stage of a verified result, so that nobody reads
    the result for them.
    `owner` is the random token of the worker that holds it until `lease_until` (the
    database's clock). Done means solved and judged; `gap_msteps` are thousandths of a
    rank step.
    """

    __tablename__ = "run"
    __table_args__ = (
        ForeignKeyConstraint(
            ["snapshot_id", "round_id"], ["snapshot.id", "snapshot.round_id"]
        ),
        # what the round's reference to its published run points to
        UniqueConstraint(
            "id",
            "round_id",
            "snapshot_id",
            "policy_id",
            "verdict",
            name="uq_run_verdict",
        ),
        UniqueConstraint("id", "round_id"),
        Index("ix_run_state_lease_until", "state", "lease_until"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint(
            "(state = 'running') = (owner IS NOT NULL)"
            " AND (state = 'running') = (lease_until IS NOT NULL)",
            name="running_has_owner",
        ),
        CheckConstraint(
            f"({HAS_ENDED}) = (finished_at IS NOT NULL)", name="ended_has_time"
        ),
        CheckConstraint(
            "(state = 'done') = (verdict IS NOT NULL)", name="done_is_judged"
        ),
        CheckConstraint(
            "state <> 'done' OR (status IS NOT NULL AND gap_msteps IS NOT NULL"
            " AND instance_digest IS NOT NULL AND result_digest IS NOT NULL)",
            name="done_has_outcome",
        ),
        CheckConstraint(
            "(state = 'failed') = (error IS NOT NULL)", name="failed_has_error"
        ),
        CheckConstraint(
            "gap_msteps >= 0 AND (status <> 'optimal' OR gap_msteps = 0)",
            name="optimal_has_no_gap",
        ),
        CheckConstraint(
            f"mechanism = '{OPTIMISE}' OR is_scenario", name="mechanism_is_scenario"
        ),
        # no status yet is no breach: what is unknown passes a check
        CheckConstraint(
            f"(mechanism <> '{OPTIMISE}') = (status = 'mechanism')",
            name="mechanism_has_its_status",
        ),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    snapshot_id: int
    policy_id: int = Field(foreign_key="policy.id")
    mechanism: str = OPTIMISE
    is_scenario: bool = False
    state: RunState = Field(default=RunState.QUEUED, sa_type=coded(RunState))
    attempts: int = 0
    owner: str | None = None
    lease_until: datetime | None = None
    cancel_requested: bool = False
    enqueued_at: datetime | None = None
    progress: str = ""
    status: RunStatus | None = Field(default=None, sa_type=coded(RunStatus))
    gap_msteps: int | None = Field(default=None, sa_type=BIG)
    verdict: Verdict | None = Field(default=None, sa_type=coded(Verdict))
    verdict_text: str = ""
    metrics: list[dict[str, Any]] | None = Field(default=None, sa_type=LIST)
    instance_digest: str | None = None
    result_digest: str | None = None
    created_at: datetime
    created_by: str
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


class RunFile(SQLModel, table=True):
    """A file of a run, compressed with zlib."""

    __tablename__ = "run_file"

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    kind: RunFileKind = Field(sa_type=coded(RunFileKind), primary_key=True)
    data: bytes
