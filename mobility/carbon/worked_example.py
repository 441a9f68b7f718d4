"""A journey worked out line by line, from published values to grams, for a reader.

Numbers only; pages put the words. Every line can be recomputed with a pocket
calculator: distance x times x rate = micrograms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.factors import Factor, FactorSet
from mobility.carbon.footprint import ModeResult
from mobility.carbon.journey import COMPONENTS, UG_PER_G, Leg
from mobility.carbon.method import Method
from mobility.carbon.rates import PHYSICAL_WTT

PUBLISHED, PER_PERSON, FORCED, PHYSICAL, MEAN, CURVE = (
    "published", "per_person", "forced", "physical", "mean", "curve",
)  # fmt: skip
"""How a rate comes from its factors: as published; divided by people; (with RF minus
without) x (m - 1) / 0.7; CO2 x 0.2027; mean of several; a curve of fuel burnt."""

EXAMPLES = {
    "air": ("Nairobi, KE", "Uppsala, SE"),
    "rail": ("London, GB", "Paris, FR"),
}
"""Journeys that were checked by hand under the default method: see the tests."""


@dataclass(frozen=True, slots=True)
class Line:
    """One multiplication: `distance_m` x `times` x `rate_ug_per_m` = `product_ug`.

    `derivation` says how the rate comes from `factors`; of a mix of modes
    `share_permille` is multiplied too.
    """

    leg: int
    mode: str
    component: str
    distance_m: int
    times: int
    share_permille: int
    rate_ug_per_m: int
    product_ug: int
    derivation: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A journey's lines, their sums, and the one rounding.

    `sum_ug` by component is exact; `total_g` is its sum over `UG_PER_G` rounded half
    up, and `grams` are whole by component and add up to it.
    """

    mode: str
    lines: tuple[Line, ...]
    sum_ug: tuple[int, int, int]
    exact_ug: int
    total_g: int
    grams: tuple[int, int, int]
    multiplier_tenths: int
    physical_share: tuple[int, int]


def work_out(result: ModeResult, method: Method, factors: FactorSet) -> Example:
    """Return a feasible mode's journey line by line; components of 0 have no line."""
    lines = [
        line
        for number, leg in enumerate(result.legs, 1)
        for line in _lines(number, leg, method, factors)
    ]
    sums = [
        sum(values)
        for values in zip(*[leg.amounts for leg in result.legs], strict=True)
    ]
    exact = sum(sums)
    return Example(
        mode=result.mode,
        lines=tuple(lines),
        sum_ug=(sums[0], sums[1], sums[2]),
        exact_ug=exact,
        total_g=(2 * exact + UG_PER_G) // (2 * UG_PER_G),
        grams=(result.ttw_g, result.wtt_g, result.non_co2_g),
        multiplier_tenths=method.rf_multiplier_tenths,
        physical_share=PHYSICAL_WTT,
    )


def _lines(number: int, leg: Leg, method: Method, factors: FactorSet) -> Sequence[Line]:
    rates = (leg.rate.ttw, leg.rate.wtt, leg.rate.non_co2)
    return [
        Line(
            number,
            leg.mode,
            component,
            leg.distance_m,
            leg.times,
            leg.share_permille,
            rate,
            product,
            _derivation(leg, component, method, factors),
            _behind(leg, component, method),
        )
        for component, rate, product in zip(COMPONENTS, rates, leg.amounts, strict=True)
        if rate
    ]


def _derivation(leg: Leg, component: str, method: Method, factors: FactorSet) -> str:
    if leg.mode == "car":
        return PER_PERSON
    if leg.mode != "air":
        used = [f for f in leg.rate.factors if f.boundary != "wtt"]
        return MEAN if "-" in leg.rate.activity and len(used) > 1 else PUBLISHED
    if factors.air_model == "affine":
        return CURVE
    if component == "wtt" and method.wtt_mode == "physical":
        return PHYSICAL
    if component == "non_co2" and factors.air_model == "bands":
        return FORCED
    return PUBLISHED


def _behind(leg: Leg, component: str, method: Method) -> tuple[Factor, ...]:
    """Return the factors that one component's rate comes from."""
    boundaries = {
        "ttw": {"ttw", "wtw", "life_cycle", "construction"},
        "wtt": {"wtt"},
        "non_co2": {"ttw", "ttw_with_rf", "contrails"},
    }[component]
    if leg.mode == "air" and component == "wtt" and method.wtt_mode == "physical":
        boundaries = {"ttw", "ttw_with_rf"}
    boundaries.add("parameter")
    return tuple(f for f in leg.rate.factors if f.boundary in boundaries)
