"""Flights: bands, stopovers and the ways to the airports."""

import numpy as np

from mobility.carbon.air_rates import find_air_rate
from mobility.carbon.airports import Airport, Candidate, find_candidates, load_airports
from mobility.carbon.factors import FactorSet
from mobility.carbon.flights import (
    NO_FLIGHT,
    FlightCosts,
    Flights,
    choose_airports,
    flown,
)
from mobility.carbon.footprint import ModeResult, add_up, infeasible
from mobility.carbon.journey import Leg
from mobility.carbon.land_routes import LandRoutes
from mobility.carbon.method import Method
from mobility.carbon.pairs import Pairs
from mobility.carbon.place import Place
from mobility.carbon.rates import divide, find_rate
from mobility.carbon.road import (
    BUS,
    COACH,
    access_legs,
    access_micrograms,
    road_metres,
    road_seconds,
)

METRES_PER_HOUR = 800_000
SECONDS_PER_HOUR = 3600
NEAR_M = 400_000
"""How near cities are between which a flight may be a roundabout way (D)."""
AIRPORT_SECONDS = 3 * SECONDS_PER_HOUR
STOPOVER_SECONDS = 2 * SECONDS_PER_HOUR


def flight_leg(
    start: Airport, stop: Airport, metres: int, settings: tuple[Method, FactorSet]
) -> Leg:
    """Return one flight, 5 % longer where a stop on the way must be assumed.

    `metres` is the geodesic between the airports.
    """
    method, factors = settings
    length = flown(metres, start, stop)
    countries = (start.country, stop.country)
    rate = find_air_rate(factors, method, metres, countries, length)
    names = (start.label, stop.label)
    if length == metres:
        return Leg("air", "main", *names, metres, "geodesic", rate)
    note = "a stop on the way is assumed"
    kind = "geodesic x 1.05"
    return Leg("air", "main", *names, length, kind, rate, note=note, is_imputed=True)


def air_results(
    pairs: Pairs, roads: LandRoutes, method: Method, factors: FactorSet
) -> list[ModeResult]:
    """Return the flight for every pair, whose ways on roads are given.

    Where a straight way over land joins near cities whose airports lie further off
    than the journey is long, there is none: nobody flies from Paris to Versailles.
    """
    journeys = prepare_flights(pairs, method, factors)
    is_near = roads.is_straight & (pairs.geodesics <= NEAR_M)
    return [
        infeasible("air", "the ways to the airports are longer than the journey")
        if near and journeys.is_roundabout(pair)
        else journeys.result(pair)
        for pair, near in enumerate(is_near.tolist())
    ]


def prepare_flights(pairs: Pairs, method: Method, factors: FactorSet) -> "Journeys":
    """Return the pairs with the airports of each chosen."""
    candidates = find_candidates(pairs.sites)
    bus = find_rate(factors, method, BUS)
    coach = find_rate(factors, method, COACH)
    access = [
        [access_micrograms(candidate.distance_m, bus, coach) for candidate in own]
        for own in candidates
    ]
    flight = np.array(
        [_compared_rate(pairs, pair, method, factors) for pair in range(len(pairs))],
        dtype=np.int64,
    )
    costs = FlightCosts(access, flight)
    flights = choose_airports(candidates, pairs.homes, pairs.hosts, costs)
    return Journeys(pairs, candidates, flights, method, factors)


def _compared_rate(pairs: Pairs, pair: int, method: Method, factors: FactorSet) -> int:
    home, host = pairs.ends(pair)
    metres, countries = int(pairs.geodesics[pair]), (home.country, host.country)
    return find_air_rate(factors, method, metres, countries).total


class Journeys:
    """The flights of all pairs, turned into results one by one."""

    def __init__(
        self,
        pairs: Pairs,
        candidates: list[tuple[Candidate, ...]],
        flights: Flights,
        method: Method,
        factors: FactorSet,
    ) -> None:
        self.pairs = pairs
        self.candidates = candidates
        self.flights = flights
        self.method = method
        self.factors = factors
        self.airports = load_airports()
        self.access_rates = (
            find_rate(factors, method, BUS),
            find_rate(factors, method, COACH),
        )

    def result(self, pair: int) -> ModeResult:
        """Return one pair's flight, or why there is none."""
        if self.pairs.is_same_city(pair):
            return infeasible("air", "home and host are in one city")
        if self.flights.home[pair] == NO_FLIGHT:
            return infeasible("air", self._refusal(pair))
        ends = self.ends(pair)
        start, stop = (self.airports[end.airport] for end in ends)
        metres = int(self.flights.metres[pair])
        flight = flight_leg(start, stop, metres, (self.method, self.factors))
        labels = (self.pairs.ends(pair), (start.label, stop.label))
        legs, road_s = self.with_access(labels, ends, [flight])
        seconds = road_s + flight_seconds(flight)
        notes = self._notes(pair, ends)
        return add_up("air", legs, self.method, seconds, notes)

    def is_roundabout(self, pair: int) -> bool:
        """Tell whether the ways to the nearest airports are longer than the journey."""
        ends = (self.pairs.homes[pair], self.pairs.hosts[pair])
        nearest = [
            min((own.distance_m for own in self.candidates[end]), default=0)
            for end in ends
        ]
        return sum(nearest) >= int(self.pairs.geodesics[pair])

    def ends(self, pair: int) -> tuple[Candidate, Candidate]:
        """Return the airports of a pair that has a flight."""
        return self._ends(pair, self.flights.home, self.flights.host)

    def with_access(
        self,
        labels: tuple[tuple[Place, Place], tuple[str, str]],
        ends: tuple[Candidate, Candidate],
        flights: list[Leg],
    ) -> tuple[list[Leg], int]:
        """Return flights with the ways to the airports, and the seconds of those."""
        (home, host), (start, stop) = labels
        first, last = ends
        out = access_legs((home.label, start), first.distance_m, self.access_rates)
        on = access_legs((stop, host.label), last.distance_m, self.access_rates)
        road = road_metres(first.distance_m) + road_metres(last.distance_m)
        return [*out, *flights, *on[::-1]], road_seconds(road)

    def _ends(
        self, pair: int, homes: np.ndarray, hosts: np.ndarray
    ) -> tuple[Candidate, Candidate]:
        home, host = self.pairs.homes[pair], self.pairs.hosts[pair]
        first = self.candidates[home][homes[pair]]
        return first, self.candidates[host][hosts[pair]]

    def _refusal(self, pair: int) -> str:
        for place in (self.pairs.homes[pair], self.pairs.hosts[pair]):
            if not self.candidates[place]:
                label = self.pairs.places[place].label
                return f"no scheduled airport within 500 km of {label}"
        return "the same airport serves home and host"

    def _notes(self, pair: int, chosen: tuple[Candidate, Candidate]) -> list[str]:
        places = self.pairs.ends(pair)
        notes = []
        for place, candidate in zip(places, chosen, strict=True):
            if candidate.is_imputed:
                airport = self.airports[candidate.airport].label
                notes.append(
                    f"{place.label}: no large airport within 250 km nor medium one"
                    f" within 150 km on its land; the nearest is assumed, {airport}"
                )
        if self.flights.second_home[pair] != NO_FLIGHT:
            ends = self._ends(pair, self.flights.second_home, self.flights.second_host)
            first, last = (self.airports[candidate.airport].iata for candidate in ends)
            notes.append(f"second choice of airports: {first} to {last}")
        return notes


def flight_seconds(flight: Leg) -> int:
    """Return how long a flight takes with the time at airports and an assumed stop."""
    stop = STOPOVER_SECONDS if flight.is_imputed else 0
    in_air = divide(flight.distance_m * SECONDS_PER_HOUR, METRES_PER_HOUR)
    return in_air + AIRPORT_SECONDS + stop
