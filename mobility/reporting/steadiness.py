"""Whether a run's placements keep their rank under other multipliers and years.

The declared numbers are those that were frozen; the others are computed when somebody
asks, some seconds for a network, and kept.
"""

from sqlmodel import Session

from mobility.carbon.factors import load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.stability import (
    Case,
    Ends,
    StabilityRow,
    find_stability,
    find_totals,
    make_variants,
)
from mobility.errors import Conflict
from mobility.reading.figures import read_result_digest
from mobility.reporting.cohort import frozen_journeys
from mobility.reporting.journey_files import FrozenJourneys
from mobility.reporting.memory import Memory
from mobility.sentences import tell

_rows: Memory[tuple[StabilityRow, ...]] = Memory(8)


def rank_stability(session: Session, run: int) -> tuple[StabilityRow, ...]:
    """Return the stability of a run's last stage, the declared assumptions first.

    Raises
    ------
    NotFound
        When there is no such run.
    Conflict
        When it has no verified result, or this installation computes by another method
        or other factors than those that were frozen.
    """
    key = run, read_result_digest(session, run)
    return _rows.get(key, lambda: find_rows(frozen_journeys(session, run)))


def find_rows(frozen: FrozenJourneys) -> tuple[StabilityRow, ...]:
    """Return the rows of frozen journeys.

    Raises
    ------
    Conflict
        As `rank_stability` does.
    """
    method = _same_method(frozen)
    places: dict[Ends, tuple[Place, Place]] = {}
    cases = []
    for placed in frozen.placed:
        if placed.journey is None:
            continue
        home = frozen.place_by_school[placed.student["sending"]]
        choices: dict[str, Ends] = {}
        for choice in placed.student["choices"]:
            if choice["journey"]:
                offer = frozen.offers[choice["offer"]]
                host = frozen.place_by_school[offer["receiving"]]
                choices[choice["offer"]] = home.key, host.key
                places[home.key, host.key] = home, host
        case = Case(placed.student["id"], placed.choice["offer"], choices)
        cases.append(case)
    declared, *others = make_variants(method)
    snapshot = frozen.stored.snapshot
    totals = {
        declared.label: {
            (row["home"], row["host"]): row["total_g"] for row in snapshot["journeys"]
        },
        **find_totals(list(places.values()), others),
    }
    return tuple(find_stability(cases, totals))


def _same_method(frozen: FrozenJourneys) -> Method:
    """Return the frozen method, when this installation still computes by it."""
    carbon = frozen.carbon
    method = Method.from_json(dict(carbon["settings"]))
    factors = load_factor_set(carbon["factor_set"])
    if (method.digest, factors.digest) != (
        carbon["method_digest"],
        carbon["factor_set_digest"],
    ):
        raise Conflict(
            tell(
                "this installation computes by another method or other factors than"
                " those that were frozen; a comparison would mix them"
            )
        )
    return method
