"""A round from Alice's list to Carol's check: by keyboard, touch, without script."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from demo_world import OPEN, SECRETS, DemoWorld
from playwright.sync_api import Browser, expect
from visits import Visit, Way, open_context, sign_in_by_button

from mobility.config import ROOT

pytestmark = pytest.mark.browser

WAYS = {
    "keyboard": Way("desk", "keyboard"),
    "phone": Way("phone", "touch"),
    "without script": Way("desk", "mouse", has_script=False),
    "phone without script": Way("phone", "touch", has_script=False),
}
RANKED = 3
Enter = Callable[[str], Visit]


@pytest.mark.parametrize("name", WAYS)
def test_a_round_goes_from_a_ranking_to_a_check_of_its_evidence(
    name: str, chromium: Browser, built: DemoWorld, own_site: str, tmp_path: Path
) -> None:
    way, key = WAYS[name], built.rounds[OPEN]
    with people(chromium, way, own_site, built) as enter:
        alice = enter("alice")
        wishes = alice_ranks(alice)
        receipt = alice_certifies(alice, wishes)
        dana = enter("dana")
        dana_closes_and_freezes(dana)
        dana_reveals(dana)
        dana_runs(dana)
        dana_publishes(dana)
        alice_reads_and_answers(alice, own_site, wishes, receipt)
        carol = enter("carol")
        carol_follows_a_placement(carol, key)
        evidence = carol_takes_the_evidence(carol, tmp_path)
    check_evidence(evidence)


@contextmanager
def people(browser: Browser, way: Way, site: str, world: DemoWorld) -> Iterator[Enter]:
    """Give a way to have somebody sign in, in a window of her own."""
    visits = []

    def enter(name: str) -> Visit:
        context = open_context(browser, way.size, has_script=way.has_script)
        visit = Visit(context, way)
        visits.append(visit)
        sign_in_by_button(visit.page, site, world.emails[name])
        return visit

    yield enter
    assert [line for visit in visits for line in visit.noise] == []
    for visit in visits:
        visit.page.context.close()


def alice_ranks(alice: Visit) -> list[str]:
    """Put three offers on the list, then the third first; return them in order."""
    alice.is_at("What to do next")
    alice.link("Look at the offers")
    alice.is_at("Offers open to you")
    alice.link("My ranking")
    alice.is_at("My ranking")
    rows = alice.page.locator("#list > li")
    for count in range(1, RANKED + 1):
        alice.press(alice.page.locator("#add button").first)
        expect(rows).to_have_count(count)
    third = rows.nth(2).get_attribute("data-name") or ""
    names = [row.get_attribute("data-name") or "" for row in rows.all()]
    if alice.way.by == "keyboard":
        handle = rows.nth(2).locator(".handle")
        handle.focus()
        for pressed in ("Space", "ArrowUp", "ArrowUp", "Space"):
            alice.page.keyboard.press(pressed)
        expect(alice.page.locator("#told")).to_contain_text("Dropped")
    else:
        for place in (2, 1):
            alice.press(rows.nth(place).locator("[value^='up:']"))
            expect(rows.nth(place - 1)).to_have_attribute("data-name", third)
    expect(rows.first).to_have_attribute("data-name", third)
    if alice.way.has_script:
        expect(alice.page.locator("#said")).to_have_text("Draft saved.")
    return [third, *names[:2]]


def alice_certifies(alice: Visit, wishes: list[str]) -> str:
    alice.link("Check and certify")
    alice.is_at("Certify my ranking")
    alice.button("Certify my ranking")
    alice.is_at("Receipt of my ranking")
    hosts = [wish.split(",")[0] for wish in wishes]
    listed = alice.page.locator("main ol").first
    expect(listed).to_contain_text(
        re.compile(".*".join(map(re.escape, hosts)), re.DOTALL)
    )
    receipt = alice.page.locator(".receipt code").first.inner_text().strip()
    assert re.fullmatch(r"[0-9a-f]{64}", receipt)
    return receipt


def dana_closes_and_freezes(dana: Visit) -> None:
    dana.is_at("Rounds")
    dana.link("Clinical electives, autumn")
    dana.link("Close early")
    dana.is_at("Close the round")
    dana.page.get_by_label("Reason").fill("All students have ranked.")
    dana.button("Close the round")
    dana.link("Check and freeze")
    dana.is_at("Freeze")
    dana.button("Check what blocks the freeze")
    expect(dana.page.get_by_role("main")).to_contain_text("Nothing blocks the freeze")
    dana.button("Freeze the round")
    dana.is_at("What was frozen")


def dana_reveals(dana: Visit) -> None:
    dana.link("Reveal the lottery's secrets")
    dana.is_at("Lottery")
    for committer, secret in SECRETS.items():
        dana.page.get_by_label("Who reveals").select_option(committer)
        dana.page.get_by_label("Secret", exact=True).fill(secret)
        dana.button("Reveal this secret")
        revealed = dana.page.get_by_role("row", name=committer)
        expect(revealed).to_contain_text("revealed")


def dana_runs(dana: Visit) -> None:
    """Queue the declared policy, see how far it is, and wait for its result."""
    dana.link("Clinical electives, autumn")
    dana.link("Runs")
    dana.is_at("Runs")
    is_run = re.compile(r"/runs/\d+$")
    with dana.page.expect_response(is_run) as shown:
        dana.button("Run the declared policy")
    assert "<progress" in shown.value.text()
    head = dana.page.get_by_role("heading", level=1)
    while not dana.way.has_script and "Result" not in head.inner_text():
        dana.page.wait_for_timeout(500)
        dana.page.reload()
    dana.is_at("Result of run")
    expect(dana.page.get_by_role("main")).to_contain_text("optimal")


def dana_publishes(dana: Visit) -> None:
    dana.link("Go on to publish")
    dana.is_at("Publish run")
    dana.tick("I have looked at the result")
    alone = dana.page.get_by_label("There is nobody else")
    if alone.count():
        dana.tick("There is nobody else")
    dana.button("Publish and tell the students")
    expect(dana.page.get_by_role("status").first).to_contain_text("is published")


def alice_reads_and_answers(
    alice: Visit, site: str, wishes: list[str], receipt: str
) -> None:
    alice.page.goto(f"{site}/student")
    alice.link("See the result and why")
    alice.is_at("My result")
    main = alice.page.get_by_role("main")
    expect(main.get_by_role("heading", name="Why")).to_be_visible()
    expect(main).to_contain_text("Carbon never decides whether you get a place.")
    card = main.locator(".card").first.inner_text()
    assert any(wish.split(",")[0] in card for wish in wishes)
    alice.link("Its receipt")
    expect(alice.page.locator(".receipt code").first).to_have_text(receipt)
    alice.link("Result")
    alice.press(main.get_by_role("link", name="Answer", exact=True))
    alice.is_at("Answer to my place")
    alice.tick("I accept the place.")
    alice.button("Send my answer")
    alice.is_at("My result")
    expect(main).to_contain_text("Your answer is taken.")


def carol_follows_a_placement(carol: Visit, key: str) -> None:
    """From the waterfall to one student, one leg and the row of its factor."""
    carol.is_at("Rounds you audit")
    carol.press(carol.page.locator(f"main a[href$='/rounds/{key}']"))
    carol.link("Waterfall")
    carol.is_at("Wishes, balance, carbon")
    expect(carol.page.get_by_role("main").locator("svg").first).to_be_attached()
    carol.link("Placements")
    carol.is_at("Placements")
    rows = carol.page.locator("tbody tr").filter(has_text=re.compile("[1-9] kg"))
    carol.press(rows.first.get_by_role("link"))
    carol.is_at("Student s-")
    factors = carol.page.locator("table").filter(has_text="Factors of leg")
    link = factors.first.get_by_role("link").first
    factor = link.inner_text()
    carol.press(link)
    carol.is_at(f"Factor {re.escape(factor)}")
    expect(carol.page.get_by_role("main")).to_contain_text("Row of the source")


def carol_takes_the_evidence(carol: Visit, folder: Path) -> Path:
    carol.link("Evidence")
    carol.is_at("Evidence to check")
    carol.page.get_by_label("Who gets this copy").fill("Carol Sample")
    with carol.page.expect_download() as taken:
        carol.button("Write it down and get the copy")
    path = folder / "evidence.zip"
    taken.value.save_as(path)
    return path


def check_evidence(path: Path) -> None:
    """The verifier takes the evidence, and no longer once a byte is flipped."""
    taken = verify(path)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    refused = verify(path)
    assert refused.returncode in {1, 2}
    assert refused.stdout + refused.stderr != ""


def verify(path: Path) -> "subprocess.CompletedProcess[str]":
    """Check evidence with a Python that has nothing installed."""
    python = getattr(sys, "_base_executable", sys.executable)
    call = [python, "-S", "-m", "mobility", "audit", "verify", str(path)]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
