"""Factor sets: folders of factors with one boundary, a licence and a digest.

Values are held as micrograms CO2e per metre, which is kilograms per kilometre times a
million: a published value with up to six decimals is kept exactly.
"""

import csv
import functools
import io
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from mobility.carbon.assets import FOLDER
from mobility.errors import Refused
from solver.fileio import read_bytes, to_digest

UNITS = ("kg/passenger.km", "kg/vehicle.km")
BOUNDARIES = ("ttw", "ttw_with_rf", "wtt", "wtw")
"""Tank to wheel; the same with radiative forcing; well to tank; both in one number."""
FLAGS = ("carried_forward", "second_hand", "split_unknown")
COLUMNS = (
    "id", "mode", "class", "unit", "value", "boundary", "gwp", "region", "year",
    "source", "source_row_id", "flags", "note",
)  # fmt: skip
MANIFEST = (
    "name",
    "version",
    "licence",
    "digest",
    "date_read",
    "boundary",
    "statement",
)
UG_PER_M_PER_KG_PER_KM = 1_000_000


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
    says), 0 or more. `year` is 0 when the source states none.
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
    """

    name: str
    version: str
    licence: str
    digest: str
    date_read: str
    boundary: str
    statement: str
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
    problems += [problem for row in rows for problem in _row_problems(row)]
    problems += _set_problems(rows)
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
    if problems:
        raise InvalidFactorSet(problems)
    return manifest


def _row_problems(row: dict[str, str]) -> Iterator[str]:
    name = f"factor {row['id']}"
    if not _is_value(row["value"]):
        yield f"{name}: value {row['value']!r} is not 0 or more with up to six decimals"
    if row["unit"] not in UNITS:
        yield f"{name}: unit {row['unit']!r} is not one of {', '.join(UNITS)}"
    if row["boundary"] not in BOUNDARIES:
        yield (
            f"{name}: boundary {row['boundary']!r} does not fit the set, which holds"
            f" {', '.join(BOUNDARIES)} only"
        )
    if not row["id"].endswith(f".{row['boundary']}"):
        yield f"{name}: the id does not end with its boundary"
    if row["year"] and not (row["year"].isascii() and row["year"].isdigit()):
        yield f"{name}: year {row['year']!r} is not a year"
    if unknown := sorted(set(row["flags"].split()) - set(FLAGS)):
        yield f"{name}: unknown flag {', '.join(unknown)}"
    if row["boundary"] == "wtw" and "split_unknown" not in row["flags"]:
        yield f"{name}: a well-to-wheel value must carry the flag split_unknown"


def _set_problems(rows: list[dict[str, str]]) -> Iterator[str]:
    for name, count in Counter(row["id"] for row in rows).items():
        if count > 1:
            yield f"factor {name}: appears {count} times"
    ids = {row["id"] for row in rows}
    for row in rows:
        activity = row["id"].rpartition(".")[0]
        if row["boundary"] == "wtw" and ids & {f"{activity}.ttw", f"{activity}.wtt"}:
            yield f"factor {row['id']}: {activity} is also there in parts"


def _is_value(text: str) -> bool:
    try:
        value = Decimal(text) * UG_PER_M_PER_KG_PER_KM
    except InvalidOperation:
        return False
    return value.is_finite() and value >= 0 and value == value.to_integral_value()


def _to_factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["id"],
        value_ug_per_m=int(Decimal(row["value"]) * UG_PER_M_PER_KG_PER_KM),
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
