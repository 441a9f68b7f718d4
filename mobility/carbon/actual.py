"""A journey as its traveller tells it: there and back may differ, with a stop or none.

For reports alone: what a student did afterwards is never an input of a match.
"""

import dataclasses
from dataclasses import dataclass

from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import ModeResult, add_up
from mobility.carbon.journey import InvalidJourney, Leg
from mobility.carbon.method import RANGES, Method
from mobility.carbon.place import Place
from mobility.carbon.route import MIXED, travel_route

Settings = tuple[Method, FactorSet]


@dataclass(frozen=True, slots=True)
class Told:
    """How a traveller says that she went.

    Parameters
    ----------
    out, back
        Modes of the way there and of the way back.
    stop
        A place on both ways; None when there was none to tell of.
    onward
        Mode between the stop and the host, both ways; empty: as the rest of the way.
    """

    out: str
    back: str
    stop: Place | None = None
    onward: str = ""


def travel_as_told(
    home: Place, host: Place, told: Told, settings: Settings
) -> ModeResult:
    """Return the emissions of the journey there and back as it was made.

    The hours that a round allows for trains and coaches do not hold: she did travel.

    Raises
    ------
    InvalidJourney
        When a way cannot have been made so; both ways' problems are named once.
    """
    method, factors = settings
    longest = {name: RANGES[name][1] for name in ("rail_cap_h", "coach_cap_h")}
    settings = dataclasses.replace(method, **longest), factors  # type: ignore[arg-type] # checked by Method itself
    ways: list[ModeResult] = []
    problems: list[str] = []
    for mode in dict.fromkeys((told.out, told.back)):
        try:
            ways.append(_return_by(mode, home, host, told, settings))
        except InvalidJourney as refusal:
            problems += refusal.problems
    if told.onward and told.stop is None:
        problems.append("a mode from the stop on is told, but no stop")
    if problems:
        raise InvalidJourney(problems)
    if len(ways) == 1:
        return ways[0]
    out, back = ways
    legs = [_once(leg) for leg in out.legs]
    legs += [_turned(leg) for leg in reversed(back.legs)]
    seconds = (out.duration_s + back.duration_s) // 2
    return add_up(MIXED, legs, settings[0], seconds)


def _return_by(
    mode: str, home: Place, host: Place, told: Told, settings: Settings
) -> ModeResult:
    if told.stop is None:
        return travel_route((home, host), (mode,), settings, is_told=True)
    modes = (mode, told.onward or mode)
    return travel_route((home, told.stop, host), modes, settings, is_told=True)


def _once(leg: Leg) -> Leg:
    """Return one way of a leg that was counted there and back."""
    return dataclasses.replace(leg, times=leg.times // 2)


def _turned(leg: Leg) -> Leg:
    return dataclasses.replace(
        _once(leg), origin=leg.destination, destination=leg.origin
    )
