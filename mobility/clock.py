"""The one place that reads the time. Everybody else asks it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware, in UTC, whole microseconds."""
    return datetime.now(UTC)
