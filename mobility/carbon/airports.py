"""Scheduled airports and which of them a city uses.

From OurAirports. Only airports with scheduled service count: the nearest airfield is
wrong for most university towns (Oxford would fly from a flying school).
"""

import functools
from dataclasses import dataclass

import numpy as np

from mobility.carbon.assets import read_table
from mobility.carbon.distances import Degrees, distances_m
from mobility.carbon.landmass import Indices, find_landmasses
from mobility.carbon.pairs import Sites
from mobility.carbon.place import to_degrees
from mobility.carbon.site_land import find_site_landmasses

TIERS = (("large", 250_000), ("medium", 150_000))
"""The first size with an airport that near is used (D)."""
FURTHEST_M = 500_000
"""Where no tier has one, the nearest this near is used and said to be assumed (D)."""
ACROSS_WATER_M = 50_000
"""An airport on another piece of land is used only if it is this near (D)."""
DEGREE_M = 111_000
CHUNK = 500
"""Places looked at together: bounds the memory."""


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


@functools.cache
def _landmasses() -> Indices:
    return find_landmasses(*airport_arrays())


@functools.lru_cache(maxsize=8)
def find_candidates(sites: Sites) -> list[tuple[Candidate, ...]]:
    """Return for each place the airports that it may use.

    Scheduled large airports within 250 km, else medium ones within 150 km, on the same
    landmass or within 50 km; else the one nearest within 500 km, flagged as imputed.
    """
    lands = find_site_landmasses(sites)
    found: list[tuple[Candidate, ...]] = []
    for start in range(0, len(sites.places), CHUNK):
        part = slice(start, start + CHUNK)
        near = _nearby(sites.longitudes[part], sites.latitudes[part])
        found += [
            _choose(own, int(land)) for own, land in zip(near, lands[part], strict=True)
        ]
    return found


def _choose(near: dict[int, int], own_land: int) -> tuple[Candidate, ...]:
    airports, lands = load_airports(), _landmasses()
    reachable = [
        (airport, metres)
        for airport, metres in near.items()
        if metres <= ACROSS_WATER_M or lands[airport] == own_land
    ]
    for size, limit in TIERS:
        found = [
            Candidate(airport, metres)
            for airport, metres in reachable
            if airports[airport].size == size and metres <= limit
        ]
        if found:
            return tuple(found)
    if not near:
        return ()
    metres, airport = min((metres, airport) for airport, metres in near.items())
    return (Candidate(airport, metres, is_imputed=True),)


def _nearby(longitudes: Degrees, latitudes: Degrees) -> list[dict[int, int]]:
    """Return for each point metres to each airport within `FURTHEST_M`, by number."""
    east, north = airport_arrays()
    reach = FURTHEST_M / DEGREE_M
    turn = (east[None, :] - longitudes[:, None] + 180) % 360 - 180
    close = np.abs(north[None, :] - latitudes[:, None]) <= reach
    close &= np.abs(turn) * np.cos(np.radians(latitudes))[:, None] <= reach * 2
    points, numbers = np.nonzero(close)
    metres = distances_m(
        longitudes[points], latitudes[points], east[numbers], north[numbers]
    )
    found: list[dict[int, int]] = [{} for _ in longitudes]
    for point, number, distance in zip(
        points.tolist(), numbers.tolist(), metres.tolist(), strict=True
    ):
        if distance <= FURTHEST_M:
            found[point][number] = distance
    return found
