"""Coach and car, and the stretch between a city and its airport."""

from mobility.carbon.exposure import FIXED_DISTANCE
from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import ModeResult, add_up, infeasible
from mobility.carbon.journey import Leg
from mobility.carbon.land_routes import (
    NO_ROUTE,
    LandRoutes,
    no_route_reason,
    route_kind,
)
from mobility.carbon.method import Method
from mobility.carbon.pairs import Pairs
from mobility.carbon.rates import Rate, divide, find_rate

DETOUR_PERCENT = 130
"""Roads are this much of the way over land (D)."""
METRES_PER_HOUR = 70_000
SECONDS_PER_HOUR = 3600
CITY_M = 20_000
"""A journey within a city, and the first stretch to an airport, by local bus (D)."""
COACH, BUS, CAR = "coach.coach", "bus.local", "car.average"


def road_metres(geodesic_m: int) -> int:
    """Return the length of the road for a way over land."""
    return divide(geodesic_m * DETOUR_PERCENT, 100)


def road_seconds(road_m: int) -> int:
    """Return how long a coach or a car needs."""
    return divide(road_m * SECONDS_PER_HOUR, METRES_PER_HOUR)


def split_access(geodesic_m: int) -> tuple[int, int]:
    """Return the metres by local bus and by coach between a city and its airport.

    The first 20 km are by bus and the rest by coach, so that longer is never less.
    """
    road = road_metres(geodesic_m)
    return min(road, CITY_M), max(road - CITY_M, 0)


def access_micrograms(geodesic_m: int, bus: Rate, coach: Rate) -> int:
    """Return what one stretch to an airport emits, one way."""
    by_bus, by_coach = split_access(geodesic_m)
    return by_bus * bus.total + by_coach * coach.total


def access_legs(
    ends: tuple[str, str],
    geodesic_m: int,
    rates: tuple[Rate, Rate],
    kind: str = "geodesic x 1.3",
) -> list[Leg]:
    """Return the legs of a stretch to an airport or a port, none of length 0.

    Parameters
    ----------
    ends
        Names on the outward journey.
    geodesic_m
        Metres between the ends over land, 0 or more.
    rates
        Of the local bus and of the coach.
    kind
        How the distance was found.
    """
    parts = zip(("bus", "coach"), split_access(geodesic_m), rates, strict=True)
    return [
        Leg(mode, "access", *ends, metres, kind, rate)
        for mode, metres, rate in parts
        if metres
    ]


def road_results(
    pairs: Pairs, routes: LandRoutes, method: Method, factors: FactorSet
) -> tuple[list[ModeResult], list[ModeResult]]:
    """Return coach and car for every pair, by its way on roads."""
    coach = (find_rate(factors, method, COACH), find_rate(factors, method, BUS))
    car = find_rate(factors, method, CAR)
    reasons = [_refusal(pairs, routes, pair, method) for pair in range(len(pairs))]
    return (
        [
            infeasible("coach", reason)
            if reason
            else _by_coach(pairs, routes, pair, method, coach)
            for pair, reason in enumerate(reasons)
        ],
        [
            infeasible("car", reason)
            if reason
            else _by_car(pairs, routes, pair, method, car)
            for pair, reason in enumerate(reasons)
        ],
    )


def _refusal(pairs: Pairs, routes: LandRoutes, pair: int, method: Method) -> str:
    if pairs.is_same_city(pair):
        return ""
    if routes.metres[pair] == NO_ROUTE:
        return no_route_reason(pairs, routes, pair)
    seconds = road_seconds(road_metres(int(routes.metres[pair])))
    if seconds > method.coach_cap_h * SECONDS_PER_HOUR:
        if pair in routes.barrier_by_pair:
            return no_route_reason(pairs, routes, pair)
        hours = -(-seconds // SECONDS_PER_HOUR)
        return f"{hours} h by road is over the cap of {method.coach_cap_h} h"
    return ""


def _by_coach(
    pairs: Pairs,
    routes: LandRoutes,
    pair: int,
    method: Method,
    rates: tuple[Rate, Rate],
) -> ModeResult:
    home, host = pairs.ends(pair)
    coach, bus = rates
    if pairs.is_same_city(pair):
        kind = f"{FIXED_DISTANCE}, same city"
        leg = Leg("bus", "main", home.label, host.label, CITY_M, kind, bus)
    else:
        kind, metres = route_kind(routes, pair, "1.3"), int(routes.metres[pair])
        length = road_metres(metres)
        leg = Leg("coach", "main", home.label, host.label, length, kind, coach)
    return add_up("coach", [leg], method, road_seconds(leg.distance_m))


def _by_car(
    pairs: Pairs, routes: LandRoutes, pair: int, method: Method, rate: Rate
) -> ModeResult:
    home, host = pairs.ends(pair)
    if pairs.is_same_city(pair):
        kind, length = f"{FIXED_DISTANCE}, same city", CITY_M
    else:
        kind = route_kind(routes, pair, "1.3")
        length = road_metres(int(routes.metres[pair]))
    leg = Leg("car", "main", home.label, host.label, length, kind, rate)
    people = method.car_occupancy_tenths
    note = f"{people // 10}.{people % 10} people in the car; shown, never chosen"
    return add_up("car", [leg], method, road_seconds(length), [note])
