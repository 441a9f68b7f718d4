"""A demo world, its server, and Chromium with eyes for what goes wrong in a page."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from demo_world import DemoWorld, build, serve
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from visits import FLAGS, Shot, find_chromium
from walk import Step, Walks, app_of, walk


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium."""
    path = find_chromium()
    if path is None:
        reason = "there is no Chromium on this machine"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoWorld:
    """Return a small demo world that nobody changes."""
    return build(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo_app(built: DemoWorld) -> Flask:
    return app_of(built)


@pytest.fixture(scope="session")
def walks(demo_app: Flask, built: DemoWorld) -> Walks:
    """Return what gives the steps of a role, walked once."""

    @cache
    def walked(role: str) -> list[Step]:
        return walk(demo_app, built, role)

    return walked


@pytest.fixture(scope="session")
def site(built: DemoWorld) -> Iterator[str]:
    """Return the address of the world that nobody changes."""
    with serve(built.folder) as address:
        yield address


@pytest.fixture
def own_site(built: DemoWorld, tmp_path: Path) -> Iterator[str]:
    """Return the address of a copy of the world, for a test that changes it."""
    folder = tmp_path / "demo"
    folder.mkdir()
    shutil.copyfile(built.folder / "demo.sqlite3", folder / "demo.sqlite3")
    with serve(folder) as address:
        yield address


@pytest.fixture(scope="session")
def keep_picture() -> Shot:
    """Return what keeps a page's picture where PAGE_PICTURES names a folder."""
    folder = os.environ.get("PAGE_PICTURES")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return keep
