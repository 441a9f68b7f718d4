"""What each mechanism promises, as data: for pages, reports and the command line.

The service may read this; the mechanisms themselves stay in the solver's processes.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "mechanisms" / "properties.toml"
PROPERTIES = ("strategy_proof", "envy_free", "balance", "optimises", "size")


@dataclass(frozen=True)
class Promise:
    """Whether a property holds ("yes", "no" or "conditional"), and a sentence."""

    holds: str
    say: str


@dataclass(frozen=True)
class Properties:
    """A mechanism in a sentence, its promises by property, and where to read on."""

    name: str
    say: str
    promises: dict[str, Promise]
    sources: tuple[str, ...]


@cache
def read_properties() -> tuple[Properties, ...]:
    """Return the properties of every mechanism, optimising first."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["mechanisms"]
    return tuple(
        Properties(
            name=row["name"],
            say=row["say"],
            promises={key: Promise(**row[key]) for key in PROPERTIES},
            sources=tuple(row["sources"]),
        )
        for row in rows
    )
