"""Universities and their schools, with the block they are counted in."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import coded


class Block(StrEnum):
    """Side of the North-South balance. Of the institution, never of a person."""

    NORTH = "north"
    SOUTH = "south"


class Institution(SQLModel, table=True):
    """A higher education institution that sends, receives or both.

    Coordinates are millionths of a degree. A block stands with its source and date.
    """

    __tablename__ = "institution"
    __table_args__ = (
        CheckConstraint("hei_id <> '' AND hei_id = lower(hei_id)", name="hei_id"),
        CheckConstraint(
            "length(country) = 2 AND country = upper(country)", name="country"
        ),
        CheckConstraint(
            "latitude_udeg BETWEEN -90000000 AND 90000000", name="latitude"
        ),
        CheckConstraint(
            "longitude_udeg BETWEEN -180000000 AND 180000000", name="longitude"
        ),
        CheckConstraint(
            "(block IS NULL) = (block_source IS NULL)"
            " AND (block IS NULL) = (block_date IS NULL)",
            name="block_with_source",
        ),
        CheckConstraint("exchange_tolerance >= 0", name="exchange_tolerance"),
    )

    id: int = Field(default=None, primary_key=True)
    hei_id: str = Field(unique=True)
    name: str
    city: str
    country: str
    latitude_udeg: int
    longitude_udeg: int
    block: Block | None = Field(default=None, sa_type=coded(Block))
    block_source: str | None = None
    block_date: date | None = None
    erasmus_code: str | None = Field(default=None, unique=True)
    exchange_tolerance: int = 0
    is_member: bool = True
    is_constructed: bool = False
