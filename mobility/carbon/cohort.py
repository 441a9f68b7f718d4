"""Many journeys as figures: totals, spread, shares, and how much of it was assumed.

Pure: what may be shown of small groups is decided where figures are read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mobility.carbon.draws import Draws
from mobility.carbon.exposure import Exposure, expose
from mobility.carbon.journey import TIERS, Leg, split_amounts

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Trip:
    """One person's counted journey.

    Parameters
    ----------
    home, host
        What journeys are grouped by: names or ids of the universities.
    mode
        The mode that counts; ``virtual`` for a journey that is not made.
    total_g
        Grams as they were frozen or told.
    legs
        The legs behind them; none for a virtual journey.
    group
        A group of students; empty when none.
    days
        Days abroad; 0 when not known.
    """

    home: str
    host: str
    mode: str
    total_g: int
    legs: tuple[Leg, ...] = ()
    group: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What one part of a cohort emits; `interval_g` by the draws of the whole."""

    persons: int
    total_g: int
    mean_g: int
    interval_g: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CohortFigures:
    """The figures of a cohort, in grams.

    `p10_g` and `p90_g` are interpolated between persons. `per_day_g` divides by the
    days of those whose days are known; None when nobody's are. `coverage_percent` is
    the share of persons whose journey was computed, rounded down. `legs_by_tier` counts
    legs by what their number stands on; `imputed_legs` those where something was
    assumed.
    """

    persons: int
    total_g: int
    interval_g: tuple[int, int]
    mean_g: int
    median_g: int
    p10_g: int
    p90_g: int
    per_day_g: int | None
    grams_by_component: Mapping[str, int]
    by_mode: Mapping[str, Share]
    by_host: Mapping[str, Share]
    by_home: Mapping[str, Share]
    by_group: Mapping[str, Share]
    legs: int
    imputed_legs: int
    legs_by_tier: Mapping[str, int]
    coverage_percent: int


def find_figures(
    trips: Sequence[Trip], draws: Draws, expected: int | None = None
) -> CohortFigures:
    """Return the figures of a cohort.

    Parameters
    ----------
    trips
        One for each person whose journey was computed, in any order.
    draws
        Made with the multiplier of the journeys.
    expected
        How many persons there are; the number of trips when None.
    """
    totals = sorted(trip.total_g for trip in trips)
    legs = [leg for trip in trips for leg in trip.legs]
    exposures = [expose(trip.legs) for trip in trips]
    persons = len(trips) if expected is None else expected
    whole = _Part(trips, exposures, draws)
    return CohortFigures(
        persons=persons,
        total_g=sum(totals),
        interval_g=whole.share(range(len(trips))).interval_g,
        mean_g=_divide(sum(totals), len(totals)),
        median_g=quantile(totals, 50),
        p10_g=quantile(totals, 10),
        p90_g=quantile(totals, 90),
        per_day_g=_per_day(trips),
        grams_by_component=split_amounts([leg.amounts for leg in legs]),
        by_mode=whole.shares(lambda trip: trip.mode),
        by_host=whole.shares(lambda trip: trip.host),
        by_home=whole.shares(lambda trip: trip.home),
        by_group=whole.shares(lambda trip: trip.group),
        legs=len(legs),
        imputed_legs=sum(leg.is_imputed for leg in legs),
        legs_by_tier={tier: sum(leg.tier == tier for leg in legs) for tier in TIERS},
        coverage_percent=len(trips) * PERCENT // persons if persons else 0,
    )


class _Part:
    """A cohort that is cut into parts; the parts share the cohort's draws."""

    def __init__(
        self, trips: Sequence[Trip], exposures: Sequence[Exposure], draws: Draws
    ) -> None:
        self.trips, self.exposures, self.draws = trips, exposures, draws

    def share(self, numbers: Iterable[int]) -> Share:
        """Return the share of the persons with these numbers."""
        exposure, totals = Exposure(), []
        for number in numbers:
            exposure.add(self.exposures[number])
            totals.append(self.trips[number].total_g)
        total = sum(totals)
        low, high = self.draws.interval_g(exposure)
        interval = (min(low, total), max(high, total))
        return Share(len(totals), total, _divide(total, len(totals)), interval)

    def shares(self, key: Callable[[Trip], str]) -> dict[str, Share]:
        """Return the shares of the parts that a key makes, by key."""
        numbers: dict[str, list[int]] = {}
        for number, trip in enumerate(self.trips):
            numbers.setdefault(key(trip), []).append(number)
        return {name: self.share(numbers[name]) for name in sorted(numbers)}


def quantile(ordered: Sequence[int], percent: int) -> int:
    """Return a quantile of ordered numbers, linear between two, rounded half up.

    0 when there are none.
    """
    if not ordered:
        return 0
    position = Fraction((len(ordered) - 1) * percent, PERCENT)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    exact = ordered[below] + (ordered[above] - ordered[below]) * (position - below)
    return int(exact + Fraction(1, 2))


def _per_day(trips: Sequence[Trip]) -> int | None:
    known = [trip for trip in trips if trip.days]
    if not known:
        return None
    days = sum(trip.days for trip in known)
    return _divide(sum(trip.total_g for trip in known), days)


def _divide(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half up, 0 where nothing is counted."""
    if not denominator:
        return 0
    return (2 * numerator + denominator) // (2 * denominator)
