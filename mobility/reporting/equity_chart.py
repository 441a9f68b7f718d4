"""Shares placed as a picture: a point a group, with its interval, on one axis.

The ring is where the group stood after the first stage, where that differs.
"""

from collections.abc import Sequence
from fractions import Fraction

from mobility.reporting.equity import GroupShare
from mobility.reporting.labels import Labels
from mobility.reporting.svg import (
    Canvas,
    empty_picture,
    filled,
    halo,
    stroked,
    text_width,
)
from mobility.reporting.waterfall import scope_name

NARROW = 600
ROW = 30
TICKS = tuple(Fraction(part, 4) for part in range(5))


def draw_equity(labels: Labels, shares: Sequence[GroupShare], width: int) -> str:
    """Return the picture, as text."""
    if not shares:
        return empty_picture(width, labels["empty"])
    is_narrow = width < NARROW
    names = [scope_name(labels, share.scope) for share in shares]
    left = 18.0 if is_narrow else 24 + max(text_width(name, 13) for name in names)
    right = width - 56.0
    row = ROW + 12 if is_narrow else ROW
    bottom = 12 + row * len(shares) + _gaps(shares) * 8
    canvas = Canvas(width, bottom + 48)

    def x(share: Fraction | float) -> float:
        return left + float(share) * (right - left)

    for tick in TICKS:
        canvas.line((x(tick), 4), (x(tick), bottom), "grid")
        text = labels.percent(tick)
        canvas.text((x(tick), bottom + 18), text, 12, "muted", "middle")
    everyone = canvas.line(
        (x(shares[0].share), 4), (x(shares[0].share), bottom), "muted"
    )
    everyone.set("stroke-dasharray", "4 3")
    y, before = 12.0, shares[0].scope.attribute
    for share, name in zip(shares, names, strict=True):
        y += 8 if share.scope.attribute != before else 0
        before = share.scope.attribute
        at = y + row - 14
        name_at = (left, y + 10) if is_narrow else (0.0, at + 4)
        halo(canvas.text(name_at, name, 13))
        _draw_share(canvas, labels, share, (x(0), x(1)), at)
        y += row
    canvas.text((left, bottom + 40), labels["with_interval"], 12, "muted")
    if any(share.wishes_placed != share.placed for share in shares):
        _draw_ring_key(canvas, labels, left, bottom + 60)
    return canvas.write()


def _draw_ring_key(canvas: Canvas, labels: Labels, left: float, y: float) -> None:
    canvas.mark("circle", cx=left + 5, cy=y - 4, r=5, **stroked("other", 1.5))
    canvas.text((left + 18, y), labels["ring"], 12, "muted")
    canvas.height = y + 10


def _gaps(shares: Sequence[GroupShare]) -> int:
    return len({share.scope.attribute for share in shares}) - 1


def _draw_share(
    canvas: Canvas,
    labels: Labels,
    share: GroupShare,
    ends: tuple[float, float],
    y: float,
) -> None:
    zero, whole = ends[0], ends[1] - ends[0]
    low, high = share.interval
    colour = _colour(share)
    line = canvas.line((zero + low * whole, y), (zero + high * whole, y), colour, 6)
    line.attrib |= {"stroke-linecap": "round", "stroke-opacity": "0.35"}
    at = zero + float(share.share) * whole
    if share.wishes_placed != share.placed:
        was = zero + share.wishes_placed / share.students * whole
        canvas.mark("circle", cx=was, cy=y, r=5, **stroked(colour, 1.5))
    canvas.mark("circle", cx=at, cy=y, r=5.5, **filled(colour))
    text = labels.percent(share.share)
    canvas.text((ends[1] + 52, y + 4), text, 13, "ink", "end")


def _colour(share: GroupShare) -> str:
    """Return the block's colour; amber where less than four fifths of the best."""
    if share.scope.attribute == "block" and share.scope.value in {"north", "south"}:
        return share.scope.value
    if share.scope.attribute and not share.is_four_fifths:
        return "amber"
    return "other"
