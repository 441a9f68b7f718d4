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
def copy_stage(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Office]:
    """Return a function that puts a stage's world into the SQLite database of a URL."""
    made: dict[str, tuple[Path, Office]] = {}

    def copy(stage: str, url: str) -> Office:
        if stage not in made:
            path = tmp_path_factory.mktemp(stage) / "world.sqlite"
            shutil.copyfile(sqlite_template, path)
            maker = make_engine(f"sqlite:///{path}")
            made[stage] = path, build(maker, stage)
            maker.dispose()
        path, office = made[stage]
        shutil.copyfile(path, str(make_url(url).database))
        return Office(make_engine(url), office.world, dict(office.receipts))

    return copy


@pytest.fixture
def make_office(
    database_url: str, copy_stage: Callable[[str, str], Office]
) -> Iterator[Callable[[str], Office]]:
    engines = []

    def make(stage: str) -> Office:
        if database_url.startswith("sqlite"):
            office = copy_stage(stage, database_url)
        else:
            office = build(make_engine(database_url), stage)
        engines.append(office.engine)
        return office

    yield make
    for engine in engines:
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
