"""Which piece of land a point is on, and which country it is in.

Natural Earth 1:50m, decoded by `tools/build_land.py`. At 1:110m Palma, Zanzibar and
Singapore would stand on the mainland. Coasts are coarse: a point in the water belongs
to the nearest land.
"""

import functools
import json
from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from mobility.carbon.assets import read_compressed, read_table
from mobility.carbon.distances import Degrees

FURTHEST_LAND_DEGREES = 0.5
COAST_DEGREES = 0.3
"""How far outside its country's coarse border a point may lie (D)."""
NOWHERE = -1
FULL_TURN = 360
"""A country across the date line is drawn in one piece, beyond 180 degrees."""
Indices = NDArray[np.int64]


@functools.cache
def _shapes() -> tuple[list[shapely.Polygon], dict[str, shapely.Geometry]]:
    data = json.loads(read_compressed("land/land.json.gz"))
    unit = data["unit_per_degree"]
    land = [_to_polygon(rings, unit) for rings in data["land"]]
    countries = {
        code: shapely.MultiPolygon([_to_polygon(rings, unit) for rings in polygons])
        for code, polygons in data["countries"].items()
    }
    for shape in countries.values():
        shapely.prepare(shape)
    return land, countries


def _to_polygon(rings: list[list[int]], unit: int) -> shapely.Polygon:
    decoded = [np.reshape(ring, (-1, 2)).cumsum(axis=0) / unit for ring in rings]
    return shapely.Polygon(decoded[0], decoded[1:])


@functools.cache
def _land_tree() -> shapely.STRtree:
    return shapely.STRtree(_shapes()[0])


def find_landmasses(longitudes: Degrees, latitudes: Degrees) -> Indices:
    """Return the number of each point's landmass, `NOWHERE` where land is too far."""
    found = np.full(len(longitudes), NOWHERE, dtype=np.int64)
    points = shapely.points(longitudes, latitudes)
    pairs = _land_tree().query_nearest(
        points, max_distance=FURTHEST_LAND_DEGREES, all_matches=False
    )
    found[pairs[0]] = pairs[1]
    return found


def find_countries(
    longitudes: Degrees, latitudes: Degrees, among: Iterable[str] | None = None
) -> NDArray[np.str_]:
    """Return each point's country code, empty text at sea.

    Parameters
    ----------
    longitudes, latitudes
        Points in degrees.
    among
        Codes to look at; all when None.
    """
    countries = _shapes()[1]
    found = np.full(len(longitudes), "", dtype="<U2")
    if not len(found):
        return found
    for code in sorted(among) if among is not None else countries:
        shape = countries.get(code)
        if shape is None:
            continue
        west, south, east, north = shape.bounds
        inside = (longitudes >= west) & (longitudes <= east)
        near = np.flatnonzero(
            inside & (latitudes >= south) & (latitudes <= north) & (found == "")
        )
        hits = shapely.contains_xy(shape, longitudes[near], latitudes[near])
        found[near[hits]] = code
    return found


@functools.cache
def polygon_by_country() -> dict[str, str]:
    """Return for every country code the code under which its land is drawn."""
    return {
        row["country"]: row["polygon"] for row in read_table("places/countries.csv")
    }


def is_inside(country: str, longitude: float, latitude: float) -> bool:
    """Tell whether a point lies in a country, within 0.3 degrees of its coarse border.

    A country that the map does not draw holds every point.
    """
    shape = _shapes()[1].get(polygon_by_country().get(country, country))
    if shape is None:
        return True
    return any(
        shapely.dwithin(shape, shapely.Point(longitude + turn, latitude), COAST_DEGREES)
        for turn in (0, -FULL_TURN, FULL_TURN)
    )


def nearest_country(longitude: float, latitude: float) -> str:
    """Return the country at a point, or the nearest within 0.3 degrees; else empty."""
    point = shapely.Point(longitude, latitude)
    near = [
        (shapely.distance(shape, point), code) for code, shape in _shapes()[1].items()
    ]
    distance, code = min(near)
    return code if distance <= COAST_DEGREES else ""
