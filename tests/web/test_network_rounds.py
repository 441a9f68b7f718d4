"""The network coordinator's rounds: the list, one round, its moves, the wizard."""

import pytest
from network_world import (
    ROUND,
    Clock,
    count,
    freeze_it,
    office_at,
    open_it,
    read_round,
)
from round_world import KEY, LATER, World
from sqlalchemy import Engine
from visitors import As, Visitor, errors_of

from mobility import models as m

NEW = {
    "key": "2028-spring",
    "name": "Spring 2028",
    "academic_year_id": "2027/2028",
    "deadline": "2027-11-14T23:59",
    "zone": "Africa/Nairobi",
}
CARBON = {
    "policy": "balanced",
    "balance_years": "3",
    "factor_set": "desnz-2026",
    "rf_multiplier_tenths": "30",
    "mode_policy": "air",
    "cabin": "business",
    "rail_cap_h": "20",
    "coach_cap_h": "10",
}

WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"deadline": "2027-03-28T02:30", "zone": "Europe/Paris"}, "does not exist"),
    ({"deadline": "2027-10-31T02:30", "zone": "Europe/Paris"}, "happens twice"),
    ({"deadline": "2026-01-01T12:00"}, "has passed already"),
    ({"deadline": "tomorrow"}, "no date and time"),
    ({"zone": ""}, "Choose a time zone."),
    ({"zone": "Mars/Olympus"}, "Not a valid choice"),
    ({"key": "Spring 28"}, "lower-case letters"),
    ({"academic_year_id": "2027"}, "must read as"),
    ({"rail_cap_h": "73"}, "from 0 to 72"),
    ({"balance_years": "-1"}, "0 or more"),
)


@pytest.fixture
def office(sqlite_url: str) -> tuple[Engine, World]:
    return office_at("draft", sqlite_url)


@pytest.fixture
def world(office: tuple[Engine, World]) -> World:
    return office[1]


@pytest.fixture
def web_url(sqlite_url: str, office: tuple[Engine, World]) -> str:
    office[0].dispose()
    return sqlite_url


@pytest.fixture
def dana(signed_in: As, clock: Clock) -> Visitor:
    assert clock.at < LATER
    return signed_in("dana")


def test_the_list_says_what_waits_in_each_round(dana: Visitor) -> None:
    page = dana.get("/network")
    assert "Finish the draft and open it." in page.text
    assert f'href="{ROUND}"' in page.text


def test_a_draft_with_offers_asks_for_committers_first(dana: Visitor) -> None:
    page = dana.get(ROUND)
    assert "Add committers" in page.text
    assert "Open without a lottery secret" in page.text


def test_the_history_tells_who_made_the_round(dana: Visitor) -> None:
    page = dana.get(ROUND)
    assert "Round made" in page.text
    assert '<th scope="row">Round made</th>' in page.text
    assert "<td>Dana</td>" in page.text


def test_dana_opens_the_round_and_a_second_press_does_no_harm(
    dana: Visitor, engine: Engine
) -> None:
    for _press in (1, 2):
        answer = dana.post(f"{ROUND}/open", source="/network")
        assert answer.status_code == 303
    assert read_round(engine).state == m.RoundState.OPEN
    opened = count(engine, m.AuditEntry, lambda row: row.action == "round:open")
    assert opened == 1


def test_looking_at_a_move_changes_nothing(dana: Visitor, engine: Engine) -> None:
    assert dana.get(f"{ROUND}/open").status_code == 200
    assert read_round(engine).state == m.RoundState.DRAFT


def test_closing_early_wants_a_reason_beside_its_field(
    dana: Visitor, engine: Engine, world: World
) -> None:
    open_it(engine, world)
    page = dana.post(f"{ROUND}/close", source="/network", reason=" ")
    assert page.status_code == 422
    assert "needs a reason" in errors_of(page)[0]
    assert read_round(engine).state == m.RoundState.OPEN


def test_a_reason_stands_in_the_history(
    dana: Visitor, engine: Engine, world: World
) -> None:
    open_it(engine, world)
    dana.post(f"{ROUND}/close", source="/network", reason="Everybody is done.")
    assert "Everybody is done." in dana.get(ROUND).text


def test_after_the_deadline_closing_is_what_comes_next(
    dana: Visitor, engine: Engine, world: World, clock: Clock
) -> None:
    open_it(engine, world)
    assert "Check what blocks the freeze" in dana.get(ROUND).text
    clock.at = LATER
    assert "The deadline has passed." in dana.get(ROUND).text
    assert dana.post(f"{ROUND}/close", source="/network").status_code == 303


def test_a_closed_round_opens_again_only_with_a_reason_and_before_its_deadline(
    dana: Visitor, engine: Engine, world: World, clock: Clock
) -> None:
    open_it(engine, world)
    dana.post(f"{ROUND}/close", source="/network", reason="Too early after all.")
    page = dana.post(f"{ROUND}/reopen", source="/network", reason="")
    assert page.status_code == 422
    clock.at = LATER
    page = dana.post(f"{ROUND}/reopen", source="/network", reason="Some were ill.")
    assert page.status_code == 409
    assert "set a later one first" in page.text
    assert "Some were ill." in page.text


def test_a_move_from_the_wrong_state_is_409_with_the_sentence(
    dana: Visitor, engine: Engine
) -> None:
    acts = ("close", "reopen", "unfreeze", "settle", "archive")
    sent = {"source": "/network", "reason": "Because."}
    answers = [dana.get(f"{ROUND}/{act}") for act in acts]
    answers += [dana.post(f"{ROUND}/{act}", **sent) for act in acts]
    for answer in answers:
        assert answer.status_code == 409
        assert "is draft" in answer.text
    assert read_round(engine).state == m.RoundState.DRAFT


def test_closing_a_frozen_round_leaves_it_frozen(
    dana: Visitor, engine: Engine, world: World, clock: Clock
) -> None:
    freeze_it(engine, world)
    clock.at = LATER
    answer = dana.post(f"{ROUND}/close", source="/network", reason="A slip.")
    assert answer.status_code == 409
    assert "is frozen" in answer.text
    assert read_round(engine).state == m.RoundState.FROZEN


def test_taking_a_freeze_back_is_said_to_be_dangerous_and_done(
    dana: Visitor, engine: Engine, world: World, clock: Clock
) -> None:
    freeze_it(engine, world)
    clock.at = LATER
    assert 'class="danger"' in dana.get(f"{ROUND}/unfreeze").text
    fields = {"reason": "A place was wrong."}
    answer = dana.post(f"{ROUND}/unfreeze", source="/network", **fields)
    assert answer.status_code == 303
    assert read_round(engine).state == m.RoundState.CLOSED


def test_a_new_round_keeps_the_declared_carbon_settings(
    dana: Visitor, engine: Engine
) -> None:
    answer = dana.post("/network/new-round", source="/network", **NEW, **CARBON)
    assert answer.headers["Location"] == "/network/rounds/2028-spring"
    page = dana.get("/network/rounds/2028-spring")
    assert "always by air" in page.text
    assert "14 Nov 2027, 23:59, Africa/Nairobi (14 Nov 2027, 20:59, UTC)" in page.text
    made = count(engine, m.Round, lambda row: row.key == "2028-spring")
    assert made == 1


def test_the_same_new_round_sent_twice_is_one_round(
    dana: Visitor, engine: Engine
) -> None:
    sent = [
        dana.post("/network/new-round", source="/network", **NEW, **CARBON)
        for _press in (1, 2)
    ]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert count(engine, m.Round, lambda row: row.key == "2028-spring") == 1


def test_a_key_that_is_taken_is_409_beside_its_field(dana: Visitor) -> None:
    fields = {**NEW, **CARBON, "key": KEY}
    page = dana.post("/network/new-round", source="/network", **fields)
    assert page.status_code == 409
    assert "already" in errors_of(page)[0]
    assert 'value="Spring 2028"' in page.text


def test_a_setting_that_breaks_a_rule_is_told_beside_its_field(
    dana: Visitor, engine: Engine
) -> None:
    for changed, sentence in WRONG:
        fields = {**NEW, **CARBON, **changed}
        page = dana.post("/network/new-round", source="/network", **fields)
        assert page.status_code == 422
        assert any(sentence in error for error in errors_of(page)), errors_of(page)
        assert 'value="Spring 2028"' in page.text
    assert count(engine, m.Round, lambda _row: True) == 1


def test_all_problems_of_a_new_round_are_told_at_once(dana: Visitor) -> None:
    fields = {**NEW, **CARBON, "key": "A B", "academic_year_id": "x"}
    page = dana.post("/network/new-round", source="/network", **fields)
    assert len(errors_of(page)) == 2


def test_a_field_that_nobody_asked_for_is_refused(dana: Visitor) -> None:
    fields = {**NEW, **CARBON, "state": "published"}
    page = dana.post("/network/new-round", source="/network", **fields)
    assert page.status_code == 422
    assert "state" in page.text


def test_a_copy_takes_the_offers_along(dana: Visitor, engine: Engine) -> None:
    page = dana.get(f"{ROUND}/copy")
    assert 'value="2027/2028"' in page.text
    answer = dana.post(f"{ROUND}/copy", source="/network", **NEW, shift_days="364")
    assert answer.status_code == 303
    copied = count(engine, m.Offer, lambda row: row.starts_on.year == 2028)
    assert copied == 5


def test_a_later_deadline_is_told_and_the_same_one_is_not(
    dana: Visitor, engine: Engine, world: World
) -> None:
    open_it(engine, world)
    fields = {"deadline": "2026-11-20T12:00", "zone": "Africa/Nairobi"}
    for _press in (1, 2):
        answer = dana.post(f"{ROUND}/deadline", source="/network", **fields)
        assert answer.status_code == 303
    told = count(engine, m.Notice, lambda row: row.kind == "round:deadline")
    assert told == 3


def test_a_frozen_rounds_deadline_stands(
    dana: Visitor, engine: Engine, world: World
) -> None:
    freeze_it(engine, world)
    fields = {"deadline": "2026-11-20T12:00", "zone": "Africa/Nairobi"}
    answer = dana.post(f"{ROUND}/deadline", source="/network", **fields)
    assert answer.status_code == 409
    assert "its deadline stands" in answer.text


def test_a_draft_without_offers_gets_them_from_the_agreements(
    dana: Visitor, engine: Engine
) -> None:
    dana.post("/network/new-round", source="/network", **NEW, **CARBON)
    address = "/network/rounds/2028-spring"
    assert "Make offers from the agreements" in dana.get(address).text
    page = dana.post(f"{address}/offers", source="/network", starts_on="soon")
    assert page.status_code == 422
    dana.post(f"{address}/offers", source="/network", starts_on="2028-02-01")
    assert count(engine, m.Offer, lambda row: row.starts_on.year == 2028) == 5


def test_the_pages_are_not_for_other_roles(signed_in: As) -> None:
    for name in ("bob", "alice"):
        assert signed_in(name).get(ROUND).status_code == 403


def test_a_round_that_does_not_exist_is_404(dana: Visitor) -> None:
    assert dana.get("/network/rounds/none").status_code == 404
