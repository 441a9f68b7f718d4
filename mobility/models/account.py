"""Accounts, the links that open them, and sessions that can be revoked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import coded, one_of


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


class Invitation(SQLModel, table=True):
    """A link by which a person sets her password, once. Only its token's hash is kept.

    `created_by` is an actor of the log, or a program.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("created_at < expires_at", name="expires_later"),
        CheckConstraint("created_by <> ''", name="created_by"),
    )

    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    created_by: str
    expires_at: datetime
    ended_at: datetime | None = None


class SignInThrottle(SQLModel, table=True):
    """How often signing in failed of late, for an account or from an address.

    What was typed is kept as a hash alone: it may be a password in the wrong field.
    """

    __tablename__ = "sign_in_throttle"
    __table_args__ = (
        UniqueConstraint("kind", "key_hash"),
        CheckConstraint(one_of("kind", ("account", "address")), name="kind"),
        CheckConstraint("length(key_hash) = 64", name="key_hash"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=32)
    key_hash: str
    failures: int = 0
    last_at: datetime = Field(index=True)
    blocked_until: datetime | None = None
