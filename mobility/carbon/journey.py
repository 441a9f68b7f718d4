"""One way of travelling from home to host and back: legs and what they emit.

A leg is stated for one direction and says how many times it is travelled (there and
back is 2). Micrograms are exact: metres x times x micrograms per metre.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.rates import Rate, divide

UG_PER_G = 1_000_000
WHOLE_SHARE = 1000
COMPONENTS = ("ttw", "wtt", "non_co2")


def to_grams(micrograms: int) -> int:
    """Return grams, rounded half up; the micrograms are 0 or more."""
    return divide(micrograms, UG_PER_G)


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of a journey by one vehicle.

    Parameters
    ----------
    mode
        ``air``, ``rail``, ``coach``, ``bus``, ``car`` or ``ferry``.
    role
        ``main``, or ``access`` between a city and its airport.
    origin, destination
        Names on the outward journey.
    distance_m
        One way, 0 or more.
    distance_kind
        How the distance was found, such as ``geodesic x 1.25``.
    rate
        Micrograms per metre by component.
    times
        How many times the leg is travelled.
    share_permille
        Part of the travellers counted on this leg: 1000, less in a mix of modes.
    note
        What a reader must know of this leg, such as the country it crosses.
    is_imputed
        Whether something was assumed that the data did not say; the note says what.
    """

    mode: str
    role: str
    origin: str
    destination: str
    distance_m: int
    distance_kind: str
    rate: Rate
    times: int = 2
    share_permille: int = WHOLE_SHARE
    note: str = ""
    is_imputed: bool = False

    def micrograms(self, component: str) -> int:
        """Return micrograms CO2e of one component, over all times."""
        rate: int = getattr(self.rate, component)
        exact = self.distance_m * self.times * rate * self.share_permille
        return divide(exact, WHOLE_SHARE)

    @property
    def total_ug(self) -> int:
        """Add the components."""
        return sum(self.micrograms(component) for component in COMPONENTS)

    @property
    def tier(self) -> str:
        """Say what kind of data the number stands on: ``modelled`` or ``default``."""
        return "default" if self.is_imputed or self.rate.flags else "modelled"

    def to_json(self) -> dict[str, object]:
        """Return the leg as JSON of texts and integers; factors by id."""
        return {
            "mode": self.mode,
            "role": self.role,
            "origin": self.origin,
            "destination": self.destination,
            "distance_m": self.distance_m,
            "distance_kind": self.distance_kind,
            "times": self.times,
            "share_permille": self.share_permille,
            "activity": self.rate.activity,
            "factor_ids": [factor.id for factor in self.rate.factors],
            "ttw_ug_per_m": self.rate.ttw,
            "wtt_ug_per_m": self.rate.wtt,
            "non_co2_ug_per_m": self.rate.non_co2,
            "ttw_ug": self.micrograms("ttw"),
            "wtt_ug": self.micrograms("wtt"),
            "non_co2_ug": self.micrograms("non_co2"),
            "note": self.note,
            "is_imputed": self.is_imputed,
            "tier": self.tier,
            "flags": list(self.rate.flags),
        }


def total_micrograms(legs: Sequence[Leg]) -> int:
    """Return the exact sum of the legs."""
    return sum(leg.total_ug for leg in legs)


def split_grams(legs: Sequence[Leg]) -> dict[str, int]:
    """Return whole grams by component that add up to the legs' rounded total.

    The total is rounded half up once; what rounding leaves over goes to the components
    with the largest remainders (largest remainder method).
    """
    exact = {name: sum(leg.micrograms(name) for leg in legs) for name in COMPONENTS}
    grams = {name: value // UG_PER_G for name, value in exact.items()}
    missing = to_grams(sum(exact.values())) - sum(grams.values())
    by_remainder = sorted(COMPONENTS, key=lambda name: -(exact[name] % UG_PER_G))
    for name in by_remainder[:missing]:
        grams[name] += 1
    return grams
