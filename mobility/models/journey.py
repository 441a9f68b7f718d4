"""Return journeys, computed once per pair of places, factor set and method."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import BIG, LIST


class Journey(SQLModel, table=True):
    """A footprint with all its modes and legs.

    `home_key` and `host_key` read "latitude,longitude,country", in 1e-6 degrees.
    """

    __tablename__ = "journey"
    __table_args__ = (
        UniqueConstraint(
            "factor_set_digest",
            "method_digest",
            "home_key",
            "host_key",
            name="uq_journey_pair",
        ),
        CheckConstraint("total_g >= 0", name="total_g"),
    )

    id: int = Field(default=None, primary_key=True)
    factor_set_digest: str
    method_digest: str
    home_key: str
    host_key: str
    footprint: dict[str, Any] = Field(sa_type=LIST)
    chosen_mode: str
    total_g: int = Field(sa_type=BIG)
