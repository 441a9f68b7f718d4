"""The policy page: sentences that come from the policy alone, and declaring another."""

import io

import pytest
from network_world import ROUND, Clock, count, freeze_it, office_at, open_it
from round_world import World
from sqlalchemy import Engine
from visitors import As, Visitor, errors_of, settings_of
from werkzeug.test import TestResponse

from mobility import models as m
from mobility.app import create_app
from mobility.web.network_policy_words import PolicyWords, to_words
from solver.policy import to_json
from solver.policy_reader import parse_bytes, read_policy

OWN = b"""
format = "mobility-policy/1"
name = "our-own"
rank_cost = [0, 2000, 5000]
[[stages]]
name = "wishes"
levels = [ { name = "placed", weights = { unplaced = 1 } },
           { name = "value", weights = { rank = 1 }, slack = { percent = 2 } },
           { name = "lottery", weights = { lottery = 1 } } ]
[[stages]]
name = "carbon"
guard = { everyone = true, steps = 3 }
carbon_budget_kg = 40000
max_carbon_per_tonne = 8000
levels = [ { name = "placed", weights = { unplaced = 1 } },
           { name = "value", one_way_second = { above = 3, rate = 3000 },\
 weights = { rank = 1, carbon_per_tonne = 4000, one_way = 1000 } },
           { name = "lottery", weights = { lottery = 1 } } ]
"""


@pytest.fixture
def office(sqlite_url: str) -> tuple[Engine, World]:
    return office_at("draft", sqlite_url)


@pytest.fixture
def web_url(sqlite_url: str, office: tuple[Engine, World]) -> str:
    office[0].dispose()
    return sqlite_url


@pytest.fixture
def dana(signed_in: As, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    Clock(monkeypatch)
    return signed_in("dana")


@pytest.fixture(scope="module")
def words_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PolicyWords]:
    folder = tmp_path_factory.mktemp("words")
    app = create_app(settings_of(folder, f"sqlite:///{folder}/none.sqlite"))
    names = ("balanced", "low-carbon", "plain-sum", "students-first")
    with app.test_request_context():
        found = {name: to_words(to_json(read_policy(name))) for name in names}
        found["our-own"] = to_words(to_json(parse_bytes(OWN, "own.toml")))
    return found


def upload(dana: Visitor, data: bytes, reason: str = "") -> TestResponse:
    return dana.client.post(
        f"{ROUND}/policy",
        data={
            "csrf_token": dana.token("/network"),
            "preset": "",
            "reason": reason,
            "file": (io.BytesIO(data), "own.toml"),
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )


@pytest.mark.parametrize(
    ("name", "kilograms"),
    [("balanced", "1,000"), ("low-carbon", "333"), ("our-own", "500")],
)
def test_a_step_of_a_wish_is_told_in_kilograms(
    name: str, kilograms: str, words_of: dict[str, PolicyWords]
) -> None:
    told = f"Moving a student from first to second choice is worth {kilograms} kg CO₂e."
    assert words_of[name].rates[0] == told


def test_both_charges_of_a_long_one_way_lane_are_shown(
    words_of: dict[str, PolicyWords],
) -> None:
    longest = words_of["balanced"].charges[-1]
    assert longest == ("3,000 kg CO₂e", "3 rank steps", "2 rank steps", "5 rank steps")


def test_guards_are_told_in_words(words_of: dict[str, PolicyWords]) -> None:
    carbon = words_of["balanced"].stages[2]
    assert carbon.guards == (
        "Everyone who has a place before this stage keeps one, at most 2 ranks lower.",
        "A student of the South moves down by at most 1 rank.",
        (
            "A remote student, whose least journey emits more than 1,000 kg CO₂e, moves"
            " down by at most 1 rank."
        ),
        "A student of the South who was to go to the other side still goes there.",
        "Nobody is moved from a real place to a virtual one she ranked lower.",
    )


def test_the_ceiling_of_equity_prices_is_told(words_of: dict[str, PolicyWords]) -> None:
    assert "at most 0.4 rank steps more" in words_of["balanced"].equity[1]
    untouched = words_of["students-first"]
    assert untouched.equity == ("Groups are reported; none is lifted.",)
    assert untouched.charges == ()


def test_a_sum_without_guards_is_warned_of(words_of: dict[str, PolicyWords]) -> None:
    assert "without guards" in words_of["plain-sum"].warnings[0]
    assert words_of["balanced"].warnings == ()


def test_a_policy_of_ones_own_is_told_to_its_last_rule(
    words_of: dict[str, PolicyWords],
) -> None:
    own = words_of["our-own"]
    assert own.stages[0].levels[1] == (
        "As little as possible of: rank steps away from first choices."
        " Later steps may give up 2 % of it."
    )
    assert any("beyond 3 of a partnership cost 3 rank steps" in r for r in own.rates)
    assert any("at most 40,000 kg CO₂e" in rate for rate in own.rates)


def test_a_preset_can_be_read_before_it_is_declared(dana: Visitor) -> None:
    page = dana.get(f"{ROUND}/policy?read=low-carbon")
    assert "For comparison: low-carbon" in page.text
    assert "For comparison" not in dana.get(f"{ROUND}/policy?read=../x").text


def test_dana_declares_a_preset_and_a_second_press_does_no_harm(
    dana: Visitor, engine: Engine
) -> None:
    for _press in (1, 2):
        answer = dana.post(
            f"{ROUND}/policy", source="/network", preset="low-carbon", reason=""
        )
        assert answer.status_code == 303
    assert "Policy low-carbon" in dana.get(f"{ROUND}/policy").text
    declared = count(engine, m.AuditEntry, lambda row: row.action == "policy:declare")
    assert declared == 1


def test_a_file_of_ones_own_is_declared(dana: Visitor) -> None:
    assert upload(dana, OWN).status_code == 303
    assert "Policy our-own" in dana.get(f"{ROUND}/policy").text


def test_every_error_of_a_file_is_listed(dana: Visitor, engine: Engine) -> None:
    wrong = OWN.replace(b"steps = 3", b"steps = -3").replace(b"2000", b"9000")
    page = upload(dana, wrong, reason="Better so.")
    assert page.status_code == 422
    assert "rank_cost must be" in errors_of(page)[0]
    assert "steps" in errors_of(page)[0]
    assert "Better so." in page.text
    assert count(engine, m.Policy, lambda row: row.name == "our-own") == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"name = ", "own.toml: not TOML"),
        (b"\xff\xfe", "own.toml: not UTF-8 at byte 0"),
        (b"x" * 100_001, "more than 100 kB"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(
    data: bytes, sentence: str, dana: Visitor
) -> None:
    page = upload(dana, data)
    assert page.status_code == 422
    assert sentence in errors_of(page)[0]


def test_neither_or_both_of_preset_and_file_is_refused(dana: Visitor) -> None:
    page = dana.post(f"{ROUND}/policy", source="/network", preset="", reason="")
    assert page.status_code == 422
    assert errors_of(page) == ["Choose one: a policy of the list, or a file."]


def test_a_path_is_no_preset(dana: Visitor) -> None:
    page = dana.post(f"{ROUND}/policy", source="/network", preset="pyproject.toml")
    assert page.status_code == 422
    assert errors_of(page) == ["Not a valid choice."]


def test_an_open_rounds_policy_changes_with_a_reason_and_students_are_told(
    dana: Visitor, engine: Engine, office: tuple[Engine, World]
) -> None:
    open_it(*office)
    fields = {"preset": "reciprocal", "reason": ""}
    page = dana.post(f"{ROUND}/policy", source="/network", **fields)
    assert page.status_code == 422
    assert "another policy needs a reason" in errors_of(page)[0]
    fields["reason"] = "The partners asked for it."
    assert dana.post(f"{ROUND}/policy", source="/network", **fields).status_code == 303
    told = count(engine, m.Notice, lambda row: row.kind == "policy:declare")
    assert told == 3


def test_a_frozen_rounds_policy_is_fixed(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    freeze_it(*office)
    assert "can no longer change" in dana.get(f"{ROUND}/policy").text
    fields = {"preset": "reciprocal", "reason": "Why not."}
    page = dana.post(f"{ROUND}/policy", source="/network", **fields)
    assert page.status_code == 409
