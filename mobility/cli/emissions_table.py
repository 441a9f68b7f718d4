"""A journey's emissions as tables for a person at a terminal."""

from rich import box
from rich.console import Console
from rich.table import Table

from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import Footprint, ModeResult
from mobility.carbon.journey import Leg, to_grams

PLAIN_WIDTH = 120
G_PER_KG = 1000


def print_footprint(
    footprint: Footprint, mode: str, days: int | None, factors: FactorSet
) -> None:
    """Print the modes, and the legs of the mode that counts.

    Parameters
    ----------
    footprint
        The journey.
    mode
        The one mode asked for, or ``all``.
    days
        Days abroad, if given.
    factors
        The factor set that the journey was computed with.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PLAIN_WIDTH, no_color=True)
    home, host = footprint.home, footprint.host
    console.print(f"Return journey {home.label} - {host.label}, kg CO2e", markup=False)
    results = [r for r in footprint.modes if mode in {"all", r.mode}]
    chosen = footprint.chosen_mode if mode == "all" else mode
    console.print(_modes_table(results, chosen))
    counted = next((r for r in results if r.mode == chosen and r.feasible), None)
    if counted is not None:
        console.print(_legs_table(counted))
        for note in counted.notes:
            console.print(note, markup=False)
        if days:
            per_day = _kilograms(round(counted.total_g / days))
            console.print(f"Per day abroad ({days} days): {per_day} kg")
    console.print(f"Factor set {factors.name}, digest {factors.digest}", markup=False)
    console.print(factors.statement, markup=False)


def _kilograms(grams: int) -> str:
    return f"{grams / G_PER_KG:,.1f}"


def _modes_table(results: list[ModeResult], chosen: str) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("Mode")
    for title in ("Total", "95 % interval", "Fuel", "Supply", "Non-CO2", "Hours"):
        table.add_column(title, justify="right")
    table.add_column("")
    for result in results:
        if not result.feasible:
            table.add_row(result.mode, *["-"] * 6, result.reason)
            continue
        low, high = result.interval_low_g, result.interval_high_g
        table.add_row(
            result.mode,
            _kilograms(result.total_g),
            f"{_kilograms(low)} - {_kilograms(high)}",
            _kilograms(result.ttw_g),
            _kilograms(result.wtt_g),
            _kilograms(result.non_co2_g),
            f"{result.duration_s / 3600:.1f}",
            "counted" if result.mode == chosen else "",
        )
    return table


def _legs_table(result: ModeResult) -> Table:
    table = Table(box=box.SIMPLE)
    for title in ("Leg", "From", "To"):
        table.add_column(title)
    for title in ("km one way", "kg"):
        table.add_column(title, justify="right")
    table.add_column("Factors")
    for leg in result.legs:
        table.add_row(*_leg_cells(leg))
    return table


def _leg_cells(leg: Leg) -> tuple[str, ...]:
    name = f"{leg.mode}, {leg.note}" if leg.note else leg.mode
    factors = "\n".join(factor.id for factor in leg.rate.factors)
    kilometres = f"{leg.distance_m / 1000:,.1f}"
    mass = _kilograms(to_grams(leg.total_ug))
    return name, leg.origin, leg.destination, kilometres, mass, factors
