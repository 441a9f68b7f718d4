"""What a total is made of, by what is uncertain about it.

Each uncertain thing has a name: a published factor, the supply of a fuel, the length of
detours, the multiplier. Legs that stand on one thing share its uncertainty, so amounts
are added by name, over a journey or over a cohort.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mobility.carbon.factors import Factor
from mobility.carbon.journey import WHOLE_SHARE, Leg
from mobility.carbon.rates import divide

Bound = tuple[int, int]
"""A 95 % factor as numerator and denominator: between value / f and value x f."""

SHORT_FLIGHT_M, LONG_FLIGHT_M = 1_500_000, 3_700_000
AIR_SHORT: Bound = (3, 2)
AIR_MEDIUM: Bound = (13, 10)
AIR_LONG: Bound = (5, 4)
WTT: Bound = (13, 10)
DETOUR: Bound = (23, 20)
BOUND_BY_MODE: dict[str, Bound] = {
    "rail": (8, 5),
    "coach": (7, 5),
    "bus": (7, 5),
    "car": (7, 5),
    "ferry": (3, 1),
}
"""All of them are design judgement (D)."""
FIXED_DISTANCE = "fixed"
SUPPLY_BOUNDARY = "wtt"

Source = tuple[str, Bound]
"""A name and how uncertain what it names is."""


Parts = dict[Source, int]


@dataclass(slots=True)
class Exposure:
    """Micrograms CO2e by uncertain source.

    `over_land` are those that a detour lengthens too; `straight` all others. `forced`
    is what flights add to their fuel by the multiplier, `co2` the CO2 it applies to.
    """

    over_land: Parts = field(default_factory=dict)
    straight: Parts = field(default_factory=dict)
    forced: Parts = field(default_factory=dict)
    co2: Parts = field(default_factory=dict)

    def add(self, other: "Exposure") -> None:
        """Add the amounts of another."""
        for mine, theirs in (
            (self.over_land, other.over_land),
            (self.straight, other.straight),
            (self.forced, other.forced),
            (self.co2, other.co2),
        ):
            for source, amount in theirs.items():
                _add(mine, source, amount)

    @property
    def total_ug(self) -> int:
        """Add everything up."""
        return sum(
            sum(part.values()) for part in (self.over_land, self.straight, self.forced)
        )


def _add(parts: Parts, source: Source, amount: int) -> None:
    parts[source] = parts.get(source, 0) + amount


def expose(legs: Iterable[Leg]) -> Exposure:
    """Return what the legs' total is made of."""
    found = Exposure()
    for leg in legs:
        if leg.mode == "air":
            _add_flight(found, leg)
        else:
            _add_land(found, leg)
    return found


def _add_flight(found: Exposure, leg: Leg) -> None:
    use, supply, forced = leg.amounts
    activity = leg.rate.activity
    source = (activity, _flight_bound(leg.distance_m))
    _add(found.straight, source, use)
    _add(found.straight, (f"{activity} supply", WTT), supply)
    if leg.rate.co2:
        metres = leg.distance_m * leg.times * leg.share_permille
        _add(found.forced, source, forced)
        _add(found.co2, source, divide(metres * leg.rate.co2, WHOLE_SHARE))
    else:
        _add(found.straight, source, forced)


def _flight_bound(distance_m: int) -> Bound:
    if distance_m < SHORT_FLIGHT_M:
        return AIR_SHORT
    return AIR_MEDIUM if distance_m <= LONG_FLIGHT_M else AIR_LONG


def _add_land(found: Exposure, leg: Leg) -> None:
    use, supply, _ = leg.amounts
    is_fixed = leg.distance_kind.startswith(FIXED_DISTANCE)
    target = found.straight if is_fixed else found.over_land
    bound = BOUND_BY_MODE[leg.mode]
    factors = leg.rate.factors
    if len(factors) == 1 or (len(factors) == 2 and supply):
        _add(target, (factors[0].id, bound), use)
    else:
        for name, amount in _shares(use, factors).items():
            _add(target, (name, bound), amount)
    if supply:
        _add(target, (f"{leg.mode} supply", WTT), supply)


def _shares(amount: int, factors: Sequence[Factor]) -> dict[str, int]:
    """Split an amount over factors in proportion to their values, to the microgram."""
    value_by_id = {
        factor.id: factor.value_ug_per_m
        for factor in factors
        if factor.boundary != SUPPLY_BOUNDARY
    }
    whole, names = max(sum(value_by_id.values()), 1), list(value_by_id)
    shares = {name: amount * value_by_id[name] // whole for name in names[1:]}
    return {names[0]: amount - sum(shares.values()), **shares}
