"""How far it is over land: straight, or through tunnels and bridges.

Two places on one landmass are joined by the geodesic unless it crosses a listed barrier
(a gulf that a road must go around). Otherwise the shortest way through the listed fixed
links is taken: geodesics from link to link. Detours of rails and roads come on top.
"""

import functools
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from mobility.carbon.assets import read_table
from mobility.carbon.distances import Degrees, Metres, distances_m
from mobility.carbon.landmass import NOWHERE, Indices, find_landmasses
from mobility.carbon.pairs import Pairs, Sites
from mobility.carbon.site_land import find_site_landmasses

NO_ROUTE = -1
FAR = np.int64(10**12)
"""Longer than any way on Earth: stands for "cannot go there" in sums."""
CHUNK = 20_000


@dataclass(frozen=True)
class Links:
    """Fixed links that a kind of vehicle can use, as 2n ends.

    Ends 2i and 2i + 1 are the two sides of link i. ``between`` holds the shortest
    metres between any two ends, `FAR` where there is no way.
    """

    names: tuple[str, ...]
    longitudes: Degrees
    latitudes: Degrees
    landmasses: Indices
    between: Metres


@functools.cache
def load_links(kind: str) -> Links:
    """Return the links for ``rail`` or ``road``, with the ways between their ends."""
    rows = [row for row in read_table("land/fixed_links.csv") if row[kind] == "yes"]
    ends = [(row, side) for row in rows for side in ("from", "to")]
    longitudes = np.array([float(row[f"{side}_longitude"]) for row, side in ends])
    latitudes = np.array([float(row[f"{side}_latitude"]) for row, side in ends])
    landmasses = find_landmasses(longitudes, latitudes)
    between = _direct(
        (longitudes, latitudes, landmasses), (longitudes, latitudes, landmasses)
    )
    for first in range(0, len(ends), 2):
        pair = slice(first, first + 1), slice(first + 1, first + 2)
        length = distances_m(*[a[p] for p in pair for a in (longitudes, latitudes)])[0]
        between[first, first + 1] = between[first + 1, first] = length
    for middle in range(len(ends)):  # Floyd-Warshall
        through = between[:, [middle]] + between[[middle], :]
        np.minimum(between, through, out=between)
    names = tuple(row["name"] for row in rows)
    return Links(names, longitudes, latitudes, landmasses, between)


@functools.cache
def _barriers() -> tuple[tuple[str, ...], shapely.STRtree]:
    rows = read_table("land/barriers.csv")
    lines = [
        shapely.LineString(
            [
                (float(row["from_longitude"]), float(row["from_latitude"])),
                (float(row["to_longitude"]), float(row["to_latitude"])),
            ]
        )
        for row in rows
    ]
    return tuple(row["name"] for row in rows), shapely.STRtree(lines)


def crossed_barriers(
    from_longitudes: Degrees,
    from_latitudes: Degrees,
    to_longitudes: Degrees,
    to_latitudes: Degrees,
) -> dict[int, str]:
    """Return the name of a barrier for each line that crosses one, by its number."""
    starts = np.column_stack([from_longitudes, from_latitudes])
    stops = np.column_stack([to_longitudes, to_latitudes])
    lines = shapely.linestrings(np.stack([starts, stops], axis=1))
    names, tree = _barriers()
    crossing = tree.query(lines, predicate="intersects")
    return {int(line): names[barrier] for line, barrier in crossing.T}


Ends = tuple[Degrees, Degrees, Indices]


def _direct(starts: Ends, stops: Ends) -> Metres:
    """Return metres over land from every start to every stop, `FAR` where none."""
    rows, columns = len(starts[0]), len(stops[0])
    row = np.repeat(np.arange(rows), columns)
    column = np.tile(np.arange(columns), rows)
    ends = (starts[0][row], starts[1][row], stops[0][column], stops[1][column])
    metres = distances_m(*ends)
    metres[starts[2][row] != stops[2][column]] = FAR
    metres[list(crossed_barriers(*ends))] = FAR
    return metres.reshape(rows, columns)


@dataclass(frozen=True)
class LandRoutes:
    """Ways over land for pairs of places, in the order of the pairs.

    `metres` is `NO_ROUTE` where there is none; `is_straight` tells where the way is the
    geodesic itself; `barrier` names what a straight line on one landmass crosses.
    """

    metres: Metres
    is_straight: NDArray[np.bool_]
    barrier_by_pair: dict[int, str]


def find_land_routes(pairs: Pairs, kind: str) -> LandRoutes:
    """Return the shortest way over land for each pair.

    Parameters
    ----------
    pairs
        The places and the pairs of them.
    kind
        ``rail`` or ``road``: which links may be used.
    """
    return find_ways(
        (pairs.sites, pairs.homes), (pairs.sites, pairs.hosts), pairs.geodesics, kind
    )


Chosen = tuple[Sites, NDArray[np.int64]]
"""Sites, and the positions of those meant."""


def find_ways(
    starts: Chosen, stops: Chosen, geodesics: Metres, kind: str
) -> LandRoutes:
    """Return the shortest way over land from each start to its stop."""
    (sites, homes), (others, hosts) = starts, stops
    crossed = crossed_barriers(
        sites.longitudes[homes],
        sites.latitudes[homes],
        others.longitudes[hosts],
        others.latitudes[hosts],
    )
    lands, other_lands = find_site_landmasses(sites), find_site_landmasses(others)
    same = (lands[homes] == other_lands[hosts]) & (lands[homes] != NOWHERE)
    is_straight = same.copy()
    is_straight[list(crossed)] = False
    metres = np.where(is_straight, geodesics, NO_ROUTE)
    onward, to_ends = _ways_to_links(sites, kind)[1], _ways_to_links(others, kind)[0]
    rest = np.flatnonzero(~is_straight)
    for start in range(0, len(rest), CHUNK):
        part = rest[start : start + CHUNK]
        through = (onward[homes[part]] + to_ends[hosts[part]]).min(axis=1)
        metres[part] = np.where(through < FAR, through, NO_ROUTE)
    barriers = {pair: name for pair, name in crossed.items() if same[pair]}
    return LandRoutes(metres, is_straight, barriers)


@functools.lru_cache(maxsize=8)
def _ways_to_links(sites: Sites, kind: str) -> tuple[Metres, Metres]:
    """Return metres from every site to every end of a link: straight, and onward."""
    links = load_links(kind)
    ends = (links.longitudes, links.latitudes, links.landmasses)
    points = (sites.longitudes, sites.latitudes, find_site_landmasses(sites))
    to_ends = _direct(points, ends)
    return to_ends, _shortest_onward(to_ends, links.between)


def _shortest_onward(to_ends: Metres, between: Metres) -> Metres:
    """Return metres from every place to every end, through any other ends."""
    onward = np.full_like(to_ends, FAR)
    for end in range(between.shape[0]):
        np.minimum(onward, to_ends[:, [end]] + between[[end], :], out=onward)
    return onward


def no_route_reason(pairs: Pairs, routes: LandRoutes, pair: int) -> str:
    """Return the sentence that says why a pair has no way over land."""
    home, host = pairs.ends(pair)
    if pair in routes.barrier_by_pair:
        barrier = routes.barrier_by_pair[pair]
        return (
            f"the straight line from {home.label} to {host.label} crosses {barrier},"
            " and the way around it is too long or not known to the method"
        )
    return (
        f"{home.label} and {host.label} are on different landmasses that no listed"
        " tunnel or bridge joins"
    )


def route_kind(routes: LandRoutes, pair: int, detour: str) -> str:
    """Return how a pair's distance was found, for a report."""
    if routes.is_straight[pair]:
        return f"geodesic x {detour}"
    return f"geodesics through fixed links x {detour}"
