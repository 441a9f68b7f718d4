"""The small world's office in a browser: Dana, a clock to be set, runs that end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from round_world import (
    HELD,
    KEY,
    LATER,
    NOW,
    STAGES,
    World,
    build_world,
    close_and_freeze,
    finish_run,
    open_and_certify,
    pseudonym,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from visitors import PASSWORD

from mobility import models as m
from mobility.db import make_engine, unit
from mobility.records import passwords
from mobility.records.accounts import activate_account, open_account
from mobility.records.people import RoleFacts
from mobility.rounds.policies import policy_value
from mobility.rounds.runs import queue_run
from mobility.web import (
    network,
    network_freeze,
    network_lottery,
    network_moves,
    network_policy,
    network_publish,
    network_round,
    network_runs,
    network_wizard,
)

ROUND = f"/network/rounds/{KEY}"
CLOCKED = (
    network,
    network_freeze,
    network_lottery,
    network_moves,
    network_policy,
    network_publish,
    network_round,
    network_runs,
    network_wizard,
)


class Clock:
    """What the office's pages take for now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NOW
        for module in CLOCKED:
            monkeypatch.setattr(module, "now", lambda: self.at)


def let_office_in(session: Session, world: World) -> None:
    """Give Dana, Daria, Bob and Alice accounts."""
    facts = RoleFacts(role="admin")
    add_admin(session, world, facts)
    grace = world.who(session, "Grace")
    kept = passwords.to_password_hash(PASSWORD, email="")
    for name in ("Dana", "Daria", "Bob", "Alice"):
        person = world.who(session, name)
        account = open_account(session, person, by=grace, at=NOW)
        activate_account(session, account, kept, at=NOW)


def add_admin(session: Session, world: World, facts: RoleFacts) -> None:
    grace = m.Person(name="Grace", email="grace@example.org")
    session.add(grace)
    session.flush()
    world.people["Grace"] = grace.id
    session.add(
        m.RoleGrant(
            person_id=grace.id, role=facts.role, granted_at=NOW, granted_by="test"
        )
    )
    session.flush()


def build_office(engine: Engine) -> World:
    """Make the draft round and let the office in."""
    with unit(engine) as session:
        world = build_world(session)
        let_office_in(session, world)
    return world


_made: dict[str, tuple[bytes, World]] = {}


def office_at(stage: str, url: str) -> tuple[Engine, World]:
    """Return the office with its round "draft", "frozen", or "solved".

    Each stage is lived through once in a process; `url` is an empty database's, whose
    file becomes a copy of it.
    """
    path = Path(url.removeprefix("sqlite:///"))
    if stage not in _made:
        engine = make_engine(url)
        world = build_office(engine)
        if stage != "draft":
            freeze_it(engine, world)
        if stage == "solved":
            end_run(engine, world, queue(engine, world))
        engine.dispose()
        _made[stage] = (path.read_bytes(), world)
    path.write_bytes(_made[stage][0])
    return make_engine(url), _made[stage][1]


def open_it(engine: Engine, world: World) -> None:
    with unit(engine) as session:
        open_and_certify(session, world)


def freeze_it(engine: Engine, world: World) -> None:
    open_it(engine, world)
    with unit(engine) as session:
        close_and_freeze(session, world)


def queue(
    engine: Engine, world: World, policy: str = "", mechanism: str = "optimise"
) -> int:
    with unit(engine) as session:
        dana = world.who(session, "Dana")
        return queue_run(
            session, KEY, policy=policy, mechanism=mechanism, by=dana, at=LATER
        ).id


def end_run(engine: Engine, world: World, number: int) -> None:
    """End a run as the worker does, with a made-up verified result."""
    with unit(engine) as session:
        run = session.get_one(m.Run, number)
        names = {name: pseudonym(session, world, name) for name in HELD}
        stages = [_stage(names, at, stage) for at, stage in enumerate(STAGES)]
        result = {
            "policy": policy_value(session.get_one(m.Policy, run.policy_id)),
            "stages": stages,
            "placements": stages[-1]["placements"],
        }
        finish_run(session, run, result)


def _stage(names: dict[str, str], at: int, stage: str) -> dict[str, Any]:
    held = {names[name]: offers[at] for name, offers in HELD.items()}
    placements = {student: offer for student, offer in held.items() if offer}
    return {
        "name": stage,
        "placements": placements,
        "metrics": {"one_way_excess": 3 - at, "partnerships": []},
    }


def fail_run(engine: Engine, number: int, error: str) -> None:
    with unit(engine) as session:
        run = session.get_one(m.Run, number)
        run.state, run.error = m.RunState.FAILED, error
        run.finished_at = LATER
        session.add(run)


def begin_run(engine: Engine, number: int, progress: str) -> None:
    with unit(engine) as session:
        run = session.get_one(m.Run, number)
        run.state, run.progress, run.attempts = m.RunState.RUNNING, progress, 1
        run.owner, run.lease_until, run.started_at = "a-worker", LATER, LATER
        session.add(run)


def read_round(engine: Engine) -> m.Round:
    with unit(engine) as session:
        return session.exec(select(m.Round).where(m.Round.key == KEY)).one()


def count(engine: Engine, table: type[Any], is_such: Callable[[Any], bool]) -> int:
    with unit(engine) as session:
        return sum(is_such(row) for row in session.exec(select(table)))
