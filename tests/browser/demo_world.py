"""A small demo world in a folder, with more people than the cast, and its server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from more_rounds import Office, add_rounds
from sqlmodel import Session, col, select

from mobility.clock import now
from mobility.config import ROOT, Settings
from mobility.db import make_engine, reading, unit
from mobility.demo.load import ADMIN
from mobility.models import (
    Institution,
    LotteryCommitment,
    Person,
    Placement,
    RoleGrant,
    Round,
    Student,
)
from mobility.records.accounts import activate_account, open_account
from mobility.records.invitations import invite
from mobility.records.people import (
    PersonFacts,
    RoleFacts,
    grant_role,
    keep_people,
    person_of,
)
from mobility.rounds.draw import to_commitment
from mobility.rounds.lottery import commit, withdraw

SIZE = ("--schools", "14", "--students", "60")
START_SECONDS = 60
SETTLED, PUBLISHED, OPEN = range(3)
"""The rounds of a demo in the order of their rows."""

SECRETS = {"Exchange office": "1f" * 32, "Students' union": "2e" * 32}
"""What the committers of the open round have promised."""


CAST = ("alice", "bob", "dana", "carol", "henry")
NEW = "nora@network.example"


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """A built world.

    Parameters
    ----------
    rounds
        Keys of the settled, the published and the open round.
    emails
        First name -> e-mail address of whom a button signs in.
    token
        Of the link by which somebody sets her password; empty where nobody has one.
    """

    folder: Path
    rounds: tuple[str, str, str]
    emails: dict[str, str]
    token: str = ""

    @property
    def url(self) -> str:
        return url_of(self.folder)


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/demo.sqlite3"


def environment_of(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MOBILITY_")}
    return kept | {"MOBILITY_INSTANCE_FOLDER": str(folder)}


def build(folder: Path) -> DemoWorld:
    """Build the world by its command, and let more people in."""
    call = [sys.executable, "-m", "mobility", "demo", "--no-serve", *SIZE]
    subprocess.run(
        call, cwd=ROOT, env=environment_of(folder), check=True, capture_output=True
    )
    world = read_world(folder)
    engine = make_engine(world.url)
    with unit(engine) as session:
        guests = _let_guests_in(session, world, now())
        token = _send_link(session, now())
        _promise_anew(session, world, now())
    dana, alice = (world.emails[name] for name in ("dana", "alice"))
    office = Office(engine, settings_of(world), dana, alice, now())
    add_rounds(office, world.rounds[OPEN])
    engine.dispose()
    return replace(world, emails=world.emails | guests, token=token)


def settings_of(world: DemoWorld) -> Settings:
    return Settings(
        instance_folder=world.folder,
        database_url=world.url,
        queue_url=f"sqlite:///{world.folder}/queue.sqlite",
        secret_key="0123456789abcdef" * 4,
        trusted_hosts="localhost",
    )


def read_world(folder: Path) -> DemoWorld:
    """Return the world that a folder holds, with the demo's own cast."""
    engine = make_engine(url_of(folder), read_only=True)
    with reading(engine) as session:
        keys = session.exec(select(Round.key).order_by(col(Round.id))).all()
        settled, published, waiting = keys
        emails = {name: _email_of(session, name) for name in CAST}
    engine.dispose()
    return DemoWorld(folder, (settled, published, waiting), emails)


def _let_guests_in(session: Session, world: DemoWorld, at: datetime) -> dict[str, str]:
    """Let in whom a demo has not: Pat has a place, Frank coordinates elsewhere,
    Mallory audited last year's round, Carol audits the open round as well."""
    ada = person_of(session, ADMIN.email)
    frank, mallory = (
        PersonFacts(name=f"{name} Sample", email=f"{name.lower()}@network.example")
        for name in ("Frank", "Mallory")
    )
    keep_people(session, [frank, mallory], by=ada, at=at)
    elsewhere = _institution_without(session, world.emails["bob"])
    role = RoleFacts(role="coordinator", institution=elsewhere)
    grant_role(session, person_of(session, frank.email), role, by=ada, at=at)
    for email, number in ((mallory.email, SETTLED), (world.emails["carol"], OPEN)):
        until, key = at + timedelta(days=30), world.rounds[number]
        role = RoleFacts(role="auditor", round_key=key, valid_until=until)
        grant_role(session, person_of(session, email), role, by=ada, at=at)
    pat = _a_placed_student(session, world.rounds[PUBLISHED])
    guests = {"frank": frank.email, "mallory": mallory.email, "pat": pat}
    for email in guests.values():
        account = open_account(session, person_of(session, email), by=ada, at=at)
        activate_account(session, account, None, at=at)
    return guests | {"ada": ada.email}


def _send_link(session: Session, at: datetime) -> str:
    """Send Nora, who is new, the link by which she sets her password."""
    ada, nora = (
        person_of(session, ADMIN.email),
        PersonFacts(name="Nora Sample", email=NEW),
    )
    keep_people(session, [nora], by=ada, at=at)
    account = open_account(session, person_of(session, NEW), by=ada, at=at)
    return invite(session, account, by=ada, at=at)


def _promise_anew(session: Session, world: DemoWorld, at: datetime) -> None:
    """Have the open round's committers promise secrets that are known here."""
    dana, key = person_of(session, world.emails["dana"]), world.rounds[OPEN]
    query = select(LotteryCommitment.committer).join(Round).where(Round.key == key)
    for name in session.exec(query).all():
        withdraw(session, key, name, "the secret is lost", by=dana, at=at)
    for name, secret in SECRETS.items():
        commit(session, key, name, to_commitment(secret), by=dana, at=at)


def _email_of(session: Session, name: str) -> str:
    query = select(Person.email).where(col(Person.email).startswith(f"{name}@"))
    return session.exec(query).one()


def _institution_without(session: Session, email: str) -> str:
    """Return the first institution in which a person has no role."""
    person = person_of(session, email)
    own = select(RoleGrant.institution_id).where(RoleGrant.person_id == person.id)
    query = (
        select(Institution.hei_id)
        .where(col(Institution.id).not_in(own))
        .order_by(Institution.hei_id)
    )
    return session.exec(query).first() or ""


def _a_placed_student(session: Session, key: str) -> str:
    query = (
        select(Person.email)
        .join(Student, col(Student.person_id) == Person.id)
        .join(Placement, col(Placement.student_id) == Student.id)
        .join(Round, col(Round.id) == Placement.round_id)
        .where(Round.key == key)
        .order_by(col(Placement.rank).desc(), col(Person.id))
    )
    return session.exec(query).first() or ""


@contextmanager
def serve(world_folder: Path) -> Iterator[str]:
    """Serve a world's pages with a worker beside them; give their address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    call = [sys.executable, "-m", "mobility", "demo", "--port", str(port)]
    said = world_folder / "server.txt"
    with (
        said.open("w") as stderr,
        subprocess.Popen(
            call, cwd=ROOT, env=environment_of(world_folder), stderr=stderr
        ) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/readyz", server, said)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


def _wait(address: str, server: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the demo does not answer: {said.read_text()}")
