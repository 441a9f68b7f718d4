"""The small world with a browser in it: Alice, Achieng and Bengt are students.

Alice and Achieng study in Nairobi, Bengt in Uppsala; Bob is the office in Nairobi. All
sign in as a demo's cast does, by a button.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from builders import add
from flask import Flask
from flask.testing import FlaskClient
from round_world import (
    KEY,
    LATER,
    NOW,
    World,
    build_world,
    close_and_freeze,
    open_and_certify,
    solve,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from visitors import TOKEN, settings_of
from werkzeug.test import TestResponse

from mobility import models as m
from mobility.app import create_app
from mobility.clock import now
from mobility.db import make_engine, unit
from mobility.rounds.lifecycle import move
from mobility.rounds.publish import publish
from mobility.web import units

HOME = f"/student/rounds/{KEY}"
_made: dict[str, tuple[Path, World]] = {}
_apps: list[tuple[Flask, Path]] = []


class Browser:
    """One student's browser. Forms are sent as her pages show them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def send(
        self, address: str, fields: Mapping[str, object] | None = None, **headers: str
    ) -> TestResponse:
        """Send a form with a fresh token; a field may hold a list of values."""
        page = self.client.get("/", follow_redirects=True)
        found = TOKEN.search(page.text)
        assert found, "the front page has no form"
        return self.client.post(
            address,
            data={"csrf_token": found[1], **(fields or {})},
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )

    def draft(
        self, offers: list[str], version: int = 1, **more: object
    ) -> TestResponse:
        """Save a list."""
        fields = {"version": str(version), "offer": offers, "act": "save", **more}
        return self.send(f"{HOME}/ranking", fields)

    def certify(self, offers: list[str], version: int = 1) -> TestResponse:
        return self.send(f"{HOME}/certify", {"version": str(version), "offer": offers})

    def listed(self) -> list[str]:
        """Return the draft as its page shows it."""
        page = self.get(f"{HOME}/ranking")
        return re.findall(
            r'<input type="hidden" name="offer" value="([^"]+)"', page.text
        )

    def version(self) -> int:
        page = self.get(f"{HOME}/ranking")
        found = re.search(r'name="version" value="(\d+)"', page.text)
        assert found, "the ranking's page names no version"
        return int(found[1])


@dataclass(frozen=True)
class Site:
    """The pages on a database of their own."""

    app: Flask
    engine: Engine
    world: World

    def browser(self, name: str = "") -> Browser:
        """Return a browser in which a person is signed in, or nobody."""
        browser = Browser(self.app.test_client())
        if name:
            email = f"{name.lower()}@example.org"
            answer = browser.send("/demo/sign-in", {"email": email})
            assert answer.status_code == 303
        return browser


def open_site(template: Path, folder: Path, stage: str) -> Site:
    """Return a site whose round has come so far; each stage is built once."""
    if stage not in _made:
        made = folder / f"{stage}.sqlite"
        shutil.copyfile(template, made)
        _made[stage] = made, _build(made, stage)
    path, world = _made[stage]
    app, own = _open_app(folder)
    engine: Engine = app.extensions[units.KEY]
    engine.dispose()
    for left in own.parent.glob("site.sqlite*"):
        left.unlink()
    shutil.copyfile(path, own)
    return Site(app, engine, world)


def _open_app(folder: Path) -> tuple[Flask, Path]:
    """Return the one application of these tests, and where its database belongs.

    Templates are read once so; the database is another one in every test.
    """
    if not _apps:
        own = folder / "site.sqlite"
        settings = settings_of(folder, f"sqlite:///{own}")
        _apps.append((create_app(settings, is_demo=True), own))
    return _apps[0]


def _let_in(session: Session, person: int) -> None:
    active = {"state": m.AccountState.ACTIVE, "created_at": NOW}
    add(session, m.Account(person_id=person, **active))


def _build(path: Path, stage: str) -> World:
    engine = make_engine(f"sqlite:///{path}")
    with unit(engine) as session:
        world = build_world(session)
        for person in world.people.values():
            _let_in(session, person)
        if stage == "open":
            dana = world.who(session, "Dana")
            move(session, KEY, m.RoundState.OPEN, by=dana, at=NOW)
        if stage in ("certified", "published"):
            open_and_certify(session, world)
        if stage == "published":
            _publish(session, world)
        else:
            round_of(session).deadline_at = now() + timedelta(days=30)
    engine.dispose()
    return world


def _publish(session: Session, world: World) -> None:
    close_and_freeze(session, world)
    run = solve(session, world)
    publish(session, KEY, run.id, by=world.who(session, "Daria"), at=LATER)
    round_of(session).answers_until = now() + timedelta(days=14)


def round_of(session: Session) -> m.Round:
    return session.exec(select(m.Round).where(m.Round.key == KEY)).one()
