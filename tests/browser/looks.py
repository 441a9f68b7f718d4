"""Looking at pages: axe, the console, the width, and a picture of each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from visits import Shot
from walk import Step

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


@dataclass(frozen=True, slots=True)
class Album:
    """Where the pictures of some pages are kept."""

    keep: Shot
    folder: str


def look(page: Page, site: str, steps: Iterable[Step], album: Album) -> str:
    """Open pages one after the other; return a line for all that is wrong with them."""
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    wrong: list[str] = []
    for step in steps:
        noise.clear()
        answer = page.goto(site + step.address)
        if answer is None or answer.status != 200:
            noise.append(f"answers {answer and answer.status}")
        wait_for_parts(page)
        found = [*noise, *too_wide(page), *inaccessible(page)]
        wrong += [f"{step.address}: {each}" for each in found]
        album.keep(page, f"{album.folder}/{file_name(step.address)}")
    return "\n".join(wrong)


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
