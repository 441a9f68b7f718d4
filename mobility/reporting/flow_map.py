"""The flow map: who travels where, drawn so that the direction can be seen.

A lane is a great circle, as wide at its home as it has students and thin at its host.
Blue is from the North, green from the South, amber from North to South with nobody
coming back. Lanes lie over each other by colour, the widest below.
"""

from collections.abc import Iterable, Sequence
from math import hypot

from mobility.reporting.labels import Labels
from mobility.reporting.lanes import Lane
from mobility.reporting.projection import Arc, Frame, Point, draw_land
from mobility.reporting.svg import (
    Canvas,
    empty_picture,
    filled,
    number,
    text_width,
)

NARROW = 600
KINDS = ("other", "north", "south", "amber")
"""Colours of lanes, in the order they are drawn."""
OPACITY = {"other": "0.35", "north": "0.42", "south": "0.5", "amber": "0.72"}
WORDS = {
    "other": "from_other",
    "north": "from_north",
    "south": "from_south",
    "amber": "from_north_alone",
}
TIP = 0.4
"""Width of a lane at its host, in pixels."""
CURVE_RADIANS = 0.9
POLAR_DEG = 68


def draw_flow_map(labels: Labels, lanes: Sequence[Lane], width: int) -> str:
    """Return the picture, as text."""
    if not lanes:
        return empty_picture(width, labels["empty_lanes"])
    frame = Frame(width)
    canvas = Canvas(width, 0)
    canvas.mark("path", d=draw_land(width), transform="scale(0.1)", **filled("land"))
    unit = _unit(lanes, width)
    for kind in KINDS:
        chosen = [lane for lane in lanes if _kind(lane) == kind]
        if chosen:
            _draw_lanes(canvas, frame, chosen, kind, unit)
    _draw_schools(canvas, frame, lanes)
    canvas.group()
    kinds = [kind for kind in KINDS[::-1] if any(_kind(x) == kind for x in lanes)]
    canvas.height = _draw_key(canvas, labels, lanes, kinds, unit, frame.height)
    return canvas.write()


def _unit(lanes: Iterable[Lane], width: int) -> float:
    """Return pixels per student: wide lanes stay lanes, single students visible."""
    most = max(lane.out for lane in lanes)
    largest = 8.0 if width >= NARROW else 3.8
    return min(largest / most, largest / 3)


def _kind(lane: Lane) -> str:
    if lane.is_alone:
        return "amber"
    return lane.home.block if lane.home.block in KINDS else "other"


def _draw_lanes(
    canvas: Canvas, frame: Frame, lanes: list[Lane], kind: str, unit: float
) -> None:
    canvas.group(**filled(kind), opacity=OPACITY[kind])
    for lane in sorted(lanes, key=lambda lane: -lane.out):
        home = (lane.home.latitude_udeg, lane.home.longitude_udeg)
        host = (lane.host.latitude_udeg, lane.host.longitude_udeg)
        arc = Arc(home, host)
        data = "".join(
            _taper(frame, arc, piece, lane.out * unit) for piece in arc.pieces()
        )
        if data:
            canvas.mark("path", d=data)


def _taper(frame: Frame, arc: Arc, piece: tuple[float, float], width: float) -> str:
    """Return the outline of a piece of a lane: two smooth sides.

    It lies on the right of the way, as on a road: there and back both stay visible.
    """
    start, end = piece
    knots = _count_knots(arc, start, end)
    parts = [start + (end - start) * at / (3 * knots) for at in range(3 * knots + 1)]
    points = [frame.point(*arc.at(part)) for part in parts]
    normals = _normals(points)
    widths = [width + (TIP - width) * part for part in parts]
    left = list(points)
    right = _offset(points, normals, widths)[::-1]
    return f"M{_pair(left[0])}{_curves(left)}L{_pair(right[0])}{_curves(right)}Z"


def _count_knots(arc: Arc, start: float, end: float) -> int:
    """Return how many curves a piece is drawn with: more near the pole, where it bends.

    Near the pole a way of few kilometres crosses much of the map.
    """
    coarse = max(1, round(arc.angle * (end - start) / CURVE_RADIANS))
    middles = (start + (end - start) * at / 8 for at in range(9))
    highest = max(abs(arc.at(part)[1]) for part in middles)
    return coarse * (5 if highest > POLAR_DEG else 1)


def _normals(points: Sequence[Point]) -> list[Point]:
    last = len(points) - 1
    found = []
    for index in range(len(points)):
        x1, y1 = points[max(0, index - 1)]
        x2, y2 = points[min(last, index + 1)]
        length = hypot(x2 - x1, y2 - y1) or 1.0
        found.append(((y1 - y2) / length, (x2 - x1) / length))
    return found


def _offset(
    points: Sequence[Point], normals: Sequence[Point], by: Sequence[float]
) -> list[Point]:
    rows = zip(points, normals, by, strict=True)
    return [(x + nx * far, y + ny * far) for (x, y), (nx, ny), far in rows]


def _curves(points: Sequence[Point]) -> str:
    """Return cubic curves through every third point and near those between."""
    text = []
    for at in range(0, len(points) - 1, 3):
        p0, p1, p2, p3 = points[at : at + 4]
        first = _mix((-5, 18, -9, 2), (p0, p1, p2, p3))
        second = _mix((2, -9, 18, -5), (p0, p1, p2, p3))
        text.append(f"C{_pair(first)} {_pair(second)} {_pair(p3)}")
    return "".join(text)


def _mix(weights: Sequence[int], points: Sequence[Point]) -> Point:
    pairs = list(zip(weights, points, strict=True))
    return (
        sum(weight * point[0] for weight, point in pairs) / 6,
        sum(weight * point[1] for weight, point in pairs) / 6,
    )


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _draw_schools(canvas: Canvas, frame: Frame, lanes: Sequence[Lane]) -> None:
    """Draw a point for each university that sends or receives."""
    schools = {school.hei_id: school for x in lanes for school in (x.home, x.host)}
    radius = 2.6 if canvas.width >= NARROW else 1.6
    for kind in KINDS[:3]:
        canvas.group(**filled(kind), stroke_width=0.8)
        for _, school in sorted(schools.items()):
            if (school.block or "other") == kind:
                x, y = frame.place((school.latitude_udeg, school.longitude_udeg))
                canvas.mark("circle", cx=x, cy=y, r=radius)


def _draw_key(
    canvas: Canvas,
    labels: Labels,
    lanes: Sequence[Lane],
    kinds: Sequence[str],
    unit: float,
    y: float,
) -> float:
    """Draw what colour, taper and width mean; return the picture's height."""
    x, y = 0.0, y + 24
    for kind in kinds:
        count = sum(lane.out for lane in lanes if _kind(lane) == kind)
        told = labels.fill(
            "key_lane", name=labels[WORDS[kind]], count=labels.count(count)
        )
        wide = 52 + text_width(told, 13) + 20
        if x and x + wide > canvas.width:
            x, y = 0.0, y + 24
        _draw_sample(canvas, (x, y - 4), kind, 7)
        canvas.text((x + 52, y), told, 13)
        x += wide
    y += 26
    canvas.text((0, y), labels["key_taper"], 12, "muted")
    return _draw_widths(canvas, labels, max(lane.out for lane in lanes), unit, y)


def _draw_widths(
    canvas: Canvas, labels: Labels, most: int, unit: float, y: float
) -> float:
    """Draw how wide lanes of one student and of the most are."""
    x = text_width(labels["key_taper"], 12) + 28
    if x + 240 > canvas.width:
        x, y = 0.0, y + 24
    for count in sorted({1, most}):
        _draw_sample(canvas, (x, y - 4), "other", count * unit)
        told = labels.fill("key_width", count=labels.count(count))
        canvas.text((x + 52, y), told, 12, "muted")
        x += 52 + text_width(told, 12) + 16
    return y + 12


def _draw_sample(canvas: Canvas, at: Point, kind: str, width: float) -> None:
    x, y = at
    outline = f"M{number(x)} {number(y - width / 2)}L{number(x + 44)} {number(y)}"
    outline += f"L{number(x)} {number(y + width / 2)}Z"
    canvas.mark("path", d=outline, **filled(kind))
