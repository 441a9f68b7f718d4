"""A place on the map, exact to a millionth of a degree.

Imported by everything that speaks of where a journey starts or ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mobility.errors import Refused

UDEG_PER_DEGREE = 1_000_000


class InvalidPlace(Refused):
    """A place that cannot be used: unknown, ambiguous, or not where it says it is.

    Parameters
    ----------
    problems
        Sentences for a person.
    proposals
        What to write instead; each can be parsed again.
    is_ambiguous
        Whether several places fit, not none.
    """

    code = "invalid_place"

    def __init__(
        self,
        problems: str | Iterable[str],
        proposals: Iterable[str] = (),
        *,
        is_ambiguous: bool = False,
    ) -> None:
        super().__init__(problems)
        self.proposals = tuple(proposals)
        self.is_ambiguous = is_ambiguous


@dataclass(frozen=True, slots=True)
class Place:
    """Where a journey starts or ends.

    Parameters
    ----------
    name
        What a page shows: a city, or the coordinates as text.
    country
        ISO 3166-1 alpha-2 code in capitals.
    latitude_udeg, longitude_udeg
        Millionths of a degree (WGS84), -90,000,000 to 90,000,000 and -180,000,000 to
        180,000,000.
    resolved_by
        How the coordinates were found: ``exact``, ``institution``, ``gazetteer`` or
        ``online``.
    entered
        The text as it was given; empty when the place was not typed.
    """

    name: str
    country: str
    latitude_udeg: int
    longitude_udeg: int
    resolved_by: str = "institution"
    entered: str = ""

    @property
    def key(self) -> str:
        """Identify the place by its position and country, for tables and digests."""
        return f"{self.latitude_udeg},{self.longitude_udeg},{self.country}"

    @property
    def label(self) -> str:
        """Name the place with its country, as it can be typed again."""
        return f"{self.name}, {self.country}"

    def to_json(self) -> dict[str, object]:
        """Return the place as JSON of texts and integers."""
        return {
            "name": self.name,
            "country": self.country,
            "latitude_udeg": self.latitude_udeg,
            "longitude_udeg": self.longitude_udeg,
            "resolved_by": self.resolved_by,
            "entered": self.entered,
        }


def to_degrees(udeg: int) -> float:
    """Return millionths of a degree as degrees."""
    return udeg / UDEG_PER_DEGREE


def to_udeg(degrees: float) -> int:
    """Return degrees as millionths, rounded to the nearest."""
    return round(degrees * UDEG_PER_DEGREE)


def format_coordinates(latitude_udeg: int, longitude_udeg: int) -> str:
    """Return ``lat,lon`` in degrees with five decimals, as it can be typed again."""
    return f"{to_degrees(latitude_udeg):.5f},{to_degrees(longitude_udeg):.5f}"
