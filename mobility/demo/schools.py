"""The real schools, read from the asset, and the language of their wards."""

import csv
from datetime import date
from pathlib import Path

from mobility.demo.world import Language, School

SCHOOLS = Path(__file__).parents[1] / "assets" / "demo" / "schools.csv"

HOME_LANGUAGES = {
    "AT": "de",
    "BE": "nl",
    "BR": "pt",
    "CH": "fr",
    "CM": "fr",
    "CZ": "cs",
    "DE": "de",
    "DK": "da",
    "EE": "et",
    "EG": "ar",
    "ES": "es",
    "ET": "am",
    "FI": "fi",
    "FR": "fr",
    "HU": "hu",
    "ID": "id",
    "IT": "it",
    "JP": "ja",
    "KZ": "kk",
    "LB": "ar",
    "LK": "si",
    "MX": "es",
    "NL": "nl",
    "NO": "no",
    "NP": "ne",
    "PE": "es",
    "PK": "ur",
    "PL": "pl",
    "PT": "pt",
    "RW": "rw",
    "SE": "sv",
    "SN": "fr",
    "TH": "th",
    "TN": "ar",
    "TZ": "sw",
    "VN": "vi",
}
"""Country -> first language of its students; English where it is not listed."""


def read_schools() -> tuple[School, ...]:
    """Return the schools in the order of their ids."""
    with SCHOOLS.open(encoding="utf-8", newline="") as file:
        return tuple(_to_school(row) for row in csv.DictReader(file))


def _to_school(row: dict[str, str]) -> School:
    return School(
        hei_id=row["hei_id"],
        name=row["name"],
        city=row["city"],
        country=row["country"],
        region=row["region"],
        latitude_udeg=int(row["latitude_udeg"]),
        longitude_udeg=int(row["longitude_udeg"]),
        block=row["block"],
        block_source=row["block_source"],
        block_date=date.fromisoformat(row["block_date"]),
        erasmus_code=row["erasmus_code"],
    )


def choose_schools(schools: tuple[School, ...], count: int) -> tuple[School, ...]:
    """Return `count` of the schools, both blocks alike, spread over the list."""
    chosen: list[School] = []
    for block, wanted in (("north", count - count // 2), ("south", count // 2)):
        members = [school for school in schools if school.block == block]
        step = max(len(members) // wanted, 1)
        chosen += members[::step][:wanted]
    return tuple(sorted(chosen, key=lambda school: school.hei_id))


def home_language(school: School) -> str:
    """Return the first language of the school's students."""
    return HOME_LANGUAGES.get(school.country, "en")


def ward_languages(school: School, english: str) -> tuple[Language, ...]:
    """Return what a guest must speak on the wards, and what is only advised.

    `english` is the level that is enough where the wards take English; empty where
    they do not. Wards whose own language is English take it always.
    """
    own = home_language(school)
    if own == "en":
        return (Language("en", english or "B2"),)
    if english:
        return (Language("en", english), Language(own, "A1", is_required=False))
    return (Language(own, "B1"),)
