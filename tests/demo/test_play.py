"""The demo's rounds, lived through once on a small world by the command itself."""

import io
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select

from mobility import models as m
from mobility.audit.record import find_breaks
from mobility.cli.demo import command
from mobility.clock import now
from mobility.config import read_settings
from mobility.db import make_engine, reading, unit
from mobility.demo.build import SEED, Size, build_world
from mobility.demo.database import FILE_NAME, make_database
from mobility.demo.load import BUILD
from mobility.demo.solving import solve_with
from mobility.demo.summary import LINE_WIDTH, print_summary
from mobility.demo.term import next_term
from mobility.demo.world import World
from mobility.errors import Conflict, InvalidFile
from mobility.jobs.child import Programs
from mobility.jobs.worker import Worker
from mobility.permissions import Role
from mobility.reading.published import PublishedRun, read_published
from mobility.rounds.certify import certify
from mobility.rounds.desk import certified_of
from mobility.rounds.rankings import to_ranking
from mobility.rounds.receipts import to_receipt
from mobility.rounds.runs import queue_run

pytestmark = pytest.mark.slow  # three rounds are lived through

SMALL = ["--json", "--schools", "6", "--students", "40"]
KEYS = {
    "students",
    "places",
    "placed",
    "rank_profile",
    "stages",
    "status",
    "gap_msteps",
    "verified",
    "snapshot_digest",
}
STAGE_KEYS = {
    "name",
    "placed",
    "emissions_g",
    "one_way",
    "south_to_north",
    "north_to_south",
    "lost_place",
}


@dataclass(frozen=True)
class Played:
    """The demo as the command left it."""

    folder: Path
    stdout: str
    stderr: str
    engine: Engine
    world: World

    @property
    def told(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.stdout)
        return value


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("demo")
    (folder / FILE_NAME).write_bytes(b"what an interrupted demo left")
    environment = {"MOBILITY_INSTANCE_FOLDER": str(folder)}
    run = CliRunner(env=environment).invoke(command, SMALL, catch_exceptions=False)
    assert run.exit_code == 0
    engine = make_engine(f"sqlite:///{folder / FILE_NAME}")
    size = Size(schools=6, settled=13, published=40, open=3)
    world = build_world(SEED, size, next_term(now().date()))
    yield Played(folder, run.stdout, run.stderr, engine, world)
    engine.dispose()


@pytest.fixture
def session(played: Played) -> Iterator[Session]:
    with reading(played.engine) as session:
        yield session


@pytest.fixture
def published(played: Played, session: Session) -> PublishedRun:
    return read_published(session, played.world.rounds[1].key)


def count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_json_has_the_promised_keys_and_no_others(played: Played) -> None:
    assert set(played.told) == KEYS
    assert [set(stage) for stage in played.told["stages"]] == [STAGE_KEYS] * 3
    names = [stage["name"] for stage in played.told["stages"]]
    assert names == ["wishes", "balance", "carbon"]


def test_progress_and_notes_go_to_stderr_in_plain_lines(played: Played) -> None:
    lines = played.stderr.splitlines()
    assert lines[0] == f"building the world of seed {SEED}"
    assert lines[-1].endswith("solving, policy balanced")
    assert "\x1b" not in played.stderr


def test_people_are_told_the_stages_equity_digest_and_verdict(
    published: PublishedRun,
) -> None:
    text = io.StringIO()
    print_summary(published, Console(file=text, width=LINE_WIDTH))
    lines = text.getvalue().splitlines()
    assert "6 institutions in 6 countries, 40 students" in text.getvalue()
    assert any(line.split()[:3] == ["students", "placed", "40"] for line in lines)
    assert any(line.startswith("lost the place") for line in lines)
    assert any(line.startswith("block south (tolerance 5 %)") for line in lines)
    assert lines[-2] == f"snapshot: {published.snapshot_digest}"
    assert lines[-1].startswith("certificate: verified (optimal, gap 0 ")


def test_who_lost_a_place_is_counted_by_block(published: PublishedRun) -> None:
    before, after = published.result["stages"][0], published.result["stages"][1]
    south = {
        row["hei_id"]
        for row in published.snapshot["institutions"]
        if row["block"] == "south"
    }
    loser = next(
        row["id"] for row in published.snapshot["students"] if row["sending"] in south
    )
    kept = {key: o for key, o in before["placements"].items() if key != loser}
    changed = {**published.result, "stages": [before, {**after, "placements": kept}]}
    text = io.StringIO()
    print_summary(replace(published, result=changed), Console(file=text, width=90))
    (line,) = [x for x in text.getvalue().splitlines() if x.startswith("lost the")]
    assert line.split(maxsplit=4)[3:] == ["-", "1 (South 1)"]


def test_the_figures_are_those_of_the_placements(
    played: Played, published: PublishedRun
) -> None:
    told = played.told
    students = {row["id"]: row for row in published.snapshot["students"]}
    offers = {row["key"]: row for row in published.snapshot["offers"]}
    heis = {row["hei_id"]: row["block"] for row in published.snapshot["institutions"]}
    stage_lanes = []
    for stage, figures in zip(published.result["stages"], told["stages"], strict=True):
        lanes: Counter[tuple[str, str]] = Counter()
        grams = 0
        for student, key in stage["placements"].items():
            (choice,) = [c for c in students[student]["choices"] if c["offer"] == key]
            grams += choice["emissions_g"]
            if offers[key]["mode"] != "virtual":
                home = heis[students[student]["sending"]]
                lanes[home, heis[offers[key]["receiving"]]] += 1
        assert figures["emissions_g"] == grams
        assert figures["placed"] == len(stage["placements"])
        assert figures["south_to_north"] == lanes["south", "north"]
        assert figures["north_to_south"] == lanes["north", "south"]
        stage_lanes.append(lanes)
    assert stage_lanes[0]["north", "south"] > 0
    assert told["students"] == 40 == len(students)
    assert told["places"] == sum(offer["capacity"] for offer in offers.values())
    assert told["placed"] == sum(told["rank_profile"].values())
    assert told["verified"] is True
    assert told["snapshot_digest"] == published.snapshot_digest


def test_one_round_is_settled_one_published_and_one_open(
    played: Played, session: Session
) -> None:
    rows = session.exec(select(m.Round).order_by(col(m.Round.deadline_at))).all()
    assert [row.state for row in rows] == ["settled", "published", "open"]
    assert [row.key for row in rows] == [r.key for r in played.world.rounds]
    assert rows[1].deadline_at < now() < rows[2].deadline_at


def test_last_years_balances_are_carried_into_the_published_round(
    played: Played, session: Session, published: PublishedRun
) -> None:
    balances = session.exec(select(m.PartnershipBalance)).all()
    carried = {
        (row["north"], row["south"]): row["carried"]
        for row in published.snapshot["partnerships"]
    }
    owed = sum(row.out_count - row.in_count for row in balances)
    assert sum(row.out_count + row.in_count for row in balances) > 0
    assert sum(carried.values()) == owed
    assert any(carried.values())


def test_who_declined_last_year_counts_in_no_balance(session: Session) -> None:
    kinds = Counter(session.exec(select(m.Answer.kind)).all())
    settled = session.exec(select(m.Round).where(m.Round.state == "settled")).one()
    placed = session.exec(
        select(func.count())
        .select_from(m.Placement)
        .where(m.Placement.round_id == settled.id)
    ).one()
    assert kinds[m.AnswerKind.ACCEPT] + kinds[m.AnswerKind.DECLINE] == placed


def test_every_placement_is_published_with_its_reason(
    played: Played, session: Session, published: PublishedRun
) -> None:
    rows = session.exec(
        select(m.Placement)
        .join(m.Round, col(m.Round.id) == m.Placement.round_id)
        .where(m.Round.key == published.round_key)
    ).all()
    assert len(rows) == played.told["placed"]
    assert all(row.reason for row in rows)


def test_the_service_refuses_no_choice_that_the_world_made_up(
    published: PublishedRun,
) -> None:
    refused = [row["refused"] for row in published.snapshot["students"]]
    assert refused == [[]] * 40


def test_receipts_stored_in_bulk_are_those_that_certifying_gives(
    played: Played, session: Session
) -> None:
    a_round = session.exec(select(m.Round).where(m.Round.state == "published")).one()
    rows = session.exec(
        select(m.Certification)
        .join(m.Application, col(m.Application.id) == m.Certification.application_id)
        .where(m.Application.round_id == a_round.id)
    ).all()
    assert len(rows) == 40
    for row in rows:
        entries = certified_of(session, row)
        assert row.receipt == to_receipt(a_round.key, row.number, entries, row.salt)


def test_the_log_is_whole_and_says_that_it_is_a_demos(session: Session) -> None:
    assert find_breaks(session) == []
    rows = session.exec(select(m.AuditEntry).order_by(col(m.AuditEntry.seq))).all()
    assert rows[0].action == BUILD
    acts = Counter(row.action for row in rows)
    assert acts["round:publish"] == 2
    assert acts["round:settle"] == 1
    instants = [row.at for row in rows if row.actor != "worker"]
    assert instants == sorted(instants)


def test_everything_made_up_is_marked(session: Session) -> None:
    agreements = session.exec(select(m.Agreement)).all()
    assert agreements
    assert all(row.is_constructed for row in agreements)
    assert count(session, m.Institution) == 6


def test_the_cast_holds_its_roles_and_every_student_hers(
    played: Played, session: Session
) -> None:
    rows = session.exec(
        select(m.Person.name, m.RoleGrant.role).join(
            m.RoleGrant, col(m.RoleGrant.person_id) == m.Person.id
        )
    ).all()
    roles = {(name.split()[0], role) for name, role in rows}
    assert ("Bob", Role.COORDINATOR) in roles
    assert ("Dana", Role.NETWORK_COORDINATOR) in roles
    assert ("Carol", Role.AUDITOR) in roles
    assert ("Henry", Role.HOST) in roles
    students = [role for _, role in rows if role == Role.STUDENT]
    assert len(students) == len(played.world.students)


def test_alice_may_rank_in_the_open_round(played: Played) -> None:
    with unit(played.engine) as session:
        alice = session.exec(
            select(m.Person).where(m.Person.name == "Alice Sample")
        ).one()
        school = next(c for c in played.world.cast if c.role == "student").institution
        a_round = played.world.rounds[2]
        offers = [o.key for o in a_round.offers if o.sending == school]
        eligible = to_ranking(offers[:1])
        receipt = certify(session, a_round.key, eligible, version=1, by=alice, at=now())
        assert receipt.number == 1
        session.rollback()


def test_a_run_that_is_not_done_ends_the_demo_with_a_sentence(played: Played) -> None:
    settings = read_settings({"MOBILITY_INSTANCE_FOLDER": str(played.folder)})
    programs = Programs(solve=("false",))
    key = played.world.rounds[1].key
    with unit(played.engine) as session:
        dana = session.exec(
            select(m.Person).where(m.Person.name == "Dana Sample")
        ).one()
        run = queue_run(session, key, policy="students-first", by=dana, at=now())
    solve = solve_with(Worker(played.engine, settings, programs=programs))
    with pytest.raises(Conflict, match="is failed, not done: the solver ended"):
        solve(run.id)


def test_a_database_with_an_earlier_demo_is_emptied_first(played: Played) -> None:
    target = played.folder / "second.sqlite3"
    url = f"sqlite:///{target}"
    with closing(sqlite3.connect(played.folder / FILE_NAME)) as source:
        source.execute(f"VACUUM INTO '{target}'")
    assert make_database(played.folder, url) == url
    engine = make_engine(url)
    with reading(engine) as session:
        assert count(session, m.Institution) == 0
    engine.dispose()


def test_a_database_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'office.sqlite'}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE payroll (name TEXT)")
        connection.exec_driver_sql("INSERT INTO payroll VALUES ('Bob')")
    with pytest.raises(Conflict, match="holds something else than a demo"):
        make_database(tmp_path, url)
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM payroll").all()
    assert rows == [("Bob",)]
    engine.dispose()


def test_a_file_that_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(InvalidFile, match=FILE_NAME):
        make_database(tmp_path)
