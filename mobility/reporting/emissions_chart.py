"""The distribution of journeys' emissions: bars now, a line for the first stage."""

from mobility.reporting.emissions import BIN_G, Distribution
from mobility.reporting.labels import GRAMS_PER_TONNE, Labels
from mobility.reporting.svg import Canvas, empty_picture, halo, number, stroked

NARROW = 600
TOP = 46
ROOMY, TIGHT = 200, 140
MOST_TICKS = 10


def draw_emissions(labels: Labels, spread: Distribution | None, width: int) -> str:
    """Return the picture, as text."""
    if spread is None:
        return empty_picture(width, labels["empty_journeys"])
    return _Histogram(labels, spread, width).draw()


class _Histogram:
    """One picture: where a bin and a count lie in it."""

    def __init__(self, labels: Labels, spread: Distribution, width: int) -> None:
        self.labels, self.spread = labels, spread
        height = ROOMY if width >= NARROW else TIGHT
        self.left, self.bottom = 36.0, float(TOP + height)
        self.canvas = Canvas(width, self.bottom + 66)
        self.bin_width = (width - self.left - 8) / len(spread.last)
        self.largest = max(*spread.first, *spread.last)
        self.unit = height / self.largest

    def draw(self) -> str:
        self._draw_grid()
        for index, count in enumerate(self.spread.last):
            if count:
                top = self.bottom - count * self.unit
                left = self.left + index * self.bin_width
                box = (left + 1, top, self.bin_width - 2, count * self.unit)
                self.canvas.rect(box, "rank-3")
        if self.spread.first_stage != self.spread.last_stage:
            self._draw_first()
        self.canvas.line(
            (self.left, self.bottom), (self.canvas.width, self.bottom), "rule"
        )
        self._mark(self.spread.median_g, "median", 34)
        self._mark(self.spread.p90_g, "p90", 14)
        self._draw_axis()
        self._draw_key()
        return self.canvas.write()

    def _x(self, grams: int) -> float:
        return self.left + grams / BIN_G * self.bin_width

    def _draw_grid(self) -> None:
        step = _round_step(self.largest)
        for count in range(0, self.largest + 1, step):
            y = self.bottom - count * self.unit
            text = self.labels.count(count)
            self.canvas.text((self.left - 8, y + 4), text, 12, "muted", "end")
            if count:
                self.canvas.line((self.left, y), (self.canvas.width, y), "grid")

    def _draw_first(self) -> None:
        """Draw the first stage as an outline over the bars."""
        points = [f"M{number(self.left)} {number(self.bottom)}"]
        for index, count in enumerate(self.spread.first):
            x, y = self.left + index * self.bin_width, self.bottom - count * self.unit
            points.append(f"V{number(y)}H{number(x + self.bin_width)}")
        points.append(f"V{number(self.bottom)}")
        self.canvas.mark("path", d="".join(points), **stroked("ink", 1.5))

    def _mark(self, grams: int, key: str, y: float) -> None:
        """Mark a percentile with a line from its words to the axis."""
        x = self._x(grams)
        line = self.canvas.line((x, y - 10), (x, self.bottom), "muted", 1.5)
        line.set("stroke-dasharray", "4 3")
        tonnes = self.labels.tonnes(grams)
        text = self.labels.fill(key, tonnes=tonnes)
        is_right = x > self.canvas.width * 0.6
        at = (x - 6 if is_right else x + 6, y)
        halo(self.canvas.text(at, text, 13, "ink", "end" if is_right else "start"))

    def _draw_axis(self) -> None:
        last = len(self.spread.last) * BIN_G // GRAMS_PER_TONNE
        for tonnes in range(0, last + 1, -(-(last + 1) // MOST_TICKS)):
            at = (self._x(tonnes * GRAMS_PER_TONNE), self.bottom + 17)
            self.canvas.text(at, self.labels.count(tonnes), 12, "muted", "middle")
        at = (self.left, self.bottom + 36)
        self.canvas.text(at, self.labels["per_journey"], 12, "muted")

    def _draw_key(self) -> None:
        y, spread = self.bottom + 58, self.spread
        self.canvas.rect((self.left, y - 11, 13, 13), "rank-3")
        self.canvas.text((self.left + 20, y), self.labels.name(spread.last_stage), 13)
        if spread.first_stage != spread.last_stage:
            x = self.left + 130
            self.canvas.line((x, y - 4), (x + 18, y - 4), "ink", 1.5)
            self.canvas.text((x + 25, y), self.labels.name(spread.first_stage), 13)


def _round_step(largest: int) -> int:
    """Return a round distance of about four grid lines."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if largest <= 4 * step:
                return step
        power *= 10
