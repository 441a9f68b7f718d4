"""The 95 % interval of a journey, from the stated uncertainty of its parts.

Each part is log-normal with a 95 % factor f: it lies between value / f and value x f.
The parts are taken as independent of each other, a part that several legs share as one.
Each part alone is moved to its two ends; the moves of the total are joined by
root-sum-square, upward and downward apart (error propagation, IPCC 2006 Guidelines
volume 1, section 3.2.3.1, for each side of a skewed range). All factors are design
judgement (D). Whole numbers only: the interval is the same on every machine.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from mobility.carbon.journey import WHOLE_SHARE, Leg, to_grams

Bound = tuple[int, int]
"""A factor as numerator and denominator."""

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
RF_LOW_THOUSANDTHS, RF_HIGH_THOUSANDTHS = 1187, 2745
"""2.5 % and 97.5 % points of the triangular distribution (1, 1.7, 3)."""
FIXED_DISTANCE = "fixed"


def interval_grams(legs: Sequence[Leg], rf_multiplier_tenths: int) -> tuple[int, int]:
    """Return the low and the high end of the legs' total, in grams.

    Parameters
    ----------
    legs
        The legs of one journey.
    rf_multiplier_tenths
        Ten times the multiplier that the legs' non-CO2 part was computed with.
    """
    total = sum(leg.total_ug for leg in legs)
    parts = _parts(legs)
    ups = [amount * (top - bottom) // bottom for amount, (top, bottom) in parts]
    downs = [amount * (top - bottom) // top for amount, (top, bottom) in parts]
    down, up = _forcing_moves(legs, rf_multiplier_tenths)
    high = total + math.isqrt(sum(move * move for move in [*ups, up]))
    low = total - math.isqrt(sum(move * move for move in [*downs, down]))
    return to_grams(max(low, 0)), to_grams(high)


def _parts(legs: Sequence[Leg]) -> list[tuple[int, Bound]]:
    """Return each uncertain part's micrograms and factor; shared parts are added."""
    amounts: dict[tuple[str, Bound], int] = defaultdict(int)
    for leg in legs:
        supply = leg.micrograms("wtt")
        use = leg.total_ug - supply
        amounts[leg.rate.activity, _use_bound(leg)] += use
        amounts[f"{leg.rate.activity} supply", WTT] += supply
        if leg.mode != "air" and not leg.distance_kind.startswith(FIXED_DISTANCE):
            amounts["detour", DETOUR] += use + supply
    return [(amount, bound) for (_, bound), amount in amounts.items()]


def _use_bound(leg: Leg) -> Bound:
    if leg.mode != "air":
        return BOUND_BY_MODE[leg.mode]
    if leg.distance_m < SHORT_FLIGHT_M:
        return AIR_SHORT
    return AIR_MEDIUM if leg.distance_m <= LONG_FLIGHT_M else AIR_LONG


def _forcing_moves(legs: Sequence[Leg], tenths: int) -> tuple[int, int]:
    """Return how far the multiplier's range moves the total down and up."""
    air = [leg for leg in legs if leg.mode == "air"]
    forcing = _co2_thousandth(air)
    here = tenths * 100
    down = max(here - RF_LOW_THOUSANDTHS, 0) * forcing
    up = max(RF_HIGH_THOUSANDTHS - here, 0) * forcing
    return down, up


def _co2_thousandth(legs: Sequence[Leg]) -> int:
    """Return the micrograms that one thousandth of the multiplier adds."""
    return sum(
        leg.rate.co2 * leg.distance_m * leg.times * leg.share_permille for leg in legs
    ) // (1000 * WHOLE_SHARE)
