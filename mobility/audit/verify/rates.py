"""Factors as they were published, and what one metre costs by them.

Written apart from `mobility.carbon`, in integers. Standard library only.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from mobility.audit.verify.acts import Course
from mobility.audit.verify.contents import FACTORS, Contents, Facts

COMPONENTS = ("ttw", "wtt", "non_co2")
UG = 1_000_000
"""Micrograms in a gram; and kg per km in micrograms per metre."""

Row = dict[str, Any]
Rate = tuple[dict[str, int], set[str]]
"""Micrograms per metre by component, and the ids of the factors used."""


def half_up(numerator: int, denominator: int) -> int:
    """Return a quotient of integers, halves rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


def check_factors(contents: Contents, _course: Course) -> Facts:
    """Check that the factors used are rows of the set that the round declared."""
    carbon = contents.snapshot["carbon"]
    if carbon["factor_set_digest"] != contents.digests["factor_set"]:
        yield f"{FACTORS} is not the factor set that the snapshot names"
    try:
        text = contents.members[FACTORS].decode()
        published = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    except (UnicodeDecodeError, csv.Error, KeyError) as error:
        yield f"{FACTORS} is no table of factors: {error}"
        return ""
    for row in carbon["factors"]:
        if row["id"] not in published:
            yield f"factor {row['id']} is not in {FACTORS}"
        else:
            yield from _compare_factor(row, published[row["id"]])
    return f"{len(carbon['factors'])} factors of {carbon['factor_set']}"


def _compare_factor(row: Row, published: dict[str, str]) -> Iterator[str]:
    told = {
        **{key: str(value) for key, value in row.items()},
        "flags": " ".join(row["flags"]),
        "year": str(row["year"] or ""),
    }
    for key, value in published.items():
        if key in told and told[key] != value:
            yield f"factor {row['id']}: {key} is {told[key]}, {FACTORS} has {value}"
    try:
        exact = Decimal(row["value"]) * UG
    except InvalidOperation:
        exact = Decimal(-1)
    value = row["value_ug_per_m"]
    if exact != value:
        yield f"factor {row['id']}: {value} is not {row['value']} x {UG}"


class Rates:
    """Micrograms per metre of an activity, from factors and the round's settings."""

    def __init__(self, carbon: Row) -> None:
        self._values = {row["id"]: row["value_ug_per_m"] for row in carbon["factors"]}
        self._settings = carbon["settings"]

    def find(self, activity: str) -> Rate | None:
        """Return the rate by component and the factors used; None where one lacks."""
        try:
            mode, _, rest = activity.partition(".")
            if mode == "air":
                return self._air(activity)
            if mode == "rail" and "-" in rest:
                return self._mean([self._land(f"rail.{c}") for c in rest.split("-")])
            rate, used = self._land(activity)
        except KeyError:
            return None
        if mode == "car":
            people = max(self._settings["car_occupancy_tenths"], 1)
            rate = {name: half_up(value * 10, people) for name, value in rate.items()}
        return rate, used

    def _land(self, activity: str) -> Rate:
        whole = f"{activity}.wtw"
        if whole in self._values:
            return {"ttw": self._values[whole], "wtt": 0, "non_co2": 0}, {whole}
        used = [f"{activity}.ttw", f"{activity}.wtt"]
        ttw, wtt = (self._values[name] for name in used)
        return {"ttw": ttw, "wtt": wtt, "non_co2": 0}, set(used)

    def _air(self, activity: str) -> Rate:
        """Return a flight's rate.

        Published with radiative forcing is 1.7 x CO2 and the rest; so 0.7 x CO2 is the
        difference to the value without.
        """
        used = {f"{activity}.ttw", f"{activity}.ttw_with_rf"}
        ttw = self._values[f"{activity}.ttw"]
        seventh = self._values[f"{activity}.ttw_with_rf"] - ttw
        non_co2 = half_up(seventh * (self._settings["rf_multiplier_tenths"] - 10), 7)
        if self._settings["wtt_mode"] == "physical":
            wtt = half_up(seventh * 10 * 2027, 7 * 10_000)
        else:
            wtt = self._values[f"{activity}.wtt"]
            used.add(f"{activity}.wtt")
        return {"ttw": ttw, "wtt": wtt, "non_co2": non_co2}, used

    def _mean(self, rates: list[Rate]) -> Rate:
        mean = {
            name: half_up(sum(rate[name] for rate, _ in rates), len(rates))
            for name in COMPONENTS
        }
        return mean, set().union(*(used for _, used in rates))
