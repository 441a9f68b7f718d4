"""Alice's pages on a line of 400 kbit/s with a delay of 400 ms."""

from collections.abc import Iterator

import pytest
from alice import certify
from demo_world import OPEN, DemoWorld
from playwright.sync_api import Browser, CDPSession, Route, expect
from visits import Visit, Way, open_context, sign_in_by_button

pytestmark = pytest.mark.browser

DELAY_MS = 400
BYTES_PER_SECOND = 50_000
LARGEST_BYTES = 150_000
"""What the first load of a student's page may take, its styles and scripts included."""

PHONE = Way("phone", "touch")


@pytest.fixture
def alice(chromium: Browser, own_site: str, built: DemoWorld) -> Iterator[Visit]:
    """Return Alice at her first page, signed in over the slow line."""
    context = open_context(chromium, PHONE.size)
    visit = Visit(context, PHONE)
    slow_down(context.new_cdp_session(visit.page))
    sign_in_by_button(visit.page, own_site, built.emails["alice"])
    yield visit
    context.close()
    assert visit.noise == []


def slow_down(line: CDPSession) -> None:
    line.send("Network.enable")
    limits = {
        "offline": False,
        "latency": DELAY_MS,
        "downloadThroughput": BYTES_PER_SECOND,
        "uploadThroughput": BYTES_PER_SECOND,
    }
    line.send("Network.emulateNetworkConditions", limits)


def test_alice_ranks_and_certifies_on_a_slow_line_before_its_script_is_there(
    alice: Visit, built: DemoWorld
) -> None:
    """Her buttons work while the script is under way, and by it once it has come."""
    alice.is_at("What to do next")
    alice.link_to(f"/student/rounds/{built.rounds[OPEN]}/offers")
    alice.is_at("Offers open to you")
    waiting: list[Route] = []
    alice.page.route("**/ranking*.js", lambda route: waiting.append(route))
    alice.link("My ranking")
    alice.is_at("My ranking")
    rows = alice.page.locator("#list > li")
    for count in (1, 2):
        waiting.clear()
        with alice.page.expect_request("**/ranking*.js"):
            alice.press(alice.page.locator("#add button").first)
        expect(rows).to_have_count(count)
    first, second = (row.get_attribute("data-name") or "" for row in rows.all())
    with alice.page.expect_response("**/ranking*.js"):
        for route in waiting:
            route.continue_()
    alice.page.wait_for_load_state()
    alice.press(rows.nth(1).locator("[value^='up:']"))
    expect(rows.first).to_have_attribute("data-name", second)
    expect(alice.page.locator("#said")).to_have_text("Draft saved.")
    certify(alice, [second, first])


def test_the_first_load_of_a_students_page_is_small(
    alice: Visit, built: DemoWorld
) -> None:
    line = alice.page.context.new_cdp_session(alice.page)
    line.send("Network.enable")
    taken: list[int] = []
    line.on(
        "Network.loadingFinished", lambda each: taken.append(each["encodedDataLength"])
    )
    sizes = {}
    home = alice.page.url
    open_round = f"{home}/rounds/{built.rounds[OPEN]}"
    for address in (home, f"{open_round}/offers", f"{open_round}/ranking"):
        line.send("Network.clearBrowserCache")
        taken.clear()
        alice.page.goto(address)
        assert len(taken) > 1, "the page and its style"
        sizes[address] = sum(taken)
    assert {each: size for each, size in sizes.items() if size >= LARGEST_BYTES} == {}
