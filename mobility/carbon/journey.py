"""One way of travelling from home to host and back: legs and what they emit.

A leg is stated for one direction and says how many times it is travelled (there and
back is 2). Micrograms are exact: metres x times x micrograms per metre.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.rates import Rate, divide
from mobility.errors import Refused

UG_PER_G = 1_000_000
WHOLE_SHARE = 1000
COMPONENTS = ("ttw", "wtt", "non_co2")
TIERS = ("primary", "modelled", "default")
"""What a leg's number stands on: told by the traveller, computed, assumed."""
Amounts = tuple[int, int, int]
"""Micrograms in the order of `COMPONENTS`."""


class InvalidJourney(Refused):
    """A journey that cannot have been made; every problem is named."""

    code = "invalid_journey"


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
    is_told
        Whether the vehicle was told by the traveller, not found by the method.

    Raises
    ------
    InvalidJourney
        When the distance is below 0, or the leg is travelled less than once or by more
        than everybody.
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
    is_told: bool = False

    def __post_init__(self) -> None:
        if (
            self.distance_m >= 0 < self.times
            and 0 <= self.share_permille <= WHOLE_SHARE
        ):
            return
        name = f"leg from {self.origin} to {self.destination}"
        rules = {
            f"{name}: distance is {self.distance_m} m, must be 0 or more": (
                self.distance_m >= 0
            ),
            f"{name}: travelled {self.times} times, must be 1 or more": self.times > 0,
            f"{name}: share is {self.share_permille}, must be 0 to {WHOLE_SHARE}": (
                0 <= self.share_permille <= WHOLE_SHARE
            ),
        }
        raise InvalidJourney(sentence for sentence, kept in rules.items() if not kept)

    @property
    def amounts(self) -> Amounts:
        """Return micrograms CO2e by component, over all times."""
        rate, metres = self.rate, self.distance_m * self.times
        if self.share_permille == WHOLE_SHARE:
            return metres * rate.ttw, metres * rate.wtt, metres * rate.non_co2
        shared = metres * self.share_permille
        return (
            divide(shared * rate.ttw, WHOLE_SHARE),
            divide(shared * rate.wtt, WHOLE_SHARE),
            divide(shared * rate.non_co2, WHOLE_SHARE),
        )

    def micrograms(self, component: str) -> int:
        """Return micrograms CO2e of one component, over all times."""
        return self.amounts[COMPONENTS.index(component)]

    @property
    def total_ug(self) -> int:
        """Add the components."""
        return sum(self.amounts)

    @property
    def tier(self) -> str:
        """Say what kind of data the number stands on: one of `TIERS`."""
        if self.is_imputed or self.rate.flags:
            return "default"
        return "primary" if self.is_told else "modelled"

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
    return split_amounts([leg.amounts for leg in legs])


def split_amounts(amounts: Sequence[Amounts]) -> dict[str, int]:
    """Do the same as `split_grams` for micrograms by component."""
    exact = [sum(values) for values in zip(*amounts, strict=True)] or [0, 0, 0]
    grams = [value // UG_PER_G for value in exact]
    missing = to_grams(sum(exact)) - sum(grams)
    by_remainder = sorted(range(3), key=lambda number: -(exact[number] % UG_PER_G))
    for number in by_remainder[:missing]:
        grams[number] += 1
    return dict(zip(COMPONENTS, grams, strict=True))
