"""What one metre costs under a method: published factors, applied.

Values that a method derives (another multiplier, the physical well-to-tank share,
people in a car, a mean of two countries) are rounded half up to one microgram per
metre, the sixth decimal of kilograms per kilometre. Published values pass unchanged.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.factor_rules import WHOLE
from mobility.carbon.factors import Factor, FactorSet
from mobility.carbon.method import Method

PHYSICAL_WTT = (2027, 10_000)
"""Well-to-tank CO2e per CO2 of jet fuel: 0.6465 / 3.1894 kg per kg of fuel."""
PUBLISHED_TENTHS = 17
"""The multiplier of the published values "with RF": 1.7 x CO2 + CH4 + N2O."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Micrograms CO2e per metre and passenger, by component.

    `activity` names what is done (``air.short-haul.economy``, ``rail.FR``); `factors`
    are the published numbers it comes from. `co2` is the part of the use of a flight
    that a multiplier applies to; 0 on land and where a set has contrails as a number.
    """

    activity: str
    ttw: int
    wtt: int
    non_co2: int
    factors: tuple[Factor, ...]
    co2: int = 0

    @property
    def total(self) -> int:
        """Add the components."""
        return self.ttw + self.wtt + self.non_co2

    @property
    def flags(self) -> tuple[str, ...]:
        """Collect the flags of the factors, each once, in alphabetical order."""
        return tuple(sorted({flag for factor in self.factors for flag in factor.flags}))


def divide(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half up; the numerator is 0 or more."""
    return (2 * numerator + denominator) // (2 * denominator)


@functools.cache
def find_rate(factors: FactorSet, method: Method, activity: str) -> Rate:
    """Return the rate of an activity.

    Raises
    ------
    UnknownFactor
        When the set has no factor for it.
    """
    mode = activity.partition(".")[0]
    if mode == "air" and factors.air_model == "bands":
        return _band_rate(factors, method, activity)
    rate = _plain_rate(factors, activity)
    if mode == "car":
        people = method.car_occupancy_tenths
        return Rate(
            activity,
            divide(rate.ttw * 10, people),
            divide(rate.wtt * 10, people),
            0,
            rate.factors,
        )
    return rate


def has_rate(factors: FactorSet, activity: str) -> bool:
    """Tell whether the set has a factor for an activity on land or water."""
    return any(factors.get(activity, boundary) for boundary in (*WHOLE, "ttw"))


def mean_rate(activity: str, rates: Sequence[Rate]) -> Rate:
    """Return the mean of one or more rates."""
    count = len(rates)
    return Rate(
        activity,
        divide(sum(rate.ttw for rate in rates), count),
        divide(sum(rate.wtt for rate in rates), count),
        divide(sum(rate.non_co2 for rate in rates), count),
        tuple(dict.fromkeys(factor for rate in rates for factor in rate.factors)),
    )


def _plain_rate(factors: FactorSet, activity: str) -> Rate:
    """Return use and supply; what is not split counts as use, and so do vehicles."""
    whole = [factors.get(activity, name) for name in (*WHOLE, "construction")]
    used = tuple(factor for factor in whole if factor is not None)
    if not used:
        ttw, wtt = factors.find(activity, "ttw"), factors.find(activity, "wtt")
        return Rate(activity, ttw.value_ug_per_m, wtt.value_ug_per_m, 0, (ttw, wtt))
    use = sum(factor.value_ug_per_m for factor in used)
    contrails = factors.get(activity, "contrails")
    if contrails is None:
        return Rate(activity, use, 0, 0, used)
    return Rate(activity, use, 0, contrails.value_ug_per_m, (*used, contrails))


def _band_rate(factors: FactorSet, method: Method, activity: str) -> Rate:
    """Return a flight's rate.

    With RF is 1.7 x CO2 + CH4 + N2O and without is CO2 + CH4 + N2O, so their difference
    is 0.7 x CO2 and a multiplier m adds (m - 1) / 0.7 of it.
    """
    ttw, forced = factors.find(activity, "ttw"), factors.find(activity, "ttw_with_rf")
    difference = forced.value_ug_per_m - ttw.value_ug_per_m
    published = PUBLISHED_TENTHS - 10
    non_co2 = divide(difference * (method.rf_multiplier_tenths - 10), published)
    co2 = divide(difference * 10, published)
    value = ttw.value_ug_per_m
    if method.wtt_mode == "physical":
        share, whole = PHYSICAL_WTT
        wtt = divide(difference * 10 * share, published * whole)
        return Rate(activity, value, wtt, non_co2, (ttw, forced), co2)
    supply = factors.find(activity, "wtt")
    used = (ttw, forced, supply)
    return Rate(activity, value, supply.value_ug_per_m, non_co2, used, co2)
