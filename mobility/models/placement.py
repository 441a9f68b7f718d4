"""Published places and the students' answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import BIG, LIST, coded


class AnswerKind(StrEnum):
    """What the student says to her place."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WAIT = "wait"


class DeclineReason(StrEnum):
    """Why a place is declined. Visa and safety carry no penalty."""

    VISA = "visa"
    MONEY = "money"
    FAMILY = "family"
    SAFETY = "safety"
    HOST = "host"
    OTHER = "other"


class Placement(SQLModel, table=True):
    """A student's place, of the round's published run.

    `held_in` maps the name of each stage to the key of the offer held after it.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id"),
        ForeignKeyConstraint(["run_id", "round_id"], ["run.id", "run.round_id"]),
        ForeignKeyConstraint(["offer_id", "round_id"], ["offer.id", "offer.round_id"]),
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("emissions_g >= 0", name="emissions_g"),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    student_id: int = Field(foreign_key="student.id", index=True)
    run_id: int = Field(index=True)
    offer_id: int = Field(index=True)
    rank: int
    emissions_g: int = Field(sa_type=BIG)
    held_in: dict[str, str] = Field(default_factory=dict, sa_type=LIST)
    reason: str = ""
    published_at: datetime


class Answer(SQLModel, table=True):
    """One answer per placement; a decline has its reason."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'decline') = (reason IS NOT NULL)", name="decline_has_reason"
        ),
    )

    id: int = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id", unique=True)
    kind: AnswerKind = Field(sa_type=coded(AnswerKind))
    reason: DeclineReason | None = Field(default=None, sa_type=coded(DeclineReason))
    answered_at: datetime
