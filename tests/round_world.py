"""A small world of rows: three universities, an office, three students, one round."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from builders import add, add_institution
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from mobility import models as m
from mobility.permissions import Role
from mobility.rounds.certify import certify
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import move
from mobility.rounds.rankings import to_ranking
from mobility.rounds.runs import instance_of, queue_run
from mobility.rounds.setup import NewRound, create_round
from solver import fileio

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 15, 20, 59, tzinfo=UTC)
LATER = DEADLINE + timedelta(hours=12)
KEY = "2027-spring"
STAGES = ("wishes", "balance", "carbon")


@dataclass
class World:
    """Row ids, so that each test reads its own rows in its own session."""

    people: dict[str, int] = field(default_factory=dict)
    institutions: dict[str, int] = field(default_factory=dict)

    def who(self, session: Session, name: str) -> m.Person:
        return session.get_one(m.Person, self.people[name])


@dataclass(frozen=True)
class Office:
    """A database with the small world in it, and the receipts handed out so far."""

    engine: Engine
    world: World
    receipts: dict[str, str]


STUDENTS = (
    ("Alice", "uonbi.ac.ke", "C1"),
    ("Achieng", "uonbi.ac.ke", "B2"),
    ("Bengt", "uu.se", "C2"),
)
PLACES = (
    ("uonbi.ac.ke", "KE", "Nairobi", m.Block.SOUTH, -1_286_389, 36_817_223),
    ("uu.se", "SE", "Uppsala", m.Block.NORTH, 59_858_562, 17_638_927),
    ("univ-lyon1.fr", "FR", "Lyon", m.Block.NORTH, 45_764_043, 4_835_659),
)
OFFERS = (
    ("uu-spring", "uonbi.ac.ke", "uu.se", m.Mode.PHYSICAL, 1),
    ("lyon-spring", "uonbi.ac.ke", "univ-lyon1.fr", m.Mode.PHYSICAL, 1),
    ("nairobi-online", "uonbi.ac.ke", "uonbi.ac.ke", m.Mode.VIRTUAL, 5),
    ("nairobi-spring", "uu.se", "uonbi.ac.ke", m.Mode.PHYSICAL, 1),
    ("lyon-exchange", "uu.se", "univ-lyon1.fr", m.Mode.BLENDED, 1),
)


def build_world(
    session: Session, policy: str = "balanced", *, is_reversed: bool = False
) -> World:
    """Add everything up to a draft round with five offers.

    Dana makes it and sets its policy; Daria, her colleague, may publish it.
    """
    step = -1 if is_reversed else 1
    world = World()
    _add_institutions(session, world, PLACES[::step])
    for name, home, english in STUDENTS[::step]:
        _add_student(session, world, name, home, english)
    _add_staff(session, world, "Bob", Role.COORDINATOR, "uonbi.ac.ke")
    _add_staff(session, world, "Dana", Role.NETWORK_COORDINATOR)
    _add_staff(session, world, "Daria", Role.NETWORK_COORDINATOR)
    new = NewRound(
        key=KEY,
        name="Spring 2027",
        academic_year_id="2026/2027",
        deadline="2026-11-15 23:59",
        zone="Africa/Nairobi",
        policy=policy,
    )
    a_round = create_round(session, new, by=world.who(session, "Dana"), at=NOW)
    _add_offers(session, world, a_round.id, OFFERS[::step])
    return world


def _add_institutions(
    session: Session, world: World, places: Iterable[tuple[Any, ...]]
) -> None:
    for hei_id, country, city, block, latitude, longitude in places:
        world.institutions[hei_id] = add_institution(
            session,
            hei_id,
            name=f"University of {city}",
            city=city,
            country=country,
            block=block,
            latitude_udeg=latitude,
            longitude_udeg=longitude,
        )


def _add_person(session: Session, world: World, name: str) -> int:
    person = m.Person(name=name, email=f"{name.lower()}@example.org")
    world.people[name] = add(session, person)
    return world.people[name]


def _add_role(
    session: Session, person: int, role: Role, institution: int | None
) -> None:
    add(
        session,
        m.RoleGrant(
            person_id=person,
            role=role,
            institution_id=institution,
            granted_at=NOW,
            granted_by="test",
        ),
    )


def _add_staff(
    session: Session, world: World, name: str, role: Role, home: str = ""
) -> None:
    institution = world.institutions.get(home)
    _add_role(session, _add_person(session, world, name), role, institution)


def _add_student(
    session: Session, world: World, name: str, home: str, english: str
) -> None:
    institution = world.institutions[home]
    person = _add_person(session, world, name)
    _add_role(session, person, Role.STUDENT, institution)
    student = m.Student(
        person_id=person, institution_id=institution, isced_f_code="0912", eqf_level=7
    )
    number = add(session, student)
    language = {"student_id": number, "language": "en", "cefr": m.Cefr(english)}
    add(session, m.StudentLanguage(**language))
    label = {"student_id": number, "attribute": "income", "value": "low"}
    add(session, m.StudentGroup(**label))


def _add_offers(
    session: Session, world: World, round_id: int, offers: Iterable[tuple[Any, ...]]
) -> None:
    for key, home, host, mode, places in offers:
        condition = _add_condition(session, world, key, home, host, mode)
        offer = m.Offer(
            round_id=round_id,
            condition_id=condition,
            key=key,
            receiving_id=world.institutions[host],
            capacity=places,
            starts_on=date(2027, 2, 1),
            ends_on=date(2027, 3, 29),
            mode=mode,
        )
        add(session, offer)


def _add_condition(
    session: Session, world: World, key: str, home: str, host: str, mode: m.Mode
) -> int:
    ends = world.institutions[home], world.institutions[host]
    agreement = m.Agreement(
        iia_id=f"iia-{key}",
        institution_a_id=ends[0],
        institution_b_id=ends[1],
        state=m.AgreementState.ACTIVE,
    )
    condition = m.CooperationCondition(
        agreement_id=add(session, agreement),
        key="c1",
        sending_id=ends[0],
        receiving_id=ends[1],
        kind=m.MobilityKind.TRAINEESHIP,
        mobilities_per_year=2,
        duration_days=56,
        isced_f_codes=["0912"],
        eqf_levels=[6, 7],
        languages=[{"language": "en", "cefr": "B1", "is_required": True}],
        receiving_first_academic_year_id="2025/2026",
        receiving_last_academic_year_id="2027/2028",
        is_blended=mode == m.Mode.BLENDED,
        mode=mode,
    )
    return add(session, condition)


WISHES = {
    "Alice": ["uu-spring", "lyon-spring", "nairobi-online"],
    "Achieng": ["uu-spring", "nairobi-online"],
    "Bengt": ["nairobi-spring", "lyon-exchange"],
}


def open_and_certify(
    session: Session, world: World, *, is_reversed: bool = False
) -> dict[str, str]:
    """Open the round, certify everybody's wishes, and return the receipts by name."""
    dana = world.who(session, "Dana")
    move(session, KEY, m.RoundState.OPEN, by=dana, at=NOW)
    receipts = {}
    for name, wishes in list(WISHES.items())[:: -1 if is_reversed else 1]:
        who = world.who(session, name)
        made = certify(session, KEY, to_ranking(wishes), version=1, by=who, at=NOW)
        receipts[name] = made.receipt
    return receipts


def close_and_freeze(session: Session, world: World) -> m.Snapshot:
    dana = world.who(session, "Dana")
    move(session, KEY, m.RoundState.CLOSED, by=dana, at=LATER)
    return freeze(session, KEY, by=dana, at=LATER)


def pseudonym(session: Session, world: World, name: str) -> str:
    """Return a student's name in the round's present snapshot."""
    a_round = session.exec(select(m.Round).where(m.Round.key == KEY)).one()
    query = (
        select(m.Pseudonym.pseudonym)
        .join(m.Student, col(m.Student.id) == m.Pseudonym.student_id)
        .where(m.Pseudonym.snapshot_id == a_round.snapshot_id)
        .where(m.Student.person_id == world.people[name])
    )
    return session.exec(query).one()


HELD = {
    "Alice": ("uu-spring", "uu-spring", "lyon-spring"),
    "Achieng": ("nairobi-online", "nairobi-online", "uu-spring"),
    "Bengt": (None, "nairobi-spring", "nairobi-spring"),
}
"""What the made-up result has everybody hold after each stage."""


def solve(
    session: Session, world: World, policy: str = "", names: Iterable[str] = HELD
) -> m.Run:
    """Queue a run and end it as the worker would, with a made-up verified result."""
    dana = world.who(session, "Dana")
    run = queue_run(session, KEY, policy=policy, by=dana, at=LATER)
    labels = {name: pseudonym(session, world, name) for name in names}
    stages = [
        {
            "name": stage,
            "placements": {
                label: HELD[name][number]
                for name, label in labels.items()
                if HELD[name][number] is not None
            },
        }
        for number, stage in enumerate(STAGES)
    ]
    row = session.get_one(m.Policy, run.policy_id)
    result = {
        "policy": json.loads(row.text),
        "stages": stages,
        "placements": stages[-1]["placements"],
    }
    finish_run(session, run, result)
    return run


def finish_run(session: Session, run: m.Run, result: dict[str, object]) -> None:
    """Store an outcome as the worker does."""
    data = fileio.to_canonical(result)
    instance = fileio.to_canonical(instance_of(session, run))
    row = m.RunFile(run_id=run.id, kind=m.RunFileKind.RESULT, data=zlib.compress(data))
    add(session, row)
    run.state, run.verdict = m.RunState.DONE, m.Verdict.VERIFIED
    is_optimal = run.mechanism == "optimise"
    run.status = m.RunStatus.OPTIMAL if is_optimal else m.RunStatus.MECHANISM
    run.gap_msteps = 0
    run.instance_digest = fileio.to_digest(instance)
    run.result_digest = fileio.to_digest(data)
    run.started_at, run.finished_at = LATER, LATER
    add(session, run)
