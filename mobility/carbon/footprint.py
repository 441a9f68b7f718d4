"""The emissions of one journey by every mode, and which mode counts.

Everything is integers and texts: it is frozen into digests as it stands.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from mobility.carbon.factors import FactorSet
from mobility.carbon.intervals import interval_grams
from mobility.carbon.journey import Leg, split_amounts, to_grams
from mobility.carbon.method import METHOD_VERSION, Method
from mobility.carbon.place import Place
from mobility.errors import Refused

MODES = ("air", "rail", "coach", "car", "ferry", "mix")
CHOSEN_FROM = ("rail", "coach", "ferry", "air")
"""Modes that a policy may choose, in the order that decides a tie."""


class NoFeasibleMode(Refused):
    """No mode reaches the host under the method; every mode's reason is named."""

    code = "no_feasible_mode"


@dataclass(frozen=True, slots=True)
class ModeResult:
    """A journey by one mode, or the reason why it cannot be made.

    Grams are of the return journey. ``ttw_g + wtt_g + non_co2_g == total_g``;
    `access_g` is the part of it on access legs. All are 0 (null in JSON) when not
    feasible.
    `notes` are sentences: the airports that came second, what was assumed.
    """

    mode: str
    feasible: bool
    reason: str
    legs: tuple[Leg, ...] = ()
    duration_s: int = 0
    total_g: int = 0
    ttw_g: int = 0
    wtt_g: int = 0
    non_co2_g: int = 0
    access_g: int = 0
    interval_low_g: int = 0
    interval_high_g: int = 0
    notes: tuple[str, ...] = ()

    def _numbers(self) -> dict[str, object]:
        numbers = {
            "total_g": self.total_g,
            "ttw_g": self.ttw_g,
            "wtt_g": self.wtt_g,
            "non_co2_g": self.non_co2_g,
            "access_g": self.access_g,
            "interval_g": [self.interval_low_g, self.interval_high_g],
            "duration_s": self.duration_s,
        }
        return {key: value if self.feasible else None for key, value in numbers.items()}

    def to_json(self) -> dict[str, object]:
        """Return the result as JSON of texts, integers and booleans."""
        return {
            "mode": self.mode,
            "feasible": self.feasible,
            "reason": self.reason,
            **self._numbers(),
            "notes": list(self.notes),
            "legs": [leg.to_json() for leg in self.legs],
        }


@dataclass(frozen=True, slots=True)
class Footprint:
    """The emissions of one return journey between two places, by every mode.

    `modes` are in the order of `MODES`. `chosen_mode` is the mode that the policy
    counts, empty when no mode is feasible; `total_g` and the interval are its own.
    """

    home: Place
    host: Place
    modes: tuple[ModeResult, ...]
    chosen_mode: str
    factor_set: str
    factor_set_digest: str
    method_digest: str

    @property
    def chosen(self) -> ModeResult:
        """Return the result of the chosen mode.

        Raises
        ------
        NoFeasibleMode
            When no mode is feasible; the sentences give each mode's reason.
        """
        if not self.chosen_mode:
            ends = f"{self.home.label} to {self.host.label}"
            raise NoFeasibleMode(
                f"{ends}, {result.mode}: {result.reason}" for result in self.modes
            )
        return self.by_mode(self.chosen_mode)

    @property
    def total_g(self) -> int:
        """Return grams CO2e of the return journey by the chosen mode."""
        return self.chosen.total_g

    @property
    def interval_g(self) -> tuple[int, int]:
        """Return the 95 % interval of the chosen mode."""
        return self.chosen.interval_low_g, self.chosen.interval_high_g

    def by_mode(self, mode: str) -> ModeResult:
        """Return the result of one mode.

        Raises
        ------
        KeyError
            When the footprint does not hold the mode.
        """
        for result in self.modes:
            if result.mode == mode:
                return result
        raise KeyError(mode)

    def to_json(self) -> dict[str, object]:
        """Return all modes with their legs as JSON of texts, integers and booleans."""
        chosen = self.chosen if self.chosen_mode else None
        return {
            "method_version": METHOD_VERSION,
            "method_digest": self.method_digest,
            "factor_set": self.factor_set,
            "digest": self.factor_set_digest,
            "home": self.home.to_json(),
            "host": self.host.to_json(),
            "chosen_mode": self.chosen_mode or None,
            "total_g": chosen.total_g if chosen else None,
            "interval_g": list(self.interval_g) if chosen else None,
            "modes": [result.to_json() for result in self.modes],
        }


@functools.lru_cache(maxsize=10_000)
def infeasible(mode: str, reason: str) -> ModeResult:
    """Return the result of a mode that cannot be used."""
    return ModeResult(mode, feasible=False, reason=reason)


def add_up(
    mode: str,
    legs: Sequence[Leg],
    method: Method,
    duration_s: int,
    notes: Sequence[str] = (),
) -> ModeResult:
    """Return a feasible mode's grams, each total rounded half up once.

    Parameters
    ----------
    mode
        Name of the mode.
    legs
        Legs in travel order of the outward journey, each with its number of times.
    method
        The settings that the legs' rates were found with.
    duration_s
        Seconds of the outward journey.
    notes
        Sentences for the report.
    """
    amounts = [leg.amounts for leg in legs]
    grams = split_amounts(amounts)
    access = sum(
        sum(amount)
        for leg, amount in zip(legs, amounts, strict=True)
        if leg.role == "access"
    )
    low, high = interval_grams(legs, method.rf_multiplier_tenths)
    return ModeResult(
        mode=mode,
        feasible=True,
        reason="",
        legs=tuple(legs),
        duration_s=duration_s,
        total_g=sum(grams.values()),
        ttw_g=grams["ttw"],
        wtt_g=grams["wtt"],
        non_co2_g=grams["non_co2"],
        access_g=to_grams(access),
        interval_low_g=low,
        interval_high_g=high,
        notes=tuple(notes),
    )


def choose_mode(results: Sequence[ModeResult], method: Method) -> str:
    """Return the mode that the policy counts; empty when none is feasible.

    ``air`` counts the flight where there is one and else the least; ``threshold`` the
    mix where it was made and else the least.
    """
    by_mode = {result.mode: result for result in results if result.feasible}
    preferred = {"air": "air", "threshold": "mix"}.get(method.mode_policy)
    if preferred in by_mode:
        return str(preferred)
    candidates = [by_mode[mode] for mode in CHOSEN_FROM if mode in by_mode]
    if not candidates:
        return ""
    return min(candidates, key=lambda result: result.total_g).mode


def gather(
    home: Place,
    host: Place,
    results: Sequence[ModeResult],
    method: Method,
    factors: FactorSet,
) -> Footprint:
    """Return the footprint of all modes' results."""
    return Footprint(
        home=home,
        host=host,
        modes=tuple(results),
        chosen_mode=choose_mode(results, method),
        factor_set=factors.name,
        factor_set_digest=factors.digest,
        method_digest=method.digest,
    )
