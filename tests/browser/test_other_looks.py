"""Pages in the dark theme, and written from right to left, on a phone."""

import pytest
from demo_world import DemoWorld
from looks import Album, look
from playwright.sync_api import Browser, Page, expect
from viewers import own_steps
from visits import Shot, open_context, sign_in_by_button
from walk import PEOPLE, Step, Walks

pytestmark = pytest.mark.browser

LOOKED_AT: dict[str, tuple[str, ...]] = {
    "anonymous": ("",),
    "student": ("",),
    "another student": ("/result", "/answer"),
    "coordinator": ("/coordinator", "/coordinator/rounds/<string:key>"),
    "network coordinator": (
        "/network/rounds/<string:key>",
        "/runs/<int:run>",
    ),
    "auditor": (
        "/auditor/rounds/<string:key>",
        "/waterfall",
        "/flows",
        "/placements/<string:student>",
    ),
}
"""How the routes of each viewer end that are looked at; "" is all of them."""

EACH = pytest.mark.parametrize("role", LOOKED_AT)


@EACH
def test_a_page_is_accessible_in_the_dark_theme(
    role: str,
    chromium: Browser,
    site: str,
    built: DemoWorld,
    walks: Walks,
    keep_picture: Shot,
) -> None:
    context = open_context(chromium, "phone")
    page = enter(context.new_page(), site, built, role)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, paper[4:-1].split(","))) < 3 * 64, f"{paper} is no dark paper"
    album = Album(keep_picture, f"dark/{role}")
    assert look(page, site, steps_of(walks, role), album) == ""
    context.close()


@EACH
def test_a_page_reads_from_right_to_left_without_scrolling_sideways(
    role: str,
    chromium: Browser,
    site: str,
    built: DemoWorld,
    walks: Walks,
    keep_picture: Shot,
) -> None:
    context = open_context(chromium, "phone")
    page = enter(context.new_page(), site, built, role)
    page.locator("#language").select_option("ar")
    page.locator("form:has(#language) button").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    steps = steps_of(walks, role)
    assert look(page, site, steps, Album(keep_picture, f"arabic/{role}")) == ""
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    context.close()


def enter(page: Page, site: str, built: DemoWorld, role: str) -> Page:
    name = PEOPLE[role]
    if name:
        sign_in_by_button(page, site, built.emails[name])
    else:
        page.goto(site)
    return page


def steps_of(walks: Walks, role: str) -> list[Step]:
    """Return one page of every route and template that is looked at."""
    chosen = {
        (step.route, step.template): step
        for step in own_steps(walks, role)
        if step.route.endswith(LOOKED_AT[role])
    }
    assert {end for end in LOOKED_AT[role] if is_left_out(end, chosen)} == set()
    return list(chosen.values())


def is_left_out(end: str, chosen: dict[tuple[str, str], Step]) -> bool:
    return not any(route.endswith(end) for route, _ in chosen)
