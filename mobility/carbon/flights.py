"""Which pair of airports a journey uses, for many journeys at once.

Of all pairs of candidates the one with the least access and flight emissions is taken;
the one that came second is recorded. For this comparison alone every flight of a
journey has one rate, that of the band of the distance between the two places: otherwise
a far airport would be chosen only to lift a flight over the edge of a band.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.airports import Airport, Candidate, airport_arrays, load_airports
from mobility.carbon.distances import Metres, distances_m
from mobility.carbon.rates import divide

NON_STOP_M = 9_000_000
STOPOVER_PERCENT = 105
NO_FLIGHT = -1
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Flights:
    """The airports of each journey, by the candidates' numbers, best and second.

    `NO_FLIGHT` stands where there is none. `metres` is the geodesic between the best
    pair's airports.
    """

    home: Numbers
    host: Numbers
    metres: Metres
    second_home: Numbers
    second_host: Numbers


@dataclass(frozen=True)
class FlightCosts:
    """Micrograms per metre that the choice of airports compares.

    `access` gives micrograms of a stretch to an airport by its metres; `flight` has one
    rate per journey.
    """

    access: Sequence[Sequence[int]]
    flight: Numbers


def choose_airports(
    candidates: Sequence[tuple[Candidate, ...]],
    homes: Numbers,
    hosts: Numbers,
    costs: FlightCosts,
) -> Flights:
    """Return the airports of each journey.

    Parameters
    ----------
    candidates
        For each place the airports that it may use.
    homes, hosts
        Positions in `candidates` of each journey's ends.
    costs
        What is compared.
    """
    journey, first, last = _combinations(candidates, homes, hosts)
    numbers = _flat([[c.airport for c in own] for own in candidates])
    access = _flat(costs.access)
    offsets = _offsets(candidates)
    start, stop = offsets[homes[journey]] + first, offsets[hosts[journey]] + last
    metres = _airport_distances(numbers[start], numbers[stop])
    flown_m = _flown(metres, numbers[start], numbers[stop])
    cost = access[start] + access[stop] + flown_m * costs.flight[journey]
    keep = numbers[start] != numbers[stop]
    order = np.lexsort((cost[keep], journey[keep]))
    picked = np.flatnonzero(keep)[order]
    return _best_two(len(homes), journey, picked, (first, last, metres))


def _best_two(
    count: int, journey: Numbers, picked: Numbers, columns: tuple[Numbers, ...]
) -> Flights:
    first, last, metres = columns
    filled = [np.full(count, NO_FLIGHT, dtype=np.int64) for _ in range(5)]
    owners, starts, sizes = np.unique(
        journey[picked], return_index=True, return_counts=True
    )
    best = picked[starts]
    for target, column in zip(filled[:3], (first, last, metres), strict=True):
        target[owners] = column[best]
    second = picked[starts[sizes > 1] + 1]
    for target, column in zip(filled[3:], (first, last), strict=True):
        target[owners[sizes > 1]] = column[second]
    return Flights(*filled)


def _combinations(
    candidates: Sequence[tuple[Candidate, ...]], homes: Numbers, hosts: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return journey, candidate of home, candidate of host of every combination."""
    counts = np.array([len(own) for own in candidates], dtype=np.int64)
    sizes = counts[homes] * counts[hosts]
    journey = np.repeat(np.arange(len(homes)), sizes)
    place_in = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = counts[hosts[journey]]
    return journey, place_in // np.maximum(width, 1), place_in % np.maximum(width, 1)


def _flat(rows: Sequence[Sequence[int]]) -> Numbers:
    return np.array([value for row in rows for value in row], dtype=np.int64)


def _offsets(candidates: Sequence[tuple[Candidate, ...]]) -> Numbers:
    counts = np.array([len(own) for own in candidates], dtype=np.int64)
    return np.cumsum(counts) - counts


def _airport_distances(start: Numbers, stop: Numbers) -> Metres:
    """Return geodesics between airports, each unordered pair computed once."""
    total = len(load_airports())
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    codes, position = np.unique(low * total + high, return_inverse=True)
    longitudes, latitudes = airport_arrays()
    one, two = codes // total, codes % total
    metres = distances_m(
        longitudes[one], latitudes[one], longitudes[two], latitudes[two]
    )
    return metres[position]


def flown(metres: int, start: Airport, stop: Airport) -> int:
    """Return metres flown: 5 % more where a stop on the way must be assumed.

    Between large airports a flight up to 9,000 km is non-stop (D); nothing else is.
    """
    are_large = start.size == stop.size == "large"
    if are_large and metres <= NON_STOP_M:
        return metres
    return divide(metres * STOPOVER_PERCENT, 100)


def _flown(metres: Metres, start: Numbers, stop: Numbers) -> Metres:
    """Do the same as `flown` for many flights."""
    is_large = np.array([airport.size == "large" for airport in load_airports()])
    non_stop = is_large[start] & is_large[stop] & (metres <= NON_STOP_M)
    longer = (2 * metres * STOPOVER_PERCENT + 100) // 200
    return np.where(non_stop, metres, longer)
