"""Publishing with a second pair of eyes."""

import pytest
from network_world import (
    ROUND,
    Clock,
    count,
    end_run,
    office_at,
    queue,
    read_round,
)
from round_world import LATER, World
from sqlalchemy import Engine
from visitors import As, Visitor, errors_of

from mobility import models as m

PUBLISH = f"{ROUND}/runs/1/publish"


@pytest.fixture
def office(sqlite_url: str) -> tuple[Engine, World]:
    return office_at("solved", sqlite_url)


@pytest.fixture
def engine(office: tuple[Engine, World]) -> Engine:
    return office[0]


@pytest.fixture
def web_url(sqlite_url: str, engine: Engine) -> str:
    engine.dispose()
    return sqlite_url


@pytest.fixture
def dana(signed_in: As, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    Clock(monkeypatch).at = LATER
    return signed_in("dana")


def publish(visitor: Visitor, **fields: str) -> tuple[int, list[str]]:
    page = visitor.post(PUBLISH, source="/network", **fields)
    return page.status_code, errors_of(page)


def test_the_preview_shows_what_students_will_read(dana: Visitor) -> None:
    page = dana.get(PUBLISH).text
    assert "are told their place" in page
    assert "You have your first choice, University of" in page
    assert "Alice" not in page


def test_looking_at_the_preview_publishes_nothing(
    dana: Visitor, engine: Engine
) -> None:
    dana.get(PUBLISH)
    assert read_round(engine).state == m.RoundState.FROZEN
    assert count(engine, m.Notice, lambda row: row.kind == "round:publish") == 0


def test_who_set_the_policy_publishes_only_as_a_one_person_office(
    dana: Visitor, engine: Engine
) -> None:
    status, errors = publish(dana, is_looked_at="y")
    assert status == 422
    assert "You are the last to have set the policy" in errors[0]
    assert read_round(engine).state == m.RoundState.FROZEN
    assert publish(dana, is_looked_at="y", is_alone="y") == (303, [])
    page = dana.get(f"{ROUND}/answers").text
    assert "the publisher is also the last to have changed the policy" in page


def test_a_colleague_publishes_without_that_weakness(
    dana: Visitor, signed_in: As, engine: Engine
) -> None:
    assert "A second pair of eyes is missing" in dana.get(PUBLISH).text
    daria = signed_in("daria")
    assert "A second pair of eyes is missing" not in daria.get(PUBLISH).text
    assert publish(daria, is_looked_at="y") == (303, [])
    page = daria.get(f"{ROUND}/answers").text
    assert "last to have changed the policy" not in page
    assert "<dd>Daria</dd>" in page
    assert read_round(engine).state == m.RoundState.PUBLISHED


def test_nothing_is_published_without_having_been_looked_at(
    signed_in: As, dana: Visitor, engine: Engine
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    status, errors = publish(signed_in("daria"))
    assert status == 422
    assert errors == ["Confirm that you have looked at both."]
    assert read_round(engine).state == m.RoundState.FROZEN


def test_a_second_press_publishes_once(dana: Visitor, engine: Engine) -> None:
    for _press in (1, 2):
        assert publish(dana, is_looked_at="y", is_alone="y") == (303, [])
    assert count(engine, m.Notice, lambda row: row.kind == "round:publish") == 3


def test_a_scenario_is_never_published(
    dana: Visitor, office: tuple[Engine, World], engine: Engine
) -> None:
    end_run(*office, queue(*office, "low-carbon"))
    address = f"{ROUND}/runs/2/publish"
    assert "scenarios are never published" in dana.get(address).text
    fields = {"is_looked_at": "y", "is_alone": "y"}
    page = dana.post(address, source="/network", **fields)
    assert page.status_code == 409
    assert read_round(engine).state == m.RoundState.FROZEN


def test_answers_are_not_there_before_publication(dana: Visitor) -> None:
    page = dana.get(f"{ROUND}/answers")
    assert page.status_code == 409
    assert "is not published" in page.text


def test_settling_ends_the_answers(dana: Visitor, engine: Engine) -> None:
    publish(dana, is_looked_at="y", is_alone="y")
    assert "Settle the round" in dana.get(ROUND).text
    assert dana.post(f"{ROUND}/settle", source="/network").status_code == 303
    assert dana.post(f"{ROUND}/archive", source="/network").status_code == 303
    assert read_round(engine).state == m.RoundState.ARCHIVED
    assert "The round is over." in dana.get(ROUND).text
