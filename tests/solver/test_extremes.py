"""Worlds with nothing in them have a result; numbers without sense have none."""

import json
from pathlib import Path
from typing import Any

import pytest
from solving import check_world
from tiny_worlds import to_bytes

from solver.commands import run
from solver.errors import InvalidFile, InvalidPolicy
from solver.fileio import LARGEST_INTEGER
from solver.instance_reader import parse_instance
from solver.optimise import solve
from solver.policy import to_json
from solver.policy_reader import parse_bytes, parse_policy, preset_names, read_policy

Table = dict[str, Any]

BARE: Table = {
    "format": "mobility-instance/1",
    "id": "empty",
    "institutions": [
        {"id": "lund.se", "country": "SE", "block": "north"},
        {"id": "uonbi.ac.ke", "country": "KE", "block": "south"},
    ],
    "offers": [],
    "students": [],
}


def make_students(number: int, *wishes: str) -> list[Table]:
    choices = [{"offer": offer, "emissions_g": 2_000_000} for offer in wishes]
    return [
        {"id": f"s{n}", "sending": "lund.se", "choices": choices} for n in range(number)
    ]


def make_offers(capacity: int) -> list[Table]:
    return [
        {"id": name, "receiving": "uonbi.ac.ke", "capacity": capacity}
        for name in ("ward", "clinic")
    ]


WISHING: Table = {"students": make_students(3, "ward", "clinic")}
EMPTY: dict[str, Table] = {
    "nothing at all": {"institutions": []},
    "no students": {"offers": make_offers(1)},
    "no places": {"students": make_students(3)},
    "all capacities 0": WISHING | {"offers": make_offers(0)},
    "all ineligible": {"offers": make_offers(2), "students": make_students(3)},
    "a quota of 0": WISHING
    | {
        "offers": make_offers(2),
        "quotas": [{"id": "q", "capacity": 0, "offers": ["ward", "clinic"]}],
    },
    "all forbidden": WISHING
    | {
        "offers": make_offers(2),
        "forbidden": [[f"s{n}", o] for n in range(3) for o in ("ward", "clinic")],
    },
}


def check_empty(change: Table, policy: str) -> None:
    result, disagreements = check_world(BARE | change, to_json(read_policy(policy)))
    assert disagreements == []
    assert result["placements"] == {}
    assert result["certificate"]["stages"][0]["levels"]


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_world_has_an_empty_result_that_is_proven(name: str) -> None:
    check_empty(EMPTY[name], "balanced")


@pytest.mark.slow
@pytest.mark.parametrize("policy", preset_names())
@pytest.mark.parametrize("name", EMPTY)
def test_every_preset_has_an_empty_result_for_an_empty_world(
    name: str, policy: str
) -> None:
    check_empty(EMPTY[name], policy)


def test_one_student_alone_gets_her_first_choice() -> None:
    world = BARE | {"offers": make_offers(1), "students": make_students(1, "clinic")}
    result, disagreements = check_world(world, to_json(read_policy("students-first")))
    assert disagreements == []
    assert result["placements"] == {"s0": "clinic"}


# Numbers that are too large, seen before anything is solved


def make_policy(*levels: Table, **more: object) -> Table:
    placed = {"name": "placed", "weights": {"unplaced": 1}}
    top = {"format": "mobility-policy/1", "name": "mine", "levels": [placed, *levels]}
    return top | more


def value(**weights: int) -> Table:
    return {"name": "value", "weights": weights}


HUGE = LARGEST_INTEGER
TOO_LARGE: dict[str, tuple[Table, str]] = {
    "rank": (make_policy(value(rank=HUGE // 2)), f"(rank {3 * 1000 * (HUGE // 2)})"),
    "rank costs": (
        make_policy(value(rank=1), rank_cost=[0, HUGE]),
        f"could reach {3 * HUGE} (rank {3 * HUGE})",
    ),
    "carbon": (make_policy(value(carbon_per_tonne=HUGE)), f"(carbon {3 * 2 * HUGE})"),
    "one-way": (make_policy(value(one_way=HUGE)), f"(one_way {3 * HUGE})"),
    "a second rate": (
        make_policy(value(one_way=1) | {"one_way_second": {"above": 1, "rate": HUGE}}),
        f"(one_way {3 * HUGE})",
    ),
    "unplaced": (
        make_policy({"name": "value", "weights": {"unplaced": HUGE}}),
        f"(unplaced {3 * HUGE})",
    ),
    "moved": (
        make_policy({"name": "value", "weights": {"moved": HUGE}}),
        f"(moved {3 * HUGE})",
    ),
    "slack": (
        make_policy(value(rank=1) | {"slack": {"absolute": HUGE}}),
        f"could reach {HUGE + 3000} (rank 3000, slack {HUGE})",
    ),
    "slack in percent": (
        make_policy(value(rank=1) | {"slack": {"percent": HUGE}}),
        f"slack {30 * HUGE}",
    ),
    "sum of several": (
        make_policy(value(rank=2**40, one_way=HUGE // 3)),
        f"(rank {3000 * 2**40}, one_way {3 * (HUGE // 3)})",
    ),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_could_pass_two_to_the_53_is_refused_before_the_run(name: str) -> None:
    table, numbers = TOO_LARGE[name]
    world = parse_instance(BARE | WISHING | {"offers": make_offers(1)})
    begun: list[str] = []
    with pytest.raises(InvalidPolicy) as refusal:
        solve(world, parse_policy(table), begun.append)
    assert begun == []
    assert numbers in str(refusal.value)
    assert f"must stay below 2^53 = {2**53}" in str(refusal.value)


def test_the_largest_value_that_fits_is_solved_and_proven() -> None:
    world = BARE | WISHING | {"offers": make_offers(1)}
    policy = to_json(parse_policy(make_policy(value(rank=HUGE // 3000))))
    result, disagreements = check_world(world, policy)
    assert disagreements == []
    assert result["stages"][0]["levels"][1]["best"] == 1000 * (HUGE // 3000)


def test_a_rate_that_a_budget_may_raise_too_far_is_refused() -> None:
    stage = {"name": "only", "levels": make_policy(value(carbon_per_tonne=1))["levels"]}
    stage |= {"carbon_budget_kg": 1, "max_carbon_per_tonne": HUGE}
    table = {"format": "mobility-policy/1", "name": "mine", "stages": [stage]}
    world = parse_instance(BARE | WISHING | {"offers": make_offers(1)})
    with pytest.raises(InvalidPolicy, match=r"could reach \d+ \(carbon \d+\)"):
        solve(world, parse_policy(table))


# Weights that are no whole numbers of 0 or more


def write_toml(weight: str) -> bytes:
    return f"""
format = "mobility-policy/1"
name = "mine"
levels = [ {{ name = "placed", weights = {{ unplaced = {weight} }} }} ]
""".encode()


@pytest.mark.parametrize(
    ("weight", "rule"),
    [
        ("nan", "unplaced is nan, must be an integer"),
        ("inf", "unplaced is inf, must be an integer"),
        ("-inf", "unplaced is -inf, must be an integer"),
        ("1.5", "unplaced is 1.5, must be an integer"),
        ("1e3", "unplaced is 1000.0, must be an integer"),
        ("true", "unplaced is a boolean, must be an integer"),
        ("-1", "unplaced is -1, must be 0 or more"),
        (str(2**53), "must be within 2^53"),
        ('"1"', "unplaced is '1', must be an integer"),
    ],
)
def test_a_weight_that_is_no_whole_number_is_refused(weight: str, rule: str) -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        parse_bytes(write_toml(weight), "mine.toml")
    assert rule in str(refusal.value)


@pytest.mark.parametrize("weight", ["NaN", "Infinity", "-Infinity"])
def test_a_weight_that_json_does_not_know_is_refused(weight: str) -> None:
    text = f'{{"levels": [{{"weights": {{"unplaced": {weight}}}}}]}}'
    with pytest.raises(InvalidFile, match=f"{weight} is not a number of JSON"):
        parse_bytes(text.encode(), "mine.json")


def test_the_command_warns_when_only_the_lottery_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zeros = make_policy(value(rank=0), {"name": "draw", "weights": {"lottery": 1}})
    zeros["levels"][0]["weights"] = {"unplaced": 0}
    paths = [tmp_path / name for name in ("world.json", "zeros.json", "result.json")]
    paths[0].write_bytes(to_bytes(BARE | WISHING | {"offers": make_offers(1)}))
    paths[1].write_text(json.dumps(zeros), encoding="utf-8")
    files = [str(path) for path in paths]
    command = ["solve", files[0], "--policy", files[1], "--out", files[2], "--quiet"]
    assert run(command) == 0
    assert 'warning: stage "mine": only the lottery decides' in capsys.readouterr().err
    # without a weight on `unplaced` the lottery's least sum is nobody's
    assert json.loads(paths[2].read_bytes())["placements"] == {}
