"""Entries over nested capacities are flows; bounds are rounded to what can occur."""

from random import Random
from typing import Any

import pytest
from solving import find_disagreements, solve_world
from tiny_worlds import make_policy, make_world, to_bytes

from solver.arrays import build_arrays
from solver.fileio import parse_json, to_canonical
from solver.generate import generate
from solver.instance_reader import parse_instance
from solver.laminar import find_tree
from solver.policy import to_json as policy_to_json
from solver.policy_reader import read_policy
from solver.program import LeafProgram
from solver.verify import verify

Table = dict[str, Any]


def preset(name: str) -> Table:
    return policy_to_json(read_policy(name))


def refuse_programs(self: LeafProgram) -> None:
    raise AssertionError(f"a linear program was solved for {self.entry.name}")


def test_no_linear_program_is_solved_where_capacities_nest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world: Table = generate(60, 3, is_nested=True)
    expected = solve_world(world, preset("students-first"))
    monkeypatch.setattr(LeafProgram, "solve", refuse_programs)
    monkeypatch.setattr("solver.optimise.find_start", lambda *_: None)
    result = solve_world(world, preset("students-first"))
    assert result == expected
    assert result["status"] == "optimal"
    checked = verify(to_bytes(world), to_canonical(result), every=True)
    assert not checked.facts


def test_nested_tiny_worlds_agree_with_brute_force() -> None:
    for seed in range(12):
        random = Random(seed)
        world, policy = make_world(random), make_policy(random)
        world["quotas"] = world.get("quotas", [])[:1]
        assert find_disagreements(world, policy) == [], seed


def test_two_quotas_that_share_one_of_their_offers_do_not_nest() -> None:
    world: Table = generate(30, 1, is_nested=True)
    arrays = build_arrays(parse_instance(world))
    everything = arrays.student >= 0
    tree = find_tree(arrays, everything)
    assert tree is not None
    roots = {int(tree.parent[offer]) for offer in arrays.offer}
    assert roots <= set(range(len(world["offers"]), len(arrays.capacity)))
    first, second, third = (offer["id"] for offer in world["offers"][:3])
    crossing = [
        {"id": "a", "capacity": 1, "offers": [first, second], "choices": []},
        {"id": "b", "capacity": 1, "offers": [second, third], "choices": []},
    ]
    arrays = build_arrays(parse_instance({**world, "quotas": crossing}))
    assert find_tree(arrays, arrays.student >= 0) is None


def test_a_bound_is_rounded_up_to_what_can_occur_and_no_further() -> None:
    """Alice, Bob and Carol are split by three quotas; ranks cost 1000 each."""
    people = ["alice", "bob", "carol"]
    world = {
        "format": "mobility-instance/1",
        "id": "odd-cycle",
        "institutions": [{"id": "lund.se", "country": "SE"}],
        "offers": [
            {"id": f"o{k}", "receiving": "lund.se", "capacity": 3} for k in "ab"
        ],
        "quotas": [
            {
                "id": f"without-{left}",
                "capacity": 1,
                "choices": [[name, "oa"] for name in people if name != left],
            }
            for left in people
        ],
        "students": [
            {
                "id": name,
                "sending": "lund.se",
                "choices": [{"offer": "oa"}, {"offer": "ob"}],
            }
            for name in people
        ],
    }
    result = solve_world(world, preset("students-first"))
    value = result["stages"][0]["levels"][1]
    assert (value["best"], value["bound"]) == (2000, 2000)
    proof = result["certificate"]["stages"][0]["levels"][1]
    assert "tree" not in proof
    assert find_disagreements(world, preset("students-first")) == []


def test_keys_beyond_the_first_plane_are_sorted_by_their_code_units() -> None:
    value = {"\uffee": 1, "\U0001f600": 2}
    assert to_canonical(value) == '{"\U0001f600":2,"\uffee":1}'.encode()
    assert parse_json(to_canonical(value), "keys") == value
