"""People and the roles they hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from mobility.models.base import coded
from mobility.permissions import Role


class Person(SQLModel, table=True):
    """Somebody the service knows by name. `email` is casefolded."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email <> '' AND email = lower(email)", name="email"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    email: str = Field(unique=True)


class RoleGrant(SQLModel, table=True):
    """A role given to a person, within an institution or a round.

    Students, hosts and coordinators belong to one institution; an auditor's role is for
    one round and ends. `granted_by` is an actor of the log.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('student', 'host', 'coordinator'))"
            " = (institution_id IS NOT NULL)",
            name="institution_scope",
        ),
        CheckConstraint(
            "role <> 'auditor' OR (round_id IS NOT NULL AND valid_until IS NOT NULL)",
            name="auditor_is_limited",
        ),
        # NULL never equals NULL in a unique constraint: 0 stands for "no scope"
        Index(
            "uq_role_grant_scope",
            "person_id",
            "role",
            text("coalesce(institution_id, 0)"),
            text("coalesce(round_id, 0)"),
            unique=True,
        ),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    role: Role = Field(sa_type=coded(Role))
    institution_id: int | None = Field(default=None, foreign_key="institution.id")
    round_id: int | None = Field(default=None, foreign_key="round.id")
    valid_until: datetime | None = None
    granted_at: datetime
    granted_by: str
