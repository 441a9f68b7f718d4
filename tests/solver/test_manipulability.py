"""False lists are sampled as they are described, and what they bring is counted."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from mechanism_worlds import make_nested_world
from tiny_worlds import make_world, to_bytes

from solver.__main__ import main
from solver.false_lists import KINDS, FalseList, misreport, sample_false_lists
from solver.instance import Instance, to_json
from solver.instance_reader import parse_instance
from solver.manipulability import Rule, find_manipulability
from solver.mechanisms.registry import MECHANISMS, run_mechanism


def sample(instance: Instance, seed: int = 1) -> list[FalseList]:
    return sample_false_lists(instance, 6, seed)


def test_false_lists_are_valid_instances_of_every_kind() -> None:
    kinds = set()
    for seed in range(30):
        instance = parse_instance(make_world(Random(seed), 5))
        for lie in sample(instance):
            lied = misreport(instance, lie)
            assert parse_instance(to_json(lied)) == lied, (seed, lie)
            assert lied != instance, (seed, lie)
            assert lie.student not in instance.pins
            kinds.add(lie.kind)
    assert kinds == set(KINDS)


def test_only_the_liars_list_differs() -> None:
    instance = parse_instance(make_world(Random(3), 5))
    for lie in sample(instance):
        lied = misreport(instance, lie)
        others = [s for s in lied.students if s.id != lie.student]
        assert others == [s for s in instance.students if s.id != lie.student]
        assert replace(lied, students=(), quotas=(), holds={}) == replace(
            instance, students=(), quotas=(), holds={}
        )


def test_the_same_seed_gives_the_same_false_lists() -> None:
    instance = parse_instance(make_world(Random(3), 5))
    assert sample(instance, 7) == sample(instance, 7)
    assert sample(instance, 7) != sample(instance, 8)


def test_nobody_reports_falsely_where_nobody_could() -> None:
    world = make_world(Random(3), 5)
    world |= {"students": [], "quotas": [], "pins": [], "forbidden": [], "holds": {}}
    assert sample(parse_instance(world)) == []


def make_worlds() -> list[Instance]:
    return [parse_instance(make_nested_world(Random(seed))) for seed in range(25)]


def test_lists_pay_under_immediate_acceptance_and_never_under_honest_rules() -> None:
    rules = [Rule(name, None) for name in MECHANISMS]
    gained = dict.fromkeys(MECHANISMS, 0)
    for instance in make_worlds():
        for row in find_manipulability(instance, rules, 8, 1, processes=1):
            gained[row.rule.mechanism] += row.gained.total()
            for gain in row.examples:
                lied = misreport(instance, gain.lie)
                found = run_mechanism(row.rule.mechanism, lied).placements
                assert found.get(gain.lie.student) == gain.got
    assert gained.pop("immediate_acceptance") > 0
    assert set(gained.values()) == {0}


@pytest.mark.slow
def test_the_command_counts_alike_however_many_processes_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "instance.json").write_bytes(to_bytes(make_nested_world(Random(5))))
    tables = []
    for processes in ("1", "2"):
        out = tmp_path / f"table-{processes}.json"
        arguments = [
            "manipulability",
            str(tmp_path / "instance.json"),
            "--out",
            str(out),
        ]
        arguments += ["--policies", "students-first,generous", "--samples", "10"]
        monkeypatch.setattr(
            "sys.argv", ["solver", *arguments, "--processes", processes]
        )
        assert main() == 0
        tables.append(json.loads(out.read_bytes()))
    assert tables[0] == tables[1]
    rows = tables[0]["rows"]
    assert [row.get("policy") for row in rows][:3] == [
        "students-first",
        "generous",
        None,
    ]
    assert all(row["tried"] == 10 for row in rows)
    said = capsys.readouterr().out
    assert "serial_dictatorship" in said
    assert "0 of 10 gain" in said


@pytest.mark.slow
def test_a_request_that_cannot_be_met_names_every_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "table.json"
    arguments = ["manipulability", "none.json", "--out", str(out), "--samples", "0"]
    arguments += ["--mechanisms", "fairest"]
    monkeypatch.setattr("sys.argv", ["solver", *arguments])
    assert main() == 2
    said = capsys.readouterr().err
    assert "--samples is 0" in said
    assert "no mechanism 'fairest'" in said
    assert not out.exists()
