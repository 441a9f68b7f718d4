"""Country codes: what is accepted, what is proposed instead."""

import difflib
import functools
from dataclasses import dataclass

from mobility.carbon.assets import read_table
from mobility.carbon.place import InvalidPlace

ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes that European programmes write for the ISO ones; they are taken as meant."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with its ISO 3166-1 codes."""

    code: str
    iso3: str
    name: str


@functools.cache
def load_countries() -> dict[str, Country]:
    """Return the countries by two-letter code."""
    return {
        row["country"]: Country(row["country"], row["iso3"], row["name"])
        for row in read_table("places/countries.csv")
    }


def find_country(text: str) -> str:
    """Return the two-letter code that a text means.

    Parameters
    ----------
    text
        A two-letter code in any case; UK and EL are taken as GB and GR.

    Raises
    ------
    InvalidPlace
        When it is no code; what it may stand for (three letters, a name) is proposed.
    """
    code = text.strip().upper()
    code = ALIASES.get(code, code)
    if code in load_countries():
        return code
    proposals = propose_countries(text)
    hint = f"; did you mean {' or '.join(proposals)}?" if proposals else ""
    rule = "a country is given by its two-letter ISO code"
    raise InvalidPlace(f"country {text.strip()!r} is unknown: {rule}{hint}")


def propose_countries(text: str) -> list[str]:
    """Return codes that three letters or a name may stand for, likeliest first."""
    plain = text.strip().casefold()
    countries = load_countries().values()
    exact = [
        f"{country.code} ({country.name})"
        for country in countries
        if plain in {country.iso3.casefold(), country.name.casefold()}
    ]
    if exact:
        return exact
    by_name = {country.name.casefold(): country for country in countries}
    close = difflib.get_close_matches(plain, by_name, n=3, cutoff=0.75)
    return [f"{by_name[name].code} ({by_name[name].name})" for name in close]
