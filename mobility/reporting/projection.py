"""The map's projection and the shortest ways on it. Pure.

Equal Earth (Savric, Patterson, Jenny 2018, International Journal of Geographical
Information Science 33:3): no continent is shown larger than it is. The map's middle is
a little east of Greenwich, so that its edge cuts through the Bering Strait.
"""

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import acos, asin, atan2, cos, degrees, pi, radians, sin, sqrt

from mobility.carbon.assets import read_compressed

MIDDLE_DEG = 11.5
NORTHERNMOST, SOUTHERNMOST = 90, -57
EDGE = 1e-6
"""Part of a way left out on both sides of the map's edge."""
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
HALF_ROOT_3 = sqrt(3) / 2

Point = tuple[float, float]
Place = tuple[int, int]
"""Latitude and longitude in millionths of a degree."""


def project(longitude: float, latitude: float) -> Point:
    """Return x and y of a point, in earth radii, y to the south.

    Parameters
    ----------
    longitude, latitude
        Degrees; the longitude counts from the map's middle, -180 to 180.
    """
    theta = asin(HALF_ROOT_3 * sin(radians(latitude)))
    square = theta * theta
    sixth = square * square * square
    y = theta * (A1 + A2 * square + sixth * (A3 + A4 * square))
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    x = radians(longitude) * cos(theta) / (HALF_ROOT_3 * slope)
    return x, -y


WIDTH = 2 * project(180, 0)[0]
TOP, BOTTOM = project(0, NORTHERNMOST)[1], project(0, SOUTHERNMOST)[1]


class Frame:
    """The map at a width in pixels."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.scale = width / WIDTH
        self.height = (BOTTOM - TOP) * self.scale

    def point(self, longitude: float, latitude: float) -> Point:
        """Return pixels of a point; the longitude counts from the map's middle."""
        return self.scaled(project(longitude, latitude))

    def scaled(self, point: Point) -> Point:
        """Return pixels of a projected point."""
        return self.width / 2 + point[0] * self.scale, (point[1] - TOP) * self.scale

    def place(self, place: Place) -> Point:
        """Return pixels of a place."""
        return self.point(*_turned(place))


def _turned(place: Place) -> Point:
    """Return longitude from the map's middle, and latitude, in degrees."""
    longitude = (place[1] / 1_000_000 - MIDDLE_DEG + 180) % 360 - 180
    return longitude, place[0] / 1_000_000


class Arc:
    """The shortest way between two places, as a function of the part gone."""

    def __init__(self, home: Place, host: Place) -> None:
        self._home, self._host = _to_vector(_turned(home)), _to_vector(_turned(host))
        dot = sum(a * b for a, b in zip(self._home, self._host, strict=True))
        self.angle = acos(max(-1.0, min(1.0, dot)))

    def at(self, part: float) -> Point:
        """Return longitude from the map's middle, and latitude, in degrees."""
        if self.angle in {0.0, pi}:
            return _to_degrees(self._home)
        near = sin((1 - part) * self.angle) / sin(self.angle)
        far = sin(part * self.angle) / sin(self.angle)
        pairs = zip(self._home, self._host, strict=True)
        return _to_degrees([near * a + far * b for a, b in pairs])

    def pieces(self) -> list[tuple[float, float]]:
        """Return the parts of the way between the map's edges: one piece, or two.

        The shortest way turns less than half around the pole, always to one side: it
        leaves the map exactly where its ends are further apart than that.
        """
        start, end = _to_degrees(self._home)[0], _to_degrees(self._host)[0]
        if abs(end - start) <= 180:
            return [(0.0, 1.0)]
        edge = self._find_edge(start, eastward=start > end)
        return [(0.0, edge - EDGE), (edge + EDGE, 1.0)]

    def _find_edge(self, start: float, *, eastward: bool) -> float:
        """Return the part gone where the way leaves the map."""
        sign = 1 if eastward else -1
        to_edge = 180 - sign * start
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            if sign * (self.at(middle)[0] - start) % 360 < to_edge:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def _to_vector(point: Point) -> Sequence[float]:
    longitude, latitude = radians(point[0]), radians(point[1])
    return (
        cos(latitude) * cos(longitude),
        cos(latitude) * sin(longitude),
        sin(latitude),
    )


def _to_degrees(vector: Sequence[float]) -> Point:
    x, y, z = vector
    return degrees(atan2(y, x)), degrees(atan2(z, sqrt(x * x + y * y)))


@cache
def read_rings() -> tuple[tuple[Point, ...], ...]:
    """Return the land's rings in degrees, longitudes from the map's middle."""
    value = json.loads(read_compressed("map/land.json.gz"))
    unit = value["unit_per_degree"]
    rings = []
    for flat in value["rings"]:
        x = y = 0
        ring = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x / unit, y / unit))
        rings.append(tuple(ring))
    return tuple(rings)


@cache
def draw_land(width: int) -> str:
    """Return the land as path data, in whole half pixels; small dents dropped."""
    frame = Frame(width)
    parts = []
    for ring in read_rings():
        points = [frame.point(*point) for point in ring]
        halves = [(round(2 * x), round(2 * y)) for x, y in points]
        parts.append(_relative(_thin(halves)))
    return "".join(part for part in parts if part)


def _thin(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the points that are a pixel and more from the one kept before."""
    kept = points[:1]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 2:
            kept.append((x, y))
    return kept


def _relative(points: list[tuple[int, int]]) -> str:
    if len(points) < 3:
        return ""
    text = f"M{points[0][0]} {points[0][1]}l"
    steps = []
    for (x1, y1), (x2, y2) in pairwise(points):
        steps.append(f"{x2 - x1} {y2 - y1}")
    return text + " ".join(steps).replace(" -", "-") + "z"
