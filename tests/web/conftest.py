"""A small installation with its cast, and browsers that are signed in as each of it."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from builders import add, add_agreement_with_offer, add_institution, add_round
from flask import Flask
from network_world import Clock
from round_world import World
from sqlalchemy import Engine
from sqlmodel import Session
from visitors import PASSWORD, As, Visitor, mail_of, settings_of

from mobility.app import create_app
from mobility.clock import now
from mobility.db import make_engine, unit
from mobility.models import Student
from mobility.records import passwords
from mobility.records.accounts import activate_account, open_account
from mobility.records.people import (
    PersonFacts,
    RoleFacts,
    found_installation,
    grant_role,
    keep_people,
    person_of,
)
from mobility.rounds.policies import keep_policy
from mobility.web import units
from solver.policy_reader import read_policy

ROLES = {
    "alice": RoleFacts(role="student", institution="uu.se"),
    "erin": RoleFacts(role="student", institution="uu.se"),
    "bob": RoleFacts(role="coordinator", institution="uu.se"),
    "frank": RoleFacts(role="coordinator", institution="uonbi.ac.ke"),
    "dana": RoleFacts(role="network_coordinator"),
    "henry": RoleFacts(role="host", institution="uonbi.ac.ke"),
    "carol": RoleFacts(role="auditor", round_key="2027-spring"),
    "mallory": RoleFacts(role="auditor", round_key="2026-spring"),
}
"""Erin is another student, Frank a coordinator elsewhere, Mallory audits another round;
Grace is the administrator."""


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> Iterator[None]:
    """Let passwords be hashed in a millisecond: what they cost is argon2's to test."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", cheap)
        yield


@pytest.fixture(scope="session")
def web_template(
    _cheap_hashes: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a database with the cast, all with accounts."""
    path = tmp_path_factory.mktemp("web") / "cast.sqlite"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with unit(engine) as session:
        _let_cast_in(session)
    engine.dispose()
    return path


@pytest.fixture
def web_url(web_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "web.sqlite"
    shutil.copyfile(web_template, path)
    return f"sqlite:///{path}"


def _let_cast_in(session: Session) -> None:
    at = now()
    grace = found_installation(
        session, PersonFacts(name="Grace", email=mail_of("grace")), at=at
    )
    north = add_institution(session)
    south = add_institution(session, "uonbi.ac.ke", country="KE")
    policy = keep_policy(session, read_policy("balanced")).id
    spring = add_round(session, policy_id=policy)
    add_agreement_with_offer(session, north, south, spring)
    add_round(session, "2026-spring", policy_id=policy)
    people = [PersonFacts(name=name.title(), email=mail_of(name)) for name in ROLES]
    keep_people(session, people, by=grace, at=at)
    kept = passwords.to_password_hash(PASSWORD, email="")
    for name, facts in ROLES.items():
        person = person_of(session, mail_of(name))
        grant_role(session, person, _limited(facts, at), by=grace, at=at)
    alice = person_of(session, mail_of("alice"))
    add(session, Student(person_id=alice.id, institution_id=north))
    for name in ("grace", *ROLES):
        person = person_of(session, mail_of(name))
        account = open_account(session, person, by=grace, at=at)
        activate_account(session, account, kept, at=at)


def _limited(facts: RoleFacts, at: datetime) -> RoleFacts:
    if facts.role != "auditor":
        return facts
    return RoleFacts(
        role=facts.role, round_key=facts.round_key, valid_until=at + timedelta(days=30)
    )


@pytest.fixture
def web_engine(web_url: str) -> Iterator[Engine]:
    engine = make_engine(web_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_app(web_template: Path) -> Flask:
    return create_app(settings_of(web_template.parent, f"sqlite:///{web_template}"))


@pytest.fixture
def app(shared_app: Flask, web_engine: Engine) -> Iterator[Flask]:
    """Return the application on this test's own database; views may be replaced."""
    views = dict(shared_app.view_functions)
    units.init_units(shared_app, web_engine, lambda _run: None)
    yield shared_app
    shared_app.view_functions.clear()
    shared_app.view_functions.update(views)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Return somebody who is not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def signed_in(app: Flask) -> As:
    """Return a function that gives a browser in which one of the cast is signed in."""
    return lambda name: _sign_in(app, name)


@pytest.fixture
def signed_in_anywhere(shared_app: Flask, database: Engine) -> As:
    """Return the same as `signed_in`, on both kinds of databases."""
    with unit(database) as session:
        _let_cast_in(session)
    units.init_units(shared_app, database, lambda _run: None)
    return lambda name: _sign_in(shared_app, name)


def _sign_in(app: Flask, name: str) -> Visitor:
    guest = Visitor(app.test_client())
    answer = guest.sign_in(mail_of(name))
    assert answer.status_code == 303
    return guest


@pytest.fixture
def engine(office: tuple[Engine, World]) -> Engine:
    """Return the database of a module's `office`, a world of `network_world`."""
    return office[0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return what the office's pages take for now."""
    return Clock(monkeypatch)


@pytest.fixture
def woken(app: Flask) -> list[int]:
    """Return the runs that a worker was told of."""
    told: list[int] = []
    app.extensions[units.WAKE] = told.append
    return told
