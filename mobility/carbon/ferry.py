"""Ferries: as a foot passenger on listed routes, by coach to the port and from it.

A ferry is looked for where no straight way over land joins the cities. One crossing; of
all listed routes that keep the round's caps, the one with the least emissions.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.assets import read_table
from mobility.carbon.distances import Metres, distances_m
from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import ModeResult, add_up, infeasible
from mobility.carbon.journey import Leg
from mobility.carbon.land_routes import NO_ROUTE, LandRoutes, find_ways
from mobility.carbon.method import Method
from mobility.carbon.pairs import Pairs, Sites, to_sites
from mobility.carbon.place import Place
from mobility.carbon.rates import Rate, divide, find_rate, has_rate
from mobility.carbon.road import (
    BUS,
    COACH,
    DETOUR_PERCENT,
    SECONDS_PER_HOUR,
    access_legs,
    road_metres,
    road_seconds,
)
from mobility.carbon.road import METRES_PER_HOUR as ROAD_METRES_PER_HOUR

FERRY = "ferry.foot"
METRES_PER_HOUR = 35_000
"""How fast a ferry is (D)."""
BOARDING_SECONDS = 3600
"""How long boarding takes (D)."""
FAR = np.int64(10**12)
NEVER = np.iinfo(np.int64).max
OTHER_SIDE = 1
DEGREE_M = 110_000
"""A degree of latitude is at least so long."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ferries:
    """The listed routes. Ports 2i and 2i + 1 are the two sides of route i."""

    sites: Sites
    lengths: Metres

    @property
    def ports(self) -> tuple[Place, ...]:
        """Return the ports as places."""
        return self.sites.places


@functools.cache
def load_ferries() -> Ferries:
    """Return the routes with the geodesic between their ports."""
    ports = [
        Place(
            row[f"{side}_port"],
            row[f"{side}_country"],
            int(row[f"{side}_latitude_udeg"]),
            int(row[f"{side}_longitude_udeg"]),
        )
        for row in read_table("ferry/ferry_routes.csv")
        for side in ("from", "to")
    ]
    sites = to_sites(ports)
    one, two = slice(0, None, 2), slice(1, None, 2)
    lengths = distances_m(
        sites.longitudes[one],
        sites.latitudes[one],
        sites.longitudes[two],
        sites.latitudes[two],
    )
    return Ferries(sites, lengths)


def ferry_results(
    pairs: Pairs, roads: LandRoutes, method: Method, factors: FactorSet
) -> list[ModeResult]:
    """Return the ferry for every pair, whose ways on roads are given."""
    if not has_rate(factors, FERRY):
        reason = f"factor set {factors.name} has no factor for ferries"
        return [infeasible("ferry", reason)] * len(pairs)
    crossings = _Crossings(pairs, method, factors)
    wanted = ~roads.is_straight
    chosen = crossings.choose(np.flatnonzero(wanted))
    results = []
    for pair, is_wanted in enumerate(wanted.tolist()):
        if pairs.is_same_city(pair):
            results.append(infeasible("ferry", "home and host are in one city"))
        elif not is_wanted:
            results.append(infeasible("ferry", "a straight way over land joins them"))
        elif pair not in chosen:
            results.append(infeasible("ferry", crossings.refusal(pair)))
        else:
            results.append(crossings.result(pair, chosen[pair]))
    return results


@functools.lru_cache(maxsize=8)
def _ways_to_ports(sites: Sites, furthest_m: int) -> Metres:
    """Return metres over land from every site to every port, `FAR` where none is near.

    `furthest_m` is the longest way that is of use.
    """
    ports = load_ferries().sites
    north = np.abs(sites.latitudes[:, None] - ports.latitudes[None, :])
    place, port = np.nonzero(north * DEGREE_M <= furthest_m)
    geodesics = distances_m(
        sites.longitudes[place],
        sites.latitudes[place],
        ports.longitudes[port],
        ports.latitudes[port],
    )
    near = geodesics <= furthest_m
    place, port, geodesics = place[near], port[near], geodesics[near]
    metres = find_ways((sites, place), (ports, port), geodesics, "road").metres
    found = np.full((len(sites.places), len(ports.places)), FAR, dtype=np.int64)
    found[place, port] = np.where(metres == NO_ROUTE, FAR, metres)
    return found


class _Crossings:
    """All pairs on all routes, in both directions."""

    def __init__(self, pairs: Pairs, method: Method, factors: FactorSet) -> None:
        self.pairs = pairs
        self.method = method
        self.rates = (
            find_rate(factors, method, BUS),
            find_rate(factors, method, COACH),
        )
        self.rate: Rate = find_rate(factors, method, FERRY)
        road_m = ROAD_METRES_PER_HOUR * method.coach_cap_h
        furthest_m = divide(road_m * 100, DETOUR_PERCENT)
        self.to_ports = _ways_to_ports(pairs.sites, furthest_m)
        ferries = load_ferries()
        self.ports = ferries.ports
        self.lengths = np.repeat(ferries.lengths, 2)
        self.crossing_s = self.lengths * SECONDS_PER_HOUR // METRES_PER_HOUR
        self.other = np.arange(len(self.ports)) ^ OTHER_SIDE

    def choose(self, wanted: Numbers) -> dict[int, int]:
        """Return by pair the port where she boards, where a route keeps the caps."""
        here = self.to_ports[self.pairs.homes[wanted]]
        there = self.to_ports[self.pairs.hosts[wanted]][:, self.other]
        land = here + there
        road = (2 * land * DETOUR_PERCENT + 100) // 200
        coach_s = road * SECONDS_PER_HOUR // ROAD_METRES_PER_HOUR
        total_s = coach_s + BOARDING_SECONDS + self.crossing_s
        allowed = coach_s <= self.method.coach_cap_h * SECONDS_PER_HOUR
        allowed &= total_s <= self.method.rail_cap_h * SECONDS_PER_HOUR
        cost = road * self.rates[1].total + self.lengths * self.rate.total
        cost[~allowed] = NEVER
        best = cost.argmin(axis=1) if len(wanted) else wanted
        is_possible = np.asarray(allowed.any(axis=1))
        return {
            int(pair): int(port)
            for pair, port, possible in zip(wanted, best, is_possible, strict=True)
            if possible
        }

    def refusal(self, pair: int) -> str:
        """Return why a pair has no ferry."""
        home, host = self.pairs.ends(pair)
        return (
            f"no listed ferry joins {home.label} and {host.label} with at most"
            f" {self.method.coach_cap_h} h by coach and {self.method.rail_cap_h} h"
            " in all"
        )

    def result(self, pair: int, port: int) -> ModeResult:
        """Return one pair's way over a route."""
        home, host = self.pairs.ends(pair)
        board, land = self.ports[port], self.ports[self.other[port]]
        out = int(self.to_ports[self.pairs.homes[pair], port])
        on = int(self.to_ports[self.pairs.hosts[pair], self.other[port]])
        length = int(self.lengths[port])
        kind = "over land x 1.3"
        crossing = Leg(
            "ferry", "main", board.label, land.label, length, "geodesic", self.rate
        )
        back = access_legs((land.label, host.label), on, self.rates, kind)[::-1]
        legs = [
            *access_legs((home.label, board.label), out, self.rates, kind),
            crossing,
            *back,
        ]
        seconds = road_seconds(road_metres(out) + road_metres(on)) + BOARDING_SECONDS
        seconds += divide(length * SECONDS_PER_HOUR, METRES_PER_HOUR)
        return add_up("ferry", legs, self.method, seconds)
