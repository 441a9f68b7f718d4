"""A run's journeys and legs as rows that add up, for files that an auditor keeps.

From the snapshot and the result as frozen. The micrograms of a journey's legs, rounded
once, are its grams; the grams of all journeys are the total of the page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mobility.carbon.factors import Factor
from mobility.carbon.frozen import read_factors, read_legs
from mobility.carbon.journey import Leg
from mobility.carbon.ledger import TABLE_COLUMNS, LedgerOf, make_ledger
from mobility.carbon.place import Place
from mobility.carbon.rates import divide
from mobility.eligibility import VIRTUAL
from mobility.interop.csv_file import Cell, write_csv
from mobility.reading.figures import StoredRun
from solver.fileio import to_canonical

JSON = Mapping[str, Any]
Row = Mapping[str, Cell]

JOURNEY_COLUMNS = (
    "student", "offer", "rank", "home", "host", "mode", "journey", "days", "legs",
    "imputed_legs", "one_way_g", "ttw_g", "wtt_g", "non_co2_g", "total_g", "low_g",
    "high_g", "per_day_g", "factor_set", "factor_set_digest", "method_digest",
)  # fmt: skip
LEG_COLUMNS = ("student", *TABLE_COLUMNS)
FORMATS = {"journeys": "mobility-journeys/1", "legs": "mobility-legs/1"}
COLUMNS = {"journeys": JOURNEY_COLUMNS, "legs": LEG_COLUMNS}
FILES = tuple(f"{table}.{kind}" for table in FORMATS for kind in ("csv", "json"))


@dataclass(frozen=True)
class Placed:
    """A student with her place after the last stage; `journey` None: nobody travels."""

    student: JSON
    choice: JSON
    offer: JSON
    journey: JSON | None


@dataclass(frozen=True)
class FrozenJourneys:
    """The journeys of a run's last stage, read back from what was frozen."""

    stored: StoredRun

    @cached_property
    def carbon(self) -> JSON:
        """Return the factor set, its digest, the method's digest and its settings."""
        carbon: JSON = self.stored.snapshot["carbon"]
        return carbon

    @cached_property
    def factors(self) -> Mapping[str, Factor]:
        """Return the frozen factors by id."""
        return read_factors(self.carbon["factors"])

    @cached_property
    def legs_by_journey(self) -> Mapping[str, tuple[Leg, ...]]:
        """Return the legs of every frozen journey by its key."""
        return {
            journey["key"]: read_legs(journey["detail"], self.factors)
            for journey in self.stored.snapshot["journeys"]
        }

    @cached_property
    def place_by_school(self) -> Mapping[str, Place]:
        """Return where every university is."""
        return {
            row["hei_id"]: Place(
                row["city"], row["country"], row["latitude_udeg"], row["longitude_udeg"]
            )
            for row in self.stored.snapshot["institutions"]
        }

    @cached_property
    def offers(self) -> Mapping[str, JSON]:
        """Return the offers by their keys."""
        return {offer["key"]: offer for offer in self.stored.snapshot["offers"]}

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Return the placed students in the order of the pseudonyms."""
        stages = self.stored.result["stages"]
        held = stages[-1]["placements"] if stages else {}
        journeys = {each["key"]: each for each in self.stored.snapshot["journeys"]}
        return tuple(
            Placed(
                student,
                choice,
                self.offers[choice["offer"]],
                journeys[choice["journey"]] if choice["journey"] else None,
            )
            for student in self.stored.snapshot["students"]
            for choice in student["choices"]
            if held.get(student["id"]) == choice["offer"]
        )

    @property
    def total_g(self) -> int:
        """Return the sum of all placed students' journeys, in grams."""
        return sum(placed.choice["emissions_g"] for placed in self.placed)

    def rows_of(self, student: str) -> tuple[Row, Sequence[Row]] | None:
        """Return one student's journey and its legs; None where she has no place.

        Parameters
        ----------
        student
            Her pseudonym.
        """
        found = next((x for x in self.placed if x.student["id"] == student), None)
        if found is None:
            return None
        return _journey_row(self, found), self._ledger(found) if found.journey else ()

    def journey_rows(self) -> Iterator[Row]:
        """Yield a row for each placed student, a virtual place with 0 g."""
        for placed in self.placed:
            yield _journey_row(self, placed)

    def leg_rows(self) -> Iterator[Row]:
        """Yield a row for each leg of each placed student."""
        ledgers = {
            placed.journey["key"]: self._ledger(placed)
            for placed in self.placed
            if placed.journey
        }
        for placed in self.placed:
            for row in ledgers[placed.journey["key"]] if placed.journey else ():
                yield {"student": placed.student["id"], **row}

    def _ledger(self, placed: Placed) -> Sequence[Row]:
        key = placed.choice["journey"]
        about = LedgerOf(
            journey=key,
            home=self.place_by_school[placed.student["sending"]],
            host=self.place_by_school[placed.offer["receiving"]],
            factor_set=self.carbon["factor_set"],
            factor_set_digest=self.carbon["factor_set_digest"],
            rf_multiplier_tenths=self.carbon["settings"]["rf_multiplier_tenths"],
        )
        rows = make_ledger(about, self.legs_by_journey[key])
        return [row.to_table_row() for row in rows]


def _journey_row(frozen: FrozenJourneys, placed: Placed) -> Row:
    """Return a student's row; days of a virtual place are none abroad."""
    choice, carbon = placed.choice, frozen.carbon
    total = choice["emissions_g"]
    days = 0 if choice["mode"] == VIRTUAL else placed.offer["days"]
    detail = placed.journey["detail"] if placed.journey else {}
    legs = frozen.legs_by_journey[choice["journey"]] if placed.journey else ()
    low, high = detail.get("interval_g", (0, 0))
    return {
        "student": placed.student["id"],
        "offer": choice["offer"],
        "rank": choice["rank"],
        "home": placed.student["sending"],
        "host": placed.offer["receiving"],
        "mode": choice["mode"],
        "journey": choice["journey"],
        "days": days,
        "legs": len(legs),
        "imputed_legs": sum(leg.is_imputed for leg in legs),
        "one_way_g": divide(total, 2),
        **{name: detail.get(name, 0) for name in ("ttw_g", "wtt_g", "non_co2_g")},
        "total_g": total,
        "low_g": low,
        "high_g": high,
        "per_day_g": divide(total, days) if days else None,
        "factor_set": carbon["factor_set"],
        "factor_set_digest": carbon["factor_set_digest"],
        "method_digest": carbon["method_digest"],
    }


def write_file(frozen: FrozenJourneys, name: str, about: Mapping[str, str]) -> bytes:
    """Return one of `FILES`.

    Parameters
    ----------
    about
        What the file is of: the round, digests. Stands in JSON files.
    """
    table, kind = name.split(".")
    rows = frozen.journey_rows() if table == "journeys" else frozen.leg_rows()
    if kind == "csv":
        return write_csv(COLUMNS[table], rows)
    return to_canonical(
        {
            "format": FORMATS[table],
            **about,
            "total_g": frozen.total_g,
            "rows": [dict(row) for row in rows],
        }
    )
