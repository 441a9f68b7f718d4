"""Take the README's pictures: a demo world is built, served and looked at.

    ./run screenshots [FOLDER]

Writes ranking.png (Alice's list on a phone), waterfall.png and flows.png (what Carol
reads of the published round) to docs/pictures/, or to a folder that is named. Needs
Debian's package chromium.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from demo_world import (  # noqa: E402 - found by the path above
    OPEN,
    PUBLISHED,
    DemoWorld,
    environment_of,
    read_world,
    serve,
)
from visits import (  # noqa: E402 - found by the path above
    FLAGS,
    find_chromium,
    sign_in_by_button,
)

PICTURES = ROOT / "docs" / "pictures"
LARGEST_BYTES = 300_000
WISHES = 5


def main(folder: Path) -> None:
    """Build, serve, look."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Chromium is needed and was not found (Debian: apt install chromium)")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        world = build(Path(name))
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with serve(world.folder) as site:
            ranking(browser, site, world).screenshot(path=folder / "ranking.png")
            audit = auditor(browser, site, world)
            for part in ("waterfall", "flows"):
                audit.goto(f"{site}/auditor/rounds/{world.rounds[PUBLISHED]}/{part}")
                figure = audit.locator("main figure").first
                figure.screenshot(path=folder / f"{part}.png")
        browser.close()
    for path in sorted(folder.glob("*.png")):
        size = path.stat().st_size
        print(f"{path.name:20}{size / 1000:8.1f} kB")
        if size > LARGEST_BYTES:
            sys.exit(f"{path} is larger than {LARGEST_BYTES / 1000:.0f} kB")


def build(folder: Path) -> DemoWorld:
    """Build the whole demo world in a folder."""
    call = [sys.executable, "-m", "mobility", "demo", "--no-serve"]
    out = subprocess.DEVNULL
    subprocess.run(call, cwd=ROOT, env=environment_of(folder), check=True, stdout=out)
    return read_world(folder)


def ranking(browser: Browser, site: str, world: DemoWorld) -> Page:
    """Return Alice's list on a phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 1180},
        device_scale_factor=1.5,
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
        timezone_id="Africa/Kampala",
    )
    page = context.new_page()
    sign_in_by_button(page, site, world.emails["alice"])
    page.goto(f"{site}/student/rounds/{world.rounds[OPEN]}/ranking")
    adds = page.locator("#add button")
    for count in range(min(WISHES, adds.count())):
        adds.first.click()
        page.locator("#list > li").nth(count).wait_for()
    page.goto(f"{site}/student/rounds/{world.rounds[OPEN]}/ranking")
    return page


def auditor(browser: Browser, site: str, world: DemoWorld) -> Page:
    """Return Carol's window at a desk."""
    context = browser.new_context(
        viewport={"width": 860, "height": 820},
        locale="en-GB",
        timezone_id="Africa/Kampala",
    )
    page = context.new_page()
    sign_in_by_button(page, site, world.emails["carol"])
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
