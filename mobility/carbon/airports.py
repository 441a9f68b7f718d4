"""Scheduled airports and which of them a city uses.

From OurAirports. Only airports with scheduled service count: the nearest airfield is
wrong for most university towns (Oxford would fly from a flying school).
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mobility.carbon.assets import read_table
from mobility.carbon.distances import Degrees, distances_m
from mobility.carbon.landmass import find_landmasses
from mobility.carbon.place import Place, to_degrees

TIERS = (("large", 250_000), ("medium", 150_000))
"""The first size with an airport that near is used (D)."""
FURTHEST_M = 500_000
"""Where no tier has one, the nearest this near is used and said to be assumed (D)."""
ACROSS_WATER_M = 50_000
"""An airport on another piece of land is used only if it is this near (D)."""
DEGREE_M = 111_000


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport with scheduled service; `size` is ``large`` or ``medium``."""

    iata: str
    name: str
    country: str
    latitude_udeg: int
    longitude_udeg: int
    size: str

    @property
    def label(self) -> str:
        """Name the airport with its code."""
        return f"{self.name} ({self.iata})"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An airport that a place may use, by its number, and the geodesic to it."""

    airport: int
    distance_m: int
    is_imputed: bool = False


@functools.cache
def load_airports() -> tuple[Airport, ...]:
    """Return the airports in the order of their codes."""
    return tuple(
        Airport(
            row["iata"],
            row["name"],
            row["country"],
            int(row["latitude_udeg"]),
            int(row["longitude_udeg"]),
            row["size"],
        )
        for row in read_table("airports/airports.csv")
    )


@functools.cache
def airport_arrays() -> tuple[Degrees, Degrees]:
    """Return the airports' longitudes and latitudes in degrees."""
    airports = load_airports()
    longitudes = [to_degrees(airport.longitude_udeg) for airport in airports]
    latitudes = [to_degrees(airport.latitude_udeg) for airport in airports]
    return np.array(longitudes), np.array(latitudes)


@functools.lru_cache(maxsize=65_536)
def _find(longitude_udeg: int, latitude_udeg: int) -> tuple[Candidate, ...]:
    airports = load_airports()
    longitude, latitude = to_degrees(longitude_udeg), to_degrees(latitude_udeg)
    near = _nearby(longitude, latitude)
    if not near:
        return ()
    own_land = find_landmasses(np.array([longitude]), np.array([latitude]))[0]
    reachable = [
        (airport, metres)
        for airport, metres in near.items()
        if metres <= ACROSS_WATER_M or _landmass(airport) == own_land
    ]
    for size, limit in TIERS:
        found = [
            Candidate(airport, metres)
            for airport, metres in reachable
            if airports[airport].size == size and metres <= limit
        ]
        if found:
            return tuple(found)
    metres, airport = min((metres, airport) for airport, metres in near.items())
    return (Candidate(airport, metres, is_imputed=True),)


@functools.cache
def _landmass(airport: int) -> int:
    longitudes, latitudes = airport_arrays()
    one = slice(airport, airport + 1)
    return int(find_landmasses(longitudes[one], latitudes[one])[0])


def _nearby(longitude: float, latitude: float) -> dict[int, int]:
    """Return metres to each airport within `FURTHEST_M`, by the airport's number."""
    longitudes, latitudes = airport_arrays()
    reach = FURTHEST_M / DEGREE_M
    close = np.abs(latitudes - latitude) <= reach
    east = (longitudes - longitude + 180) % 360 - 180
    close &= np.abs(east) * np.cos(np.radians(latitude)) <= reach * 2
    numbers = np.flatnonzero(close)
    metres = distances_m(
        np.full(len(numbers), longitude),
        np.full(len(numbers), latitude),
        longitudes[numbers],
        latitudes[numbers],
    )
    return {
        int(number): int(distance)
        for number, distance in zip(numbers, metres, strict=True)
        if distance <= FURTHEST_M
    }


def find_candidates(places: Sequence[Place]) -> list[tuple[Candidate, ...]]:
    """Return for each place the airports that it may use.

    Scheduled large airports within 250 km, else medium ones within 150 km, on the same
    landmass or within 50 km; else the one nearest within 500 km, flagged as imputed.
    """
    return [_find(place.longitude_udeg, place.latitude_udeg) for place in places]
