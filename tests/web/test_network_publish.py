"""Publishing with a second pair of eyes."""

from datetime import timedelta

import pytest
from flask import Flask
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
def web_url(sqlite_url: str, engine: Engine) -> str:
    engine.dispose()
    return sqlite_url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.at = LATER
    return clock


@pytest.fixture
def dana(signed_in: As, clock: Clock) -> Visitor:
    assert clock.at == LATER
    return signed_in("dana")


UNTIL = "2026-12-01T23:59"


def publish(visitor: Visitor, **fields: str) -> tuple[int, list[str]]:
    fields = {"answers_until": UNTIL, "is_looked_at": "y", **fields}
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


def test_who_set_the_policy_does_not_publish_it(dana: Visitor, engine: Engine) -> None:
    page = dana.get(PUBLISH).text
    assert "You are the last to have set the policy" in page
    assert "Publish and tell the students" not in page
    assert publish(dana)[0] == 409
    assert read_round(engine).state == m.RoundState.FROZEN


def test_a_one_person_office_publishes_and_it_is_printed(
    dana: Visitor, engine: Engine, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SECOND_PERSON_TO_PUBLISH", value=False)
    assert "A second pair of eyes is missing" in dana.get(PUBLISH).text
    assert publish(dana) == (303, [])
    assert read_round(engine).state == m.RoundState.PUBLISHED
    for address in (ROUND, f"{ROUND}/answers"):
        page = dana.get(address).text
        assert "the publisher is also the last to have changed the policy" in page


def test_a_colleague_publishes_without_that_weakness(
    signed_in: As, dana: Visitor, engine: Engine
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    daria = signed_in("daria")
    page = daria.get(PUBLISH).text
    assert "You are the last to have set the policy" not in page
    assert 'value="2026-11-30T23:59"' in page
    assert publish(daria) == (303, [])
    page = daria.get(f"{ROUND}/answers").text
    assert "last to have changed the policy" not in page
    assert "<dd>Daria</dd>" in page
    assert read_round(engine).state == m.RoundState.PUBLISHED


def test_nothing_is_published_without_having_been_looked_at(
    signed_in: As, dana: Visitor, engine: Engine
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    status, errors = publish(signed_in("daria"), is_looked_at="")
    assert status == 422
    assert errors == ["Confirm that you have looked at both."]
    assert read_round(engine).state == m.RoundState.FROZEN


@pytest.mark.parametrize(
    ("time", "sentence"),
    [
        ("", "Enter the last day and time for answers."),
        ("2026-11-16T10:00", "has passed already"),
        ("soon", "is no date and time"),
    ],
)
def test_a_wrong_last_moment_for_answers_stands_beside_its_field(
    signed_in: As, dana: Visitor, engine: Engine, time: str, sentence: str
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    daria = signed_in("daria")
    page = daria.post(PUBLISH, source="/network", answers_until=time, is_looked_at="y")
    assert page.status_code == 422
    assert sentence in " ".join(errors_of(page))
    assert f'value="{time}"' in page.text
    assert read_round(engine).state == m.RoundState.FROZEN


def test_a_refusal_beside_its_field_is_said_in_the_reader_s_language(
    signed_in: As, dana: Visitor
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    daria = signed_in("daria")
    sent = daria.post("/language", source="/network", language="fr", next="/network")
    assert sent.status_code == 303
    status, errors = publish(daria, answers_until="2026-11-16T10:00")
    assert status == 422
    assert "échéance 16 nov. 2026, 10:00, Africa/Nairobi" in errors[0]
    assert errors[0].endswith("est déjà passée")


def test_a_second_press_publishes_once(
    signed_in: As, dana: Visitor, engine: Engine
) -> None:
    assert dana.get(PUBLISH).status_code == 200
    daria = signed_in("daria")
    for _press in (1, 2):
        assert publish(daria) == (303, [])
    assert count(engine, m.Notice, lambda row: row.kind == "round:publish") == 3


def test_a_scenario_is_never_published(
    signed_in: As, dana: Visitor, office: tuple[Engine, World], engine: Engine
) -> None:
    end_run(*office, queue(*office, "low-carbon"))
    address = f"{ROUND}/runs/2/publish"
    assert "scenarios are never published" in dana.get(address).text
    fields = {"is_looked_at": "y", "answers_until": UNTIL}
    page = signed_in("daria").post(address, source="/network", **fields)
    assert page.status_code == 409
    assert "scenarios are never published" in page.text
    assert read_round(engine).state == m.RoundState.FROZEN


def test_answers_are_not_there_before_publication(dana: Visitor) -> None:
    page = dana.get(f"{ROUND}/answers")
    assert page.status_code == 409
    assert "is not published" in page.text


def test_another_last_moment_for_answers_is_announced(
    signed_in: As, dana: Visitor, engine: Engine
) -> None:
    publish(signed_in("daria"))
    address = f"{ROUND}/answers/until"
    assert f'value="{UNTIL}"' in dana.get(address).text
    past = dana.post(address, source="/network", answers_until="2026-11-16T10:00")
    assert past.status_code == 422
    assert "has passed already" in errors_of(past)[0]
    for _press in (1, 2):
        sent = dana.post(address, source="/network", answers_until="2026-12-08T23:59")
        assert sent.status_code == 303
    assert "8 Dec 2026, 23:59, Africa/Nairobi" in dana.get(f"{ROUND}/answers").text
    told = count(engine, m.Notice, lambda row: row.kind == "round:answers_until")
    assert told == 3


def test_settling_ends_the_answers(
    signed_in: As, dana: Visitor, engine: Engine, clock: Clock
) -> None:
    publish(signed_in("daria"))
    assert "Settle the round" in dana.get(ROUND).text
    early = dana.post(f"{ROUND}/settle", source="/network")
    assert early.status_code == 409
    assert "3 students may answer until 1 Dec 2026, 23:59, Africa" in early.text
    clock.at = LATER + timedelta(days=20)
    assert dana.post(f"{ROUND}/settle", source="/network").status_code == 303
    assert dana.post(f"{ROUND}/archive", source="/network").status_code == 303
    assert read_round(engine).state == m.RoundState.ARCHIVED
    assert "The round is over." in dana.get(ROUND).text
