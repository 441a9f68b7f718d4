"""`mobility emissions`: what journeys emit, and where each number comes from."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path

import click

from mobility.carbon.batch import footprints
from mobility.carbon.factors import FactorSet, load_factor_set
from mobility.carbon.footprint import Footprint, gather
from mobility.carbon.method import Method
from mobility.carbon.online import OnlinePlaces
from mobility.carbon.place import InvalidPlace, Place
from mobility.carbon.places import parse_place
from mobility.carbon.route import travel_route
from mobility.cli.emissions_table import print_footprint
from mobility.cli.journey_file import Find, find_places, read_journeys
from mobility.config import read_settings
from mobility.errors import InvalidInput

MODES = ("air", "rail", "coach", "car", "ferry", "all")
SECONDS_PER_TENTH_HOUR = 360


@click.command()
@click.option("--from", "origin", metavar="PLACE", help="Home city.")
@click.option("--to", "destination", metavar="PLACE", help="Host city.")
@click.option("--set", "set_name", default="desnz-2026", help="Factor set.")
@click.option("--mode", type=click.Choice(MODES), default="all", help="One mode alone.")
@click.option("--via", multiple=True, metavar="PLACE", help="A stop; may be repeated.")
@click.option("--days", type=click.IntRange(min=1), help="Days abroad.")
@click.option("--csv", "path", type=click.Path(path_type=Path), help="Many journeys.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")
@click.option("--online", is_flag=True, help="Ask Nominatim for unknown places.")
def command(  # noqa: PLR0913 # click passes one argument per option
    origin: str | None,
    destination: str | None,
    set_name: str,
    mode: str,
    via: tuple[str, ...],
    days: int | None,
    path: Path | None,
    *,
    as_json: bool,
    online: bool,
) -> None:
    """Show the emissions of a return journey by every mode.

    PLACE is 'City, CC', 'City, Region, CC' or 'latitude,longitude'. A file for --csv
    has the columns from and to.
    """
    find = _finder(online=online)
    ends = _read_ends(origin, destination, path, find)
    method, factors = Method(factor_set=set_name), load_factor_set(set_name)
    if via and path is None:
        found = [_over_stops(ends[0], via, mode, (method, factors), find)]
    elif via:
        raise InvalidInput("--via does not go with --csv")
    else:
        found = footprints(ends, method, factors)
    documents = [_to_document(footprint, mode, days, factors) for footprint in found]
    if path is not None:
        click.echo(_to_json(documents) if as_json else _to_csv(documents), nl=as_json)
    elif as_json:
        click.echo(_to_json(documents[0]))
    else:
        print_footprint(found[0], mode, days, factors)
    _refuse_infeasible(found, mode)


def _read_ends(
    origin: str | None, destination: str | None, path: Path | None, find: Find
) -> list[tuple[Place, Place]]:
    if path is not None:
        if origin or destination:
            raise InvalidInput("--csv does not go with --from and --to")
        return read_journeys(path, find)
    given = {"--from": origin, "--to": destination}
    missing = [name for name, text in given.items() if text is None]
    if missing:
        raise InvalidInput(f"{name} is missing; it names a place" for name in missing)
    places, problems = find_places([str(origin), str(destination)], find)
    if problems:
        raise InvalidPlace(problems)
    return [(places[0], places[1])]


def _finder(*, online: bool) -> Find:
    """Return what finds places: the table, and the server of the settings behind it."""
    if not online:
        return parse_place
    url = read_settings().nominatim_url
    if not url:
        raise InvalidInput("--online needs the setting nominatim_url: a server to ask")
    return OnlinePlaces(url).find


def _over_stops(
    ends: tuple[Place, Place],
    via: Sequence[str],
    mode: str,
    settings: tuple[Method, FactorSet],
    find: Find,
) -> Footprint:
    """Return the journey over given stops, as a footprint of that one way."""
    if mode == "all":
        raise InvalidInput("--via needs --mode: how the hops are travelled")
    stops, problems = find_places(via, find)
    if problems:
        raise InvalidPlace(problems)
    method, factors = settings
    places = [ends[0], *stops, ends[1]]
    result = travel_route(places, [mode] * (len(places) - 1), settings)
    found = gather(*ends, [result], method, factors)
    return dataclasses.replace(found, chosen_mode=result.mode)


def _to_document(
    footprint: Footprint, mode: str, days: int | None, factors: FactorSet
) -> dict[str, object]:
    """Return the JSON of one journey: hours and the factors' origin added."""
    document = footprint.to_json()
    chosen = footprint.chosen_mode if mode == "all" else mode
    results = [r for r in footprint.modes if mode in {"all", r.mode}]
    counted = next((r for r in results if r.mode == chosen and r.feasible), None)
    total = counted.total_g if counted else None
    document |= {
        "chosen_mode": counted.mode if counted else None,
        "total_g": total,
        "interval_g": counted and [counted.interval_low_g, counted.interval_high_g],
        "days": days,
        "per_day_g": round(total / days) if days and total is not None else None,
        "modes": [_to_mode(result.to_json(), factors) for result in results],
    }
    return document


def _to_mode(result: dict[str, object], factors: FactorSet) -> dict[str, object]:
    seconds = result.pop("duration_s")
    hours = None
    if isinstance(seconds, int):
        hours = round(seconds / SECONDS_PER_TENTH_HOUR) / 10
    legs = result["legs"]
    if isinstance(legs, list):
        for leg in legs:
            ids = leg["factor_ids"]
            leg["factors"] = [factors.factors[name].to_json() for name in ids]
            leg["factor_set_digest"] = factors.digest
    return result | {"duration_h": hours}


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _to_csv(documents: list[dict[str, object]]) -> str:
    """Return one row per journey, in the order of the file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("from", "to", "chosen_mode", "total_g", "low_g", "high_g"))
    for document in documents:
        home, host = document["home"], document["host"]
        low_high = document["interval_g"] or ["", ""]
        if isinstance(home, dict) and isinstance(host, dict):
            ends = (home["entered"], host["entered"])
            interval = low_high if isinstance(low_high, list) else ["", ""]
            mode, total = document["chosen_mode"], document["total_g"]
            writer.writerow((*ends, mode, total, *interval))
    return text.getvalue()


def _refuse_infeasible(found: list[Footprint], mode: str) -> None:
    """Refuse when the mode asked for cannot make a journey, with its reason."""
    problems = []
    for footprint in found:
        result = footprint.by_mode(mode) if mode != "all" else None
        if result is not None and not result.feasible:
            ends = f"{footprint.home.label} to {footprint.host.label}"
            problems.append(f"{mode} from {ends}: {result.reason}")
    if problems:
        raise InvalidInput(problems)
