"""Places from a Nominatim server, where an installation names one.

The only module of `mobility.carbon` that opens a connection; only entry points import
it. The gazetteer is asked first and the server only for what it does not know: what is
typed leaves this machine then.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location

from mobility.carbon.countries import find_country
from mobility.carbon.distances import distance_m
from mobility.carbon.place import InvalidPlace, Place, format_coordinates, to_udeg
from mobility.carbon.places import AMBIGUOUS_M, check_coordinates, parse_place
from mobility.errors import InvalidInput, Refused

USER_AGENT = "mobility (student exchange rounds)"
SECONDS_BETWEEN = 1.0
"""The public server's rule: one question a second."""
MOST_ANSWERS = 10
TIMEOUT_SECONDS = 10


class PlaceServiceUnavailable(Refused):
    """The server did not answer, or with something that is no answer."""

    code = "place_service_unavailable"


class OnlinePlaces:
    """The gazetteer, and behind it one Nominatim server.

    Parameters
    ----------
    url
        Address of the server: ``https://nominatim.example.org``.
    seconds_between
        How long to wait between two questions, 0 or more.

    Raises
    ------
    InvalidInput
        When the address is not one of a server.
    """

    def __init__(self, url: str, seconds_between: float = SECONDS_BETWEEN) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or not parts.netloc:
            raise InvalidInput(
                f"nominatim_url is {url!r}, must start with https:// and name a server"
            )
        self._name = parts.netloc
        geocoder = Nominatim(
            user_agent=USER_AGENT,
            scheme=parts.scheme,
            domain=parts.netloc + parts.path.rstrip("/"),
            timeout=TIMEOUT_SECONDS,
        )
        self._ask = RateLimiter(
            geocoder.geocode,
            min_delay_seconds=seconds_between,
            max_retries=0,
            swallow_exceptions=False,  # its default hides that a server is down
        )

    def find(self, text: str) -> Place:
        """Return the place of a text, asking the server when the gazetteer has none.

        Raises
        ------
        InvalidPlace
            When the text is ambiguous, or neither knows it.
        PlaceServiceUnavailable
            When the server could not be asked.
        """
        try:
            return parse_place(text)
        except InvalidPlace as refusal:
            if refusal.is_ambiguous or text.count(",") == 0:
                raise
            found = self._search(text)
            if not found:
                raise
            return found

    def _search(self, text: str) -> Place | None:
        name, _, code = text.rpartition(",")
        country = find_country(code)
        try:
            answers = self._ask(
                name.strip(),
                exactly_one=False,
                limit=MOST_ANSWERS,
                country_codes=country.lower(),
                featuretype="city",
            )
        except GeopyError as error:
            message = f"{self._name} could not be asked for {text!r}: {error}"
            raise PlaceServiceUnavailable(message) from error
        places = [_to_place(answer, text, country) for answer in answers or ()]
        inside = [place for place in places if _is_inside(place)]
        _require_one(text, inside)
        return inside[0] if inside else None


def _to_place(answer: Location, text: str, country: str) -> Place:
    name = str(answer.address).partition(",")[0]
    return Place(
        name,
        country,
        to_udeg(answer.latitude),
        to_udeg(answer.longitude),
        resolved_by="online",
        entered=text,
    )


def _is_inside(place: Place) -> bool:
    position = (place.latitude_udeg, place.longitude_udeg)
    return not check_coordinates(place.name, place.country, *position)


def _require_one(text: str, places: Sequence[Place]) -> None:
    """Refuse answers that lie far apart: the server's order decides nothing."""
    if all(distance_m(places[0], place) <= AMBIGUOUS_M for place in places[1:]):
        return
    proposals = [
        format_coordinates(place.latitude_udeg, place.longitude_udeg)
        for place in places
    ]
    message = (
        f"place {text!r} is ambiguous: {len(places)} answers are more than 25 km apart;"
        f" did you mean {' or '.join(proposals)}?"
    )
    raise InvalidPlace(message, proposals, is_ambiguous=True)
