"""What the last stage of a policy gives at every rate of one weight: its frontier.

The best value of a level is a concave function of the rate that charges one of its
terms, so what is optimal at some rate is found between two rates by where their lines
cross (Eisner and Severance 1976, Journal of the ACM 23:619), each time solved anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from typing import Any

from solver.errors import InvalidPolicy
from solver.instance import Instance
from solver.metrics import Placements
from solver.optimise import solve
from solver.policy import VALUE, Level, Policy, Stage

FORMAT = "mobility-frontier/1"
WEIGHTS = ("carbon_per_tonne", "one_way")
"""Weights that can be swept, with the figures that they charge."""

Tell = Callable[[str], None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """What is optimal at a rate.

    Attributes
    ----------
    charged
        What the rate charges: grams, or places.
    rest
        The level's value without that charge, in msteps.
    """

    rate: int
    charged: int
    rest: int
    placements: Placements
    metrics: Row
    is_proven: bool

    def to_row(self, low: int, high: int) -> Row:
        """Return its figures, which hold from one rate to another."""
        kept = ("placed", "rank_total", "emissions_g", "one_way_excess")
        figures = {key: self.metrics[key] for key in kept}
        return {"from": low, "to": high, **figures, "is_proven": self.is_proven}


class Sweep:
    """Solves the last stage of a policy at other rates of one weight.

    The stages before are solved once, as declared, and so is every other weight. A
    carbon budget of the last stage is left out.

    Parameters
    ----------
    instance, policy
        What is solved.
    weight
        One of `WEIGHTS`.

    Raises
    ------
    InvalidPolicy
        When the frontier of this policy would not be one.
    """

    def __init__(self, instance: Instance, policy: Policy, weight: str) -> None:
        self.instance, self.policy, self.weight = instance, policy, weight
        self.stage = policy.stages[-1]
        self.level = _pick_level(self.stage, weight)
        _check(policy, self.level, weight)
        earlier = replace(policy, stages=policy.stages[:-1])
        self._before = solve(instance, earlier).stages if earlier.stages else ()

    def solve(self, rate: int) -> Point:
        """Return what is optimal at a rate."""
        weights = {**self.level.weights, self.weight: rate}
        level = replace(self.level, weights={k: w for k, w in weights.items() if w})
        levels = tuple(level if v is self.level else v for v in self.stage.levels)
        stage = replace(self.stage, levels=levels, carbon_budget_kg=None)
        stage = replace(stage, max_carbon_per_tonne=None)
        policy = replace(self.policy, stages=(*self.policy.stages[:-1], stage))
        result = solve(self.instance, policy, after=self._before)
        last = result.stages[-1]
        metrics: Row = last.metrics
        charged, charge = self._charge(last.placements, metrics, rate)
        value = next(each.value for each in last.levels if each.name == level.name)
        is_proven = all(each.bound == each.best for each in last.levels)
        rest = value - charge
        return Point(rate, charged, rest, last.placements, metrics, is_proven)

    def _charge(self, placed: Placements, metrics: Row, rate: int) -> tuple[int, int]:
        """Return what is charged, and the charge in msteps as the level rounds it."""
        if self.weight == "one_way":
            return metrics["one_way_excess"], rate * metrics["one_way_excess"]
        grams = [self._grams[pair] for pair in placed.items()]
        return sum(grams), sum((g * rate + 500_000) // 1_000_000 for g in grams)

    @property
    def unit(self) -> int:
        """How much of what is charged costs one rate: a tonne in grams, or a place."""
        return 1_000_000 if self.weight == "carbon_per_tonne" else 1

    @cached_property
    def _grams(self) -> dict[tuple[str, str], int]:
        return {
            (student.id, choice.offer): choice.emissions_g
            for student in self.instance.students
            for choice in student.choices
        }

    def crossing(self, low: Point, high: Point) -> Fraction | None:
        """Return the rate at which two points cost the same; None if they never do."""
        saved = low.charged - high.charged
        return Fraction((high.rest - low.rest) * self.unit, saved) if saved else None


def _pick_level(stage: Stage, weight: str) -> Level:
    """Return the last level that weighs the term, else the last one in msteps."""
    weighing = [level for level in stage.levels if weight in level.weights]
    in_msteps = [level for level in stage.levels if set(VALUE) & set(level.weights)]
    found = weighing or in_msteps
    if not found:
        message = (
            f'stage "{stage.name}": no level counts msteps, so none can be charged'
        )
        raise InvalidPolicy(message)
    return found[-1]


def _check(policy: Policy, level: Level, weight: str) -> None:
    """Refuse policies whose best value is not concave in the rate."""
    name, problems = f'level "{level.name}"', []
    if level.slack_absolute or level.slack_percent:
        problems.append(f"{name} has slack: what it ends with need not be its best")
    if weight == "one_way" and level.one_way_second:
        problems.append(f"{name} has a second one-way rate: there is no one rate")
    pricing = [each for _, each in policy.levels() if "equity" in each.weights]
    if pricing and pricing[0] in policy.stages[-1].levels:
        problems.append(
            f'level "{pricing[0].name}" finds equity prices in the last stage: they '
            "would be others at every rate"
        )
    if problems:
        raise InvalidPolicy(problems)


def find_frontier(sweep: Sweep, up_to: int, solves: int, tell: Tell) -> Row:
    """Return the frontier from rate 0 up to a rate.

    Parameters
    ----------
    up_to
        The largest rate, 1 or more.
    solves
        The most rates to solve at, 2 or more; what may deviate most comes first.

    Returns
    -------
    dict
        ``segments`` with the same placements from one rate to another, and between
        neighbours the ``breakpoints``: the exact rate, what it saves, what it costs.
        ``is_complete`` where every whole rate lies in a segment; else no rate between
        has a value that is better than the segments' by more than ``within_msteps``.
    """
    points = {rate: sweep.solve(rate) for rate in (0, up_to)}
    intervals = [(points[0], points[up_to])]
    while len(points) < solves:
        rates = [(_deviate(sweep, *pair), pair) for pair in intervals]
        worst, pair = max(rates, key=lambda item: (item[0], -item[1][0].rate))
        if worst < 0:
            break
        rate = _next_rate(sweep, *pair)
        points[rate] = sweep.solve(rate)
        tell(f"rate {rate}: {points[rate].charged} charged ({len(points)} solved)")
        intervals.remove(pair)
        intervals += [(pair[0], points[rate]), (points[rate], pair[1])]
    ordered = [points[rate] for rate in sorted(points)]
    return _describe(sweep, ordered)


def _is_settled(sweep: Sweep, low: Point, high: Point) -> bool:
    """Say whether every rate between two is known to give one of their placements."""
    if high.rate - low.rate == 1 or low.placements == high.placements:
        return True
    at = sweep.crossing(low, high)
    is_falling = low.charged > high.charged
    return at is not None and is_falling and not low.rate < at < high.rate


def _deviate(sweep: Sweep, low: Point, high: Point) -> Fraction:
    """Return the msteps by which better may be had between two rates; -1 settled."""
    if _is_settled(sweep, low, high):
        return Fraction(-1)
    at = sweep.crossing(low, high)
    if at is None or not low.rate < at < high.rate:
        return Fraction(0)  # only the rounding of charges leads here
    # below the lines of both points, above the chord between their values
    width = high.rate - low.rate
    saved = low.charged - high.charged
    return (at - low.rate) * (high.rate - at) * saved / (width * sweep.unit)


def _next_rate(sweep: Sweep, low: Point, high: Point) -> int:
    at = sweep.crossing(low, high)
    if at is None or not low.rate < at < high.rate:
        return (low.rate + high.rate) // 2
    return max(low.rate + 1, floor(at))


def _describe(sweep: Sweep, points: list[Point]) -> Row:
    """Return the segments between which the placements change, and their prices."""
    segments = [[points[0].rate, points[0].rate]]
    kept = [points[0]]
    for low, high in pairwise(points):
        if high.placements == low.placements:
            segments[-1][1] = high.rate
            continue
        segments[-1][1], start = _part(sweep, low, high)
        segments.append([start, high.rate])
        kept.append(high)
    pairs = zip(kept, segments, strict=True)
    deviations = [_deviate(sweep, *pair) for pair in pairwise(points)]
    return {
        "format": FORMAT,
        "instance": sweep.instance.id,
        "policy": sweep.policy.name,
        "stage": sweep.stage.name,
        "level": sweep.level.name,
        "weight": sweep.weight,
        "is_complete": all(each < 0 for each in deviations),
        "within_msteps": ceil(max(Fraction(0), *deviations)),
        "segments": [point.to_row(first, last) for point, (first, last) in pairs],
        "breakpoints": [_cross(sweep, *pair) for pair in pairwise(kept)],
    }


def _part(sweep: Sweep, low: Point, high: Point) -> tuple[int, int]:
    """Return the last rate that gives the one's placements, the first of the other's.

    Where they cost the same at an end, all rates between belong to the other end.
    """
    at = sweep.crossing(low, high)
    if at is not None and _is_settled(sweep, low, high):
        if at <= low.rate:
            return low.rate, low.rate + 1
        if at >= high.rate:
            return high.rate - 1, high.rate
    return low.rate, high.rate


def _cross(sweep: Sweep, low: Point, high: Point) -> Row:
    at = sweep.crossing(low, high)
    return {
        "rate": None if at is None else [at.numerator, at.denominator],
        "saves": low.charged - high.charged,
        "costs_msteps": high.rest - low.rest,
    }
