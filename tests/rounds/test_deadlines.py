"""A deadline is one instant, or it is refused."""

from datetime import UTC, datetime

import pytest

from mobility.errors import InvalidInput
from mobility.rounds.deadlines import describe, to_instant, to_text


def test_a_local_time_is_an_instant_in_utc() -> None:
    instant = to_instant("2026-11-15 23:59", "Africa/Nairobi")
    assert instant == datetime(2026, 11, 15, 20, 59, tzinfo=UTC)
    assert to_text(instant) == "2026-11-15T20:59:00Z"
    assert describe(instant, "Africa/Nairobi") == (
        "2026-11-15 23:59 Africa/Nairobi (20:59 UTC)"
    )


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("2026-03-29 02:30", "Europe/Stockholm", "does not exist"),
        ("2026-10-25 02:30", "Europe/Stockholm", "happens twice"),
        ("2026-11-15", "Africa/Nairobi", "no time of day"),
        ("2026-11-15 23:59+03:00", "Africa/Nairobi", "has an offset"),
        ("15.11.2026", "Africa/Nairobi", "is no date and time"),
        ("2026-11-15 23:59", "Africa/Atlantis", "is not known"),
        ("2026-11-15 23:59", "../etc/passwd", "is not known"),
        ("2026-11-15 23:59", "", "is not known"),
    ],
)
def test_what_is_not_one_instant_is_refused_in_words(
    text: str, zone: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        to_instant(text, zone)


def test_the_hours_around_a_change_of_clocks_stand() -> None:
    before = to_instant("2026-10-25 01:59", "Europe/Stockholm")
    after = to_instant("2026-10-25 03:00", "Europe/Stockholm")
    assert (after - before).total_seconds() == 7260
