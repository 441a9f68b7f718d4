"""What is ranked in a round, and the quotas that bind over it."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.agreement import Mode
from mobility.models.base import coded


class OfferState(StrEnum):
    """Whether places are given out."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class QuotaKind(StrEnum):
    """Why a quota binds."""

    HOST = "host"
    FACULTY = "faculty"
    LEVEL = "level"
    WARD = "ward"
    OTHER = "other"


class Offer(SQLModel, table=True):
    """One cooperation condition in one round. Its days are `ends_on - starts_on`."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        # what composite foreign keys of pins and placements point to
        UniqueConstraint("id", "round_id"),
        CheckConstraint("key <> ''", name="key"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("starts_on < ends_on", name="starts_before_end"),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    condition_id: int = Field(foreign_key="cooperation_condition.id", index=True)
    key: str
    receiving_id: int = Field(foreign_key="institution.id", index=True)
    capacity: int
    starts_on: date
    ends_on: date
    mode: Mode = Field(default=Mode.PHYSICAL, sa_type=coded(Mode))
    state: OfferState = Field(default=OfferState.ACTIVE, sa_type=coded(OfferState))


class Quota(SQLModel, table=True):
    """A limit over several offers, or over named pairs of student and offer."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    key: str
    kind: QuotaKind = Field(sa_type=coded(QuotaKind))
    capacity: int


class QuotaOffer(SQLModel, table=True):
    """An offer that a quota counts in full."""

    __tablename__ = "quota_offer"

    quota_id: int = Field(foreign_key="quota.id", primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", primary_key=True, index=True)


class QuotaPair(SQLModel, table=True):
    """A student on an offer, counted by a quota (such as a level of study)."""

    __tablename__ = "quota_pair"

    quota_id: int = Field(foreign_key="quota.id", primary_key=True)
    student_id: int = Field(foreign_key="student.id", primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", primary_key=True, index=True)
