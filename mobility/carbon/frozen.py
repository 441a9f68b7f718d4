"""Legs read back from what was frozen: a snapshot's journey and its factor rows.

So that a ledger, a cohort or an interval is computed from the numbers that were frozen,
not from today's tables.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mobility.carbon.factors import Factor
from mobility.carbon.journey import Leg
from mobility.carbon.rates import PUBLISHED_TENTHS, Rate, divide

FACTOR_KEYS = (
    "id", "value_ug_per_m", "value", "unit", "boundary", "gwp", "region", "year",
    "source", "source_row_id", "note",
)  # fmt: skip


def read_factors(rows: Iterable[Mapping[str, Any]]) -> dict[str, Factor]:
    """Return factors by id, from rows as `Factor.to_json` writes them."""
    return {
        row["id"]: Factor(
            **{key: row[key] for key in FACTOR_KEYS}, flags=tuple(row["flags"])
        )
        for row in rows
    }


def read_legs(
    journey: Mapping[str, Any], factors: Mapping[str, Factor]
) -> tuple[Leg, ...]:
    """Return the legs of a journey as `ModeResult.to_json` writes them.

    Parameters
    ----------
    journey
        A mode's result; its key ``legs`` holds them.
    factors
        The factors that they name, by id.

    Raises
    ------
    KeyError
        When a leg names a factor that is not given.
    """
    return tuple(_read_leg(leg, factors) for leg in journey["legs"])


def _read_leg(leg: Mapping[str, Any], factors: Mapping[str, Factor]) -> Leg:
    used = tuple(factors[name] for name in leg["factor_ids"])
    rate = Rate(
        leg["activity"],
        leg["ttw_ug_per_m"],
        leg["wtt_ug_per_m"],
        leg["non_co2_ug_per_m"],
        used,
        _co2(used),
    )
    return Leg(
        leg["mode"],
        leg["role"],
        leg["origin"],
        leg["destination"],
        leg["distance_m"],
        leg["distance_kind"],
        rate,
        times=leg["times"],
        share_permille=leg["share_permille"],
        note=leg["note"],
        is_imputed=leg["is_imputed"],
        is_told=leg["tier"] == "primary",
    )


def _co2(factors: Iterable[Factor]) -> int:
    """Return the CO2 that a multiplier applies to, by the published pair of values."""
    value = {factor.boundary: factor.value_ug_per_m for factor in factors}
    if "ttw_with_rf" not in value:
        return 0
    difference = value["ttw_with_rf"] - value["ttw"]
    return divide(difference * 10, PUBLISHED_TENTHS - 10)
