"""The small world's round as published, made once; its bundle."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from published_world import Published, hand_to_carol, publish_world
from round_world import World

from mobility.db import make_engine


@pytest.fixture(scope="session")
def original(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    folder = tmp_path_factory.mktemp("published")
    path = folder / "world.sqlite"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    world = publish_world(engine, f"sqlite:///{path}", folder)
    engine.dispose()
    return path, world


@pytest.fixture
def published(original: tuple[Path, World], tmp_path: Path) -> Iterator[Published]:
    path, world = original
    copy = tmp_path / "mobility.sqlite"
    shutil.copyfile(path, copy)
    engine = make_engine(f"sqlite:///{copy}")
    yield Published(engine, f"sqlite:///{copy}", world)
    engine.dispose()


@pytest.fixture(scope="session")
def file(
    original: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """Return the bundle of the published round, as Carol got it."""
    path, world = original
    copy = tmp_path_factory.mktemp("bundle") / "mobility.sqlite"
    shutil.copyfile(path, copy)
    engine = make_engine(f"sqlite:///{copy}")
    packed = hand_to_carol(engine, world)
    engine.dispose()
    return packed
