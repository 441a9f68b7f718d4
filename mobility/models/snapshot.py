"""A round as it was frozen: from then on nobody reads live rows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Snapshot(SQLModel, table=True):
    """Canonical JSON, compressed with zlib; `digest` is over the JSON's bytes."""

    __tablename__ = "snapshot"
    __table_args__ = (
        # what the composite foreign keys of rounds and runs point to
        UniqueConstraint("id", "round_id"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    digest: str = Field(unique=True)
    data: bytes
    created_at: datetime
    created_by: str


class Pseudonym(SQLModel, table=True):
    """The name a student has in a snapshot: random, new in each."""

    __tablename__ = "pseudonym"
    __table_args__ = (UniqueConstraint("snapshot_id", "pseudonym"),)

    snapshot_id: int = Field(foreign_key="snapshot.id", primary_key=True)
    student_id: int = Field(foreign_key="student.id", primary_key=True, index=True)
    pseudonym: str
