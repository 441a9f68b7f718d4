"""The small world's round, solved for true and published; Carol audits it.

The spring round is hers; the autumn round is not, and is a draft. All sign in as a
demo's cast does, by a button.
"""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from builders import add, add_round
from flask import Flask
from flask.testing import FlaskClient
from queued_runs import make_settings
from round_world import (
    KEY,
    LATER,
    NOW,
    World,
    build_world,
    close_and_freeze,
    open_and_certify,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from visitors import TOKEN, settings_of
from werkzeug.test import TestResponse

from mobility import models as m
from mobility.app import create_app
from mobility.clock import now
from mobility.db import make_engine, unit
from mobility.jobs.worker import Worker
from mobility.permissions import Role
from mobility.rounds.draw import to_commitment
from mobility.rounds.lottery import commit, reveal
from mobility.rounds.publish import publish
from mobility.rounds.runs import queue_run

SECRETS = {"Exchange office": "ab" * 32, "Students' union": "cd" * 32}
OTHER = "2027-autumn"
ROUND = f"/auditor/rounds/{KEY}"
_made: list[tuple[Path, World]] = []


@dataclass(frozen=True)
class Audited:
    """The pages on a copy of the published round, in a browser of Carol's."""

    app: Flask
    engine: Engine
    world: World
    client: FlaskClient

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def send(self, address: str, **fields: str) -> TestResponse:
        """Send a form with the token of the front page."""
        return _send(self.client, address, **fields)


def open_audit(template: Path, folder: Path) -> Audited:
    """Return the pages on a database of their own; the round is built once."""
    if not _made:
        _made.append(_build(template, folder))
    path, world = _made[0]
    own = folder / "site.sqlite"
    shutil.copyfile(path, own)
    url = f"sqlite:///{own}"
    app = create_app(settings_of(folder, url), is_demo=True)
    client = app.test_client()
    answer = _send(client, "/demo/sign-in", email="carol@example.org")
    assert answer.status_code == 303
    return Audited(app, make_engine(url), world, client)


def _send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    found = TOKEN.search(client.get("/", follow_redirects=True).text)
    assert found, "the front page has no form"
    return client.post(
        address,
        data={"csrf_token": found[1], **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def _build(template: Path, folder: Path) -> tuple[Path, World]:
    path = folder / "audited.sqlite"
    shutil.copyfile(template, path)
    url = f"sqlite:///{path}"
    engine = make_engine(url)
    with unit(engine) as session:
        world = build_world(session)
        dana = world.who(session, "Dana")
        for name, secret in SECRETS.items():
            commit(session, KEY, name, to_commitment(secret), by=dana, at=NOW)
        open_and_certify(session, world)
        close_and_freeze(session, world)
        for name, secret in SECRETS.items():
            reveal(session, KEY, name, secret, by=dana, at=LATER)
        run = queue_run(session, KEY, by=dana, at=LATER).id
    assert Worker(engine, make_settings(folder, url)).work_once()
    with unit(engine) as session:
        publish(session, KEY, run, by=world.who(session, "Daria"), at=LATER)
        _let_carol_in(session, world)
    engine.dispose()
    return path, world


def _let_carol_in(session: Session, world: World) -> None:
    published = session.exec(select(m.Round).where(m.Round.key == KEY)).one()
    add_round(session, OTHER)
    carol = m.Person(name="Carol", email="carol@example.org")
    add(session, carol)
    world.people["Carol"] = carol.id
    until = now() + timedelta(days=30)
    grant = m.RoleGrant(
        person_id=carol.id,
        role=Role.AUDITOR,
        round_id=published.id,
        valid_until=until,
        granted_at=NOW,
        granted_by="test",
    )
    add(session, grant)
    account = m.Account(person_id=carol.id, state=m.AccountState.ACTIVE, created_at=NOW)
    add(session, account)
