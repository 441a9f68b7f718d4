"""Cities of the world by name: a compact table of GeoNames, and geopy's face for it.

Population is in the table for a reader's sake; it never decides which place is meant.
"""

import csv
import functools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geopy.geocoders.base import Geocoder
from geopy.location import Location

from mobility.carbon.assets import read_compressed, read_table
from mobility.carbon.place import to_degrees

TABLE = "places/cities.tsv.gz"


@dataclass(frozen=True, slots=True)
class City:
    """One city of the table; `region_code` is GeoNames' first administrative level.

    `is_section` tells a part of another city, such as a district, by GeoNames' code.
    """

    name: str
    country: str
    region_code: str
    latitude_udeg: int
    longitude_udeg: int
    population: int
    is_section: bool = False

    @property
    def region(self) -> str:
        """Return the region's name, or its code where the name is not known."""
        return load_regions().get((self.country, self.region_code), self.region_code)

    @property
    def label(self) -> str:
        """Name the city with region and country, as it can be typed again."""
        return ", ".join(filter(None, (self.name, self.region, self.country)))


@functools.cache
def load_regions() -> Mapping[tuple[str, str], str]:
    """Return the regions' names by country and code."""
    rows = read_table("places/regions.csv")
    return MappingProxyType({(r["country"], r["code"]): r["name"] for r in rows})


def fold_name(name: str) -> str:
    """Return a name in lower case, without accents and punctuation."""
    text = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    plain = "".join(
        mark if mark.isalnum() else " "
        for mark in text
        if not unicodedata.combining(mark)
    )
    return " ".join(plain.split())


@functools.cache
def _lines_by_country() -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for line in read_compressed(TABLE).splitlines():
        lines.setdefault(line[:2], []).append(line)
    return lines


@dataclass(frozen=True)
class Names:
    """The cities of one country by folded name: their own, and their other names."""

    primary: Mapping[str, tuple[City, ...]]
    alternate: Mapping[str, tuple[City, ...]]


@functools.cache
def load_names(country: str) -> Names:
    """Return the cities of a country by folded name; none for an unknown country."""
    primary: dict[str, tuple[City, ...]] = {}
    alternate: dict[str, tuple[City, ...]] = {}
    lines = _lines_by_country().get(country, [])
    for row in csv.reader(lines, delimiter="\t"):
        numbers = (int(row[3]), int(row[4]), int(row[5]))
        city = City(row[1], row[0], row[2], *numbers, is_section=bool(row[7]))
        own = fold_name(city.name)
        primary[own] = (*primary.get(own, ()), city)
        for name in filter(None, row[6].split("|")):
            alternate[name] = (*alternate.get(name, ()), city)
    return Names(primary, alternate)


def find_cities(name: str, country: str, region: str = "") -> tuple[City, ...]:
    """Return the cities of that name in a country, from north to south.

    Other names are looked at only when no city bears the name as its own, and sections
    of cities only when no city does: Salamanca is not the district of Madrid.

    Parameters
    ----------
    name
        In any case, with or without accents.
    country
        Two-letter code.
    region
        Name or code of the region; empty for all.
    """
    folded, names = fold_name(name), load_names(country)
    for table in (names.primary, names.alternate):
        found = [city for city in table.get(folded, ()) if _is_in(city, region)]
        whole = [city for city in found if not city.is_section]
        if found:
            return tuple(sorted(whole or found, key=lambda city: -city.latitude_udeg))
    return ()


def _is_in(city: City, region: str) -> bool:
    wanted = fold_name(region)
    return not wanted or wanted in {fold_name(city.region), city.region_code.casefold()}


def countries_with(name: str) -> list[str]:
    """Return the codes of the countries that have a city of that name as its own."""
    folded = fold_name(name)
    return [
        country
        for country, lines in _lines_by_country().items()
        if any(fold_name(line.split("\t", 2)[1]) == folded for line in lines)
    ]


class Gazetteer(Geocoder):  # type: ignore[misc] # geopy has no types
    """The shipped table as a geopy geocoder, so that another can take its place."""

    def geocode(
        self, query: str, *, exactly_one: bool = True
    ) -> Location | list[Location] | None:
        """Return the location of ``City, CC`` or ``City, Region, CC``; None if none is.

        Parameters
        ----------
        query
            The place.
        exactly_one
            Whether to return the first alone. It is the northernmost: ask for all and
            decide, where it matters.
        """
        parts = [part.strip() for part in query.split(",")]
        name, country = parts[0], parts[-1].upper()
        locations = _to_locations(find_cities(name, country, ", ".join(parts[1:-1])))
        if not locations:
            return None
        return locations[0] if exactly_one else locations


def _to_locations(cities: Iterable[City]) -> list[Location]:
    return [
        Location(
            city.label,
            (to_degrees(city.latitude_udeg), to_degrees(city.longitude_udeg)),
            {"name": city.name, "country": city.country, "region": city.region},
        )
        for city in cities
    ]
