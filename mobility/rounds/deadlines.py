"""A deadline as people say it (local time and zone) becomes an instant. Pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mobility.errors import InvalidInput
from mobility.sentences import Moment, tell


def to_instant(text: str, zone: str) -> datetime:
    """Return the instant of a local time.

    Parameters
    ----------
    text
        Local date and time as "2026-11-15 23:59" (or with T and seconds).
    zone
        IANA name, as "Africa/Nairobi".

    Returns
    -------
    datetime
        Aware, in UTC.

    Raises
    ------
    InvalidInput
        When the time or the zone cannot be read, or when the clocks of that zone skip
        the time or show it twice.
    """
    local = _read_local(text).replace(tzinfo=_read_zone(zone))
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    # a skipped time does not come back from UTC as itself; one shown twice does
    is_skipped = first.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(
        tzinfo=None
    )
    what = (
        tell("does not exist: the clocks skip it")
        if is_skipped
        else tell("happens twice: the clocks go back over it")
    )
    raise InvalidInput(
        tell(
            "deadline {text} in {zone} {what}; choose another time",
            text=text,
            zone=zone,
            what=what,
        )
    )


def _read_local(text: str) -> datetime:
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            tell(
                "deadline {text!r} is no date and time, as 2026-11-15 23:59", text=text
            )
        ) from error
    if len(text) <= len("2026-11-15"):
        raise InvalidInput(tell("deadline {text!r} has no time of day", text=text))
    if local.tzinfo is not None:
        raise InvalidInput(
            tell(
                "deadline {text!r} has an offset; give the local time and its zone",
                text=text,
            )
        )
    return local


def _read_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            tell(
                "time zone {zone!r} is not known; use a name as Africa/Nairobi",
                zone=zone,
            )
        ) from error


def to_text(instant: datetime) -> str:
    """Return an aware instant in UTC as "2026-11-15T20:59:00Z", whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe(instant: datetime, zone: str) -> str:
    """Return an instant in a zone's own time and in UTC, for a person."""
    return str(Moment(instant, zone))
