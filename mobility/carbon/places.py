"""From a typed text or stored coordinates to a place, or a refusal with proposals.

Nothing is guessed: a name that two far-apart places bear is refused, and so are
coordinates that are not in their country.
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mobility.carbon.countries import find_country
from mobility.carbon.distances import distance_m
from mobility.carbon.gazetteer import (
    City,
    countries_with,
    find_cities,
    fold_name,
    load_names,
)
from mobility.carbon.landmass import is_inside, nearest_country
from mobility.carbon.place import (
    InvalidPlace,
    Place,
    format_coordinates,
    to_degrees,
    to_udeg,
)

AMBIGUOUS_M = 25_000
"""Places of one name further apart than this are ambiguous (D)."""
MOST_PROPOSALS = 8
LATITUDE_UDEG, LONGITUDE_UDEG = 90_000_000, 180_000_000
FORMS = "write 'City, CC', 'City, Region, CC' or 'latitude,longitude'"


def parse_place(text: str) -> Place:
    """Return the place of ``City, CC``, ``City, Region, CC`` or ``lat,lon``.

    Raises
    ------
    InvalidPlace
        When the text has another form, or the place is unknown, ambiguous or not on
        land; the sentences propose what to write instead.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(parts) or len(parts) < 2:
        raise _without_country(text, parts)
    numbers = _to_numbers(parts)
    if numbers is not None:
        return _from_numbers(text, numbers)
    code = find_country(parts[-1])
    return _find_city(text, parts[0], ", ".join(parts[1:-1]), code)


def _without_country(text: str, parts: Sequence[str]) -> InvalidPlace:
    name = next(filter(None, parts), "")
    countries = countries_with(name) if name else []
    if not countries:
        return InvalidPlace(f"place {text!r}: {FORMS}")
    proposals = [f"{name}, {code}" for code in countries]
    hint = f"the country is missing; {_did_you_mean(proposals)}"
    return InvalidPlace(f"place {text!r}: {hint}", proposals)


def _to_numbers(parts: Sequence[str]) -> tuple[float, float] | None:
    if len(parts) != 2:
        return None
    try:
        return float(parts[0]), float(parts[1])
    except ValueError:
        return None


def _from_numbers(text: str, numbers: tuple[float, float]) -> Place:
    latitude, longitude = numbers
    problems = list(_range_problems(text, latitude, longitude))
    if problems:
        may_swap = abs(longitude) <= 90 < abs(latitude) <= 180
        swapped_text = f"{longitude},{latitude}"
        raise InvalidPlace(problems, [swapped_text] if may_swap else ())
    code = nearest_country(longitude, latitude)
    if not code:
        swapped = nearest_country(latitude, longitude) if abs(longitude) <= 90 else ""
        hint = f"; did you mean {longitude},{latitude} ({swapped})?" if swapped else ""
        raise InvalidPlace(
            f"place {text!r} is at sea, further than 0.3 degrees{hint}",
            [f"{longitude},{latitude}"] if swapped else (),
        )
    place = (to_udeg(latitude), to_udeg(longitude))
    name = format_coordinates(*place)
    return Place(name, code, *place, resolved_by="exact", entered=text)


def _range_problems(text: str, latitude: float, longitude: float) -> Sequence[str]:
    if latitude == 0 and longitude == 0:
        return [f"place {text!r}: 0,0 is in the sea and stands for missing coordinates"]
    problems = []
    if not -90 <= latitude <= 90:
        may_swap = abs(longitude) <= 90 and abs(latitude) <= 180
        hint = f"; did you mean {longitude},{latitude}?" if may_swap else ""
        problems.append(
            f"place {text!r}: latitude {latitude} is not from -90 to 90{hint}"
        )
    if not -180 <= longitude <= 180:
        problems.append(
            f"place {text!r}: longitude {longitude} is not from -180 to 180"
        )
    return problems


def _find_city(text: str, name: str, region: str, country: str) -> Place:
    cities = find_cities(name, country, region)
    if not cities:
        sentence, known = _unknown(name, region, country)
        raise InvalidPlace(f"place {text!r}: {sentence}", known)
    places = [_to_place(city, text) for city in cities]
    if _are_apart(places):
        proposals = [_proposal(city, cities) for city in cities]
        raise InvalidPlace(
            f"place {text!r} is ambiguous: {len(cities)} places of that name are more"
            f" than 25 km apart; {_did_you_mean(map(_quote, proposals))}",
            [proposal.text for proposal in proposals],
            is_ambiguous=True,
        )
    return places[0]


def _to_place(city: City, text: str) -> Place:
    return Place(
        city.name,
        city.country,
        city.latitude_udeg,
        city.longitude_udeg,
        resolved_by="gazetteer",
        entered=text,
    )


def _are_apart(places: Sequence[Place]) -> bool:
    return any(
        distance_m(first, second) > AMBIGUOUS_M
        for number, first in enumerate(places)
        for second in places[number + 1 :]
    )


class _Proposal(NamedTuple):
    """What to write, and what that is where the text does not say it."""

    text: str
    remark: str = ""


def _quote(proposal: _Proposal) -> str:
    remark = f" ({proposal.remark})" if proposal.remark else ""
    return f"'{proposal.text}'{remark}"


def _proposal(city: City, cities: Sequence[City]) -> _Proposal:
    """Return what to write for a city: its label, where that is unique."""
    if sum(other.label == city.label for other in cities) == 1:
        return _Proposal(city.label)
    position = format_coordinates(city.latitude_udeg, city.longitude_udeg)
    return _Proposal(position, city.label)


def _unknown(name: str, region: str, country: str) -> tuple[str, list[str]]:
    """Return why a name is not known, and what may be meant."""
    elsewhere = find_cities(name, country) if region else ()
    if elsewhere:
        proposals = [_proposal(city, elsewhere) for city in elsewhere]
        hint = _did_you_mean(map(_quote, proposals))
        return f"no such place in region {region}; {hint}", [p.text for p in proposals]
    names = load_names(country)
    known = [*names.primary, *names.alternate]
    close = difflib.get_close_matches(fold_name(name), known, n=4, cutoff=0.8)
    texts = [city.label for word in close for city in find_cities(word, country)]
    texts += [f"{name}, {code}" for code in countries_with(name)]
    sentence = f"no city of that name is known in {country}"
    if texts:
        hint = _did_you_mean(f"'{text}'" for text in texts)
        return f"{sentence}; {hint}", texts
    return f"{sentence}; give its latitude and longitude, such as 59.858,17.645", []


def _did_you_mean(proposals: Iterable[str]) -> str:
    unique = list(dict.fromkeys(proposals))
    shown = unique[:MOST_PROPOSALS]
    more = f" or {len(unique) - len(shown)} more" if len(unique) > len(shown) else ""
    return f"did you mean {' or '.join(shown)}{more}?"


def check_coordinates(
    name: str, country: str, latitude_udeg: int, longitude_udeg: int
) -> list[str]:
    """Return what is wrong with stored coordinates of a named place, if anything is.

    Parameters
    ----------
    name
        What the sentences call the place.
    country
        Two-letter code of the country that the point must lie in, within 0.3 degrees
        of its coarse border.
    latitude_udeg, longitude_udeg
        Millionths of a degree.
    """
    if latitude_udeg == 0 and longitude_udeg == 0:
        return [f"{name}: coordinates 0,0 are in the sea; they seem to be missing"]
    is_latitude = abs(latitude_udeg) <= LATITUDE_UDEG
    is_longitude = abs(longitude_udeg) <= LONGITUDE_UDEG
    latitude, longitude = to_degrees(latitude_udeg), to_degrees(longitude_udeg)
    if is_latitude and is_longitude and is_inside(country, longitude, latitude):
        return []
    sentence = f"{name}: {latitude:.5f},{longitude:.5f} is not in {country}"
    may_swap = abs(longitude_udeg) <= LATITUDE_UDEG
    if may_swap and is_inside(country, latitude, longitude):
        swapped = format_coordinates(longitude_udeg, latitude_udeg)
        return [
            f"{sentence}; latitude and longitude are swapped: did you mean {swapped}?"
        ]
    cities = find_cities(name, country)
    proposals = [
        format_coordinates(city.latitude_udeg, city.longitude_udeg) for city in cities
    ]
    hint = f"; {_did_you_mean(proposals)}" if proposals else ""
    return [f"{sentence}{hint}"]
