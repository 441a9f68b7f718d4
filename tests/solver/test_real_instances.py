"""Rankings that real students wrote: sizes, totals and profiles equal published optima.

Courses at AGH Krakow (PrefLib 00009) and projects at Glasgow (PrefLib 00038): Mattei &
Walsh 2013, Kwanashie et al. 2014. The optima were computed by other programs.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from solving import solve_world
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.verify import verify

Table = dict[str, Any]

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "instances"
NAMES = [f"glasgow_spa_{years}" for years in ("0708", "0809", "0910", "1011", "1112")]
NAMES += ["glasgow_spa_1213", "agh_2003", "agh_2004"]
QUICK = "glasgow_spa_1213"
"""With quotas per supervisor, and small: tried in the fast suite too."""


def read(name: str) -> Table:
    if not FOLDER.is_dir():
        reason = f"{FOLDER} is absent: real rankings are not part of this repository"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def to_instance(table: Table) -> Table:
    """Return a real instance in the format of the solver: one host, one home."""
    return {
        "format": "mobility-instance/1",
        "id": table["name"],
        "institutions": [{"id": "here", "country": "PL"}],
        "offers": [
            {"id": name, "receiving": "here", "capacity": capacity}
            for name, capacity in table["capacity"].items()
        ],
        "quotas": [
            {"id": row["id"], "capacity": row["quota"], "offers": row["options"]}
            for row in table.get("nested_quota", [])
        ],
        "students": [
            {"id": name, "sending": "here", "choices": [{"offer": o} for o in ranked]}
            for name, ranked in table["students"].items()
        ],
    }


def solve(name: str, *terms: str) -> Table:
    """Return the metrics of an instance whose levels weigh these terms in turn."""
    world = to_instance(read(name))
    levels = [{"name": term, "weights": {term: 1}} for term in terms]
    policy = {
        "format": "mobility-policy/1",
        "name": "real",
        "rank_cost": [1000 * rank for rank in range(1, 12)],
        "levels": [*levels, {"name": "lottery", "weights": {"lottery": 1}}],
    }
    result = solve_world(world, policy)
    assert verify(to_bytes(world), to_canonical(result)).facts == ()
    assert result["status"] == "optimal"
    return result["stages"][0]["metrics"]


def check(name: str) -> None:
    expected = read("expected")[name]
    least = solve(name, "unplaced", "rank")
    assert least["placed"] == expected["max_cardinality"]
    assert least["rank_total"] == expected["min_total_rank_at_max_cardinality"]
    profiles = {
        "rank_maximal_profile": ("rank_maximal",),
        "greedy_max_profile": ("unplaced", "rank_maximal"),
        "generous_max_profile": ("unplaced", "worst_rank"),
    }
    found = {
        key: solve(name, *terms)["rank_profile"] for key, terms in profiles.items()
    }
    assert found == {key: expected[key] for key in profiles}


def test_a_real_year_of_projects_reaches_its_known_optima() -> None:
    check(QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != QUICK])
def test_every_real_instance_reaches_its_known_optima(name: str) -> None:
    check(name)


def test_every_known_optimum_is_tried() -> None:
    assert sorted(read("expected")) == sorted(NAMES)
