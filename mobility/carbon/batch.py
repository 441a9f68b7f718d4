"""Many journeys at once: the way in for the freeze, the demo world and the pages.

Equal pairs are computed once; distances, airports and countries are found for all pairs
together. A million choices have some ten thousand pairs.
"""

from collections.abc import Iterator, Sequence

from mobility.carbon.air import air_results
from mobility.carbon.factors import FactorSet
from mobility.carbon.ferry import ferry_results
from mobility.carbon.footprint import Footprint, ModeResult, gather
from mobility.carbon.land_routes import find_land_routes
from mobility.carbon.method import Method
from mobility.carbon.mix import mix
from mobility.carbon.pairs import Pairs, to_pairs
from mobility.carbon.place import Place
from mobility.carbon.rail import rail_results
from mobility.carbon.road import road_results

CHUNK = 10_000
"""Pairs computed together: bounds the memory."""


def footprints(
    pairs: Sequence[tuple[Place, Place]], method: Method, factors: FactorSet
) -> list[Footprint]:
    """Return the emissions of the return journey of each pair, in the order given.

    Parameters
    ----------
    pairs
        Home and host. Pairs with equal keys share one footprint, with the names of the
        first of them.
    method
        The settings of the round.
    factors
        The factor set of the round.

    Raises
    ------
    UnknownFactor
        When the set lacks a factor for flights, coach, bus or car. A country without a
        rail factor is no refusal: rail says so in its reason.
    """
    keys = [(home.key, host.key) for home, host in pairs]
    unique = dict(zip(reversed(keys), reversed(pairs), strict=True))
    if not unique:
        return []
    ends = to_pairs(unique.values())
    made: list[Footprint] = []
    for start in range(0, len(ends), CHUNK):
        made += _compute(ends.part(start, start + CHUNK), method, factors)
    found = dict(zip(unique, made, strict=True))
    return [found[key] for key in keys]


def _compute(pairs: Pairs, method: Method, factors: FactorSet) -> Iterator[Footprint]:
    roads = find_land_routes(pairs, "road")
    air = air_results(pairs, roads, method, factors)
    rail = rail_results(pairs, method, factors)
    coach, car = road_results(pairs, roads, method, factors)
    ferry = ferry_results(pairs, roads, method, factors)
    for pair, modes in enumerate(zip(air, rail, coach, car, ferry, strict=True)):
        results: list[ModeResult] = list(modes)
        if method.mode_policy == "threshold":
            geodesic = int(pairs.geodesics[pair])
            results.append(mix(air[pair], rail[pair], geodesic, method))
        home, host = pairs.ends(pair)
        yield gather(home, host, results, method, factors)
