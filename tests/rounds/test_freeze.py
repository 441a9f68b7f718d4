"""What a freeze takes in, what blocks it, and that it is the same everywhere."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from round_world import (
    KEY,
    LATER,
    NOW,
    Office,
    build_world,
    close_and_freeze,
    open_and_certify,
    pseudonym,
)
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from mobility import models as m
from mobility.audit.record import find_breaks
from mobility.db import make_engine, reading, unit
from mobility.errors import Conflict, Forbidden
from mobility.rounds import certify as certifying
from mobility.rounds import freeze as freezing
from mobility.rounds.certify import save_draft
from mobility.rounds.facts import Facts
from mobility.rounds.freeze import freeze, gather, list_problems, snapshot_value
from mobility.rounds.lifecycle import move, unfreeze
from mobility.rounds.rankings import to_ranking
from mobility.rounds.rows import read_round
from mobility.rounds.translate import to_instance
from solver.instance_reader import parse_instance


def close(office: Office) -> None:
    with unit(office.engine) as session:
        dana = office.world.who(session, "Dana")
        move(session, KEY, m.RoundState.CLOSED, by=dana, at=LATER)


def freeze_now(office: Office) -> m.Snapshot:
    with unit(office.engine) as session:
        dana = office.world.who(session, "Dana")
        return freeze(session, KEY, by=dana, at=LATER)


def test_every_receipt_handed_out_is_in_the_snapshot(frozen: Office) -> None:
    with reading(frozen.engine) as session:
        value = snapshot_value(session.exec(select(m.Snapshot)).one())
        assert {s["receipt"] for s in value["students"]} == {*frozen.receipts.values()}
        names = {pseudonym(session, frozen.world, n): n for n in frozen.receipts}
        for student in value["students"]:
            assert student["receipt"] == frozen.receipts[names[student["id"]]]
        assert find_breaks(session) == []


def test_the_snapshot_is_an_instance_for_the_solver(frozen: Office) -> None:
    with reading(frozen.engine) as session:
        value = snapshot_value(session.exec(select(m.Snapshot)).one())
        alice = pseudonym(session, frozen.world, "Alice")
    instance = parse_instance(to_instance(value))
    choices = {s.id: s.choices for s in instance.students}[alice]
    assert [choice.offer for choice in choices] == [
        "uu-spring",
        "lyon-spring",
        "nairobi-online",
    ]
    assert choices[0].emissions_g > choices[1].emissions_g > 1_000_000
    assert choices[2].emissions_g == 0
    floor = {s.id: s.floor_g for s in instance.students}[alice]
    assert floor == choices[1].emissions_g


def test_names_and_row_ids_are_not_in_the_snapshot(frozen: Office) -> None:
    with reading(frozen.engine) as session:
        text = str(snapshot_value(session.exec(select(m.Snapshot)).one()))
    assert not any(name in text for name in ("Alice", "example.org", "person"))


def test_drafts_and_withdrawn_applications_are_not_frozen(opened: Office) -> None:
    with unit(opened.engine) as session:
        bengt = opened.world.who(session, "Bengt")
        ranking = to_ranking(["lyon-exchange"])
        save_draft(session, KEY, ranking, version=2, by=bengt, at=NOW)
        query = (
            select(m.Application)
            .join(m.Student, col(m.Student.id) == m.Application.student_id)
            .where(m.Student.person_id == opened.world.people["Achieng"])
        )
        session.exec(query).one().withdrawn_at = NOW
    close(opened)
    with unit(opened.engine) as session:
        snapshot = freeze(session, KEY, by=opened.world.who(session, "Dana"), at=LATER)
        lists = [
            [offer for offer, _ in student["certified"]]
            for student in snapshot_value(snapshot)["students"]
        ]
    assert sorted(lists) == [
        ["nairobi-spring", "lyon-exchange"],
        ["uu-spring", "lyon-spring", "nairobi-online"],
    ]


def test_what_became_ineligible_is_refused_with_reasons(opened: Office) -> None:
    with unit(opened.engine) as session:
        offer = select(m.Offer).where(m.Offer.key == "uu-spring")
        session.exec(offer).one().state = m.OfferState.SUSPENDED
    close(opened)
    value = snapshot_value(freeze_now(opened))
    alice = next(s for s in value["students"] if len(s["certified"]) == 3)
    assert [(c["offer"], c["rank"]) for c in alice["choices"]] == [
        ("lyon-spring", 1),
        ("nairobi-online", 2),
    ]
    assert alice["refused"][0]["reasons"][0]["code"] == "offer_suspended"


def test_the_journey_that_was_shown_is_the_journey_that_is_frozen(
    opened: Office,
) -> None:
    close(opened)
    with unit(opened.engine) as session:
        gather(session, read_round(session, KEY), at=LATER)
        row = session.exec(
            select(m.Journey).where(col(m.Journey.host_key).endswith("SE"))
        ).one()
        row.footprint = {**row.footprint, "total_g": 1_234_567}
    value = snapshot_value(freeze_now(opened))
    journeys = {j["total_g"] for j in value["journeys"] if j["host"].endswith("SE")}
    assert journeys == {1_234_567}
    assert value["carbon"]["factors"]


Break = Callable[[Session], None]


def forget_blocks(session: Session) -> None:
    values = {"block": None, "block_source": None, "block_date": None}
    session.execute(
        update(m.Institution).where(m.Institution.hei_id == "uu.se").values(values)
    )


def move_to_sea(session: Session) -> None:
    """Put Lyon where no airport, road or railway is near."""
    values = {"latitude_udeg": -48_000_000, "longitude_udeg": -123_000_000}
    lyon = m.Institution.hei_id == "univ-lyon1.fr"
    session.execute(update(m.Institution).where(lyon).values(values))


def pin_online(session: Session) -> None:
    bengt = select(m.Student).join(m.Person).where(m.Person.name == "Bengt")
    offer = session.exec(select(m.Offer).where(m.Offer.key == "nairobi-online")).one()
    pin = m.Pin(
        round_id=offer.round_id,
        student_id=session.exec(bengt).one().id,
        offer_id=offer.id,
        reason="a promise",
        created_by="p-1",
        created_at=NOW,
    )
    session.add(pin)


@pytest.mark.parametrize(
    ("break_something", "sentence"),
    [
        (forget_blocks, "University of Uppsala (uu.se) has no block"),
        (move_to_sea, "no way of travelling from Nairobi, KE to Lyon, FR: air:"),
        (pin_online, "Bengt is pinned to nairobi-online, but did not rank it"),
    ],
)
def test_a_freeze_is_refused_with_every_problem_and_writes_nothing(
    opened: Office, break_something: Break, sentence: str
) -> None:
    with unit(opened.engine) as session:
        break_something(session)
    close(opened)
    with pytest.raises(Conflict) as refusal:
        freeze_now(opened)
    assert any(sentence in problem for problem in refusal.value.problems)
    with reading(opened.engine) as session:
        assert session.exec(select(m.Snapshot)).all() == []
        assert session.exec(select(m.Round.state)).one() == m.RoundState.CLOSED


def test_the_problems_can_be_seen_before_closing(opened: Office) -> None:
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        assert list_problems(session, KEY, by=dana, at=NOW) == []
        forget_blocks(session)
        assert len(list_problems(session, KEY, by=dana, at=NOW)) == 1
        alice = opened.world.who(session, "Alice")
        with pytest.raises(Forbidden):
            list_problems(session, KEY, by=alice, at=NOW)


def test_a_round_that_nobody_ranked_in_freezes(draft: Office) -> None:
    with unit(draft.engine) as session:
        dana = draft.world.who(session, "Dana")
        move(session, KEY, m.RoundState.OPEN, by=dana, at=NOW)
        snapshot = close_and_freeze(session, draft.world)
        instance = parse_instance(to_instance(snapshot_value(snapshot)))
    assert instance.students == ()


def test_an_empty_round_can_be_frozen_twice_within_a_second(draft: Office) -> None:
    with unit(draft.engine) as session:
        dana = draft.world.who(session, "Dana")
        move(session, KEY, m.RoundState.OPEN, by=dana, at=NOW)
        first = close_and_freeze(session, draft.world).digest
        unfreeze(session, KEY, "a trial", by=dana, at=LATER)
        assert freeze(session, KEY, by=dana, at=LATER).digest != first


def test_two_who_freeze_at_once_make_one_snapshot(opened: Office) -> None:
    close(opened)
    both = Barrier(2)

    def attempt(_number: int) -> str:
        both.wait()
        try:
            return freeze_now(opened).digest
        except Conflict as refusal:
            return refusal.problems[0]

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, range(2)), key=len)
    assert "is frozen; it can become closed or published" in answers[1]
    with reading(opened.engine) as session:
        assert [row.digest for row in session.exec(select(m.Snapshot))] == answers[:1]
        assert find_breaks(session) == []


def digest_of(engine: Engine, *, is_reversed: bool) -> str:
    with unit(engine) as session:
        world = build_world(session, is_reversed=is_reversed)
        open_and_certify(session, world, is_reversed=is_reversed)
        return close_and_freeze(session, world).digest


@pytest.fixture
def without_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have salts and pseudonyms follow from the students' lists."""

    def draw(facts: Facts) -> dict[int, str]:
        return {
            s.student: f"s-{len(s.certified)}-{s.certified[-1][0]}"
            for s in facts.students
        }

    monkeypatch.setattr(certifying, "new_salt", lambda: "00" * 16)
    monkeypatch.setattr(freezing, "draw_pseudonyms", draw)


@pytest.mark.usefixtures("without_chance")
def test_the_digest_is_one_for_all_orders_of_rows_and_both_databases(
    database: Engine, sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "second.sqlite"
    shutil.copyfile(sqlite_template, path)
    second = make_engine(f"sqlite:///{path}")
    expected = digest_of(second, is_reversed=True)
    second.dispose()
    assert digest_of(database, is_reversed=False) == expected
