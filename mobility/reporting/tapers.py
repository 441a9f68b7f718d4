"""Shapes of lanes: great circles, wide at home and narrow at the host, as path data."""

from collections.abc import Sequence
from functools import lru_cache
from math import hypot

from mobility.reporting.projection import Arc, Frame, Place, Point, project

TIP = 0.4
"""Width of a lane at its host, in pixels."""
CURVE_RADIANS = 0.9
"""Length of a way that one curve follows closely, away from the poles."""
POLAR_DEG = 68
POLAR_CURVES = 5
"""Curves for one elsewhere: near a pole a short way crosses much of the map."""

Way = tuple[tuple[float, Point], ...]
"""Points of a piece: the part of the way gone, and where it is, in earth radii."""


Tenths = tuple[int, int]
"""A point in tenths of a pixel."""


@lru_cache(maxsize=8192)
def find_way(home: Place, host: Place) -> tuple[Way, ...]:
    """Return a great circle on the map, in one piece or two, four points a curve."""
    arc = Arc(home, host)
    return tuple(_follow(arc, start, end) for start, end in arc.pieces())


def _follow(arc: Arc, start: float, end: float) -> Way:
    length = end - start
    curves = max(1, round(arc.angle * length / CURVE_RADIANS))
    highest = max(abs(arc.at(start + length * at / 6)[1]) for at in range(7))
    if highest > POLAR_DEG:
        curves *= POLAR_CURVES
    steps = 3 * curves
    parts = [start + length * at / steps for at in range(steps + 1)]
    return tuple((part, project(*arc.at(part))) for part in parts)


def draw_taper(frame: Frame, home: Place, host: Place, width: float) -> str:
    """Return a lane's outline, in whole tenths of a pixel.

    It lies on the right of the way, as on a road: there and back both stay visible.

    Parameters
    ----------
    width
        At its home, in pixels.
    """
    return "".join(_outline(frame, way, width) for way in find_way(home, host))


def _outline(frame: Frame, way: Way, width: float) -> str:
    left = [frame.scaled(point) for _, point in way]
    widths = [width + (TIP - width) * part for part, _ in way]
    right = _beside(left, widths)[::-1]
    start, turn = _tenths(left[0]), _tenths(right[0])
    there, end = _curves(left)
    return f"M{start[0]} {start[1]}c{there}l{_steps(end, turn)}c{_curves(right)[0]}z"


def _beside(points: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """Return points so far to the right of a way."""
    last = len(points) - 1
    found = []
    for index, (x, y) in enumerate(points):
        x1, y1 = points[max(0, index - 1)]
        x2, y2 = points[min(last, index + 1)]
        far = widths[index] / (hypot(x2 - x1, y2 - y1) or 1.0)
        found.append((x + (y1 - y2) * far, y + (x2 - x1) * far))
    return found


def _curves(points: Sequence[Point]) -> tuple[str, Tenths]:
    """Return cubic curves through all points, three of them each after the first.

    Each number counts from where its curve begins: a page with the map holds hundreds
    of lanes, and short numbers are half of its bytes.
    """
    text, begin = [], _tenths(points[0])
    for at in range(0, len(points) - 1, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[at : at + 4]
        first = (
            (-5 * x0 + 18 * x1 - 9 * x2 + 2 * x3) / 6,
            (-5 * y0 + 18 * y1 - 9 * y2 + 2 * y3) / 6,
        )
        second = (
            (2 * x0 - 9 * x1 + 18 * x2 - 5 * x3) / 6,
            (2 * y0 - 9 * y1 + 18 * y2 - 5 * y3) / 6,
        )
        end = _tenths((x3, y3))
        text.append(_steps(begin, _tenths(first), _tenths(second), end))
        begin = end
    return " ".join(text).replace(" -", "-"), begin


def _tenths(point: Point) -> Tenths:
    return round(10 * point[0]), round(10 * point[1])


def _steps(begin: Tenths, *points: Tenths) -> str:
    steps = (f"{x - begin[0]} {y - begin[1]}" for x, y in points)
    return " ".join(steps).replace(" -", "-")
