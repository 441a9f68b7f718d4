"""When the demo's rounds lived: last year's, this year's and the open one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "Africa/Kampala"
"""No clock there is ever put forward or back: every local time exists once."""


@dataclass(frozen=True, slots=True)
class Days:
    """Instants of a round's life, counted from the moment of the demo.

    Parameters
    ----------
    created, opened, certified, deadline
        Days from now; negative is the past.
    done
        When it is closed, frozen, solved and published.
    """

    created: int
    opened: int
    certified: int
    deadline: int
    done: int


LIVES = {
    "settled": Days(
        created=-420, opened=-410, certified=-395, deadline=-390, done=-389
    ),
    "published": Days(created=-60, opened=-45, certified=-10, deadline=-1, done=0),
    "open": Days(created=-3, opened=-2, certified=-1, deadline=30, done=31),
}

LOADED = -430
SETTLED_AFTER = 300
ANSWERED_AFTER = 13
"""Days from publication to the last answer, and to the balances."""

TOLD_AFTER = 5
"""Days from the balances to what students tell of their journeys."""

AUDIT_DAYS = 90


def shift(now: datetime, days: int) -> datetime:
    """Return the instant so many days later."""
    return now + timedelta(days=days)


def to_local(instant: datetime) -> str:
    """Return an instant as the local time of `ZONE`, whole minutes."""
    return instant.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")
