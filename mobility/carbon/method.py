"""The settings of a calculation: what a round declares before anybody sees a number.

Every number marked D is a design judgement, and the method page says so.
"""

import functools
from dataclasses import dataclass, fields

from mobility.carbon.assets import geography_digest
from mobility.errors import Refused
from solver.fileio import to_canonical, to_digest

METHOD_VERSION = "2"
"""Goes up whenever the same settings, factors and places give another number."""

ALLOWED = {
    "rf_multiplier_tenths": (10, 17, 30),
    "wtt_mode": ("published", "physical"),
    "band_rule": ("distance", "desnz_strict"),
    "mode_policy": ("least-emission-feasible", "threshold", "air"),
    "cabin": ("economy", "premium", "business", "first", "average"),
}
RANGES = {
    "rail_cap_h": (0, 72),
    "coach_cap_h": (0, 72),
    "car_occupancy_tenths": (10, 90),
}


class InvalidMethod(Refused):
    """Settings of a calculation that break a rule; every problem is named."""

    code = "invalid_method"


@dataclass(frozen=True, slots=True)
class Method:
    """How journeys are turned into grams.

    Parameters
    ----------
    factor_set
        Name of the folder of factors.
    rf_multiplier_tenths
        Ten times the multiplier m on the CO2 of flights: 10, 17 (headline) or 30.
    wtt_mode
        ``published``, or ``physical``: 0.2027 of the flight's CO2.
    band_rule
        ``distance``: short-haul up to 3,700 km, long-haul beyond, everywhere.
        ``desnz_strict``: flights that do not touch the United Kingdom take its flat
        "International" factor.
    mode_policy
        Which feasible mode counts: ``least-emission-feasible``, ``threshold`` or
        ``air``.
    cabin
        Class of the seat.
    rail_cap_h, coach_cap_h
        Longest journey in hours (D); the cap of the coach holds for the car.
    car_occupancy_tenths
        Ten times the people in a car (D).

    Raises
    ------
    InvalidMethod
        When a setting is not one of those allowed.
    """

    factor_set: str = "desnz-2026"
    rf_multiplier_tenths: int = 17
    wtt_mode: str = "published"
    band_rule: str = "distance"
    mode_policy: str = "least-emission-feasible"
    cabin: str = "economy"
    rail_cap_h: int = 24
    coach_cap_h: int = 14
    car_occupancy_tenths: int = 15

    def __post_init__(self) -> None:
        problems = [
            f"carbon setting {name}: {getattr(self, name)!r} is not one of"
            f" {', '.join(map(str, allowed))}"
            for name, allowed in ALLOWED.items()
            if (type(value := getattr(self, name)), value)
            not in [(type(choice), choice) for choice in allowed]
        ]
        for name, (lowest, highest) in RANGES.items():
            value = getattr(self, name)
            if type(value) is not int or not lowest <= value <= highest:
                problems.append(
                    f"carbon setting {name}: {value!r} is not a whole number from"
                    f" {lowest} to {highest}"
                )
        if problems:
            raise InvalidMethod(problems)

    def to_json(self) -> dict[str, object]:
        """Return the settings as JSON of texts and integers."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @property
    def digest(self) -> str:
        """Identify version, tables and settings by 64 hexadecimal digits."""
        return _digest(self)

    @classmethod
    def from_json(cls, settings: dict[str, object]) -> "Method":
        """Return the method of declared settings; what is absent has its default.

        Raises
        ------
        InvalidMethod
            When a setting is unknown or not allowed.
        """
        known = {item.name for item in fields(cls)}
        unknown = sorted(set(settings) - known)
        if unknown:
            raise InvalidMethod(
                f"carbon setting {name}: unknown; known are {', '.join(sorted(known))}"
                for name in unknown
            )
        return cls(**settings)  # type: ignore[arg-type] # __post_init__ checks each value


@functools.cache
def _digest(method: Method) -> str:
    value = {
        "version": METHOD_VERSION,
        "geography": geography_digest(),
        "settings": method.to_json(),
    }
    return to_digest(to_canonical(value))
