"""People at Chromium's windows: how they press, fill in and look."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
Shot = Callable[[Page, str], None]
"""Keeps a picture of a page under a name."""

SIZES = {"phone": (360, 780), "desk": (1280, 900)}
WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)


def find_chromium() -> str | None:
    """Return the path of the system's Chromium."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def open_context(
    browser: Browser, size: str, *, has_script: bool = True
) -> BrowserContext:
    """Return a window with its own cookies, of one of the sizes."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=has_script,
        locale="en-GB",
        timezone_id="Africa/Kampala",
        reduced_motion="reduce",
        has_touch=size == "phone",
        is_mobile=size == "phone",
    )
    context.set_default_timeout(WAIT_MS)
    return context


def sign_in_by_button(page: Page, site: str, email: str) -> None:
    """Press the button of one of the demo's cast."""
    page.goto(f"{site}/sign-in")
    form = page.locator(f"form:has(input[name=email][value='{email}'])")
    form.get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@dataclass(frozen=True, slots=True)
class Way:
    """How a person uses pages.

    Parameters
    ----------
    by
        "keyboard", "touch" or "mouse".
    """

    size: str
    by: str
    has_script: bool = True


class Visit:
    """One person's window; all she does is done in her way."""

    def __init__(self, context: BrowserContext, way: Way) -> None:
        self.page = context.new_page()
        self.way = way
        self.noise: list[str] = []
        self.page.on("console", lambda said: self.noise.append(said.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))

    def press(self, what: Locator, key: str = "Enter") -> None:
        """Press a link or a button."""
        expect(what).to_be_visible()
        if self.way.by == "keyboard":
            what.focus()
            expect(what).to_be_focused()
            self.page.keyboard.press(key)
        elif self.way.by == "touch":
            what.tap()
        else:
            what.click()

    def link(self, name: str) -> None:
        """Follow the first link of a name in the page's main part."""
        self.press(self.page.get_by_role("link", name=name).first)

    def link_to(self, address: str) -> None:
        """Follow the first link to an address in the page's main part."""
        self.press(self.page.locator(f"main a[href='{address}']").first)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("main").get_by_role("button", name=name).first)

    def tick(self, name: str) -> None:
        """Tick a box or choose a radio button."""
        box = self.page.get_by_label(name)
        self.press(box, "Space")
        expect(box).to_be_checked()

    def is_at(self, title: str) -> None:
        """Wait for a page of a title, no wider than the window."""
        head = self.page.get_by_role("heading", level=1)
        expect(head).to_have_text(re.compile(title))
        width = "document.documentElement.scrollWidth <= innerWidth"
        if self.way.has_script:
            assert self.page.evaluate(width), f"{self.page.url} scrolls sideways"
