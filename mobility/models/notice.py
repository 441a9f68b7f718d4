"""The outbox: messages are written with the act they tell of, and sent later."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import LIST


class Notice(SQLModel, table=True):
    """A message to a person, not yet sent while `sent_at` is empty."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("kind <> ''", name="kind"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    round_id: int | None = Field(default=None, foreign_key="round.id", index=True)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=LIST)
    created_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
