"""The waterfall as a picture: six small figures on one scale, then who moved.

Every panel shows how far each stage is from the first, in percent of the first, on one
scale for all: a change of tonnes can be seen against a change of places. No bar starts
at nought, so no bar is cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from mobility.reporting.labels import Labels
from mobility.reporting.svg import Canvas, empty_picture, halo, wrap
from mobility.reporting.waterfall import (
    Moves,
    Waterfall,
    WaterfallStage,
    compare,
    tell_losses,
    write_change,
    write_value,
)

GAP = 20
PANEL_HEIGHT = 262
WORDS_HEIGHT = 70
PLOT_TOP = 90
PLOT_HEIGHT = 130
MARGIN = 18
MOST_STEPS = 5
NARROW = 600
STEPS = tuple(Fraction(percent, 100) for percent in (1, 2, 5, 10, 20, 50, 100))
"""Distances of the dotted lines, in parts of the first stage."""
MORE_IS_BETTER = {
    "placed": 1,
    "mean_rank": -1,
    "emissions": -1,
    "one_way_excess": -1,
    "south_to_north": 1,
    "north_to_south": 0,
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """One scale for all panels: shares of the first stage, in whole steps.

    Parameters
    ----------
    step
        Distance of the dotted lines.
    low, high
        Number of steps below and above the first stage.
    """

    step: Fraction
    low: int
    high: int

    def y(self, share: Fraction) -> float:
        """Return where a share lies in a panel; beyond the scale is its end."""
        steps = max(Fraction(-self.low), min(Fraction(self.high), share / self.step))
        part = (self.high - steps) / (self.high + self.low)
        return PLOT_TOP + MARGIN + float(part) * (PLOT_HEIGHT - 2 * MARGIN)


def draw_waterfall(labels: Labels, waterfall: Waterfall, width: int) -> str:
    """Return the picture, as text."""
    if not waterfall.students or not waterfall.stages:
        return empty_picture(width, labels["empty"])
    measures = waterfall.measures
    columns = len(measures) if width >= NARROW else 2
    panel = (width - GAP * (columns - 1)) / columns
    scale = _find_scale(waterfall)
    height = PANEL_HEIGHT if len(waterfall.stages) > 1 else WORDS_HEIGHT
    canvas = Canvas(width, 0)
    for index, measure in enumerate(measures):
        row, column = divmod(index, columns)
        corner = (column * (panel + GAP), float(row * height))
        canvas.group(transform=f"translate({corner[0]:.1f} {corner[1]:.1f})")
        _Panel(canvas, labels, waterfall, measure, panel, scale).draw()
    y = float(height * -(-len(measures) // columns))
    canvas.group()
    if len(waterfall.stages) > 1:
        y = _note(canvas, labels, waterfall, scale, y)
        y = _draw_moves(canvas, labels, waterfall, y)
    canvas.height = y
    return canvas.write()


def _share(waterfall: Waterfall, measure: str, stage: WaterfallStage) -> Fraction:
    """Return how far a stage is from the first, in parts of the first.

    Where the first is 0, anything else is the whole height: its number tells.
    """
    first, value = waterfall.stages[0].value(measure), stage.value(measure)
    if first is None or value is None or value == first:
        return Fraction(0)
    if first == 0:
        return Fraction(1 if value > 0 else -1) * STEPS[-1]
    return Fraction(value) / Fraction(first) - 1


def _find_scale(waterfall: Waterfall) -> _Scale:
    """Return the finest scale of at most so many steps that holds every change."""
    shares = [Fraction(0)] + [
        _share(waterfall, measure, stage)
        for measure in waterfall.measures
        if waterfall.stages[0].value(measure)
        for stage in waterfall.stages
    ]
    low, high = -min(shares), max(shares)
    for step in STEPS:
        scale = _Scale(step, max(1, ceil(low / step)), max(1, ceil(high / step)))
        if scale.low + scale.high <= MOST_STEPS:
            return scale
    return _Scale(STEPS[-1], 1, MOST_STEPS)


class _Panel:
    """One figure over the stages, at the origin of its group."""

    def __init__(
        self,
        canvas: Canvas,
        labels: Labels,
        waterfall: Waterfall,
        measure: str,
        width: float,
        scale: _Scale,
    ) -> None:
        self.canvas, self.labels, self.waterfall = canvas, labels, waterfall
        self.measure, self.width, self.scale = measure, width, scale
        self.column = width / len(waterfall.stages)

    def draw(self) -> None:
        self._draw_words()
        if len(self.waterfall.stages) > 1:
            self._draw_grid()
            self._draw_steps()
            self._name_stages()

    def _draw_words(self) -> None:
        canvas, labels = self.canvas, self.labels
        last = self.waterfall.stages[-1]
        canvas.text((0, 14), labels[self.measure], 13, "muted")
        value = write_value(labels, self.measure, last.value(self.measure))
        canvas.text((0, 45), value, 28).set("font-weight", "600")
        words = compare(labels, self.waterfall, self.measure)
        for index, line in enumerate(wrap(words, 13, self.width)[:2]):
            text = canvas.text((0, 66 + 17 * index), line, 13, self._judge())
            text.set("font-weight", "500")

    def _judge(self) -> str:
        """Return the colour of the change from the first stage to the last."""
        share = _share(self.waterfall, self.measure, self.waterfall.stages[-1])
        return self._colour(share)

    def _colour(self, change: Fraction) -> str:
        sign = MORE_IS_BETTER[self.measure] * change
        if sign == 0:
            return "muted"
        return "good" if sign > 0 else "amber-text"

    def _draw_grid(self) -> None:
        for steps in range(-self.scale.low, self.scale.high + 1):
            y = self.scale.y(steps * self.scale.step)
            line = self.canvas.line((0, y), (self.width, y), "rule")
            if steps:
                line.set("stroke-dasharray", "1 4")

    def _draw_steps(self) -> None:
        before = Fraction(0)
        for index, stage in enumerate(self.waterfall.stages):
            share = _share(self.waterfall, self.measure, stage)
            left = index * self.column
            y = self.scale.y(share)
            if index:
                self._draw_change(index, before, share)
            inset = 6 if self.column > 30 else 2
            bar = (left + inset, y - 2, self.column - 2 * inset, 4.0)
            self.canvas.rect(bar, "ink").set("rx", "2")
            before = share

    def _draw_change(self, index: int, before: Fraction, share: Fraction) -> None:
        """Draw the block between two levels, and what it stands for in numbers."""
        was = self.scale.y(before)
        now = self.scale.y(share)
        left = index * self.column
        self.canvas.line((left - 6, was), (left + 6, was), "ink", 1)
        if share == before:
            return
        colour = self._colour(share - before).replace("amber-text", "amber")
        top, height = min(was, now), abs(was - now)
        box = (left + 6, top, self.column - 12, height)
        self.canvas.rect(box, "rule" if colour == "muted" else colour)
        text = self._write_change(index)
        beyond = now - 8 if now < was else now + 17
        middle = left + self.column / 2
        halo(self.canvas.text((middle, beyond), text, 12, "ink", "middle"))

    def _write_change(self, index: int) -> str:
        stages = self.waterfall.stages
        was, now = (stages[at].value(self.measure) for at in (index - 1, index))
        change = Fraction(now or 0) - Fraction(was or 0)
        sign = "+" if change > 0 else ""
        return sign + write_change(self.labels, self.waterfall, self.measure, change)

    def _name_stages(self) -> None:
        y = PLOT_TOP + PLOT_HEIGHT + 20
        for index, stage in enumerate(self.waterfall.stages):
            at = ((index + 0.5) * self.column, y)
            self.canvas.text(at, self.labels.name(stage.name), 12, "muted", "middle")


def _note(
    canvas: Canvas, labels: Labels, waterfall: Waterfall, scale: _Scale, y: float
) -> float:
    """Write what the dotted lines are; return where to go on."""
    step = labels.percent(scale.step)
    first = labels.name(waterfall.stages[0].name)
    note = labels.fill("one_scale", step=step, stage=first)
    for line in wrap(note, 12, canvas.width):
        canvas.text((0, y + 4), line, 12, "muted")
        y += 16
    return y + 20


def _draw_moves(
    canvas: Canvas, labels: Labels, waterfall: Waterfall, y: float
) -> float:
    """Draw who moved in each stage, down to the left and up to the right."""
    canvas.line((0, y - 8), (canvas.width, y - 8), "grid")
    y += 16
    text = canvas.text((0, y), tell_losses(labels, waterfall), 16)
    text.set("font-weight", "600")
    largest = max(
        max(
            stage.moves.worse + stage.moves.lost_place,
            stage.moves.better + stage.moves.gained_place,
        )
        for stage in waterfall.stages[1:]
    )
    for stage in waterfall.stages[1:]:
        y = _draw_stage_moves(canvas, labels, stage, max(largest, 1), y)
    return y + 12


def _draw_stage_moves(
    canvas: Canvas, labels: Labels, stage: WaterfallStage, largest: int, y: float
) -> float:
    is_narrow = canvas.width < NARROW
    name = labels.name(stage.name)
    y += 30
    canvas.text((0, y), name, 13, "muted")
    if is_narrow:
        y += 22
    moves = stage.moves
    centre = canvas.width / 2
    reach = centre * (0.9 if is_narrow else 0.36)
    unit = reach / largest
    down = [("worse", "amber"), ("lost_place", "loss")]
    up = [("better", "good"), ("gained_place", "rank-3")]
    for kinds, sign in ((down, -1), (up, 1)):
        x = centre
        for kind, colour in kinds:
            length = getattr(moves, kind) * unit
            if length:
                left = x - length if sign < 0 else x
                canvas.rect((left, y - 12, length, 16), colour)
            x += sign * length
    canvas.line((centre, y - 16), (centre, y + 8), "ink", 1)
    if not moves.total:
        canvas.text((centre + 10, y + 1), labels["nobody_moved"], 13, "muted")
        return y
    return _tell_moves(canvas, labels, stage, unit, y)


def _tell_moves(
    canvas: Canvas, labels: Labels, stage: WaterfallStage, unit: float, y: float
) -> float:
    """Write the numbers: below the bars on a phone, else beside them."""
    moves, centre = stage.moves, canvas.width / 2
    down = _told(labels, moves, ("worse", "lost_place"))
    up = _told(labels, moves, ("better", "gained_place", "same_rank"))
    if canvas.width < NARROW:
        for index in range(max(len(down), len(up))):
            y += 20
            canvas.text((centre - 8, y), _at(down, index), 13, "ink", "end")
            canvas.text((centre + 8, y), _at(up, index), 13)
        return y
    left = centre - (moves.worse + moves.lost_place) * unit - 10
    right = centre + (moves.better + moves.gained_place) * unit + 10
    canvas.text((left, y + 1), ", ".join(down), 13, "ink", "end")
    canvas.text((right, y + 1), ", ".join(up), 13)
    return y


def _told(labels: Labels, moves: Moves, kinds: Iterable[str]) -> list[str]:
    counts = {kind: getattr(moves, kind) for kind in kinds}
    return [
        labels.fill("counted", count=labels.count(count), what=labels[kind])
        for kind, count in counts.items()
        if count
    ]


def _at(texts: list[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""
