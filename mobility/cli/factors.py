"""`mobility factors`: the sets, their rows, and what a swap of sets does."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from mobility.carbon.diff import Comparison, Effect, FactorChange, compare_sets
from mobility.carbon.factors import FactorSet, factor_set_names, load_factor_set
from mobility.carbon.method import Method
from mobility.cli.journey_file import read_journeys

PLAIN_WIDTH = 140
MISSING = "-"

json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON on standard output."
)


@click.group()
def command() -> None:
    """Show factor sets and compare them."""


@command.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List the sets that are shipped."""
    sets = [load_factor_set(name) for name in factor_set_names()]
    if as_json:
        _print_json([_about(factors) for factors in sets])
        return
    head = ("set", "use", "boundary", "flights", "rows", "licence", "read on", "digest")
    _print_table(
        head,
        [
            (
                factors.name,
                factors.use,
                factors.boundary,
                factors.air_model,
                str(len(factors.factors)),
                factors.licence,
                factors.date_read,
                factors.digest[:12],
            )
            for factors in sets
        ],
    )


@command.command("show")
@click.argument("name", metavar="SET")
@json_option
def show_command(name: str, *, as_json: bool) -> None:
    """Show every row of a set with its source."""
    factors = load_factor_set(name)
    rows = factors.factors.values()
    if as_json:
        _print_json(_about(factors) | {"factors": [row.to_json() for row in rows]})
        return
    _console().print(factors.statement, markup=False)
    head = ("factor", "value", "unit", "year", "source, row", "flags")
    _print_table(
        head,
        [
            (
                row.id,
                row.value,
                row.unit,
                str(row.year or MISSING),
                f"{row.source}, {row.source_row_id}",
                " ".join(row.flags),
            )
            for row in rows
        ],
    )
    _console().print(f"{len(rows)} rows, digest {factors.digest}", markup=False)


@command.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--journeys",
    "path",
    type=click.Path(path_type=Path),
    help="CSV with the columns from and to.",
)
@json_option
def diff_command(old: str, new: str, path: Path | None, *, as_json: bool) -> None:
    """Compare two sets, factor by factor, and over the journeys of a file.

    Over journeys only the set differs: the same places, the same settings, and each
    journey by the mode that counts under A.
    """
    sets = load_factor_set(old), load_factor_set(new)
    pairs = read_journeys(path) if path is not None else []
    found = compare_sets(*sets, Method(), pairs)
    if as_json:
        _print_json(_to_json(found, has_journeys=path is not None))
        return
    head = ("factor", old, new, "change, %")
    _print_table(head, [_factor_cells(change) for change in found.factors])
    if path is not None:
        _print_journeys(found)


def _print_journeys(found: Comparison) -> None:
    console = _console()
    head = ("mode", "journeys", f"kg, {found.old.name}", f"kg, {found.new.name}", "%")
    rows = [_effect_cells(mode, effect) for mode, effect in found.by_mode.items()]
    _print_table(head, [*rows, _effect_cells("all", found.total)])
    console.print(
        "Same places, settings and modes: all of the change is the factors'.",
        markup=False,
    )
    if found.other_choice:
        console.print(
            f"{found.other_choice} journeys would be counted by another mode with"
            f" {found.new.name}.",
            markup=False,
        )
    for row in found.left_out:
        ends = f"{row.home.label} to {row.host.label}"
        console.print(f"left out: {ends} by {row.mode}: {row.reason}", markup=False)


def _factor_cells(change: FactorChange) -> tuple[str, ...]:
    old = change.old.value if change.old else MISSING
    new = change.new.value if change.new else MISSING
    return change.id, old, new, _percent(change.change_permille)


def _effect_cells(name: str, effect: Effect) -> tuple[str, ...]:
    return (
        name,
        str(effect.journeys),
        f"{effect.old_g / 1000:,.1f}",
        f"{effect.new_g / 1000:,.1f}",
        _percent(effect.change_permille),
    )


def _percent(permille: int | None) -> str:
    return MISSING if permille is None else f"{permille / 10:+.1f}"


def _about(factors: FactorSet) -> dict[str, object]:
    return {
        "name": factors.name,
        "version": factors.version,
        "licence": factors.licence,
        "digest": factors.digest,
        "date_read": factors.date_read,
        "boundary": factors.boundary,
        "statement": factors.statement,
        "use": factors.use,
        "air_model": factors.air_model,
        "rows": len(factors.factors),
    }


def _to_json(found: Comparison, *, has_journeys: bool) -> dict[str, object]:
    document: dict[str, object] = {
        "old": _about(found.old),
        "new": _about(found.new),
        "factors": [
            {
                "id": change.id,
                "old": change.old.value if change.old else None,
                "new": change.new.value if change.new else None,
                "change_permille": change.change_permille,
            }
            for change in found.factors
        ],
    }
    if has_journeys:
        document["journeys"] = _journeys_json(found)
    return document


def _journeys_json(found: Comparison) -> dict[str, object]:
    return {
        "total": _effect_json(found.total),
        "by_mode": {mode: _effect_json(e) for mode, e in found.by_mode.items()},
        "other_choice": found.other_choice,
        "rows": [
            {
                "from": row.home.entered,
                "to": row.host.entered,
                "mode": row.mode,
                "old_g": row.old_g,
                "new_g": row.new_g,
                "reason": row.reason,
                "new_choice": row.new_choice,
            }
            for row in found.journeys
        ],
    }


def _effect_json(effect: Effect) -> dict[str, object]:
    return {
        "journeys": effect.journeys,
        "old_g": effect.old_g,
        "new_g": effect.new_g,
        "change_permille": effect.change_permille,
    }


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _console() -> Console:
    console = Console(highlight=False)
    if console.is_terminal:
        return console
    return Console(highlight=False, width=PLAIN_WIDTH, no_color=True)


def _print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=box.SIMPLE)
    for title in head:
        table.add_column(title)
    for row in rows:
        table.add_row(*row)
    _console().print(table)
