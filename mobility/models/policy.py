"""Policies as adopted: canonical text and digest, never changed afterwards."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Policy(SQLModel, table=True):
    """A policy in the form its results carry. `text` is canonical JSON."""

    __tablename__ = "policy"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    id: int = Field(default=None, primary_key=True)
    name: str
    text: str
    digest: str = Field(unique=True)
