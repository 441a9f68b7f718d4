"""Slowing down whoever guesses passwords, per account and per address.

It lives in the database, so that it survives a restart and counts for all processes.
An account is never locked for long: its owner waits half a minute at most.
"""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from mobility.errors import Refused
from mobility.models import SignInThrottle
from mobility.sentences import tell

FORGOTTEN_AFTER = timedelta(days=1)
"""Failures that lie so far back do not count."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast signing in may fail.

    Parameters
    ----------
    free
        Failures after which waiting begins.
    longest
        The wait doubles with each failure, from a second up to this.
    """

    free: int
    longest: timedelta


PACE_BY_KIND = {
    "account": Pace(free=5, longest=timedelta(seconds=30)),
    # a campus may share one address
    "address": Pace(free=50, longest=timedelta(minutes=15)),
}


class TooManyAttempts(Refused):
    """Signing in failed too often of late.

    Parameters
    ----------
    wait_seconds
        How long until the next attempt is looked at; 1 or more.
    """

    code = "too_many"

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(
            tell(
                "signing in failed too often; try again in {wait_seconds} seconds",
                wait_seconds=wait_seconds,
            )
        )


def reserve_attempt(
    session: Session, email: str, address: str, *, at: datetime
) -> None:
    """Count an attempt as failed before its password is looked at.

    So parallel guesses cannot pass before the first has failed; `forgive` takes it back
    when it was right.

    Raises
    ------
    TooManyAttempts
        When it must wait; the attempt is then not counted.
    """
    session.exec(
        delete(SignInThrottle).where(col(SignInThrottle.last_at) < at - FORGOTTEN_AFTER)
    )
    rows = [_lock(session, *key, at=at) for key in _keys(email, address)]
    waits = [row.blocked_until - at for row in rows if row.blocked_until]
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        raise TooManyAttempts(math.ceil(longest.total_seconds()))
    for row in rows:
        row.failures += 1
        row.last_at = at
        row.blocked_until = _blocked_until(row, at)
        session.add(row)
    session.flush()


def forgive(session: Session, email: str, address: str, *, at: datetime) -> None:
    """Take a reserved attempt back: the account starts anew, the address is one less.

    An address does not start anew: else a guesser with one account could reset it.
    """
    account, other = (_lock(session, *key, at=at) for key in _keys(email, address))
    account.failures, account.blocked_until = 0, None
    other.failures = max(0, other.failures - 1)
    other.blocked_until = None
    session.add_all([account, other])
    session.flush()


def _keys(email: str, address: str) -> list[tuple[str, str]]:
    return [("account", email), ("address", _to_network(address))]


def _to_network(address: str) -> str:
    """Return an address; of IPv6 the network, in which one subscriber has them all."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


def _blocked_until(row: SignInThrottle, at: datetime) -> datetime | None:
    pace = PACE_BY_KIND[row.kind]
    over = row.failures - pace.free
    if over < 0:
        return None
    doubled = timedelta(seconds=2 ** min(over, 20))
    return at + min(doubled, pace.longest)


def _lock(session: Session, kind: str, key: str, *, at: datetime) -> SignInThrottle:
    """Return the row of a key, made where there is none, locked."""
    key_hash = hashlib.sha256(
        f"mobility/throttle/1\0{kind}\0{key}".encode()
    ).hexdigest()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert
    values = {"kind": kind, "key_hash": key_hash, "failures": 0, "last_at": at}
    session.execute(insert(SignInThrottle).values(values).on_conflict_do_nothing())
    return session.exec(
        select(SignInThrottle)
        .where(SignInThrottle.kind == kind)
        .where(SignInThrottle.key_hash == key_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
