"""Runs and results of a frozen round, as Dana meets them in her browser."""

import pytest
from flask import Flask
from network_world import (
    ROUND,
    Clock,
    begin_run,
    count,
    end_run,
    fail_run,
    office_at,
    queue,
)
from round_world import LATER, World
from sqlalchemy import Engine, event
from visitors import As, Visitor

from mobility import models as m
from mobility.db import unit
from mobility.web import units

SECRET = "ab" * 32


@pytest.fixture
def office(sqlite_url: str) -> tuple[Engine, World]:
    return office_at("frozen", sqlite_url)


@pytest.fixture
def web_url(sqlite_url: str, office: tuple[Engine, World]) -> str:
    office[0].dispose()
    return sqlite_url


@pytest.fixture
def dana(signed_in: As, clock: Clock, woken: list[int]) -> Visitor:
    clock.at = LATER
    assert woken == []
    return signed_in("dana")


def test_a_run_is_queued_once_and_a_worker_is_told_after_the_commit(
    dana: Visitor, engine: Engine, woken: list[int]
) -> None:
    for _press in (1, 2):
        answer = dana.post(f"{ROUND}/runs", source="/network", after="0")
        assert answer.headers["Location"] == f"{ROUND}/runs/1"
    assert woken == [1]
    assert count(engine, m.Run, lambda row: not row.is_scenario) == 1


def test_a_second_declared_run_beside_one_under_way_is_409(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    queue(*office)
    page = dana.post(f"{ROUND}/runs", source="/network", after="1")
    assert page.status_code == 409
    assert "is under way" in page.text


def test_the_progress_of_a_run_is_told_in_steps_and_ends(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    engine = office[0]
    run = queue(*office)
    begin_run(engine, run, "balance: value")
    page = dana.get(f"{ROUND}/runs/{run}")
    assert f'data-live="{ROUND}/runs/{run}/progress"' in page.text
    assert "Look again" in page.text
    part = dana.get(f"{ROUND}/runs/{run}/progress")
    assert 'value="4" max="9"' in part.text
    assert part.headers["X-Ended"] == "no"
    fail_run_of_worker(engine, run)
    assert dana.get(f"{ROUND}/runs/{run}/progress").headers["X-Ended"] == "yes"


def fail_run_of_worker(engine: Engine, run: int) -> None:
    with unit(engine) as session:
        row = session.get_one(m.Run, run)
        row.owner = row.lease_until = None
        row.state, row.error, row.finished_at = m.RunState.FAILED, "no memory", LATER
        session.add(row)


def test_a_failed_run_says_why(dana: Visitor, office: tuple[Engine, World]) -> None:
    run = queue(*office)
    fail_run(office[0], run, "the solver ran out of memory; the limit is 512 MiB")
    for address in (f"{ROUND}/runs", f"{ROUND}/runs/{run}"):
        assert "the solver ran out of memory" in dana.get(address).text


def test_a_run_is_cancelled_once(dana: Visitor, office: tuple[Engine, World]) -> None:
    engine = office[0]
    run = queue(*office)
    for _press in (1, 2):
        answer = dana.post(f"{ROUND}/runs/{run}/cancel", source="/network")
        assert answer.status_code == 303
    assert "The run was cancelled" in dana.get(f"{ROUND}/runs/{run}").text
    acts = count(engine, m.AuditEntry, lambda row: row.action == "run:cancel")
    assert acts == 1


def test_a_finished_run_is_not_cancelled(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    run = queue(*office)
    end_run(*office, run)
    page = dana.post(f"{ROUND}/runs/{run}/cancel", source="/network")
    assert page.status_code == 409
    assert "nothing to cancel" in page.text


def test_a_result_shows_pictures_with_tables_and_its_certificate(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    run = queue(*office)
    end_run(*office, run)
    page = dana.get(f"{ROUND}/runs/{run}").text
    assert page.index("From wishes to the result") < page.index("Who moved")
    assert page.count("<svg") >= 8
    assert "The numbers as a table" in page
    assert "optimal: every level of every stage is proven" in page
    assert "0 rank steps" in page
    assert "Go on to publish" in page


def test_the_flows_name_every_lane(dana: Visitor, office: tuple[Engine, World]) -> None:
    run = queue(*office)
    end_run(*office, run)
    page = dana.get(f"{ROUND}/runs/{run}/flows?sort=-out").text
    assert '<th scope="row">University of Uppsala</th>' in page
    assert "South to North" in page


def test_two_runs_stand_side_by_side_with_tonnes_last(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    for policy in ("", "low-carbon"):
        end_run(*office, queue(*office, policy))
    page = dana.get(f"{ROUND}/runs/1/compare?with=2").text
    assert "run 1, balanced" in page
    assert "run 2, low-carbon" in page
    assert page.index("lost a place") < page.index("emissions, CO₂e")
    assert page.count("the same") == 10


def test_a_run_of_another_round_or_without_result_is_404_in_a_comparison(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    end_run(*office, queue(*office))
    waiting = queue(*office, "low-carbon")
    for number in (waiting, 99):
        page = dana.get(f"{ROUND}/runs/1/compare?with={number}")
        assert page.status_code == 404
    assert dana.get(f"{ROUND}/runs/99").status_code == 404


def test_every_page_asks_the_database_less_than_twenty_times(
    dana: Visitor, office: tuple[Engine, World], app: Flask
) -> None:
    for policy in ("", "low-carbon"):
        end_run(*office, queue(*office, policy))
    pages = ["", "/policy", "/lottery", "/freeze", "/runs", "/deadline", "/copy"]
    pages += [f"/runs/1{part}" for part in ("", "/flows", "/compare", "/publish")]
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(app.extensions[units.KEY], "before_cursor_execute", note)
    counts = {}
    for part in pages:
        asked.clear()
        dana.get(ROUND + part)
        counts[part] = len(asked)
    assert {part: number for part, number in counts.items() if number >= 20} == {}


def test_a_mechanism_s_run_is_named_and_claims_no_optimum(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    end_run(*office, queue(*office))
    end_run(*office, queue(*office, mechanism="balanced_exchange"))
    page = dana.get(f"{ROUND}/runs/2").text
    assert "balanced_exchange, balanced" in page
    assert "verified, optimises nothing" in page
    assert "nothing is claimed to be best" in page
    assert "optimal" not in page.replace("optimises", "")
    assert "balanced_exchange" in dana.get(f"{ROUND}/runs").text
    assert "balanced_exchange" in dana.get(f"{ROUND}/runs/1/compare?with=2").text
