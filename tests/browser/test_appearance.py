"""Every page once in its own role, on a phone and at a desk, as Chromium draws it."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_world import DemoWorld
from playwright.sync_api import Browser, BrowserContext, Page
from visits import SIZES, Shot, open_context, sign_in_by_button
from walk import PEOPLE, Step, Walks

pytestmark = pytest.mark.browser

PER_TEMPLATE = 2
"""Pages of one route and template that one person looks at."""

STATES = {
    "/network/rounds/<string:key>",
    "/coordinator/rounds/<string:key>",
    "/student/rounds/<string:key>/result",
}
"""Routes whose page tells what a round's state asks for: all that are found."""

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

VIEWERS = {
    "anonymous": (),
    "student": ("anonymous",),
    "another student": ("anonymous",),
    "coordinator": ("anonymous",),
    "host": ("anonymous",),
    "auditor": ("anonymous",),
    "admin": ("anonymous", "coordinator"),
    "network coordinator": ("anonymous", "coordinator", "auditor", "admin"),
}
"""Who looks, and whose pages are not looked at once more."""


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
    shown: set[str | None] = set()
    page.on("console", lambda message: noise.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("requestfinished", lambda sent: shown.add(sent.url.removeprefix(site)))
    wrong: list[str] = []
    chosen = addresses(walks, role)
    for step in chosen:
        noise.clear()
        answer = page.goto(site + step.address)
        if answer is None or answer.status != 200:
            noise.append(f"answers {answer and answer.status}")
        wait_for_parts(page)
        found = [*noise, *too_wide(page), *inaccessible(page)]
        wrong += [f"{step.address}: {each}" for each in found]
        keep_picture(page, f"{size}/{role}/{file_name(step.address)}")
    assert "\n".join(wrong) == ""
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


def addresses(walks: Walks, role: str) -> list[Step]:
    """Return the pages to look at, at least one of each of her own routes.

    Those with a query are looked at where the route has no other; the parts that a
    page loads come with it.
    """
    own = own_pages(walks, role)
    steps = [
        step
        for step in walks(role)
        if step.route in own and is_shown(step) and not is_part(step)
    ]
    steps.sort(key=lambda step: "?" in step.address)
    taken: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in steps:
        found = taken[step.route, step.template]
        is_more = step.route in STATES or len(found) < PER_TEMPLATE
        if not found or (is_more and "?" not in step.address):
            found.append(step)
    assert taken
    return [step for found in taken.values() for step in found]


def own_pages(walks: Walks, role: str) -> set[str]:
    """Return the routes that somebody looks at: those that she finds first."""
    others = (shown_routes(walks, other) for other in VIEWERS[role])
    return shown_routes(walks, role).difference(*others)


def shown_routes(walks: Walks, role: str) -> set[str]:
    return {step.route for step in walks(role) if is_shown(step)}


def is_shown(step: Step) -> bool:
    return step.is_page and step.status == 200


def is_part(step: Step) -> bool:
    return step.template.endswith("/progress.html")


def wait_for_parts(page: Page) -> None:
    """Wait until a part that a page loads by itself is there."""
    part = page.locator("[data-live]")
    if part.count():
        address = part.get_attribute("data-live") or ""
        with page.expect_response(lambda answer: answer.url.endswith(address)):
            pass


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
