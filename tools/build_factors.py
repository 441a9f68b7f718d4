"""Build `mobility/assets/factors/`: the factor sets that are shipped.

    python tools/build_factors.py FOLDER 2026-11-22

`FOLDER` holds `desnz_factors.csv` (rows of the UK government's conversion factors with
their row ids), `rail_factors_by_country.csv`, `ademe_impactco2_2026.csv` and
`myclimate_2019_parameters.csv`. The last argument is the day the values were read.

Three sets are for rounds (`desnz-2024`, `-2025`, `-2026`), two for cross-checks:
`affine-air` has the flights of another model beside the land of `desnz-2026`, and
`ademe-2026` counts life cycles. Trains by country are the same rows in every operation
set, so that two years differ by what the government published alone.
"""

import csv
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from solver.fileio import to_digest

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "factors"
CURRENT, YEARS = "2026", ("2024", "2025", "2026")
HEADER = (
    "id", "mode", "class", "unit", "value", "boundary", "gwp", "region", "year",
    "source", "source_row_id", "flags", "note",
)  # fmt: skip
NOT_STATED = "not stated"
PER_PERSON, PER_VEHICLE = "kg/passenger.km", "kg/vehicle.km"
DESNZ = "UK DESNZ GHG conversion factors"
HAULS = {
    "Domestic, to/from UK": "domestic",
    "Short-haul, to/from UK": "short-haul",
    "Long-haul, to/from UK": "long-haul",
    "International, to/from non-UK": "international",
}
CLASSES = {
    "Average passenger": "average",
    "Economy class": "economy",
    "Premium economy class": "premium",
    "Business class": "business",
    "First class": "first",
}
LAND = {
    "25_314_3146_11_1": ("coach", "coach", "ttw"),
    "26_910_3146_11_1": ("coach", "coach", "wtt"),
    "25_314_3145_11_1": ("bus", "local", "ttw"),
    "26_910_3145_11_1": ("bus", "local", "wtt"),
    "25_301_3074_4_1": ("car", "average", "ttw"),
    "26_904_3074_4_1": ("car", "average", "wtt"),
    "25_315_3147_11_1": ("rail", "GB", "ttw"),
    "26_911_3147_11_1": ("rail", "GB", "wtt"),
    "25_315_3148_11_1": ("rail", "international", "ttw"),
    "26_911_3148_11_1": ("rail", "international", "wtt"),
    "23_318_3188_11_1": ("ferry", "foot", "ttw"),
    "24_914_3188_11_1": ("ferry", "foot", "wtt"),
}
UNITS = {"passenger.km": PER_PERSON, "km": PER_VEHICLE}
CARRIED = "the 2026 table was not read at this row; the value is of 2025"
FRENCH_TRAIN = "intercites"
FRENCH_NOTE = (
    "fuel part of Intercites trains, the prudent choice for main lines; the same source"
    " has 0.0023 for TGV and 0.0229 for TER"
)
SECOND_HAND = (
    "second-hand compilation without sources per row; looks like ADEME's foreign trains"
)
ADEME = "ADEME Impact CO2 (MIT repository incubateur-ademe/impactco2)"
ADEME_MODES = {
    "avion/courtcourrier": ("air", "up-to-1000-km", PER_PERSON),
    "avion/moyencourrier": ("air", "up-to-2000-km", PER_PERSON),
    "avion/moyenlongcourrier": ("air", "up-to-5000-km", PER_PERSON),
    "avion/longcourrier": ("air", "over-5000-km", PER_PERSON),
    "tgv": ("rail", "FR-TGV", PER_PERSON),
    "intercites": ("rail", "FR", PER_PERSON),
    "ter": ("rail", "FR-TER", PER_PERSON),
    "autocar": ("coach", "coach", PER_PERSON),
    "busthermique": ("bus", "local", PER_PERSON),
    "voiturethermique": ("car", "average", PER_VEHICLE),
}
ADEME_PARTS = {
    "fuel_6": ("wtw", "split_unknown", "fuel with its supply"),
    "construction_5": ("construction", "", "building and end of life of the vehicle"),
    "contrails_7": ("contrails", "", "as published; the multiplier does not apply"),
}
MOBITOOL = "mobitool-Faktoren v3.0 (repository pledge4future/co2calculator)"
MYCLIMATE = "myclimate flight emission calculator, documentation of 2019"
MYCLIMATE_NOTE = "read from two public implementations that cite it and agree"
PARAMETERS = {
    "S average seats": ("seats", "seats"),
    "PLF passenger load factor": ("load", "share"),
    "DC detour constant": ("detour", "km"),
    "1-CF passenger share": ("passenger-share", "share"),
    "CW economy": ("economy-weight", "share"),
    "CW business": ("business-weight", "share"),
    "CW first": ("first-weight", "share"),
    "EF": ("co2-per-fuel", "kg/kg"),
    "P preproduction": ("supply-per-fuel", "kg/kg"),
    "a": ("fuel-a", "kg/km2"),
    "b": ("fuel-b", "kg/km"),
    "c": ("fuel-c", "kg"),
}
"""Aircraft (AF) and airports (A) are life-cycle terms and left out; the multiplier M is
a setting of the method."""
OPERATION = (
    "Fuel and electricity in use (TTW), their supply (WTT) and the non-CO2 effect of "
    "flights; without vehicles, tracks and airports. Trains outside Great Britain: "
    "well-to-wheel in one number, supply not split."
)
AFFINE = (
    "Flights: fuel burnt as myclimate's curve over the distance, which has a term for "
    "take-off and landing that factors per kilometre lose. All else as in desnz-2026."
)
LIFE_CYCLE = (
    "Life cycle: fuel with its supply and the building of vehicles in one number, and "
    "contrails as published. One number for all seats; no ferry; trains of five "
    "countries. For comparison only: its totals hold more than those of other sets."
)

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Return a table's rows."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def entry(mode: str, kind: str, boundary: str, **more: str) -> Row:
    """Return one factor; its id says mode, kind and boundary."""
    row = dict.fromkeys(HEADER, "")
    row |= {"id": f"{mode}.{kind}.{boundary}", "mode": mode, "class": kind}
    row |= {"boundary": boundary, "gwp": NOT_STATED, "unit": PER_PERSON}
    return row | more


def rounded(value: str) -> str:
    """Return a value with at most six decimals."""
    short = Decimal(value).quantize(Decimal("0.000001"))
    return value if Decimal(value) == short else str(short)


def from_desnz(row: Row, year: str, mode: str, kind: str, boundary: str) -> Row:
    """Return one factor of the government's table, a value of 2025 flagged so."""
    carried = row["status"] != "read" or row["year"] != year
    second_hand = row["source"].startswith("second-hand")
    flags = ["carried_forward"] * carried + ["second_hand"] * second_hand
    return entry(
        mode, kind, boundary,
        unit=UNITS[row["uom"]], value=row["kg_co2e"], region="GB",
        year="2025" if carried else year, source=DESNZ, source_row_id=row["desnz_id"],
        flags=" ".join(flags), note=CARRIED if carried else "",
    )  # fmt: skip


def air_rows(rows: list[Row], year: str) -> list[Row]:
    """Return the flights: without and with radiative forcing, and well-to-tank."""
    found: dict[str, Row] = {}
    for row in rows:
        if row["year"] != year or "air" not in row["level1"]:
            continue
        boundary = "ttw" if row["column_text"] == "Without RF" else "ttw_with_rf"
        if row["level1"].startswith("WTT"):
            boundary = "wtt"
        kind = f"{HAULS[row['level3']]}.{CLASSES[row['level4']]}"
        new = from_desnz(row, year, "air", kind, boundary)
        old = found.get(new["id"])
        if old is None or "carried_forward" in old["flags"].split():
            found[new["id"]] = new
    return list(found.values())


def land_rows(rows: list[Row], year: str) -> list[Row]:
    """Return coach, bus, car, British and international rail, ferry."""
    newest = {row["desnz_id"]: row for row in rows if row["year"] in {"2025", year}}
    newest |= {row["desnz_id"]: row for row in rows if row["year"] == year}
    return [from_desnz(newest[key], year, *LAND[key]) for key in LAND]


def rail_rows(rows: list[Row], french: list[Row]) -> list[Row]:
    """Return the use-phase factors of trains by country."""
    found = [
        entry(
            "rail", row["country"], "wtw",
            value=row["kg_per_pkm"], region=row["country"],
            source="use-phase rail by country", source_row_id=row["country"],
            flags="second_hand split_unknown", note=SECOND_HAND,
        )
        for row in rows
        if row["status"] == "second_hand" and row["country"] != "GB"
    ]  # fmt: skip
    train = next(row for row in french if row["mode"] == FRENCH_TRAIN)
    return [*found, ademe_row(train, "fuel_6") | {"note": FRENCH_NOTE}]


def ademe_row(row: Row, part: str) -> Row:
    """Return one part of one vehicle of ADEME's table."""
    mode, kind, unit = ADEME_MODES[row["mode"]]
    boundary, flags, note = ADEME_PARTS[part]
    return entry(
        mode, kind, boundary,
        unit=unit, value=rounded(row[part]), region="FR", year=CURRENT, source=ADEME,
        source_row_id=f"{row['mode']}, ecv {part[-1]}", flags=flags, note=note,
    )  # fmt: skip


def ademe_rows(rows: list[Row], rail: list[Row]) -> list[Row]:
    """Return life-cycle factors: ADEME's vehicles, and trains by mobitool."""
    found = [
        ademe_row(row, part)
        for row in rows
        if row["mode"] in ADEME_MODES
        for part in ADEME_PARTS
        if row[part]
    ]
    trains = [row for row in rail if row["kind"] == "life-cycle avg"]
    for row in trains:
        code = row["country"][:2]
        if code != "FR":
            found.append(
                entry(
                    "rail", code, "life_cycle",
                    value=row["kg_per_pkm"], region=code, source=MOBITOOL,
                    source_row_id=row["country"], flags="split_unknown",
                    note="use, supply, vehicles and tracks in one number",
                )
            )  # fmt: skip
    return found


def affine_rows(rows: list[Row]) -> list[Row]:
    """Return the parameters of the flight model, for short and for long hauls."""
    by_name = {row["param"]: row for row in rows}
    columns = {"short": "short_haul(<1500km)", "long": "long_haul(>2500km)"}
    return [
        entry(
            "air", f"affine.{haul}.{kind}", "parameter",
            unit=unit, value=by_name[name][column], year="2019", source=MYCLIMATE,
            source_row_id=name, flags="second_hand", note=MYCLIMATE_NOTE,
        )
        for name, (kind, unit) in PARAMETERS.items()
        for haul, column in columns.items()
    ]  # fmt: skip


def write_set(name: str, rows: Iterable[Row], **manifest: str) -> None:
    """Write the factors, sorted by id, and the manifest with their digest."""
    folder = TARGET / name
    folder.mkdir(exist_ok=True)
    path = folder / "factors.csv"
    ordered = sorted(rows, key=lambda row: row["id"])
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    values = {"name": name, "version": "2", "digest": to_digest(path.read_bytes())}
    lines = [f'{key} = "{value}"\n' for key, value in {**values, **manifest}.items()]
    (folder / "manifest.toml").write_text("".join(lines), encoding="utf-8")
    print(name, len(ordered), "factors")


def main(source: Path, day: str) -> None:
    """Write all sets."""
    uk = read(source / "desnz_factors.csv")
    rail = read(source / "rail_factors_by_country.csv")
    french = read(source / "ademe_impactco2_2026.csv")
    trains = rail_rows(rail, french)
    common = {"date_read": day, "boundary": "operation", "statement": OPERATION}
    for year in YEARS:
        rows = [*air_rows(uk, year), *land_rows(uk, year), *trains]
        how = {"licence": "OGL-UK-3.0", "use": "rounds", "air_model": "bands"}
        write_set(f"desnz-{year}", rows, **common, **how)
    flights = affine_rows(read(source / "myclimate_2019_parameters.csv"))
    rows = [*flights, *land_rows(uk, CURRENT), *trains]
    how = {"licence": "OGL-UK-3.0", "use": "cross-check", "air_model": "affine"}
    write_set("affine-air", rows, **common | {"statement": AFFINE}, **how)
    how = {"licence": "MIT", "use": "cross-check", "air_model": "contrails"}
    life = {"boundary": "life-cycle", "statement": LIFE_CYCLE}
    write_set("ademe-2026", ademe_rows(french, rail), **common | life, **how)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
