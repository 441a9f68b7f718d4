"""Every page once in its own role, on a phone and at a desk, as Chromium draws it."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_world import DemoWorld
from playwright.sync_api import Browser, BrowserContext, Page
from visits import SIZES, Shot, open_context, sign_in_by_button
from walk import PEOPLE, Walks

pytestmark = pytest.mark.browser

PER_ROUTE = 2
"""Pages of one route that one person looks at: rounds differ by their state."""

STRICT = {
    "runOnly": {
        "type": "tag",
        "values": [
            "wcag2a",
            "wcag2aa",
            "wcag21a",
            "wcag21aa",
            "wcag22aa",
            "best-practice",
        ],
    },
    "resultTypes": ["violations"],
}

VIEWERS = (
    "anonymous",
    "student",
    "another student",
    "coordinator",
    "network coordinator",
    "host",
    "auditor",
    "admin",
)


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
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    wrong: list[str] = []
    for address in addresses(walks, role):
        noise.clear()
        page.goto(site + address)
        found = [*noise, *too_wide(page), *inaccessible(page)]
        wrong += [f"{address}: {each}" for each in found]
        keep_picture(page, f"{size}/{role}/{file_name(address)}")
    assert "\n".join(wrong) == ""


def addresses(walks: Walks, role: str) -> list[str]:
    """Return the pages to look at; those that everybody sees are nobody's own."""
    shared = (
        {step.route for step in walks("anonymous")} if role != "anonymous" else {""}
    )
    taken: dict[str, list[str]] = {}
    for step in walks(role):
        is_own = step.route not in shared and "?" not in step.address
        if is_own and step.is_page and step.status == 200:
            taken.setdefault(step.route, []).append(step.address)
    chosen = [each for found in taken.values() for each in found[:PER_ROUTE]]
    assert chosen
    return chosen


def too_wide(page: Page) -> list[str]:
    width = (
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    excess = page.evaluate(width)
    return [f"scrolls sideways by {excess} px"] if excess > 0 else []


def inaccessible(page: Page) -> list[str]:
    results = Axe().run(page, options=STRICT)
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]}"
        for each in results.response["violations"]
        for node in each["nodes"][:3]
    ]


def file_name(address: str) -> str:
    return re.sub(r"\W+", "-", address).strip("-") or "front"
