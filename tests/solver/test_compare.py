"""Policies and mechanisms stand side by side, each with all its figures."""

import json
from pathlib import Path
from typing import Any

import pytest
from example import make_policy, make_world
from tiny_worlds import to_bytes

from solver.commands import run
from solver.compare import (
    name_row,
    read_contest,
    run_one_mechanism,
    solve_one_policy,
)
from solver.compare_text import to_text
from solver.errors import Refused
from solver.figures import derive_figures
from solver.instance_reader import parse_instance
from solver.metrics import PlacementFacts
from solver.policy_reader import parse_policy

Table = dict[str, Any]


def compare_here(world: Table, policies: list[Table], mechanisms: list[str]) -> Table:
    """Return a comparison's table, worked out in this process."""
    instance, data = parse_instance(world), to_bytes(world)
    rows = [solve_one_policy(instance, data, parse_policy(p)) for p in policies]
    rows += [run_one_mechanism(instance, name) for name in mechanisms]
    return {"rows": rows}


def cross_quotas(world: Table) -> Table:
    world["quotas"].append({"id": "cross", "capacity": 2, "offers": ["uppsala"]})
    world["quotas"][-1]["offers"].append("accra")
    return world


def test_a_policy_is_a_verified_row_with_every_stage() -> None:
    (row,) = compare_here(make_world(), [make_policy()], [])["rows"]
    assert (row["status"], row["is_verified"], row["gap_msteps"]) == (
        "optimal",
        True,
        0,
    )
    assert [stage["name"] for stage in row["stages"]] == ["wishes", "carbon"]
    assert all(
        {"metrics", "figures", "terms"} <= stage.keys() for stage in row["stages"]
    )


def test_a_mechanism_that_does_not_apply_is_a_row_with_its_reason() -> None:
    world = cross_quotas(make_world())
    table = compare_here(world, [], ["deferred_acceptance", "serial_dictatorship"])
    refused, done = table["rows"]
    assert refused["status"] == "not applicable"
    assert refused["stages"] == []
    assert "cross" in refused["reasons"][0]
    assert done["stages"][0]["figures"]["envy"]["wasted_places"] == 0
    text = to_text(table)
    assert "deferred_acceptance  not applicable" in text
    assert f"deferred_acceptance: {refused['reasons'][0]}" in text


def test_figures_of_a_small_placement_are_those_counted_by_hand() -> None:
    instance = parse_instance(make_world())
    first = PlacementFacts(instance, {"alice": "nairobi", "achieng": "online"})
    facts = PlacementFacts(
        instance, {"alice": "accra", "astrid": "online", "achieng": "uppsala"}
    )
    figures = derive_figures(facts, first)
    assert figures["mean_rank"] == [5, 3]
    assert figures["lanes"] == {
        "used": 2,
        "without_return": 2,  # nobody of Accra lists Lund, none of Uppsala Nairobi
        "students_without_return": 2,
        "reciprocity": [0, 1],
        "imbalance": [1, 1],
    }
    assert figures["emissions"] == {
        "per_placement_g": [3_900_000, 3],
        "per_day_g": None,
        "non_co2_g": None,
    }
    assert figures["modelled_difference"] == {
        "placed": 1,
        "rank_total": 2,
        "emissions_g": 3_900_000 - 2_112_000,
        "one_way_excess": 0,  # one carried to Nairobi and one sent; now one to Accra
        "south_to_north": 1,
        "north_to_south": 0,
    }
    low = figures["groups"]["income"]["low"]
    assert low["placed"] == [2, 2]
    assert low["listed_offers"] == [4, 2]
    assert low["listed_places"] == [2 + 1 + 1 + 4, 2]
    assert figures["groups"]["block"]["south"]["ratio"] == [1, 2]
    assert figures["groups"]["block"]["south"]["is_four_fifths"] is False


def test_unknown_policies_and_mechanisms_are_all_named() -> None:
    with pytest.raises(Refused) as refusal:
        read_contest(["nobody", "balanced"], ["dice", "optimise", "cards"])
    assert len(refusal.value.problems) == 3
    with pytest.raises(Refused, match="nothing to compare"):
        read_contest([], ["optimise"])


@pytest.mark.slow
def test_the_command_writes_all_rows_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, out = tmp_path / "instance.json", tmp_path / "table.json"
    instance.write_bytes(to_bytes(make_world()))
    command = ["compare", str(instance), "--out", str(out), "--workers", "2"]
    assert run([*command, "--policies", "balanced,generous"]) == 0
    table = json.loads(out.read_bytes())
    names = [name_row(row) for row in table["rows"]]
    assert names[:2] == ["balanced", "generous"]
    assert names[2:] == [
        "serial_dictatorship",
        "deferred_acceptance",
        "balanced_exchange",
        "immediate_acceptance",
    ]
    captured = capsys.readouterr()
    assert captured.out == to_text(table)
    assert "(6 of 6)" in captured.err
