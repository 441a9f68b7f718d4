"""Trains: where they go, how long they take, what each country's metre costs."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.distances import points_between
from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import ModeResult, add_up, infeasible
from mobility.carbon.journey import Leg
from mobility.carbon.land_routes import (
    NO_ROUTE,
    LandRoutes,
    find_land_routes,
    no_route_reason,
    route_kind,
)
from mobility.carbon.landmass import find_countries
from mobility.carbon.method import Method
from mobility.carbon.pairs import Pairs
from mobility.carbon.place import Place
from mobility.carbon.rail_network import (
    countries_joined_to,
    listed_countries,
    rail_refusal,
)
from mobility.carbon.rates import Rate, divide, find_rate, has_rate, mean_rate

DETOUR_PERCENT = 125
"""Rails are this much of the way over land (D; measured 1.08 to 1.5)."""
METRES_PER_HOUR = 90_000
SECONDS_PER_HOUR = 3600
PARTS = 64
"""Into how many equal parts the geodesic is cut to ask which country it crosses."""
AT_SEA = ""
ANY_METHOD = Method()
"""No setting moves the rate of a train."""
CHANNEL = "international"
"""Activity of the part between Great Britain and the continent."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a journey that one rate is used for."""

    rate: Rate
    note: str
    is_imputed: bool


def rail_results(pairs: Pairs, method: Method, factors: FactorSet) -> list[ModeResult]:
    """Return the train for every pair."""
    routes = find_land_routes(pairs, "rail")
    reasons = [
        _refusal(pairs, routes, pair, method, factors) for pair in range(len(pairs))
    ]
    feasible = np.array([not reason for reason in reasons], dtype=bool)
    countries = _countries_along(pairs, np.flatnonzero(feasible))
    along = iter(countries)
    return [
        infeasible("rail", reason)
        if reason
        else _by_train(pairs, routes, pair, (next(along), method, factors))
        for pair, reason in enumerate(reasons)
    ]


def rail_metres(route_m: int) -> int:
    """Return the length of the railway for a way over land."""
    return divide(route_m * DETOUR_PERCENT, 100)


def rail_seconds(rail_m: int) -> int:
    """Return how long the train needs."""
    return divide(rail_m * SECONDS_PER_HOUR, METRES_PER_HOUR)


def _refusal(
    pairs: Pairs, routes: LandRoutes, pair: int, method: Method, factors: FactorSet
) -> str:
    if pairs.is_same_city(pair):
        return "home and host are in one city"
    home, host = pairs.ends(pair)
    refusal = rail_refusal(home.country, host.country)
    if refusal:
        return refusal
    if routes.metres[pair] == NO_ROUTE:
        return no_route_reason(pairs, routes, pair)
    seconds = rail_seconds(rail_metres(int(routes.metres[pair])))
    if seconds > method.rail_cap_h * SECONDS_PER_HOUR:
        if pair in routes.barrier_by_pair:
            return no_route_reason(pairs, routes, pair)
        hours = -(-seconds // SECONDS_PER_HOUR)
        return f"{hours} h by train is over the cap of {method.rail_cap_h} h"
    if not _stand_ins(home, host, factors):
        ends = " or ".join(sorted({home.country, host.country}))
        return f"factor set {factors.name} has no rail factor for {ends}"
    return ""


def _countries_along(pairs: Pairs, chosen: NDArray[np.int64]) -> list[list[str]]:
    """Return for each chosen pair the countries of the parts of its geodesic."""
    sites, homes, hosts = pairs.sites, pairs.homes[chosen], pairs.hosts[chosen]
    longitudes, latitudes = points_between(
        (sites.longitudes[homes], sites.latitudes[homes]),
        (sites.longitudes[hosts], sites.latitudes[hosts]),
        PARTS,
    )
    codes = find_countries(longitudes.ravel(), latitudes.ravel(), listed_countries())
    rows: list[list[str]] = codes.reshape(-1, PARTS).tolist()
    return rows


def _stand_ins(home: Place, host: Place, factors: FactorSet) -> list[str]:
    """Return the countries whose mean stands for a country without a factor.

    The ends that have one; else the one country of their railway network whose factor
    is the highest: no train is made to look cleaner than what was published (D).
    """
    ends = dict.fromkeys((home.country, host.country))
    known = sorted(code for code in ends if has_rate(factors, f"rail.{code}"))
    if known:
        return known
    others = [
        code
        for code in countries_joined_to(home.country, host.country)
        if has_rate(factors, f"rail.{code}")
    ]
    return sorted(others, key=lambda code: _value(factors, code))[-1:]


def _value(factors: FactorSet, country: str) -> int:
    return find_rate(factors, ANY_METHOD, f"rail.{country}").total


def _by_train(
    pairs: Pairs,
    routes: LandRoutes,
    pair: int,
    given: tuple[list[str], Method, FactorSet],
) -> ModeResult:
    codes, method, factors = given
    home, host = pairs.ends(pair)
    length = rail_metres(int(routes.metres[pair]))
    kind = route_kind(routes, pair, "1.25")
    is_channel = "GB" in {home.country, host.country} and not routes.is_straight[pair]
    parts = Counter(_activity(code, factors, is_channel=is_channel) for code in codes)
    legs, done, counted = [], 0, 0
    for activity, count in parts.items():
        counted += count
        end = divide(length * counted, PARTS)
        stretch = _stretch(activity, home, host, (method, factors))
        legs.append(
            Leg(
                "rail", "main", home.label, host.label, end - done, kind, stretch.rate,
                note=stretch.note, is_imputed=stretch.is_imputed,
            )
        )  # fmt: skip
        done = end
    return add_up("rail", legs, method, rail_seconds(length))


def _activity(code: str, factors: FactorSet, *, is_channel: bool) -> str:
    """Return what a part is counted as: a country, the Channel, or nothing known."""
    if code == AT_SEA:
        has_factor = is_channel and has_rate(factors, f"rail.{CHANNEL}")
        return CHANNEL if has_factor else AT_SEA
    return code if has_rate(factors, f"rail.{code}") else AT_SEA


def _stretch(
    activity: str, home: Place, host: Place, settings: tuple[Method, FactorSet]
) -> Stretch:
    method, factors = settings
    if activity == CHANNEL:
        rate = find_rate(factors, method, f"rail.{CHANNEL}")
        return Stretch(rate, "across the Channel", is_imputed=False)
    if activity:
        rate = find_rate(factors, method, f"rail.{activity}")
        return Stretch(rate, f"in {activity}", is_imputed=False)
    stand_ins = _stand_ins(home, host, factors)
    rates = [find_rate(factors, method, f"rail.{code}") for code in stand_ins]
    rate = mean_rate(f"rail.{'-'.join(stand_ins)}", rates)
    return Stretch(rate, _stand_in_note(home, host, stand_ins), is_imputed=True)


def _stand_in_note(home: Place, host: Place, stand_ins: list[str]) -> str:
    if set(stand_ins) & {home.country, host.country}:
        return f"country without a factor, or sea: mean of {' and '.join(stand_ins)}"
    return (
        f"no factor for {home.country} and {host.country}: {stand_ins[0]}, the highest"
        " of their railway network"
    )
