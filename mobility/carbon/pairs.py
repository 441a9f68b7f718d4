"""Pairs of places as arrays: what every mode computes on."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.distances import Degrees, Metres, distances_m, to_arrays
from mobility.carbon.place import Place

SAME_CITY_M = 15_000
"""Nearer places are one city (D): with the detour that is 20 km of local bus."""


@dataclass(frozen=True)
class Pairs:
    """Journeys to compute: each place once, and the positions of every pair's ends.

    Longitudes and latitudes are in degrees and in the order of the places; `homes`,
    `hosts` and `geodesics` (metres) are in the order of the pairs.
    """

    places: tuple[Place, ...]
    longitudes: Degrees
    latitudes: Degrees
    homes: NDArray[np.int64]
    hosts: NDArray[np.int64]
    geodesics: Metres

    def __len__(self) -> int:
        return len(self.homes)

    def ends(self, pair: int) -> tuple[Place, Place]:
        """Return home and host of a pair."""
        return self.places[self.homes[pair]], self.places[self.hosts[pair]]

    def is_same_city(self, pair: int) -> bool:
        """Tell whether a pair's ends are so near that they are one city."""
        return bool(self.geodesics[pair] <= SAME_CITY_M)


def to_pairs(ends: Iterable[tuple[Place, Place]]) -> Pairs:
    """Return the arrays of pairs of places, in the order given."""
    position: dict[str, int] = {}
    places: list[Place] = []
    indices: list[int] = []
    for pair in ends:
        for place in pair:
            if place.key not in position:
                position[place.key] = len(places)
                places.append(place)
            indices.append(position[place.key])
    homes, hosts = np.array(indices, dtype=np.int64).reshape(-1, 2).T
    longitudes, latitudes = to_arrays(places)
    geodesics = distances_m(
        longitudes[homes], latitudes[homes], longitudes[hosts], latitudes[hosts]
    )
    return Pairs(tuple(places), longitudes, latitudes, homes, hosts, geodesics)
