"""Journeys as a student is shown them: the rows that a freeze reads, or will make.

A journey that nobody has stored yet is computed the same way and not stored, because a
page that is looked at changes nothing. Same settings, same places: same grams.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from mobility.carbon.batch import footprints
from mobility.carbon.factors import load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.models import Institution, Journey
from mobility.reading.student_rounds import StudentRound

CAR = "car"
"""Shown, and never counted: a policy chooses among public transport."""

MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class ModeView:
    """A return journey by one mode, grams with their 95 % interval."""

    mode: str
    total_g: int
    low_g: int
    high_g: int
    duration_s: int
    is_counted: bool
    is_least: bool


@dataclass(frozen=True, slots=True)
class LegView:
    """One stretch of the counted mode; grams over all times it is travelled."""

    mode: str
    role: str
    origin: str
    destination: str
    distance_m: int
    times: int
    total_ug: int
    is_imputed: bool
    note: str
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A return journey by every feasible mode, least first; `counted` is the round's.

    `legs` are of the counted mode; its total is `ttw_g` + `wtt_g` + `non_co2_g`.
    """

    modes: tuple[ModeView, ...]
    counted: ModeView
    legs: tuple[LegView, ...]
    ttw_g: int
    wtt_g: int
    non_co2_g: int
    factor_set: str


def read_journeys(
    session: Session,
    a_round: StudentRound,
    home: Institution,
    hosts: Iterable[Institution],
) -> dict[int, JourneyView]:
    """Return the journeys from home by the hosts' row ids; unreachable ones are absent.

    Parameters
    ----------
    hosts
        Each host once or more often.
    """
    settings: dict[str, object] = {**a_round.carbon_settings}
    method = Method.from_json({**settings, "factor_set": a_round.factor_set})
    start = to_place(home)
    ends = {host.id: to_place(host) for host in hosts}
    stored = _read(session, method, start, {place.key for place in ends.values()})
    found = {}
    for host, end in ends.items():
        value = stored.get(end.key) or _compute(start, end, method)
        if value["chosen_mode"]:
            found[host] = _to_view(value)
    return found


def to_place(institution: Institution) -> Place:
    """Return where a university is."""
    return Place(
        institution.city,
        institution.country,
        institution.latitude_udeg,
        institution.longitude_udeg,
    )


def _read(
    session: Session, method: Method, start: Place, ends: set[str]
) -> dict[str, dict[str, Any]]:
    query = (
        select(Journey.host_key, Journey.footprint)
        .where(Journey.factor_set_digest == load_factor_set(method.factor_set).digest)
        .where(Journey.method_digest == method.digest)
        .where(Journey.home_key == start.key)
        .where(col(Journey.host_key).in_(ends))
    )
    return {host: dict(footprint) for host, footprint in session.exec(query)}


@functools.lru_cache(maxsize=MOST_KEPT)
def _compute(start: Place, end: Place, method: Method) -> dict[str, Any]:
    factors = load_factor_set(method.factor_set)
    return footprints([(start, end)], method, factors)[0].to_json()


def _to_view(footprint: dict[str, Any]) -> JourneyView:
    feasible = [mode for mode in footprint["modes"] if mode["feasible"]]
    public = [mode for mode in feasible if mode["mode"] != CAR]
    least = min((mode["total_g"] for mode in public), default=None)
    chosen = footprint["chosen_mode"]
    modes = [
        ModeView(
            mode=mode["mode"],
            total_g=mode["total_g"],
            low_g=mode["interval_g"][0],
            high_g=mode["interval_g"][1],
            duration_s=mode["duration_s"],
            is_counted=mode["mode"] == chosen,
            is_least=mode["mode"] != CAR and mode["total_g"] == least,
        )
        for mode in sorted(feasible, key=lambda mode: mode["total_g"])
    ]
    counted = next(mode for mode in feasible if mode["mode"] == chosen)
    return JourneyView(
        modes=tuple(modes),
        counted=next(mode for mode in modes if mode.is_counted),
        legs=tuple(_to_leg(leg) for leg in counted["legs"]),
        ttw_g=counted["ttw_g"],
        wtt_g=counted["wtt_g"],
        non_co2_g=counted["non_co2_g"],
        factor_set=footprint["factor_set"],
    )


def _to_leg(leg: dict[str, Any]) -> LegView:
    return LegView(
        mode=leg["mode"],
        role=leg["role"],
        origin=leg["origin"],
        destination=leg["destination"],
        distance_m=leg["distance_m"],
        times=leg["times"],
        total_ug=leg["ttw_ug"] + leg["wtt_ug"] + leg["non_co2_ug"],
        is_imputed=leg["is_imputed"],
        note=leg["note"],
        factors=tuple(leg["factor_ids"]),
    )
