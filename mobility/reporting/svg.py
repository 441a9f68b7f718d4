"""Drawing in SVG: marks with a class and a colour, the same bytes for the same marks.

Imported by charts. No style attribute, no script, no id (two pictures may stand on one
page), no title: the table beside the picture says what it shows, the picture itself is
hidden from readers of the page's text.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from mobility.reporting.palette import FONT, LIGHT

SVG = "http://www.w3.org/2000/svg"
CHARACTER_WIDTH = 0.54
"""Mean width of a character of a sans-serif face, in parts of its size."""

Value = str | int | float


def number(value: float) -> str:
    """Return a coordinate to a tenth of a pixel, as short as it goes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is, in pixels."""
    return len(text) * size * CHARACTER_WIDTH


def wrap(text: str, size: float, width: float) -> list[str]:
    """Return the lines of a text that is to be about so wide."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Canvas:
    """A picture in the making; `height` may be set when it is known."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.root = Element("svg", xmlns=SVG)
        self._parent = self.root

    def mark(self, tag: str, **attributes: Value) -> Element:
        """Add an element; names with _ become names with -."""
        values = {
            key.rstrip("_").replace("_", "-"): _to_text(value)
            for key, value in attributes.items()
        }
        return SubElement(self._parent, tag, values)

    def group(self, **attributes: Value) -> None:
        """Begin a group, beside the one before: what is added next goes into it."""
        self._parent = self.root
        self._parent = self.mark("g", **attributes)

    def rect(self, box: tuple[float, float, float, float], fill: str) -> Element:
        """Add a rectangle (x, y, width, height)."""
        x, y, width, height = box
        return self.mark("rect", x=x, y=y, width=width, height=height, **filled(fill))

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        stroke: str,
        width: float = 1,
    ) -> Element:
        """Add a straight line."""
        (x1, y1), (x2, y2) = start, end
        ends: dict[str, Value] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        return self.mark("line", **ends, **stroked(stroke, width))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float = 12,
        fill: str = "ink",
        anchor: str = "start",
    ) -> Element:
        """Add a line of text; `at` is its baseline's start, middle or end."""
        attributes: dict[str, Value] = {"x": at[0], "y": at[1], "font_size": size}
        if anchor != "start":
            attributes["text_anchor"] = anchor
        element = self.mark("text", **attributes, **filled(fill))
        element.text = text
        return element

    def write(self) -> str:
        """Return the picture."""
        width, height = number(self.width), number(self.height)
        self.root.attrib |= {
            "class": "chart",
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "direction": "ltr",
            "font-family": FONT,
            "aria-hidden": "true",
            "focusable": "false",
        }
        return tostring(self.root, encoding="unicode")


def filled(colour: str) -> dict[str, Value]:
    """Return the attributes of a filled mark."""
    return {"class_": f"fill-{colour}", "fill": LIGHT[colour]}


def stroked(colour: str, width: float) -> dict[str, Value]:
    """Return the attributes of a drawn line."""
    values: dict[str, Value] = {"class_": f"line-{colour}", "stroke": LIGHT[colour]}
    return values | {"stroke_width": width, "fill": "none"}


def halo(text: Element) -> Element:
    """Set a text off from what lies under it; return it."""
    text.set("class", f"{text.get('class')} line-paper")
    text.attrib |= {
        "stroke": LIGHT["paper"],
        "stroke-width": "3",
        "stroke-linejoin": "round",
        "paint-order": "stroke",
    }
    return text


def _to_text(value: Value) -> str:
    return value if isinstance(value, str) else number(value)


def empty_picture(width: float, text: str) -> str:
    """Return the picture of nothing: a calm frame that says why it is empty."""
    canvas = Canvas(width, 120)
    frame = canvas.mark(
        "rect", x=1, y=1, width=width - 2, height=118, rx=8, **stroked("rule", 1)
    )
    frame.set("stroke-dasharray", "4 4")
    lines = wrap(text, 14, width - 48)
    for index, line in enumerate(lines):
        y = 65 + 20 * (index - (len(lines) - 1) / 2)
        canvas.text((width / 2, y), line, 14, "muted", "middle")
    return canvas.write()
