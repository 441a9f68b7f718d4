"""Every page once in its own role, on a phone and at a desk, as Chromium draws it."""

from collections.abc import Iterator

import pytest
from demo_world import DemoWorld
from looks import Album, look
from playwright.sync_api import Browser, BrowserContext
from viewers import FIRST, LAST, VIEWERS, own_pages, own_steps
from visits import SIZES, Shot, open_context, sign_in_by_button
from walk import PEOPLE, Walks

pytestmark = pytest.mark.browser


@pytest.fixture
def context(chromium: Browser, size: str) -> Iterator[BrowserContext]:
    context = open_context(chromium, size)
    yield context
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", VIEWERS)
def test_a_page_is_accessible_quiet_and_no_wider_than_the_window(
    role: str,
    size: str,
    context: BrowserContext,
    site: str,
    built: DemoWorld,
    walks: Walks,
    keep_picture: Shot,
) -> None:
    page = context.new_page()
    name = PEOPLE[role]
    if name:
        sign_in_by_button(page, site, built.emails[name])
    shown: set[str] = set()
    page.on("requestfinished", lambda sent: shown.add(sent.url.removeprefix(site)))
    chosen = own_steps(walks, role, FIRST if size == "desk" else LAST)
    assert look(page, site, chosen, Album(keep_picture, f"{size}/{role}")) == ""
    seen = {step.route for step in walks(role) if step.address in shown}
    assert own_pages(walks, role) - seen == set(), "pages that were not looked at"


def test_every_page_is_looked_at_by_somebody(walks: Walks) -> None:
    """With the test above, none is left out: each viewer sees all that are her own."""
    there = {step.route for role in PEOPLE for step in walks(role) if step.is_page}
    assert set().union(*(own_pages(walks, role) for role in VIEWERS)) == {
        route
        for route in there
        if route != "/home"  # sends everybody on
    }
