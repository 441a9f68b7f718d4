"""Journeys whose stops are known: over other places, or as they were really made.

Each hop has its mode. Consecutive flights are one way through the air: airports at its
ends as for the direct flight, a transfer in between. A stop never makes a flight less:
every hop is counted at least by the rate of the whole distance.
"""

import dataclasses
import itertools
from collections.abc import Sequence

from mobility.carbon.air import Journeys, flight_leg, flight_seconds, prepare_flights
from mobility.carbon.airports import Airport, find_candidates, load_airports
from mobility.carbon.batch import footprints
from mobility.carbon.distances import distance_m
from mobility.carbon.factors import FactorSet
from mobility.carbon.flights import STOPOVER_PERCENT
from mobility.carbon.footprint import ModeResult, add_up
from mobility.carbon.journey import InvalidJourney, Leg
from mobility.carbon.method import Method
from mobility.carbon.pairs import to_pairs, to_sites
from mobility.carbon.place import Place
from mobility.carbon.rates import divide

HOP_MODES = ("air", "rail", "coach", "car", "ferry")
MIXED = "mixed"
TRANSFER_SECONDS = 2 * 3600


def travel_route(
    stops: Sequence[Place],
    modes: Sequence[str],
    settings: tuple[Method, FactorSet],
    *,
    is_told: bool = False,
) -> ModeResult:
    """Return the emissions of a return journey over given stops.

    Parameters
    ----------
    stops
        From home to host; two or more, no place twice.
    modes
        One of `HOP_MODES` for each hop.
    settings
        Method and factor set. The caps of the method hold for each hop.
    is_told
        Whether the traveller told this way: its legs are primary data then.

    Returns
    -------
    ModeResult
        Its mode is that of all hops, or `MIXED`.

    Raises
    ------
    InvalidJourney
        When a mode is unknown, a place appears twice, or a hop cannot be made; all are
        named.
    """
    problems = [*_stop_problems(stops), *_mode_problems(stops, modes)]
    if problems:
        raise InvalidJourney(problems)
    legs: list[Leg] = []
    seconds = 0
    for mode, part in _stretches(stops, modes):
        way = _fly(part, settings) if mode == "air" else _ride(mode, part, settings)
        legs += way[0]
        seconds += way[1]
    if is_told:
        legs = [dataclasses.replace(leg, is_told=True) for leg in legs]
    joint = modes[0] if len(set(modes)) == 1 else MIXED
    return add_up(joint, legs, settings[0], seconds)


def with_visits(result: ModeResult, visits: int, method: Method) -> ModeResult:
    """Return a journey with visits home in between: each is the journey once more.

    Raises
    ------
    InvalidJourney
        When `visits` is below 0.
    """
    if visits < 0:
        raise InvalidJourney(f"visits home are {visits}, must be 0 or more")
    legs = [
        dataclasses.replace(leg, times=leg.times * (visits + 1)) for leg in result.legs
    ]
    return add_up(result.mode, legs, method, result.duration_s, result.notes)


def _stop_problems(stops: Sequence[Place]) -> list[str]:
    if len(stops) < 2:
        return ["a journey has two places or more"]
    keys = [stop.key for stop in stops]
    return [
        f"{stop.label} appears twice on the way: a loop is not one journey"
        for number, stop in enumerate(stops)
        if stop.key in keys[:number]
    ]


def _mode_problems(stops: Sequence[Place], modes: Sequence[str]) -> list[str]:
    problems = [
        f"mode {mode!r} is unknown; known are {', '.join(HOP_MODES)}"
        for mode in modes
        if mode not in HOP_MODES
    ]
    if len(modes) != len(stops) - 1:
        problems.append(f"{len(modes)} modes are given for {len(stops) - 1} hops")
    return problems


def _stretches(
    stops: Sequence[Place], modes: Sequence[str]
) -> list[tuple[str, list[Place]]]:
    """Return each mode with its places; consecutive flights together."""
    found: list[tuple[str, list[Place]]] = []
    for mode, (start, stop) in zip(modes, itertools.pairwise(stops), strict=True):
        if mode == "air" and found and found[-1][0] == "air":
            found[-1][1].append(stop)
        else:
            found.append((mode, [start, stop]))
    return found


def _ride(
    mode: str, part: list[Place], settings: tuple[Method, FactorSet]
) -> tuple[list[Leg], int]:
    home, host = part
    result = footprints([(home, host)], *settings)[0].by_mode(mode)
    if not result.feasible:
        message = f"{home.label} to {host.label} by {mode}: {result.reason}"
        raise InvalidJourney(message)
    return list(result.legs), result.duration_s


def _fly(
    part: list[Place], settings: tuple[Method, FactorSet]
) -> tuple[list[Leg], int]:
    home, host = part[0], part[-1]
    journeys = prepare_flights(to_pairs([(home, host)]), *settings)
    direct = journeys.result(0)
    if not direct.feasible:
        message = f"{home.label} to {host.label} by air: {direct.reason}"
        raise InvalidJourney(message)
    ends = journeys.ends(0)
    start, stop = (journeys.airports[end.airport] for end in ends)
    airports = [start, *_transfers(part[1:-1]), stop]
    for one, two in itertools.pairwise(airports):
        if one.iata == two.iata:
            message = f"two stops on the way share the airport {one.label}"
            raise InvalidJourney(message)
    flights = _hops(airports, journeys, settings)
    labels = ((home, host), (start.label, stop.label))
    legs, seconds = journeys.with_access(labels, ends, flights)
    stops = TRANSFER_SECONDS * (len(flights) - 1)
    in_air = sum(flight_seconds(flight) for flight in flights)
    return legs, seconds + stops + in_air


def _hops(
    airports: Sequence[Airport], journeys: Journeys, settings: tuple[Method, FactorSet]
) -> list[Leg]:
    """Return the flights from airport to airport, none at less than the direct rate."""
    metres = int(journeys.flights.metres[0])
    direct = flight_leg(airports[0], airports[-1], metres, settings)
    if len(airports) == 2:
        return [direct]
    flights = []
    for one, two in itertools.pairwise(airports):
        length = _between(one, two)
        flight = flight_leg(one, two, length, settings)
        if direct.is_imputed and not flight.is_imputed:
            longer = divide(length * STOPOVER_PERCENT, 100)
            flight = dataclasses.replace(
                flight, distance_m=longer, distance_kind=direct.distance_kind
            )
        if flight.rate.total < direct.rate.total:
            note = "at the rate of the whole distance"
            flight = dataclasses.replace(flight, rate=direct.rate, note=note)
        flights.append(flight)
    return flights


def _between(one: Airport, two: Airport) -> int:
    return distance_m(_to_place(one), _to_place(two))


def _to_place(airport: Airport) -> Place:
    position = (airport.latitude_udeg, airport.longitude_udeg)
    return Place(airport.name, airport.country, *position)


def _transfers(stops: Sequence[Place]) -> list[Airport]:
    """Return the airport of each stop: of those the place may use, the nearest."""
    if not stops:
        return []
    airports, found = load_airports(), []
    for place, candidates in zip(stops, find_candidates(to_sites(stops)), strict=True):
        if not candidates:
            message = f"no scheduled airport within 500 km of {place.label}"
            raise InvalidJourney(message)
        nearest = min(candidates, key=lambda candidate: candidate.distance_m)
        found.append(airports[nearest.airport])
    return found
