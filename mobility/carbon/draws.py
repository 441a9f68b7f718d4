"""Totals drawn many times from the stated uncertainty: intervals of cohorts.

One draw per uncertain source and run, never per student: all who stand on one factor
are wrong together, else the total of a cohort would look falsely exact. Every source
has a stream of its own, seeded by its name, so that groups and the whole are drawn
alike and the order of rows is of no account.
"""

import functools
import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from mobility.carbon.exposure import DETOUR, Bound, Exposure, Parts
from mobility.carbon.intervals import HEADLINE_TENTHS
from mobility.carbon.journey import UG_PER_G, to_grams

DRAWS = 2000
SEED = 2026
LOW, HIGH = 2.5, 97.5
NORMAL_95 = 1.959963984540054
"""95 % of a normal distribution lie within so many standard deviations."""
MULTIPLIER = (1.0, 1.7, 3.0)
"""Least, likeliest and greatest multiplier on CO2 of flights (D)."""
Floats = NDArray[np.float64]


class Draws:
    """A number of runs, each with one value for every uncertain source.

    Parameters
    ----------
    rf_multiplier_tenths
        Ten times the multiplier that the journeys were computed with. The headline of
        1.7 is drawn; 1 and 3 are scenarios and stand.
    seed, count
        Which runs, and how many.
    """

    def __init__(
        self,
        rf_multiplier_tenths: int = HEADLINE_TENTHS,
        seed: int = SEED,
        count: int = DRAWS,
    ) -> None:
        self.count = count
        self._seed = seed
        self._is_headline = rf_multiplier_tenths == HEADLINE_TENTHS
        self._factors = functools.cache(self._draw_factor)

    def _stream(self, name: str) -> np.random.Generator:
        digest = hashlib.sha256(f"{self._seed} {name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest))

    def _draw_factor(self, name: str, bound: Bound) -> Floats:
        """Return what a source is multiplied with in each run: log-normal, median 1."""
        top, bottom = bound
        deviation = math.log(top / bottom) / NORMAL_95
        normals = self._stream(name).standard_normal(self.count)
        drawn: Floats = np.exp(normals * deviation)
        return drawn

    def totals_g(self, exposure: Exposure) -> Floats:
        """Return the grams of each run."""
        total = self._weigh(exposure.over_land) * self._factors("detour", DETOUR)
        total += self._weigh(exposure.straight)
        if self._is_headline:
            drawn = self._stream("multiplier").triangular(*MULTIPLIER, self.count)
            total += self._weigh(exposure.co2) * (drawn - 1)
        else:
            total += self._weigh(exposure.forced)
        return total / UG_PER_G

    def _weigh(self, parts: Parts) -> Floats:
        total = np.zeros(self.count)
        for (name, bound), amount in sorted(parts.items()):
            total += amount * self._factors(name, bound)
        return total

    def interval_g(self, exposure: Exposure) -> tuple[int, int]:
        """Return the 2.5 % and 97.5 % points in grams; the value lies between them."""
        value = to_grams(exposure.total_ug)
        low, high = np.percentile(self.totals_g(exposure), [LOW, HIGH])
        return min(math.floor(low), value), max(math.ceil(high), value)
