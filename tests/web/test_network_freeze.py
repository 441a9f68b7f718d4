"""Lottery and freeze, as Dana meets them in her browser."""

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
from round_world import LATER, World
from sqlalchemy import Engine
from sqlmodel import select
from visitors import As, Visitor, errors_of

from mobility import models as m
from mobility.db import unit
from mobility.rounds.draw import to_commitment

SECRET = "ab" * 32


@pytest.fixture
def office(sqlite_url: str) -> tuple[Engine, World]:
    return office_at("draft", sqlite_url)


@pytest.fixture
def web_url(sqlite_url: str, office: tuple[Engine, World]) -> str:
    office[0].dispose()
    return sqlite_url


@pytest.fixture
def dana(signed_in: As, clock: Clock, woken: list[int]) -> Visitor:
    clock.at = LATER
    assert woken == []
    return signed_in("dana")


def promise(dana: Visitor, committer: str = "Students' union") -> int:
    fields = {"committer": committer, "commitment": to_commitment(SECRET)}
    address = f"{ROUND}/lottery/commit"
    return dana.post(address, source="/network", **fields).status_code


def reveal(dana: Visitor, secret: str, committer: str = "Students' union") -> int:
    fields = {"committer": committer, "secret": secret}
    address = f"{ROUND}/lottery/reveal"
    return dana.post(address, source="/network", **fields).status_code


def test_a_promise_is_kept_once_however_often_it_is_sent(
    dana: Visitor, engine: Engine
) -> None:
    assert [promise(dana), promise(dana)] == [303, 303]
    assert count(engine, m.LotteryCommitment, lambda _row: True) == 1
    assert "fewer than two committers" in dana.get(f"{ROUND}/lottery").text


def test_a_promise_that_is_no_hash_is_refused_beside_its_field(dana: Visitor) -> None:
    fields = {"committer": "Dean", "commitment": "abc"}
    page = dana.post(f"{ROUND}/lottery/commit", source="/network", **fields)
    assert page.status_code == 422
    assert "64 lower-case hexadecimal digits" in errors_of(page)[0]
    assert 'value="Dean"' in page.text


def test_a_drawn_secret_is_shown_once_with_its_commitment(
    dana: Visitor, engine: Engine
) -> None:
    page = dana.post(f"{ROUND}/lottery/draw", source="/network")
    secret = page.text.split("<code>")[1].split("</code>")[0]
    assert f'value="{to_commitment(secret)}"' in page.text
    assert secret not in dana.get(f"{ROUND}/lottery").text
    assert count(engine, m.LotteryCommitment, lambda _row: True) == 0


def test_a_lost_secret_is_dropped_with_a_reason(dana: Visitor, engine: Engine) -> None:
    promise(dana)
    address = f"{ROUND}/lottery/withdraw"
    fields = {"committer": "Students' union", "reason": ""}
    assert dana.post(address, source="/network", **fields).status_code == 422
    fields["reason"] = "The paper burned."
    for _press in (1, 2):
        assert dana.post(address, source="/network", **fields).status_code == 303
    assert count(engine, m.LotteryCommitment, lambda _row: True) == 0


def test_a_wrong_secret_is_refused_and_the_right_one_kept(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    promise(dana)
    assert reveal(dana, SECRET) == 409
    freeze_it(*office)
    assert "Reveal the secrets" in dana.get(ROUND).text
    assert reveal(dana, "cd" * 32) == 422
    assert [reveal(dana, SECRET), reveal(dana, SECRET)] == [303, 303]
    assert "Run the declared policy" in dana.get(ROUND).text


def test_what_blocks_the_freeze_is_listed_with_a_link_and_nothing_is_frozen(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    engine, world = office
    open_it(engine, world)
    dana.post(f"{ROUND}/close", source="/network")
    with unit(engine) as session:
        uppsala = session.exec(
            select(m.Institution).where(m.Institution.hei_id == "uu.se")
        ).one()
        uppsala.block = uppsala.block_source = uppsala.block_date = None
        session.add(uppsala)
    for address in (f"{ROUND}/freeze/check", f"{ROUND}/freeze"):
        page = dana.post(address, source="/network")
        assert "University of Uppsala (uu.se) has no block" in page.text
        assert '<a href="/coordinator/institutions/uu.se">' in page.text
    assert page.status_code == 409
    assert read_round(engine).state == m.RoundState.CLOSED


def test_dana_checks_and_freezes_and_a_second_press_does_no_harm(
    dana: Visitor, office: tuple[Engine, World]
) -> None:
    engine, world = office
    open_it(engine, world)
    dana.post(f"{ROUND}/close", source="/network")
    page = dana.post(f"{ROUND}/freeze/check", source="/network")
    assert "Nothing blocks the freeze." in page.text
    for _press in (1, 2):
        assert dana.post(f"{ROUND}/freeze", source="/network").status_code == 303
    assert count(engine, m.Snapshot, lambda _row: True) == 1
    page = dana.get(f"{ROUND}/freeze")
    assert "Digest of what was frozen" in page.text
    assert "Nobody committed to a secret" in page.text


def test_a_round_that_is_not_closed_is_not_frozen(dana: Visitor) -> None:
    page = dana.post(f"{ROUND}/freeze", source="/network")
    assert page.status_code == 409
    assert "is draft" in page.text


def test_nothing_runs_before_the_freeze(dana: Visitor, woken: list[int]) -> None:
    fields = {"policy": "low-carbon", "after": "0"}
    page = dana.post(f"{ROUND}/scenarios", source="/network", **fields)
    assert page.status_code == 409
    assert "no snapshot to solve" in page.text
    assert woken == []
