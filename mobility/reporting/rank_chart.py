"""The rank profile as a picture: a bar a stage, all students, first choices first."""

from collections.abc import Sequence

from mobility.reporting.labels import Labels
from mobility.reporting.ranks import RankProfile
from mobility.reporting.svg import Canvas, empty_picture, filled, stroked, text_width

NARROW = 600
SHADES = 4
"""Ranks with a shade of their own; later ones share the last."""
HEIGHT = 34


def draw_ranks(labels: Labels, profiles: Sequence[RankProfile], width: int) -> str:
    """Return the picture, as text."""
    if not profiles or not profiles[0].students:
        return empty_picture(width, labels["empty"])
    is_narrow = width < NARROW
    left = 0.0 if is_narrow else _name_width(labels, profiles)
    canvas = Canvas(width, 0)
    y = 0.0
    for profile in profiles:
        name = labels.name(profile.stage)
        if is_narrow:
            canvas.text((0, y + 14), name, 13, "muted")
            y += 22
        else:
            canvas.text((0, y + 22), name, 13, "muted")
        _draw_bar(canvas, labels, profile, left, y)
        y += HEIGHT + 10
    canvas.height = _draw_key(canvas, labels, profiles[0], left, y)
    return canvas.write()


def _name_width(labels: Labels, profiles: Sequence[RankProfile]) -> float:
    return 20 + max(text_width(labels.name(each.stage), 13) for each in profiles)


def _parts(profile: RankProfile) -> list[int]:
    """Return the counts of the shades: later ranks together."""
    counts = list(profile.counts[: SHADES - 1])
    later = profile.counts[SHADES - 1 :]
    return [*counts, sum(later)] if later else counts


def _draw_bar(
    canvas: Canvas, labels: Labels, profile: RankProfile, left: float, y: float
) -> None:
    unit = (canvas.width - left) / profile.students
    x = left
    for shade, count in enumerate(_parts(profile), start=1):
        wide = count * unit
        if count:
            canvas.rect((x, y, max(wide - 1, 0.5), HEIGHT), f"rank-{shade}")
            _write(canvas, labels.count(count), (x, wide, y), f"on-rank-{shade}")
        x += wide
    wide = profile.unplaced * unit
    if profile.unplaced:
        frame = canvas.mark(
            "rect",
            x=x + 0.5,
            y=y + 0.5,
            width=max(wide - 1, 0.5),
            height=HEIGHT - 1,
            **stroked("muted", 1),
        )
        frame.set("stroke-dasharray", "3 3")
        _write(canvas, labels.count(profile.unplaced), (x, wide, y), "ink")


def _write(
    canvas: Canvas, text: str, at: tuple[float, float, float], fill: str
) -> None:
    """Write a count into its part of the bar, where there is room."""
    x, wide, y = at
    if text_width(text, 14) + 8 <= wide:
        words = canvas.text((x + wide / 2, y + 22), text, 14, fill, "middle")
        words.set("font-weight", "600")


def _draw_key(
    canvas: Canvas, labels: Labels, profile: RankProfile, left: float, y: float
) -> float:
    x = left
    parts = _parts(profile)
    y += 16
    for shade in range(1, len(parts) + 2):
        is_last = shade == len(parts)
        key = "choice"
        if is_last and len(profile.counts) > len(parts):
            key = "choice_or_later"
        told = labels.fill(key, rank=labels.count(shade))
        if shade > len(parts):
            told = labels["unplaced"]
        wide = 20 + text_width(told, 13) + 16
        if x > left and x + wide > canvas.width:
            x, y = left, y + 22
        sample: dict[str, float] = {"x": x, "y": y - 11, "width": 13, "height": 13}
        if shade > len(parts):
            mark = canvas.mark("rect", **sample, **stroked("muted", 1))
            mark.set("stroke-dasharray", "3 3")
        else:
            canvas.mark("rect", **sample, **filled(f"rank-{shade}"))
        canvas.text((x + 20, y), told, 13)
        x += wide
    return y + 10
