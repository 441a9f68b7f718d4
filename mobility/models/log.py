"""The log of acts: a hash chain, and beside it what may be erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One act. `seq` has no gaps and starts at 1; `prev` is the hash before it.

    `actor` is a pseudonym or the name of a program, `subject` "round:2027-spring".
    `commitment` binds the payload without revealing it.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("replace(action, ':', '') <> action", name="action"),
        CheckConstraint(
            "length(prev) = 64 AND length(commitment) = 64 AND length(hash) = 64",
            name="hashes",
        ),
    )

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    prev: str = Field(unique=True)
    at: datetime
    actor: str
    action: str
    subject: str
    commitment: str
    hash: str = Field(unique=True)


class AuditPayload(SQLModel, table=True):
    """What an entry commits to. Deleting the row erases it; the chain still holds."""

    __tablename__ = "audit_payload"

    seq: int = Field(
        foreign_key="audit_entry.seq",
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )
    salt: str
    payload: str


class AuditHead(SQLModel, table=True):
    """The last entry's number and hash: one row, locked first by whoever writes."""

    __tablename__ = "audit_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("seq >= 0 AND length(hash) = 64", name="head"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: str


class AuditActor(SQLModel, table=True):
    """The link from a pseudonym to a person. Deleting it erases who she was."""

    __tablename__ = "audit_actor"

    pseudonym: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
