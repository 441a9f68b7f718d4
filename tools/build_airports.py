"""Build `mobility/assets/airports/airports.csv`: scheduled large and medium airports.

    python tools/build_airports.py scheduled.csv

The input holds OurAirports' facts (public domain) of airports with scheduled service
and an IATA code: `iata,name,iso_country,lat,lon,type`. Small airports are left out.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "airports" / "airports.csv"
HEADER = ("iata", "name", "country", "latitude_udeg", "longitude_udeg", "size")


def main(source: Path) -> None:
    """Write the airports in the order of their IATA codes."""
    rows = []
    with source.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            size = row["type"].removesuffix("_airport")
            if size in {"large", "medium"} and row["scheduled"] == "yes":
                place = (to_udeg(row["lat"]), to_udeg(row["lon"]))
                rows.append(
                    (row["iata"], row["name"], row["iso_country"], *place, size)
                )
    with TARGET.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(sorted(rows))
    print(TARGET.name, len(rows), "airports")


def to_udeg(degrees: str) -> int:
    """Return decimal degrees as millionths of a degree."""
    return int((Decimal(degrees) * 1_000_000).to_integral_value())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
