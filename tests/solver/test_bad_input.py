"""Bad input is refused in plain sentences, all problems at once; nothing is written."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solver.arrays import build_arrays
from solver.errors import InvalidFile, InvalidInstance, InvalidPolicy
from solver.instance_reader import parse_instance, read_instance
from solver.limits import check_fit
from solver.policy_reader import parse_policy, read_policy

WORLD: dict[str, Any] = {
    "format": "mobility-instance/1",
    "id": "spring",
    "institutions": [
        {"id": "uu.se", "country": "SE", "block": "north"},
        {"id": "uonbi.ac.ke", "country": "KE", "block": "south"},
    ],
    "offers": [
        {"id": "ward", "receiving": "uonbi.ac.ke", "capacity": 1},
        {"id": "clinic", "receiving": "uonbi.ac.ke", "capacity": 1},
    ],
    "students": [
        {
            "id": "alice",
            "sending": "uu.se",
            "choices": [{"offer": "ward"}, {"offer": "clinic"}],
        },
        {"id": "amina", "sending": "uu.se", "choices": [{"offer": "ward"}]},
    ],
}


def problems_of(change: dict[str, Any]) -> str:
    with pytest.raises(InvalidInstance) as refusal:
        parse_instance(WORLD | change)
    return "\n".join(refusal.value.problems)


def offer(**change: object) -> dict[str, Any]:
    return {"offers": [WORLD["offers"][0] | change, WORLD["offers"][1]]}


def alice(**change: object) -> dict[str, Any]:
    return {"students": [WORLD["students"][0] | change, WORLD["students"][1]]}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"colour": "red"}, "instance: unknown key 'colour'"),
        (offer(capacity=-1), 'offer "ward": capacity is -1, must be 0 or more'),
        (offer(capacity=True), "capacity is a boolean, must be an integer"),
        (offer(capacity=1.5), "capacity is 1.5, must be an integer"),
        (offer(capacity=2**53), "must be within 2^53"),
        (offer(capacity=10**400), "capacity is an integer of 401 characters"),
        (offer(mode="hybrid"), "must be one of physical, blended, virtual"),
        (offer(id="clinic"), 'offer "clinic": the id is used twice'),
        (offer(receiving="x.org"), '"x.org" is no known institution'),
        (alice(sending="x.org"), '"x.org" is no known institution'),
        (alice(choices=[{"offer": "x"}]), '"x" is no known offer'),
        (
            alice(choices=[{"offer": "ward"}, {"offer": "ward"}]),
            'student "alice": offer "ward" is chosen twice',
        ),
        (
            alice(choices=[{"offer": "ward", "rank": 1}, {"offer": "clinic"}]),
            "ranks must be given for all choices or for none",
        ),
        (
            alice(choices=[{"offer": "ward", "rank": 2}]),
            "rank is 2, must be at most the position 1",
        ),
        (alice(groups={"block": "south"}), "the attribute 'block' is reserved"),
        (alice(choices=[{"offer": "ward", "emissions_g": -1}]), "must be 0 or more"),
        ({"pins": [["alice", "ward"], ["alice", "clinic"]]}, "is pinned twice"),
        (
            {"pins": [["alice", "ward"]], "forbidden": [["alice", "ward"]]},
            "the pair is forbidden",
        ),
        ({"pins": [["amina", "clinic"]]}, "is no choice of the student"),
        (
            {"pins": [["alice", "ward"], ["amina", "ward"]]},
            'but 2 pins need it: ["alice", "ward"], ["amina", "ward"]',
        ),
        (
            {"quotas": [{"id": "q", "capacity": 1, "choices": [["amina", "clinic"]]}]},
            '["amina", "clinic"] is no choice of a student',
        ),
        (
            {"partnerships": [{"north": "uonbi.ac.ke", "south": "uu.se"}]},
            "its north is of the south",
        ),
        ({"holds": {"amina": "clinic"}}, "is no choice of a student"),
        ({"seed": "abc"}, "seed must be 64 lower-case hexadecimal digits"),
        ({"institutions": [{"id": "a", "country": "Kenya"}]}, "must be two capitals"),
    ],
)
def test_each_broken_rule_is_named(change: dict[str, Any], sentence: str) -> None:
    assert sentence in problems_of(change)


def test_all_problems_are_listed_at_once() -> None:
    change = {"colour": "red"} | offer(capacity=-1) | alice(sending="x.org")
    found = problems_of(change).splitlines()
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{", "not JSON"),
        (b'{"a": 1, "a": 2}', "key 'a' appears twice"),
        (b'{"a": NaN}', "NaN is not a number of JSON"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5_000, "instance.json"),
    ],
)
def test_a_file_that_is_not_strict_json_is_refused(
    tmp_path: Path, text: bytes, sentence: str
) -> None:
    path = tmp_path / "instance.json"
    path.write_bytes(text)
    with pytest.raises(InvalidFile, match=sentence):
        read_instance(path)


PLACED = {"name": "placed", "weights": {"unplaced": 1}}
VALUE = {"name": "value", "weights": {"rank": 1}}
LOTTERY = {"name": "lottery", "weights": {"lottery": 1}}


def policy(*levels: dict[str, Any], **more: object) -> dict[str, Any]:
    top = {"format": "mobility-policy/1", "name": "mine", "levels": list(levels)}
    return top | more


def guarded(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return a policy of two stages with these guards."""
    stages = [
        {"name": name, "levels": [PLACED], "guard": guard}
        for name, guard in (("first", first), ("second", {"steps": 0} | second))
    ]
    top = {"format": "mobility-policy/1", "name": "mine"}
    return top | {"stages": stages}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (policy(VALUE), "placing nobody would win"),
        (policy(PLACED | {"colour": 1}), "unknown key 'colour'"),
        (policy(PLACED, LOTTERY, VALUE), "the lottery must be the last level"),
        (policy({"name": "p", "weights": {"unplaced": -1}}), "must be 0 or more"),
        (policy({"name": "p", "weights": {"unplaced": 1.0}}), "must be an integer"),
        (policy({"name": "p", "weights": {"unplaced": True}}), "must be an integer"),
        (
            policy({"name": "p", "weights": {"unplaced": float("inf")}}),
            "must be an integer",
        ),
        (policy(PLACED, PLACED), "two levels have the same name"),
        (
            policy(PLACED, {"name": "l", "weights": {"lottery": 1, "rank": 1}}),
            "lottery stands alone",
        ),
        (
            policy(PLACED | {"slack": {"absolute": 1}}, VALUE),
            "slack on unplaced needs every later level",
        ),
        (
            policy(PLACED, LOTTERY | {"slack": {"absolute": 1}}),
            "lottery cannot have slack",
        ),
        (
            policy(PLACED, {"name": "v", "weights": {"rank": 1, "equity": 1}}),
            "there is no [equity]",
        ),
        (policy(PLACED, rank_cost=[0, 5, 3]), "never decreasing"),
        (policy(PLACED, stages=[]), "needs either stages or levels"),
        (guarded({"steps": 0}, {}), 'has no guard but one with from = "holds"'),
        (guarded({"steps": 0, "from": "pins"}, {}), "must be one of holds"),
        (
            guarded({"steps": 0, "from": "holds"}, {"steps": 1, "from": "holds"}),
            'stage "second", guard: from = "holds" stands in the first stage only',
        ),
        (
            policy(
                PLACED,
                {
                    "name": "v",
                    "weights": {"one_way": 5},
                    "one_way_second": {"above": 1, "rate": 4},
                },
            ),
            "rate must be at least one_way",
        ),
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused(
    value: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        parse_policy(value)
    assert sentence in str(refusal.value)


def test_a_level_that_could_pass_two_to_the_53_is_refused_with_the_numbers() -> None:
    huge = policy(PLACED, {"name": "value", "weights": {"rank": 2**52}})
    with pytest.raises(InvalidPolicy, match=r"could reach \d{17,} \(rank \d+\)"):
        check_fit(build_arrays(parse_instance(WORLD)), parse_policy(huge))


def test_equity_prices_that_reach_a_rank_step_are_refused() -> None:
    levels = (PLACED, {"name": "v", "weights": {"rank": 1, "equity": 1}})
    equity = {"attributes": {"block": 5}, "max_price": 1000}
    with pytest.raises(InvalidPolicy, match="it pays to give some a worse rank"):
        check_fit(
            build_arrays(parse_instance(WORLD)),
            parse_policy(policy(*levels, equity=equity)),
        )


def test_a_policy_of_zeros_and_one_without_a_lottery_are_warned_about() -> None:
    zeros = parse_policy(policy({"name": "p", "weights": {"unplaced": 0}}, LOTTERY))
    assert zeros.warnings() == ('stage "mine": only the lottery decides',)
    sizes = parse_policy(policy(PLACED, LOTTERY))
    assert sizes.warnings() == zeros.warnings()
    assert "ties are open" in parse_policy(policy(PLACED)).warnings()[0]


def test_an_unknown_preset_names_those_that_exist() -> None:
    with pytest.raises(InvalidFile, match="balanced, crisis, generous, low-carbon"):
        read_policy("no-such-policy")


def test_the_command_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "instance.json", tmp_path / "result.json"
    path.write_text(json.dumps(WORLD | offer(capacity=-1)), encoding="utf-8")
    command = ["solve", path, "--policy", "balanced", "--out", out]
    ended = subprocess.run(
        [sys.executable, "-m", "solver", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, out.exists(), ended.stdout) == (2, False, "")
    assert 'offer "ward": capacity is -1' in ended.stderr
