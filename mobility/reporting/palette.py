"""Colours of pictures: attributes for paper, classes for pages, and their style sheet.

A mark carries its colour as a presentation attribute (documents, the light page) and a
class whose rule in `static/charts.css` wins wherever the sheet is loaded, dark theme
included. Okabe and Ito's colours, which people with any colour vision tell apart:
North is always blue, South always green.
"""

LIGHT = {
    "ink": "#1b211e",
    "muted": "#59635d",
    "rule": "#b9c2bc",
    "grid": "#d9dfdb",
    "paper": "#ffffff",
    "land": "#e6eae7",
    "north": "#0072b2",
    "south": "#009e73",
    "other": "#7a837d",
    "amber": "#c77700",
    "amber-text": "#8f5200",
    "good": "#1a6b4a",
    "loss": "#b3261e",
    "rank-1": "#0f5a3e",
    "rank-2": "#3d8a68",
    "rank-3": "#7fb59b",
    "rank-4": "#bcd8ca",
    "on-rank-1": "#ffffff",
    "on-rank-2": "#ffffff",
    "on-rank-3": "#1b211e",
    "on-rank-4": "#1b211e",
}

DARK = {
    "ink": "#e8ece9",
    "muted": "#a3ada7",
    "rule": "#59635d",
    "grid": "#333b37",
    "paper": "#151917",
    "land": "#28302c",
    "north": "#2b93d1",
    "south": "#14b486",
    "other": "#98a29c",
    "amber": "#f0a818",
    "amber-text": "#f0a818",
    "good": "#55c595",
    "loss": "#ff8a80",
    "rank-1": "#7fd6b1",
    "rank-2": "#4da583",
    "rank-3": "#2f7259",
    "rank-4": "#23473a",
    "on-rank-1": "#10201a",
    "on-rank-2": "#10201a",
    "on-rank-3": "#ffffff",
    "on-rank-4": "#ffffff",
}

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


def stylesheet() -> str:
    """Return the style sheet of pictures, as `mobility/static/charts.css` holds it."""
    lines = [
        "/* Colours of pictures. Written by mobility.reporting.palette.stylesheet. */",
        _variables(":root", LIGHT),
        "@media (prefers-color-scheme: dark) {",
        _variables('  :root:not([data-bs-theme="light"])', DARK),
        "}",
        _variables('[data-bs-theme="dark"]', DARK),
        ".chart { display: block; inline-size: 100%; block-size: auto; }",
        ".chart text { font-variant-numeric: tabular-nums; }",
    ]
    for name in LIGHT:
        lines.append(f".chart .fill-{name} {{ fill: var(--chart-{name}); }}")
        lines.append(f".chart .line-{name} {{ stroke: var(--chart-{name}); }}")
    return "\n".join(lines) + "\n"


def _variables(selector: str, colours: dict[str, str]) -> str:
    values = " ".join(f"--chart-{name}: {value};" for name, value in colours.items())
    return f"{selector} {{ {values} }}"
