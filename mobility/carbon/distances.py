"""Distances over the WGS84 ellipsoid: geopy for one pair, pyproj for many.

Both follow Karney (2013), "Algorithms for geodesics"; a test holds them to each other.
"""

from collections.abc import Sequence

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray
from pyproj import Geod

from mobility.carbon.place import UDEG_PER_DEGREE, Place, to_degrees

WGS84 = Geod(ellps="WGS84")
Degrees = NDArray[np.float64]
Metres = NDArray[np.int64]


def distance_m(home: Place, host: Place) -> int:
    """Return the geodesic distance in whole metres."""
    ends = [
        (to_degrees(place.latitude_udeg), to_degrees(place.longitude_udeg))
        for place in (home, host)
    ]
    metres: float = geodesic(*ends).meters
    return round(metres)


def distances_m(
    from_longitudes: Degrees,
    from_latitudes: Degrees,
    to_longitudes: Degrees,
    to_latitudes: Degrees,
) -> Metres:
    """Return the geodesic distances of many pairs in whole metres."""
    metres = WGS84.inv(from_longitudes, from_latitudes, to_longitudes, to_latitudes)[2]
    rounded: Metres = np.rint(np.asarray(metres)).astype(np.int64)
    return rounded


def to_arrays(places: Sequence[Place]) -> tuple[Degrees, Degrees]:
    """Return longitudes and latitudes in degrees."""
    udeg = np.array(
        [(place.longitude_udeg, place.latitude_udeg) for place in places],
        dtype=np.int64,
    ).reshape(-1, 2)
    degrees = udeg / UDEG_PER_DEGREE
    return degrees[:, 0], degrees[:, 1]


def points_between(
    home: tuple[Degrees, Degrees], host: tuple[Degrees, Degrees], count: int
) -> tuple[Degrees, Degrees]:
    """Return points along each geodesic, at the middles of `count` equal parts.

    Parameters
    ----------
    home, host
        Longitudes and latitudes in degrees of the ends of n geodesics.
    count
        How many parts, 1 or more.

    Returns
    -------
    tuple of arrays
        Longitudes and latitudes, each of shape (n, count), from home to host.
    """
    azimuths, _, lengths = WGS84.inv(*home, *host)
    fractions = (np.arange(count) + 0.5) / count
    along = np.outer(lengths, fractions)
    starts = [np.repeat(values, count) for values in home]
    turned = np.repeat(azimuths, count)
    longitudes, latitudes, _ = WGS84.fwd(starts[0], starts[1], turned, along.ravel())
    shape = (len(home[0]), count)
    return np.reshape(longitudes, shape), np.reshape(latitudes, shape)
