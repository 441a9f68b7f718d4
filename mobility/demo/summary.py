"""What the demo tells at its end: all of it read from the stored result."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table

from mobility.demo.world import NOTICE
from mobility.reading.published import PublishedRun

BLOCKS = ("north", "south")
FIGURES = {
    "one-way excess, carried included": "one_way_excess",
    "South to North": "south_to_north",
    "North to South": "north_to_south",
}
MOVES = {"moved to a worse choice": "worse", "moved to a better choice": "better"}
EQUITY = (
    "Equity: how many rank steps more a benefit step of each group counted (price),\n"
    "and what the group lacks after each stage, in benefit steps x students"
)
LINE_WIDTH = 100


def to_json(run: PublishedRun) -> dict[str, object]:
    """Return the summary as programs read it; the top level is the last stage's."""
    last = run.result["stages"][-1]["metrics"]
    return {
        "students": last["students"],
        "places": _count_places(run),
        "placed": last["placed"],
        "rank_profile": last["rank_profile"],
        "stages": [
            {
                "name": stage["name"],
                "placed": stage["metrics"]["placed"],
                "emissions_g": stage["metrics"]["emissions_g"],
                "one_way": stage["metrics"]["one_way_excess"],
                "south_to_north": stage["metrics"]["south_to_north"],
                "north_to_south": stage["metrics"]["north_to_south"],
                "lost_place": stage["metrics"]["moves"]["lost_place"],
            }
            for stage in run.result["stages"]
        ],
        "status": run.status,
        "gap_msteps": run.gap_msteps,
        "verified": run.verdict == "verified",
        "snapshot_digest": run.snapshot_digest,
    }


def _count_places(run: PublishedRun) -> int:
    return sum(int(offer["capacity"]) for offer in run.snapshot["offers"])


def print_summary(run: PublishedRun, console: Console) -> None:
    """Print the summary for people."""
    institutions = run.snapshot["institutions"]
    countries = {institution["country"] for institution in institutions}
    students = run.result["stages"][-1]["metrics"]["students"]
    console.print(f"{NOTICE}\n", highlight=False)
    title = f"{run.round_name} ({run.round_key}), policy {run.result['policy']['name']}"
    size = (
        f"{len(institutions)} institutions in {len(countries)} countries, "
        f"{students:,} students, {_count_places(run):,} places"
    )
    console.print(f"{title}\n{size}\n{_opportunity(run)}", highlight=False)
    console.print("\nAfter each stage", highlight=False)
    console.print(_stage_table(run))
    if "equity" in run.result["policy"]:
        console.print(f"\n{EQUITY}", highlight=False)
        console.print(_equity_table(run))
    within = f"gap {run.gap_msteps} thousandths of a rank step"
    proof = f"certificate: {run.verdict} ({run.status}, {within})"
    digest = f"snapshot: {run.snapshot_digest}"
    console.print(f"\n{digest}\n{proof}", highlight=False)


def _opportunity(run: PublishedRun) -> str:
    """Return how many places each block's students were offered before the match."""
    block = {row["hei_id"]: row["block"] for row in run.snapshot["institutions"]}
    places: Counter[str] = Counter()
    for offer in run.snapshot["offers"]:
        places[block[offer["sending"]]] += offer["capacity"]
    students = Counter(block[row["sending"]] for row in run.snapshot["students"])
    told = (
        f"{each.title()} {places[each] / students[each]:.2f}"
        for each in BLOCKS
        if students[each]
    )
    return f"places offered per student: {', '.join(told)}"


def _table(run: PublishedRun, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for stage in run.result["stages"]:
        table.add_column(stage["name"], justify="right")
    return table


def _stage_table(run: PublishedRun) -> Table:
    table = _table(run, "")
    metrics = [stage["metrics"] for stage in run.result["stages"]]
    for name, figures in _stage_rows(metrics):
        table.add_row(name, *figures)
    table.add_row("lost the place", *_losses(run))
    return table


def _stage_rows(metrics: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of a figure and its values, one per stage."""
    yield "students placed", [f"{m['placed']:,}" for m in metrics]
    for block in BLOCKS:
        yield f"  of the {block.title()}", [_of_block(m, block) for m in metrics]
    for rank in sorted({int(rank) for m in metrics for rank in m["rank_profile"]}):
        figures = [str(m["rank_profile"].get(str(rank), 0)) for m in metrics]
        yield f"  at choice {rank}", figures
    yield (
        "emissions, tonnes CO2e",
        [f"{m['emissions_g'] / 1_000_000:,.1f}" for m in metrics],
    )
    for name, key in FIGURES.items():
        yield name, [str(m[key]) for m in metrics]
    for name, key in MOVES.items():
        yield name, [str(m["moves"][key]) for m in metrics]


def _of_block(metrics: dict[str, Any], block: str) -> str:
    figures = metrics["blocks"].get(block, {"placed": 0, "students": 0})
    return f"{figures['placed']} of {figures['students']}"


def _losses(run: PublishedRun) -> list[str]:
    """Return, per stage, how many lost a place in it, and from which block."""
    block = {row["hei_id"]: row["block"] for row in run.snapshot["institutions"]}
    home = {row["id"]: block[row["sending"]] for row in run.snapshot["students"]}
    texts = ["-"]
    stages = run.result["stages"]
    for before, after in pairwise(stages):
        gone = before["placements"].keys() - after["placements"].keys()
        count = Counter(home[student] or "no block" for student in gone)
        names = ", ".join(f"{each.title()} {count[each]}" for each in sorted(count))
        texts.append(f"{len(gone)} ({names})" if gone else "nobody")
    return texts


def _equity_table(run: PublishedRun) -> Table:
    """Return what a benefit step of each group counted more, and who still lacks."""
    table = _table(run, "group", "price")
    tolerances = run.result["policy"]["equity"]["attributes"]
    prices = run.result["stages"][0]["equity_prices"]
    shortfalls = [s["terms"]["equity_shortfall"] for s in run.result["stages"]]
    for attribute, tolerance in sorted(tolerances.items()):
        for group in sorted(shortfalls[0].get(attribute, {})):
            price = prices.get(attribute, {}).get(group)
            told = "not priced" if price is None else f"{price / 1000:.3f}"
            figures = [each[attribute][group] for each in shortfalls]
            table.add_row(
                f"{attribute} {group} (tolerance {tolerance} %)",
                told,
                *(f"{top / bottom:,.1f}" for top, bottom in figures),
            )
    return table
