"""What a row of a factor set and a set as a whole must keep to.

Imported by `mobility.carbon.factors` alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

UNITS = ("kg/passenger.km", "kg/vehicle.km")
PARAMETER_UNITS = ("seats", "share", "km", "kg", "kg/kg", "kg/km", "kg/km2")
BOUNDARIES_BY_SET = {
    "operation": ("ttw", "ttw_with_rf", "wtt", "wtw", "parameter"),
    "life-cycle": ("wtw", "construction", "contrails", "life_cycle"),
}
"""What the rows of a set may hold. One set has one boundary: a total that adds a train
with its tracks to a flight without its aircraft compares nothing.

Tank to wheel; the same with radiative forcing; well to tank; both in one number; a
parameter of a flight model. Building of vehicles; contrails; all in one number.
"""
FLAGS = ("carried_forward", "second_hand", "split_unknown")
WHOLE = ("wtw", "life_cycle")
"""Values that hold use and supply in one number."""
USES = ("rounds", "cross-check")
AIR_MODELS = ("bands", "affine", "contrails")
COLUMNS = (
    "id", "mode", "class", "unit", "value", "boundary", "gwp", "region", "year",
    "source", "source_row_id", "flags", "note",
)  # fmt: skip
MANIFEST = (
    "name", "version", "licence", "digest", "date_read", "boundary", "statement",
    "use", "air_model",
)  # fmt: skip
MILLION = 1_000_000
"""Kilograms per kilometre are so many micrograms per metre."""


def row_problems(row: dict[str, str], boundaries: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with one row of a set that may hold `boundaries`."""
    name, boundary = f"factor {row['id']}", row["boundary"]
    if not _is_value(row["value"]):
        yield f"{name}: value {row['value']!r} is not 0 or more with up to six decimals"
    units = PARAMETER_UNITS if boundary == "parameter" else UNITS
    if row["unit"] not in units:
        yield f"{name}: unit {row['unit']!r} is not one of {', '.join(units)}"
    if boundary not in boundaries:
        yield (
            f"{name}: boundary {boundary!r} does not fit the set, which holds"
            f" {', '.join(boundaries)} only"
        )
    if not row["id"].endswith(f".{boundary}"):
        yield f"{name}: the id does not end with its boundary"
    if row["year"] and not (row["year"].isascii() and row["year"].isdigit()):
        yield f"{name}: year {row['year']!r} is not a year"
    if unknown := sorted(set(row["flags"].split()) - set(FLAGS)):
        yield f"{name}: unknown flag {', '.join(unknown)}"
    if boundary in WHOLE and "split_unknown" not in row["flags"]:
        yield f"{name}: a value that is not split must carry the flag split_unknown"


def set_problems(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield rows that appear twice, or count one thing whole and in parts."""
    for name, count in Counter(row["id"] for row in rows).items():
        if count > 1:
            yield f"factor {name}: appears {count} times"
    ids = {row["id"] for row in rows}
    for row in rows:
        activity, _, boundary = row["id"].rpartition(".")
        parts = {f"{activity}.{part}" for part in ("ttw", "wtt", "life_cycle")}
        if boundary in WHOLE and ids & (parts - {row["id"]}):
            yield f"factor {row['id']}: {activity} is also there in parts"


def _is_value(text: str) -> bool:
    try:
        value = Decimal(text) * MILLION
    except InvalidOperation:
        return False
    return value.is_finite() and value >= 0 and value == value.to_integral_value()
