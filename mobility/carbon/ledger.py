"""A journey as rows for an auditor: every leg with its factors, to the microgram.

Exports add up: the micrograms of all rows, rounded once, are the journey's grams.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.factors import Factor
from mobility.carbon.intervals import interval_grams
from mobility.carbon.journey import COMPONENTS, Leg
from mobility.carbon.place import Place, format_coordinates

TABLE_COLUMNS = (
    "journey", "leg", "role", "mode", "from_entered", "from_resolved", "to_entered",
    "to_resolved", "origin", "destination", "distance_m", "distance_kind", "times",
    "share_permille", "activity", "factor_ids", "factor_values", "factor_units",
    "factor_years", "factor_boundaries", "factor_sources", "factor_set",
    "factor_set_digest", "ttw_ug", "wtt_ug", "non_co2_ug", "total_ug", "low_g",
    "high_g", "tier", "is_imputed", "flags", "note",
)  # fmt: skip
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One leg with what its number stands on.

    `low_g` and `high_g` are the 95 % interval of the leg alone; `amounts` are its
    micrograms in the order of `COMPONENTS`.
    """

    journey: str
    number: int
    home: Place
    host: Place
    leg: Leg
    factor_set: str
    factor_set_digest: str
    amounts: tuple[int, int, int]
    low_g: int
    high_g: int

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Return the published numbers behind the leg."""
        return self.leg.rate.factors

    @property
    def total_ug(self) -> int:
        """Add the components."""
        return sum(self.amounts)

    def to_table_row(self) -> dict[str, str | int]:
        """Return the row by `TABLE_COLUMNS`, several factors apart by semicolons."""
        leg, factors = self.leg, self.factors
        return {
            "journey": self.journey,
            "leg": self.number,
            "role": leg.role,
            "mode": leg.mode,
            "from_entered": self.home.entered or self.home.name,
            "from_resolved": _describe(self.home),
            "to_entered": self.host.entered or self.host.name,
            "to_resolved": _describe(self.host),
            "origin": leg.origin,
            "destination": leg.destination,
            "distance_m": leg.distance_m,
            "distance_kind": leg.distance_kind,
            "times": leg.times,
            "share_permille": leg.share_permille,
            "activity": leg.rate.activity,
            **_factor_cells(factors),
            "factor_set": self.factor_set,
            "factor_set_digest": self.factor_set_digest,
            **{
                f"{name}_ug": amount
                for name, amount in zip(COMPONENTS, self.amounts, strict=True)
            },
            "total_ug": self.total_ug,
            "low_g": self.low_g,
            "high_g": self.high_g,
            "tier": leg.tier,
            "is_imputed": int(leg.is_imputed),
            "flags": SEPARATOR.join(leg.rate.flags),
            "note": leg.note,
        }


@dataclass(frozen=True, slots=True)
class LedgerOf:
    """What the rows of one journey have in common."""

    journey: str
    home: Place
    host: Place
    factor_set: str
    factor_set_digest: str
    rf_multiplier_tenths: int


def make_ledger(about: LedgerOf, legs: Sequence[Leg]) -> list[LedgerRow]:
    """Return the rows of a journey in travel order, numbered from 1."""
    return [
        LedgerRow(
            about.journey,
            number,
            about.home,
            about.host,
            leg,
            about.factor_set,
            about.factor_set_digest,
            leg.amounts,
            *interval_grams([leg], about.rf_multiplier_tenths),
        )
        for number, leg in enumerate(legs, 1)
    ]


def _describe(place: Place) -> str:
    position = format_coordinates(place.latitude_udeg, place.longitude_udeg)
    return f"{place.label} ({position}, {place.resolved_by})"


def _factor_cells(factors: Sequence[Factor]) -> dict[str, str]:
    columns = {
        "factor_ids": [factor.id for factor in factors],
        "factor_values": [factor.value for factor in factors],
        "factor_units": [factor.unit for factor in factors],
        "factor_years": [str(factor.year or "not stated") for factor in factors],
        "factor_boundaries": [factor.boundary for factor in factors],
        "factor_sources": [f"{f.source}, {f.source_row_id}" for f in factors],
    }
    return {name: SEPARATOR.join(values) for name, values in columns.items()}
