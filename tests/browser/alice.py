"""What Alice does in a round, in her window: rank, certify, read her result, answer."""

import re

from playwright.sync_api import expect
from visits import Visit

RANKED = 3


def rank(alice: Visit, key: str) -> list[str]:
    """Put three offers on the list, then the third first; return them in order."""
    alice.is_at("What to do next")
    alice.link_to(f"/student/rounds/{key}/offers")
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


def certify(alice: Visit, wishes: list[str]) -> str:
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


def read_and_answer(
    alice: Visit, home: str, key: str, wishes: list[str], receipt: str
) -> None:
    alice.page.goto(home)
    alice.link_to(f"/student/rounds/{key}/result")
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
