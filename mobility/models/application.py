"""Rankings: the draft, and what was certified."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Application(SQLModel, table=True):
    """A student in a round. `version` grows with each change (optimistic locking)."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    student_id: int = Field(foreign_key="student.id", index=True)
    version: int = 1
    withdrawn_at: datetime | None = None


class Preference(SQLModel, table=True):
    """An entry of the draft. Rank 1 is the first wish."""

    __tablename__ = "preference"
    __table_args__ = (
        UniqueConstraint("application_id", "rank"),
        CheckConstraint("rank >= 1", name="rank"),
    )

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", primary_key=True, index=True)
    rank: int


class Certification(SQLModel, table=True):
    """A ranking as it counts; at most one per application is current.

    `receipt` is the salted hash that the student was handed.
    """

    __tablename__ = "certification"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(receipt) = 64", name="receipt"),
        Index(
            "uq_certification_current",
            "application_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    number: int
    certified_at: datetime
    receipt: str = Field(unique=True)
    salt: str
    is_current: bool = True


class CertifiedPreference(SQLModel, table=True):
    """An entry of a certified ranking."""

    __tablename__ = "certified_preference"
    __table_args__ = (
        UniqueConstraint("certification_id", "rank"),
        CheckConstraint("rank >= 1", name="rank"),
    )

    certification_id: int = Field(foreign_key="certification.id", primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", primary_key=True, index=True)
    rank: int
