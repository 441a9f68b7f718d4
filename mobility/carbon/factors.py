"""Factor sets: folders of factors with one boundary, a licence and a digest.

Values are held as micrograms CO2e per metre, which is kilograms per kilometre times a
million: a published value with up to six decimals is kept exactly.
"""

import csv
import functools
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from mobility.carbon.assets import FOLDER
from mobility.carbon.factor_rules import (
    AIR_MODELS,
    BOUNDARIES_BY_SET,
    COLUMNS,
    MANIFEST,
    MILLION,
    USES,
    row_problems,
    set_problems,
)
from mobility.errors import Refused
from solver.fileio import read_bytes, to_digest


class InvalidFactorSet(Refused):
    """A factor set that cannot be trusted; every problem is named."""

    code = "invalid_factor_set"


class UnknownFactor(Refused):
    """An activity has no factor in the set. Nothing is estimated in its place."""

    code = "unknown_factor"


@dataclass(frozen=True, slots=True)
class Factor:
    """One published number with its origin.

    `value_ug_per_m` is micrograms CO2e per metre and passenger (or vehicle, as `unit`
    says), 0 or more; of a parameter it is millionths of its unit. `year` is 0 when the
    source states none.
    """

    id: str
    value_ug_per_m: int
    value: str
    unit: str
    boundary: str
    gwp: str
    region: str
    year: int
    source: str
    source_row_id: str
    flags: tuple[str, ...]
    note: str

    def to_json(self) -> dict[str, object]:
        """Return the factor with its origin as JSON of texts and integers."""
        return {
            "id": self.id,
            "value_ug_per_m": self.value_ug_per_m,
            "value": self.value,
            "unit": self.unit,
            "boundary": self.boundary,
            "gwp": self.gwp,
            "region": self.region,
            "year": self.year,
            "source": self.source,
            "source_row_id": self.source_row_id,
            "flags": list(self.flags),
            "note": self.note,
        }


@dataclass(frozen=True)
class FactorSet:
    """The factors of one set, by id.

    `digest` is the SHA-256 of its `factors.csv`; two sets are equal when theirs are.
    `use` is ``rounds`` or ``cross-check``: what rounds may declare, and what their
    numbers are held against. `air_model` says how flights are computed, see
    `mobility.carbon.rates`.
    """

    name: str
    version: str
    licence: str
    digest: str
    date_read: str
    boundary: str
    statement: str
    use: str
    air_model: str
    factors: dict[str, Factor] = field(compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    def get(self, activity: str, boundary: str) -> Factor | None:
        """Return the factor of an activity, such as ``rail.FR``, or None."""
        return self.factors.get(f"{activity}.{boundary}")

    def find(self, activity: str, boundary: str) -> Factor:
        """Return the factor of an activity at a boundary.

        Raises
        ------
        UnknownFactor
            When the set has none.
        """
        factor = self.get(activity, boundary)
        if factor is None:
            message = f"factor set {self.name}: no factor {activity}.{boundary}"
            raise UnknownFactor(message)
        return factor


def factor_set_names() -> list[str]:
    """Return the names of the shipped sets in alphabetical order."""
    return sorted(path.parent.name for path in FOLDER.glob("factors/*/manifest.toml"))


def round_set_names() -> list[str]:
    """Return the names of the sets that a round may declare."""
    names = factor_set_names()
    return [name for name in names if load_factor_set(name).use == "rounds"]


def require_round_set(name: str) -> FactorSet:
    """Return a shipped set that a round may declare.

    Raises
    ------
    InvalidFactorSet
        When the name is not one of a shipped set, or of one for cross-checks.
    """
    factors = load_factor_set(name)
    if factors.use != "rounds":
        known = ", ".join(round_set_names())
        raise InvalidFactorSet(
            f"factor set {name} is for cross-checks; a round declares one of {known}"
        )
    return factors


@functools.cache
def load_factor_set(name: str) -> FactorSet:
    """Return a shipped set.

    Raises
    ------
    InvalidFactorSet
        When the name is not one of a shipped set, or the set breaks a rule.
    """
    if name not in factor_set_names():
        known = ", ".join(factor_set_names())
        raise InvalidFactorSet(f"factor set {name}: unknown; known are {known}")
    return read_factor_set(FOLDER / "factors" / name)


def read_factor_set(folder: Path) -> FactorSet:
    """Return the set of a folder, with units, boundaries, ids and digest checked.

    Raises
    ------
    InvalidFactorSet
        When a rule is broken; all problems are named.
    """
    manifest = _read_manifest(folder)
    data = read_bytes(folder / "factors.csv")
    problems = []
    if to_digest(data) != manifest["digest"]:
        problems.append(
            f"factor set {folder.name}: factors.csv is not the file of its digest"
        )
    reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        problems.append(
            f"factor set {folder.name}: columns are not {', '.join(COLUMNS)}"
        )
        raise InvalidFactorSet(problems)
    rows = list(reader)
    boundaries = BOUNDARIES_BY_SET[manifest["boundary"]]
    problems += [p for row in rows for p in row_problems(row, boundaries)]
    problems += set_problems(rows)
    if problems:
        raise InvalidFactorSet(problems)
    return FactorSet(**manifest, factors={row["id"]: _to_factor(row) for row in rows})


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        text = read_bytes(folder / "manifest.toml").decode("utf-8")
        manifest = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"factor set {folder.name}: manifest.toml: {error}"
        raise InvalidFactorSet(message) from error
    problems = [
        f"factor set {folder.name}: manifest has no text {key}"
        for key in MANIFEST
        if not isinstance(manifest.get(key), str)
    ]
    problems += [
        f"factor set {folder.name}: unknown key {key} in the manifest"
        for key in manifest
        if key not in MANIFEST
    ]
    problems = problems or list(_choice_problems(folder.name, manifest))
    if problems:
        raise InvalidFactorSet(problems)
    return manifest


def _choice_problems(name: str, manifest: dict[str, str]) -> Iterator[str]:
    """Yield the manifest's words that mean nothing."""
    words = {
        "boundary": tuple(BOUNDARIES_BY_SET),
        "use": USES,
        "air_model": AIR_MODELS,
    }
    for key, allowed in words.items():
        if manifest[key] not in allowed:
            yield (
                f"factor set {name}: {key} {manifest[key]!r} in the manifest is not one"
                f" of {', '.join(allowed)}"
            )


def _to_factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["id"],
        value_ug_per_m=int(Decimal(row["value"]) * MILLION),
        value=row["value"],
        unit=row["unit"],
        boundary=row["boundary"],
        gwp=row["gwp"],
        region=row["region"],
        year=int(row["year"] or 0),
        source=row["source"],
        source_row_id=row["source_row_id"],
        flags=tuple(row["flags"].split()),
        note=row["note"],
    )
