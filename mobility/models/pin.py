"""A coordinator's decisions about single pairs, each with its reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Pin(SQLModel, table=True):
    """A student who has this offer, whatever the policy says; one per round."""

    __tablename__ = "pin"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id"),
        CheckConstraint("reason <> ''", name="reason"),
        ForeignKeyConstraint(["offer_id", "round_id"], ["offer.id", "offer.round_id"]),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    student_id: int = Field(foreign_key="student.id", index=True)
    offer_id: int = Field(index=True)
    reason: str
    created_by: str
    created_at: datetime


class ForbiddenPair(SQLModel, table=True):
    """A student who may not have this offer."""

    __tablename__ = "forbidden_pair"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id", "offer_id"),
        CheckConstraint("reason <> ''", name="reason"),
        ForeignKeyConstraint(["offer_id", "round_id"], ["offer.id", "offer.round_id"]),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    student_id: int = Field(foreign_key="student.id", index=True)
    offer_id: int = Field(index=True)
    reason: str
    created_by: str
    created_at: datetime
