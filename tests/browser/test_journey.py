"""A round from Alice's list to Carol's check: by keyboard, touch, without script."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alice import certify, rank, read_and_answer
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
Enter = Callable[[str], Visit]


@pytest.mark.parametrize("name", WAYS)
def test_a_round_goes_from_a_ranking_to_a_check_of_its_evidence(
    name: str, chromium: Browser, built: DemoWorld, own_site: str, tmp_path: Path
) -> None:
    way, key = WAYS[name], built.rounds[OPEN]
    with people(chromium, way, own_site, built) as enter:
        alice = enter("alice")
        wishes = rank(alice, key)
        receipt = certify(alice, wishes)
        dana = enter("dana")
        dana_closes_and_freezes(dana, key)
        dana_reveals(dana)
        dana_runs(dana, key)
        dana_publishes(dana)
        read_and_answer(alice, f"{own_site}/student", key, wishes, receipt)
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


def dana_closes_and_freezes(dana: Visit, key: str) -> None:
    dana.is_at("Rounds")
    dana.link_to(f"/network/rounds/{key}")
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


def dana_runs(dana: Visit, key: str) -> None:
    """Queue the declared policy, see how far it is, and wait for its result."""
    dana.link_to(f"/network/rounds/{key}")
    dana.link_to(f"/network/rounds/{key}/runs")
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
    dana.button("Publish and tell the students")
    expect(dana.page.get_by_role("status").first).to_contain_text("is published")


def carol_follows_a_placement(carol: Visit, key: str) -> None:
    """From the waterfall to one student, one leg and the row of its factor."""
    carol.is_at("Rounds you audit")
    carol.link_to(f"/auditor/rounds/{key}")
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
