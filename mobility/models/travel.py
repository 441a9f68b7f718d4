"""How students say that they really travelled, beside the journey that was modelled."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import BIG, LIST, one_of


class TravelMode(StrEnum):
    """How one travels; the modes of `carbon.route.HOP_MODES`."""

    AIR = "air"
    RAIL = "rail"
    COACH = "coach"
    CAR = "car"
    FERRY = "ferry"


MODES = tuple(mode.value for mode in TravelMode)


class TravelReport(SQLModel, table=True):
    """A student's actual journey: one per placement, the last word counts.

    `stop` is a place on the way as she wrote it, `stop_place` as it was found;
    `onward_mode` is how she went between the stop and the host. `journey` is the
    journey with its legs, under the factors and the method of the two digests.
    """

    __tablename__ = "travel_report"
    __table_args__ = (
        CheckConstraint(one_of("out_mode", MODES), name="out_mode"),
        CheckConstraint(one_of("back_mode", MODES), name="back_mode"),
        CheckConstraint(one_of("onward_mode", MODES), name="onward_mode"),
        CheckConstraint(
            "onward_mode IS NULL OR stop_place IS NOT NULL", name="onward_needs_stop"
        ),
        CheckConstraint("(stop = '') = (stop_place IS NULL)", name="stop_is_found"),
        CheckConstraint("total_g >= 0", name="total_g"),
    )

    id: int = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id", unique=True)
    out_mode: str
    back_mode: str
    onward_mode: str | None = None
    stop: str = ""
    stop_place: dict[str, Any] | None = Field(default=None, sa_type=LIST)
    journey: dict[str, Any] = Field(sa_type=LIST)
    total_g: int = Field(sa_type=BIG)
    factor_set_digest: str
    method_digest: str
    reported_at: datetime
