"""`mobility emissions`: what journeys emit, and where each number comes from."""

import csv
import io
import json
from pathlib import Path

import click

from mobility.carbon.batch import footprints
from mobility.carbon.factors import FactorSet, load_factor_set
from mobility.carbon.footprint import Footprint
from mobility.carbon.method import Method
from mobility.carbon.place import InvalidPlace, Place
from mobility.carbon.places import parse_place
from mobility.cli.emissions_table import print_footprint
from mobility.errors import InvalidInput
from solver.fileio import read_bytes

MODES = ("air", "rail", "coach", "car", "all")
COLUMNS = ("from", "to")
SECONDS_PER_TENTH_HOUR = 360


@click.command()
@click.option("--from", "origin", metavar="PLACE", help="Home city.")
@click.option("--to", "destination", metavar="PLACE", help="Host city.")
@click.option("--set", "set_name", default="desnz-2026", help="Factor set.")
@click.option("--mode", type=click.Choice(MODES), default="all", help="One mode alone.")
@click.option("--days", type=click.IntRange(min=1), help="Days abroad.")
@click.option("--csv", "path", type=click.Path(path_type=Path), help="Many journeys.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")
def command(  # noqa: PLR0913 # click passes one argument per option
    origin: str | None,
    destination: str | None,
    set_name: str,
    mode: str,
    days: int | None,
    path: Path | None,
    as_json: bool,  # noqa: FBT001 # click passes by name
) -> None:
    """Show the emissions of a return journey by every mode.

    PLACE is 'City, CC', 'City, Region, CC' or 'latitude,longitude'. A file for --csv
    has the columns from and to.
    """
    ends = _read_ends(origin, destination, path)
    method = Method(factor_set=set_name)
    factors = load_factor_set(set_name)
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
    origin: str | None, destination: str | None, path: Path | None
) -> list[tuple[Place, Place]]:
    if path is not None:
        if origin or destination:
            raise InvalidInput("--csv does not go with --from and --to")
        return _read_csv(path)
    given = {"--from": origin, "--to": destination}
    missing = [name for name, text in given.items() if text is None]
    if missing:
        raise InvalidInput(f"{name} is missing; it names a place" for name in missing)
    places, problems = _parse_all([str(origin), str(destination)])
    if problems:
        raise InvalidPlace(problems)
    return [(places[0], places[1])]


def _parse_all(texts: list[str]) -> tuple[list[Place], list[str]]:
    places: list[Place] = []
    problems: list[str] = []
    for text in texts:
        try:
            places.append(parse_place(text))
        except InvalidPlace as refusal:
            problems += refusal.problems
    return places, problems


def _read_csv(path: Path) -> list[tuple[Place, Place]]:
    """Return the ends of every row; all rows' problems are refused together."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 at byte {error.start}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return _read_rows(path, reader)
    except csv.Error as error:
        raise InvalidInput(f"{path}, line {reader.line_num}: {error}") from error


def _read_rows(path: Path, reader: "csv.DictReader[str]") -> list[tuple[Place, Place]]:
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InvalidInput(f"{path}: no column {name}" for name in missing)
    ends, problems = [], []
    for row in reader:
        places, wrong = _parse_all([row[name] or "" for name in COLUMNS])
        problems += [f"{path}, line {reader.line_num}: {problem}" for problem in wrong]
        ends += [(places[0], places[1])] if not wrong else []
    if problems:
        raise InvalidPlace(problems)
    if not ends:
        raise InvalidInput(f"{path}: holds no journeys")
    return ends


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
