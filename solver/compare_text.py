"""Comparisons and frontiers as tables to read."""

from collections.abc import Iterator
from typing import Any

from solver.compare import name_row

Row = dict[str, Any]

HEADS = (
    "row",
    "stage",
    "placed",
    "mean rank",
    "first",
    "tonnes",
    "one-way",
    "S to N",
    "N to S",
    "worse",
    "lost",
    "envy",
    "wasted",
    "Gini",
    "proof",
)


def to_text(table: Row) -> str:
    """Return the table; numbers stand right, a row that does not apply says why."""
    lines = [HEADS, *(line for row in table["rows"] for line in _lines(row))]
    widths = [
        max(len(line[k]) for line in lines if len(line) > k) for k in range(len(HEADS))
    ]
    text = [_align(line, widths) for line in lines]
    text += [_say_why(row) for row in table["rows"] if row["reasons"]]
    return "\n".join(text) + "\n"


def frontier_to_text(found: Row) -> str:
    """Return a frontier: a line per segment, with the price where the next begins."""
    heads = ("rates", "placed", "mean rank", "tonnes", "one-way", "next at", "saves")
    lines = [heads]
    breakpoints = [*found["breakpoints"], None]
    for segment, following in zip(found["segments"], breakpoints, strict=True):
        mean = segment["rank_total"] / max(segment["placed"], 1)
        lines.append(
            (
                f"{segment['from']}-{segment['to']}",
                str(segment["placed"]),
                f"{mean:.3f}",
                f"{segment['emissions_g'] / 1e6:.3f}",
                str(segment["one_way_excess"]),
                *_describe_next(following, found["weight"]),
            )
        )
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    rows = [
        "  ".join(word.rjust(width) for word, width in zip(line, widths, strict=True))
        for line in lines
    ]
    if not found["is_complete"]:
        within = found["within_msteps"] / 1000
        rows.append(
            f"rates between were not solved; none is better by more than {within:.3f} "
            "rank steps (--solves N tries more)"
        )
    return "\n".join(rows) + "\n"


def _describe_next(following: Row | None, weight: str) -> tuple[str, str]:
    if following is None or following["rate"] is None:
        return "-", "-"
    numerator, denominator = following["rate"]
    saves = following["saves"]
    unit = f"{saves / 1e6:.3f} t" if weight == "carbon_per_tonne" else f"{saves} places"
    return f"{numerator / denominator:.1f}", unit


def _say_why(row: Row) -> str:
    """Return the first reason, and how many more the file holds."""
    first, *others = row["reasons"]
    more = f" (and {len(others)} more reasons in the file)" if others else ""
    return f"{name_row(row)}: {first}{more}"


def _align(line: tuple[str, ...], widths: list[int]) -> str:
    words = line[:2], line[2:]
    left = [word.ljust(width) for word, width in zip(words[0], widths, strict=False)]
    right = [
        word.rjust(width) for word, width in zip(words[1], widths[2:], strict=False)
    ]
    return "  ".join([*left, *right]).rstrip()


def _lines(row: Row) -> Iterator[tuple[str, ...]]:
    name = name_row(row)
    if not row["stages"]:
        yield (name, row["status"])
    for stage in row["stages"]:
        metrics, figures = stage["metrics"], stage["figures"]
        mean = figures["mean_rank"]
        gini = figures["benefit"]["gini_millionths"]
        yield (
            name,
            stage["name"],
            f"{metrics['placed']}/{metrics['students']}",
            f"{mean[0] / mean[1]:.3f}" if mean else "-",
            str(metrics["rank_profile"].get("1", 0)),
            f"{metrics['emissions_g'] / 1e6:.1f}",
            str(metrics["one_way_excess"]),
            str(metrics["south_to_north"]),
            str(metrics["north_to_south"]),
            str(metrics["moves"]["worse"]),
            str(metrics["moves"]["lost_place"]),
            str(figures["envy"]["justified_envy"]),
            str(figures["envy"]["wasted_places"]),
            "-" if gini is None else f"{gini / 1e6:.3f}",
            _describe_proof(row),
        )


def _describe_proof(row: Row) -> str:
    if row["is_verified"] is None:
        return "-"
    if not row["is_verified"]:
        return "refused"
    gap = row["gap_msteps"]
    return row["status"] if not gap else f"within {gap / 1000:.3f}"
