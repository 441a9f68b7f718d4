"""Build `mobility/assets/factors/desnz-2026/`: the factors of the default set.

    python tools/build_factors.py desnz.csv rail.csv ademe.csv 2026-11-22

`desnz.csv` holds rows of the UK government's conversion factors with their row ids,
`rail.csv` use-phase factors of trains by country, `ademe.csv` the fuel part of French
trains. The last argument is the day the values were read.

Rail rows whose boundary is well-to-wheel carry the flag `split_unknown`: the set counts
them as tank-to-wheel with no well-to-tank part. Life-cycle rows are left out, because
they hold vehicles and tracks, which no other row of this set does.
"""

import csv
import sys
from pathlib import Path

from solver.fileio import to_digest

FOLDER = Path(__file__).parents[1] / "mobility" / "assets" / "factors" / "desnz-2026"
YEAR = "2026"
HEADER = (
    "id", "mode", "class", "unit", "value", "boundary", "gwp", "region", "year",
    "source", "source_row_id", "flags", "note",
)  # fmt: skip
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
UNITS = {"passenger.km": "kg/passenger.km", "km": "kg/vehicle.km"}
FRENCH_TRAIN = "intercites"
FRENCH_NOTE = (
    "fuel part of Intercites trains, the prudent choice for main lines; the same source"
    " has 0.0023 for TGV and 0.0229 for TER"
)
SECOND_HAND = (
    "second-hand compilation without sources per row; looks like ADEME's foreign trains"
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
    return row | {"boundary": boundary, "gwp": "AR5", "year": YEAR} | more


def from_desnz(row: Row, mode: str, kind: str, boundary: str) -> Row:
    """Return one factor of the government's table, a value of 2025 flagged so."""
    carried = row["status"] != "read" or row["year"] != YEAR
    second_hand = row["source"].startswith("second-hand")
    flags = ["carried_forward"] * carried + ["second_hand"] * second_hand
    note = "the 2026 table was not read at this row; the value is of 2025"
    return entry(
        mode, kind, boundary,
        unit=UNITS[row["uom"]], value=row["kg_co2e"], region="GB",
        year="2025" if carried else YEAR, source=DESNZ, source_row_id=row["desnz_id"],
        flags=" ".join(flags), note=note if carried else "",
    )  # fmt: skip


def air_rows(rows: list[Row]) -> list[Row]:
    """Return the flights: without and with radiative forcing, and well-to-tank."""
    found: dict[str, Row] = {}
    for row in rows:
        if row["year"] != YEAR or "air" not in row["level1"]:
            continue
        boundary = "ttw" if row["column_text"] == "Without RF" else "ttw_with_rf"
        if row["level1"].startswith("WTT"):
            boundary = "wtt"
        kind = f"{HAULS[row['level3']]}.{CLASSES[row['level4']]}"
        new = from_desnz(row, "air", kind, boundary)
        old = found.get(new["id"])
        if old is None or "carried_forward" in old["flags"].split():
            found[new["id"]] = new
    return list(found.values())


def land_rows(rows: list[Row]) -> list[Row]:
    """Return coach, bus, car, British and international rail, ferry."""
    newest = {row["desnz_id"]: row for row in rows if row["year"] in {"2025", YEAR}}
    newest |= {row["desnz_id"]: row for row in rows if row["year"] == YEAR}
    return [from_desnz(newest[key], *LAND[key]) for key in LAND]


def rail_rows(rows: list[Row], french: list[Row]) -> list[Row]:
    """Return the use-phase factors of trains by country."""
    found = [
        entry(
            "rail", row["country"], "wtw",
            unit="kg/passenger.km", value=row["kg_per_pkm"], gwp="not stated",
            region=row["country"], year="", source="use-phase rail by country",
            source_row_id=row["country"], flags="second_hand split_unknown",
            note=SECOND_HAND,
        )
        for row in rows
        if row["status"] == "second_hand" and row["country"] != "GB"
    ]  # fmt: skip
    train = next(row for row in french if row["mode"] == FRENCH_TRAIN)
    ademe = entry(
        "rail", "FR", "wtw",
        unit="kg/passenger.km", value=train["fuel_6"], gwp="not stated", region="FR",
        source="ADEME Impact CO2 (MIT repository incubateur-ademe/impactco2)",
        source_row_id=f"{FRENCH_TRAIN}, ecv 6", flags="split_unknown", note=FRENCH_NOTE,
    )  # fmt: skip
    return [*found, ademe]


def main(desnz: Path, rail: Path, ademe: Path, day: str) -> None:
    """Write the factors, sorted by id, and the manifest with their digest."""
    uk = read(desnz)
    rows = [*air_rows(uk), *land_rows(uk), *rail_rows(read(rail), read(ademe))]
    rows.sort(key=lambda row: row["id"])
    path = FOLDER / "factors.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (FOLDER / "manifest.toml").write_text(
        'name = "desnz-2026"\n'
        'version = "1"\n'
        'licence = "OGL-UK-3.0"\n'
        f'digest = "{to_digest(path.read_bytes())}"\n'
        f'date_read = "{day}"\n'
        'boundary = "operation"\n'
        'statement = "Fuel and electricity in use (TTW), their supply (WTT) and the '
        "non-CO2 effect of flights; without vehicles, tracks and airports. Trains "
        'outside Great Britain: well-to-wheel in one number, supply not split."\n'
    )
    print(path.name, len(rows), "factors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
