"""The flow map: who travels where, drawn so that the direction can be seen.

A lane is a great circle, as wide at its home as it has students and thin at its host.
Blue is from the North, green from the South, amber from North to South with nobody
coming back. Lanes lie over each other by colour, the widest below.
"""

from collections.abc import Iterable, Sequence

from mobility.reporting.labels import Labels
from mobility.reporting.lanes import Lane
from mobility.reporting.projection import Frame, Point, draw_land
from mobility.reporting.svg import (
    Canvas,
    empty_picture,
    filled,
    number,
    text_width,
)
from mobility.reporting.tapers import draw_taper

NARROW = 600
KINDS = ("other", "north", "south", "amber")
"""Colours of lanes, in the order they are drawn."""
TENTHS = "scale(0.1)"
"""Lanes are in whole tenths of a pixel: shorter to write than decimals."""
OPACITY = {"other": "0.35", "north": "0.42", "south": "0.5", "amber": "0.72"}
WORDS = {
    "other": "from_other",
    "north": "from_north",
    "south": "from_south",
    "amber": "from_north_alone",
}


def draw_flow_map(labels: Labels, lanes: Sequence[Lane], width: int) -> str:
    """Return the picture, as text."""
    if not lanes:
        return empty_picture(width, labels["empty_lanes"])
    frame = Frame(width)
    canvas = Canvas(width, 0)
    canvas.mark("path", d=draw_land(width), transform="scale(0.5)", **filled("land"))
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
    canvas.group(**filled(kind), opacity=OPACITY[kind], transform=TENTHS)
    for lane in sorted(lanes, key=lambda lane: -lane.out):
        home = (lane.home.latitude_udeg, lane.home.longitude_udeg)
        host = (lane.host.latitude_udeg, lane.host.longitude_udeg)
        canvas.mark("path", d=draw_taper(frame, home, host, lane.out * unit))


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
