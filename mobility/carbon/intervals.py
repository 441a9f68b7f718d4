"""The 95 % interval of one journey, from the stated uncertainty of its parts.

Each part is log-normal with a 95 % factor f: it lies between value / f and value x f.
The parts are taken as independent of each other, a part that several legs share as one.
Each part alone is moved to its two ends; the moves of the total are joined by
root-sum-square, upward and downward apart (error propagation, IPCC 2006 Guidelines
volume 1, section 3.2.3.1, for each side of a skewed range). Whole numbers only: the
interval is frozen, and the same on every machine. Cohorts are drawn: see `draws`.
"""

import math
from collections.abc import Sequence

from mobility.carbon.exposure import DETOUR, expose
from mobility.carbon.journey import Leg, to_grams

RF_LOW_THOUSANDTHS, RF_HIGH_THOUSANDTHS = 1187, 2745
"""2.5 % and 97.5 % points of the triangular distribution (1, 1.7, 3)."""
HEADLINE_TENTHS = 17
"""The multiplier that is uncertain; 1 and 3 are scenarios and taken as they stand."""


def interval_grams(legs: Sequence[Leg], rf_multiplier_tenths: int) -> tuple[int, int]:
    """Return the low and the high end of the legs' total, in grams.

    Parameters
    ----------
    legs
        The legs of one journey.
    rf_multiplier_tenths
        Ten times the multiplier that the legs' non-CO2 part was computed with.
    """
    exposure = expose(legs)
    over_land = sum(exposure.over_land.values())
    for source, amount in exposure.forced.items():
        exposure.straight[source] += amount
    total, ups, downs = 0, [], []
    for parts in (exposure.straight, exposure.over_land):
        for (_, (top, bottom)), amount in parts.items():
            total += amount
            ups.append(amount * (top - bottom) // bottom)
            downs.append(amount * (top - bottom) // top)
    top, bottom = DETOUR
    ups.append(over_land * (top - bottom) // bottom)
    downs.append(over_land * (top - bottom) // top)
    if rf_multiplier_tenths == HEADLINE_TENTHS:
        co2, here = sum(exposure.co2.values()), HEADLINE_TENTHS * 100
        ups.append(co2 * (RF_HIGH_THOUSANDTHS - here) // 1000)
        downs.append(co2 * (here - RF_LOW_THOUSANDTHS) // 1000)
    high = total + math.isqrt(sum(move * move for move in ups))
    low = total - math.isqrt(sum(move * move for move in downs))
    return to_grams(max(low, 0)), to_grams(high)
