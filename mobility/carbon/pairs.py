"""Pairs of places as arrays: what every mode computes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.distances import Degrees, Metres, distances_m, to_arrays
from mobility.carbon.place import Place

SAME_CITY_M = 15_000
"""Nearer places are one city (D): with the detour that is 20 km of local bus."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Places with their longitudes and latitudes in degrees, each place once.

    Equal only to itself: what is found for all places at once is remembered by it.
    """

    places: tuple[Place, ...]
    longitudes: Degrees
    latitudes: Degrees


@dataclass(frozen=True)
class Pairs:
    """Journeys to compute: the positions of every pair's ends among the sites.

    `homes`, `hosts` and `geodesics` (metres) are in the order of the pairs.
    """

    sites: Sites
    homes: NDArray[np.int64]
    hosts: NDArray[np.int64]
    geodesics: Metres

    def __len__(self) -> int:
        return len(self.homes)

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the sites' places."""
        return self.sites.places

    def ends(self, pair: int) -> tuple[Place, Place]:
        """Return home and host of a pair."""
        return self.places[self.homes[pair]], self.places[self.hosts[pair]]

    def is_same_city(self, pair: int) -> bool:
        """Tell whether a pair's ends are so near that they are one city."""
        return bool(self.geodesics[pair] <= SAME_CITY_M)

    def part(self, start: int, stop: int) -> "Pairs":
        """Return some of the pairs, over the same sites."""
        cut = slice(start, stop)
        return Pairs(self.sites, self.homes[cut], self.hosts[cut], self.geodesics[cut])


def to_sites(places: Sequence[Place]) -> Sites:
    """Return the arrays of places, in the order given."""
    return Sites(tuple(places), *to_arrays(places))


def join(sites: Sites, homes: NDArray[np.int64], hosts: NDArray[np.int64]) -> Pairs:
    """Return pairs of sites by their positions."""
    geodesics = distances_m(
        sites.longitudes[homes],
        sites.latitudes[homes],
        sites.longitudes[hosts],
        sites.latitudes[hosts],
    )
    return Pairs(sites, homes, hosts, geodesics)


def to_pairs(ends: Iterable[tuple[Place, Place]]) -> Pairs:
    """Return the arrays of pairs of places, in the order given."""
    position: dict[str, int] = {}
    places: list[Place] = []
    indices: list[int] = []
    for pair in ends:
        for place in pair:
            key = place.key
            if key not in position:
                position[key] = len(places)
                places.append(place)
            indices.append(position[key])
    homes, hosts = np.array(indices, dtype=np.int64).reshape(-1, 2).T
    return join(to_sites(places), homes, hosts)
