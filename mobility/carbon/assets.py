"""Where the shipped data lies, and the digest of all that decides a distance.

Imported by the modules of `mobility.carbon` that read tables.
"""

import csv
import functools
import gzip
from pathlib import Path

from solver.fileio import read_bytes, to_digest

FOLDER = Path(__file__).parents[1] / "assets"
GEOGRAPHY = (
    "airports/airports.csv",
    "ferry/ferry_routes.csv",
    "land/barriers.csv",
    "land/fixed_links.csv",
    "land/land.json.gz",
    "places/countries.csv",
    "rail/rail_networks.csv",
)
"""What decides distances and modes. The gazetteer does not: places are given."""


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a comma-separated table with a header."""
    text = read_bytes(FOLDER / name).decode("utf-8")
    return list(csv.DictReader(text.splitlines()))


def read_compressed(name: str) -> str:
    """Return the text of a compressed file."""
    return gzip.decompress(read_bytes(FOLDER / name)).decode("utf-8")


@functools.cache
def geography_digest() -> str:
    """Return one digest of the tables that decide distances and feasible modes."""
    digests = [to_digest(read_bytes(FOLDER / name)) for name in GEOGRAPHY]
    return to_digest("\n".join(digests).encode())
