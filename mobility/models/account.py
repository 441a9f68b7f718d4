"""Accounts and the sessions kept on the server, so that they can be revoked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import coded


class AccountState(StrEnum):
    """Whether a person may sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Account(SQLModel, table=True):
    """A person's way in. Without a password hash she signs in elsewhere (OIDC)."""

    __tablename__ = "account"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    password_hash: str | None = None
    state: AccountState = Field(
        default=AccountState.INVITED, sa_type=coded(AccountState)
    )
    created_at: datetime


class AccountSession(SQLModel, table=True):
    """One sign-in. Only the hash of its token is kept."""

    __tablename__ = "account_session"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("created_at < expires_at", name="expires_later"),
    )

    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
