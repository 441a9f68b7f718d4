"""Matching rounds: a state machine whose rules are constraints."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import LIST, coded, one_of


class RoundState(StrEnum):
    """Where a round is in its life."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    PUBLISHED = "published"
    SETTLED = "settled"
    ARCHIVED = "archived"


HAS_SNAPSHOT = one_of("state", ("frozen", "published", "settled", "archived"))
HAS_PLACEMENTS = one_of("state", ("published", "settled", "archived"))


class Round(SQLModel, table=True):
    """One matching of students to offers.

    From `frozen` on there is a snapshot and the digest of the factors it was made with,
    before it there is none. From `published` on there is a run of this round, this
    snapshot and the declared policy whose verdict is "verified": the foreign key
    carries all of it, so no other run can be referenced, nor a referenced one changed.
    Places are answered until `answers_until`, which lies after the publication; rounds
    published before there was such a day have none, and end with their settlement.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("key <> ''", name="key"),
        CheckConstraint("academic_year_id LIKE '____/____'", name="academic_year_id"),
        CheckConstraint("opens_at < deadline_at", name="opens_before_deadline"),
        CheckConstraint("balance_years >= 0", name="balance_years"),
        CheckConstraint(
            f"({HAS_SNAPSHOT}) = (snapshot_id IS NOT NULL)", name="frozen_has_snapshot"
        ),
        CheckConstraint(
            f"({HAS_SNAPSHOT}) = (factor_set_digest IS NOT NULL)",
            name="frozen_has_factors",
        ),
        CheckConstraint(
            f"({HAS_PLACEMENTS}) = (published_run_id IS NOT NULL)",
            name="published_has_run",
        ),
        CheckConstraint(
            "(published_run_id IS NULL) = (published_verdict IS NULL)",
            name="published_has_verdict",
        ),
        CheckConstraint("published_verdict = 'verified'", name="published_is_verified"),
        CheckConstraint(
            f"published_at IS NULL OR ({HAS_PLACEMENTS})", name="published_at"
        ),
        CheckConstraint(
            "answers_until IS NULL OR "
            "(published_at IS NOT NULL AND published_at < answers_until)",
            name="answers_until",
        ),
        ForeignKeyConstraint(
            ["snapshot_id", "id"],
            ["snapshot.id", "snapshot.round_id"],
            name="fk_round_snapshot",
            use_alter=True,
        ),
        ForeignKeyConstraint(
            ["published_run_id", "id", "snapshot_id", "policy_id", "published_verdict"],
            [
                "run.id",
                "run.round_id",
                "run.snapshot_id",
                "run.policy_id",
                "run.verdict",
            ],
            name="fk_round_published_run",
            use_alter=True,
        ),
    )

    # stated, because a column of a foreign key does not count by itself
    id: int = Field(
        default=None, primary_key=True, sa_column_kwargs={"autoincrement": True}
    )
    key: str = Field(unique=True)
    name: str
    academic_year_id: str
    state: RoundState = Field(default=RoundState.DRAFT, sa_type=coded(RoundState))
    is_dry_run: bool = False
    opens_at: datetime | None = None
    deadline_at: datetime
    deadline_zone: str
    policy_id: int = Field(foreign_key="policy.id")
    policy_set_by: str | None = None
    factor_set: str
    factor_set_digest: str | None = None
    carbon_settings: dict[str, int | str] = Field(default_factory=dict, sa_type=LIST)
    balance_years: int = 3
    snapshot_id: int | None = None
    published_run_id: int | None = None
    published_verdict: str | None = Field(default=None, max_length=32)
    published_at: datetime | None = None
    answers_until: datetime | None = None


class LotteryCommitment(SQLModel, table=True):
    """A committer's published hash and, after the freeze, the secret behind it."""

    __tablename__ = "lottery_commitment"
    __table_args__ = (
        UniqueConstraint("round_id", "committer"),
        CheckConstraint("length(commitment) = 64", name="commitment"),
        CheckConstraint(
            "(secret IS NULL) = (revealed_at IS NULL)", name="secret_has_time"
        ),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    committer: str
    commitment: str
    secret: str | None = None
    revealed_at: datetime | None = None
