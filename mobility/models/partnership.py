"""Partnerships between North and South, and the ledger of what went both ways."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import coded


class BalanceUnit(StrEnum):
    """What is counted."""

    STUDENTS = "students"
    WEEKS = "weeks"


class BalanceState(StrEnum):
    """Whether both sides agree on the numbers."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Partnership(SQLModel, table=True):
    """A pair of institutions whose exchange should be balanced.

    `tolerance`: places that South welcomes a year without return. `asks`: places that
    it wants back.
    """

    __tablename__ = "partnership"
    __table_args__ = (
        UniqueConstraint("north_id", "south_id"),
        CheckConstraint("north_id <> south_id", name="two_institutions"),
        CheckConstraint("tolerance >= 0 AND asks >= 0", name="not_negative"),
    )

    id: int = Field(default=None, primary_key=True)
    north_id: int = Field(foreign_key="institution.id")
    south_id: int = Field(foreign_key="institution.id", index=True)
    tolerance: int = 0
    asks: int = 0


class PartnershipBalance(SQLModel, table=True):
    """Arrivals of a settled round, North to South (out) and South to North (in)."""

    __tablename__ = "partnership_balance"
    __table_args__ = (
        UniqueConstraint("partnership_id", "round_id"),
        CheckConstraint("out_count >= 0 AND in_count >= 0", name="not_negative"),
    )

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    round_id: int = Field(foreign_key="round.id", index=True)
    out_count: int
    in_count: int
    unit: BalanceUnit = Field(default=BalanceUnit.STUDENTS, sa_type=coded(BalanceUnit))
    state: BalanceState = Field(
        default=BalanceState.CONFIRMED, sa_type=coded(BalanceState)
    )


class InboundNumber(SQLModel, table=True):
    """Students from South expected outside the matching, as the host confirms."""

    __tablename__ = "inbound_number"
    __table_args__ = (
        UniqueConstraint("partnership_id", "round_id"),
        CheckConstraint("count >= 0", name="count"),
    )

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    round_id: int = Field(foreign_key="round.id", index=True)
    count: int
    confirmed_by: str
    confirmed_at: datetime
