"""What another factor set does to the same journeys, and to nothing else.

Each journey is taken as the first set counts it: the mode, the airports, every leg
with its metres. Only the rates are exchanged, so that a change of factors is not
mistaken for a change of travel. What the second set would choose is told beside it.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.air_rates import find_air_rate
from mobility.carbon.batch import footprints
from mobility.carbon.factors import Factor, FactorSet, UnknownFactor
from mobility.carbon.footprint import Footprint
from mobility.carbon.journey import Leg, split_amounts
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.rates import Rate, find_rate, mean_rate
from mobility.errors import InvalidInput

NOWHERE = ("", "")
"""Countries of a flight that is known by its length alone."""


@dataclass(frozen=True, slots=True)
class FactorChange:
    """One factor in both sets; a value is None where a set has none."""

    id: str
    old: Factor | None
    new: Factor | None

    @property
    def change_permille(self) -> int | None:
        """Return the change in thousandths of the old value, toward zero."""
        if self.old is None or self.new is None:
            return None
        return change_permille(self.old.value_ug_per_m, self.new.value_ug_per_m)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the swap does to one part of the journeys, in grams."""

    journeys: int
    old_g: int
    new_g: int

    @property
    def change_permille(self) -> int | None:
        """Return the change in thousandths of the old total, toward zero."""
        return change_permille(self.old_g, self.new_g)


@dataclass(frozen=True, slots=True)
class JourneyEffect:
    """One journey under both sets, leg by leg.

    `new_g` is None where the second set lacks a factor for a leg; `reason` says why.
    `new_choice` is the mode that the second set would count.
    """

    home: Place
    host: Place
    mode: str
    old_g: int
    new_g: int | None
    reason: str
    new_choice: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets, factor by factor and over journeys.

    The effects count journeys that both sets have all factors for;
    `left_out` are the others. `other_choice` counts those of them that the second set
    would send by another mode.
    """

    old: FactorSet
    new: FactorSet
    factors: tuple[FactorChange, ...]
    journeys: tuple[JourneyEffect, ...]
    total: Effect
    by_mode: dict[str, Effect]

    @property
    def left_out(self) -> tuple[JourneyEffect, ...]:
        """Return the journeys that the second set cannot compute."""
        return tuple(row for row in self.journeys if row.new_g is None)

    @property
    def other_choice(self) -> int:
        """Count the journeys that the second set would send by another mode."""
        return sum(row.new_choice != row.mode for row in self.journeys)


def change_permille(old: int, new: int) -> int | None:
    """Return a change in thousandths of the old number, toward zero."""
    if not old:
        return None
    size = abs(new - old) * 1000 // old
    return size if new >= old else -size


def compare_factors(old: FactorSet, new: FactorSet) -> tuple[FactorChange, ...]:
    """Return every factor of two sets in the order of ids."""
    ids = sorted(old.factors.keys() | new.factors.keys())
    return tuple(
        FactorChange(name, old.factors.get(name), new.factors.get(name)) for name in ids
    )


def compare_sets(
    old: FactorSet,
    new: FactorSet,
    method: Method,
    pairs: Sequence[tuple[Place, Place]] = (),
) -> Comparison:
    """Return what the second set changes.

    Parameters
    ----------
    old, new
        The sets.
    method
        Settings of both; the name of its set is of no account.
    pairs
        Home and host of each journey; a pair that appears twice counts twice.

    Raises
    ------
    InvalidInput
        When a journey has no feasible mode under the first set.
    """
    before = footprints(pairs, method, old)
    problems = [
        f"{found.home.label} to {found.host.label}: no feasible mode with {old.name}"
        for found in before
        if not found.chosen_mode
    ]
    if problems:
        raise InvalidInput(problems)
    after = footprints(pairs, method, new)
    rows = tuple(
        _effect(one, other, (method, new))
        for one, other in zip(before, after, strict=True)
    )
    kept = [row for row in rows if row.new_g is not None]
    modes = sorted({row.mode for row in kept})
    return Comparison(
        old,
        new,
        compare_factors(old, new),
        rows,
        _add(kept),
        {mode: _add([row for row in kept if row.mode == mode]) for mode in modes},
    )


def _effect(
    before: Footprint, after: Footprint, settings: tuple[Method, FactorSet]
) -> JourneyEffect:
    new_g, reason = None, ""
    try:
        legs = [reprice(leg, *settings) for leg in before.chosen.legs]
        new_g = sum(split_amounts([leg.amounts for leg in legs]).values())
    except UnknownFactor as refusal:
        reason = str(refusal)
    return JourneyEffect(
        before.home,
        before.host,
        before.chosen_mode,
        before.total_g,
        new_g,
        reason,
        after.chosen_mode,
    )


def reprice(leg: Leg, method: Method, factors: FactorSet) -> Leg:
    """Return a leg with the rate of another set, nothing else changed.

    A flight keeps its band where the set has it; else its length decides.

    Raises
    ------
    UnknownFactor
        When the set has no factor for what is done on the leg.
    """
    return dataclasses.replace(leg, rate=_find_rate(leg, method, factors))


def _find_rate(leg: Leg, method: Method, factors: FactorSet) -> Rate:
    activity = leg.rate.activity
    if leg.mode == "air":
        is_band = factors.get(activity, "ttw") is not None
        if factors.air_model == "bands" and is_band:
            return find_rate(factors, method, activity)
        metres = leg.distance_m
        return find_air_rate(factors, method, metres, NOWHERE, metres)
    mode, _, kind = activity.partition(".")
    if mode == "rail" and "-" in kind:
        parts = [find_rate(factors, method, f"rail.{code}") for code in kind.split("-")]
        return mean_rate(activity, parts)
    return find_rate(factors, method, activity)


def _add(rows: Sequence[JourneyEffect]) -> Effect:
    new = sum(row.new_g or 0 for row in rows)
    return Effect(len(rows), sum(row.old_g for row in rows), new)
