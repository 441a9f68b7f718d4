"""The small world in a database of its own, its round as far as a test needs it.

On SQLite each stage of the world is made once, and its file copied for every test.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from round_world import Office, build_world, close_and_freeze, open_and_certify
from sqlalchemy import Engine, make_url

from mobility.db import make_engine, unit

Made = dict[str, tuple[Path, Office]]
STAGES = ("draft", "opened", "frozen")


def build(engine: Engine, stage: str) -> Office:
    with unit(engine) as session:
        office = Office(engine, build_world(session), {})
    if stage in STAGES[1:]:
        with unit(engine) as session:
            office.receipts.update(open_and_certify(session, office.world))
    if stage == "frozen":
        with unit(engine) as session:
            close_and_freeze(session, office.world)
    return office


@pytest.fixture(scope="session")
def made() -> Made:
    return {}


@pytest.fixture
def make_office(
    database_url: str,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    made: Made,
) -> Iterator[Callable[[str], Office]]:
    engine = make_engine(database_url)

    def make(stage: str) -> Office:
        if not database_url.startswith("sqlite"):
            return build(engine, stage)
        if stage not in made:
            path = tmp_path_factory.mktemp(stage) / "world.sqlite"
            shutil.copyfile(sqlite_template, path)
            maker = make_engine(f"sqlite:///{path}")
            made[stage] = path, build(maker, stage)
            maker.dispose()
        path, office = made[stage]
        shutil.copyfile(path, str(make_url(database_url).database))
        return Office(engine, office.world, dict(office.receipts))

    yield make
    engine.dispose()


@pytest.fixture
def draft(make_office: Callable[[str], Office]) -> Office:
    """Offers are there, nobody has ranked."""
    return make_office("draft")


@pytest.fixture
def opened(make_office: Callable[[str], Office]) -> Office:
    """Everybody has certified her wishes; the round is open."""
    return make_office("opened")


@pytest.fixture
def frozen(make_office: Callable[[str], Office]) -> Office:
    """The wishes are frozen; nothing has been run."""
    return make_office("frozen")
