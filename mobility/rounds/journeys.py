"""The journeys of a round: kept once per pair, so what was shown is what is frozen."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from mobility.carbon.batch import footprints
from mobility.carbon.factors import FactorSet
from mobility.carbon.footprint import Footprint
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.models import Journey
from mobility.rounds.facts import InstitutionFacts, JourneyFacts
from mobility.rounds.problems import Problem
from mobility.sentences import tell

Ends = tuple[str, str]
"""Keys of home and host, as `InstitutionFacts.place` has them."""

ROWS_AT_ONCE = 1000
"""Rows per INSERT: below the databases' limits on values in one statement."""


def find_journeys(
    session: Session,
    pairs: Iterable[tuple[InstitutionFacts, InstitutionFacts]],
    method: Method,
    factors: FactorSet,
) -> tuple[tuple[JourneyFacts, ...], list[Problem]]:
    """Return the journeys of pairs of home and host, and why some cannot be made.

    Journeys that were shown under the same factors and method are read back; the others
    are computed, and kept for the next reader.
    """
    schools = {(home.place, host.place): (home, host) for home, host in pairs}
    places = {
        ends: (_to_place(home), _to_place(host))
        for ends, (home, host) in schools.items()
    }
    found = _read(session, set(places), method, factors)
    missing = [places[ends] for ends in sorted(places.keys() - found.keys())]
    made = footprints(missing, method, factors)
    problems = [
        problem
        for footprint in made
        for problem in _problems(
            footprint, schools[footprint.home.key, footprint.host.key]
        )
    ]
    feasible = [footprint for footprint in made if footprint.chosen_mode]
    _keep(session, feasible)
    for footprint in feasible:
        ends = footprint.home.key, footprint.host.key
        found[ends] = _to_facts(ends, footprint.to_json())
    return tuple(found[ends] for ends in sorted(found)), problems


def used_factors(
    journeys: Sequence[JourneyFacts], factors: FactorSet
) -> tuple[dict[str, object], ...]:
    """Return the factor rows that the journeys' legs stand on, by id."""
    ids = {
        factor
        for journey in journeys
        for leg in journey.detail["legs"]
        for factor in leg["factor_ids"]
    }
    return tuple(factors.factors[factor].to_json() for factor in sorted(ids))


def _to_place(heis: InstitutionFacts) -> Place:
    return Place(heis.city, heis.country, heis.latitude_udeg, heis.longitude_udeg)


def _read(
    session: Session, wanted: set[Ends], method: Method, factors: FactorSet
) -> dict[Ends, JourneyFacts]:
    query = (
        select(Journey)
        .where(Journey.factor_set_digest == factors.digest)
        .where(Journey.method_digest == method.digest)
        .where(col(Journey.home_key).in_({home for home, _ in wanted}))
    )
    return {
        (row.home_key, row.host_key): _to_facts(
            (row.home_key, row.host_key), row.footprint
        )
        for row in session.exec(query)
        if (row.home_key, row.host_key) in wanted
    }


def _keep(session: Session, made: Sequence[Footprint]) -> None:
    """Store footprints; one that another reader stored meanwhile is equal to ours."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert
    rows = [_to_row(footprint) for footprint in made]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        session.execute(insert(Journey).on_conflict_do_nothing(), part)


def _to_row(footprint: Footprint) -> dict[str, object]:
    return {
        "factor_set_digest": footprint.factor_set_digest,
        "method_digest": footprint.method_digest,
        "home_key": footprint.home.key,
        "host_key": footprint.host.key,
        "footprint": footprint.to_json(),
        "chosen_mode": footprint.chosen_mode,
        "total_g": footprint.total_g,
    }


def _to_facts(ends: Ends, footprint: dict[str, Any]) -> JourneyFacts:
    """Return a journey with its chosen mode to the leg, the other modes in short."""
    chosen = footprint["chosen_mode"]
    by_mode = {result["mode"]: result for result in footprint["modes"]}
    others = [
        {key: result[key] for key in ("mode", "feasible", "reason", "total_g")}
        for mode, result in by_mode.items()
        if mode != chosen
    ]
    return JourneyFacts(
        home=ends[0],
        host=ends[1],
        mode=chosen,
        total_g=footprint["total_g"],
        detail={**by_mode[chosen], "other_modes": others},
    )


def _problems(
    footprint: Footprint, ends: tuple[InstitutionFacts, InstitutionFacts]
) -> list[Problem]:
    """Return why no mode reaches the host; empty when one does."""
    if footprint.chosen_mode:
        return []
    labels = tell(
        "{home} to {host}", home=footprint.home.label, host=footprint.host.label
    )
    reasons = "; ".join(f"{mode.mode}: {mode.reason}" for mode in footprint.modes)
    home, host = ends
    text = tell(
        "no way of travelling from {labels}: {reasons}", labels=labels, reasons=reasons
    )
    return [Problem("journey", text, (home.hei_id, host.hei_id), host.hei_id)]
