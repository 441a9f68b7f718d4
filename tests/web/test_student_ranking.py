"""A student's ranking in a browser: saved, moved, contested, certified, refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from student_world import HOME, Site, open_site, round_of

from mobility.clock import now
from mobility.db import reading, unit
from mobility.models import Certification, Round, RoundState
from mobility.reading.student_rounds import view_student_round

UU, LYON, ONLINE = "uu-spring", "lyon-spring", "nairobi-online"


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    site = open_site(sqlite_template, tmp_path, "open")
    yield site
    site.engine.dispose()


def close(site: Site, state: RoundState = RoundState.CLOSED) -> None:
    with unit(site.engine) as session:
        round_of(session).state = state


def certified_of(site: Site, name: str) -> tuple[str, ...]:
    """Return the list that counts."""
    with reading(site.engine) as session:
        person = site.world.people[name]
        a_round = view_student_round(session, "2027-spring", person, at=now())
    return a_round.certified.offers if a_round.certified else ()


def test_a_draft_is_saved_in_its_order(site: Site) -> None:
    alice = site.browser("Alice")
    answer = alice.draft([LYON, UU])
    assert answer.status_code == 303
    assert alice.listed() == [LYON, UU]


ACTS = [
    (f"up:{LYON}", [LYON, UU]),
    (f"down:{LYON}", [UU, LYON]),
    (f"up:{UU}", [UU, LYON]),
    (f"remove:{UU}", [LYON]),
    (f"add:{ONLINE}", [UU, LYON, ONLINE]),
    (f"add:{UU}", [UU, LYON]),
    ("remove:gone-meanwhile", [UU, LYON]),
    ("nonsense", [UU, LYON]),
]


def test_every_button_works_without_script(site: Site) -> None:
    alice = site.browser("Alice")
    for act, expected in ACTS:
        answer = alice.draft([UU, LYON], alice.version(), act=act)
        assert answer.status_code == 303
        assert alice.listed() == expected, act


def test_a_number_moves_a_wish_and_the_others_close_up(site: Site) -> None:
    alice = site.browser("Alice")
    alice.draft([UU, LYON, ONLINE], rank=["1", "2", "1"])
    assert alice.listed() == [ONLINE, UU, LYON]


WRONG_NUMBERS = ["0", "4", "-1", "1.5", "", "one", "\u0661", "9" * 30]


def test_a_wrong_number_has_its_sentence_beside_it(site: Site) -> None:
    alice = site.browser("Alice")
    for number in WRONG_NUMBERS:
        answer = alice.draft([UU, LYON, ONLINE], rank=["1", number, "3"])
        assert answer.status_code == 422
        assert 'id="rank-2-error">Write a whole number from 1 to 3.' in answer.text
        assert f'value="{number}"' in answer.text
    assert alice.listed() == []


def test_two_wishes_for_one_number_are_refused(site: Site) -> None:
    answer = site.browser("Alice").draft([UU, LYON, ONLINE], rank=["3", "3", "3"])
    assert answer.status_code == 422
    assert "Number 3 is given twice" in answer.text


def test_an_offer_of_another_university_is_as_unknown_as_none(site: Site) -> None:
    alice = site.browser("Alice")
    for offer in ("nairobi-spring", "no-such", "<b>", "x" * 5000):
        for answer in (
            alice.draft([UU, offer]),
            alice.certify([UU, offer]),
            alice.send(f"{HOME}/offers/add", {"offer": offer}),
        ):
            assert answer.status_code == 422
            assert "There is no offer" in answer.text
            assert "<b>" not in answer.text
    assert alice.listed() == []


def test_the_same_offer_twice_is_refused(site: Site) -> None:
    alice = site.browser("Alice")
    assert alice.draft([UU, UU]).status_code == 422
    assert alice.certify([UU, UU]).status_code == 422


def test_fields_that_nobody_asked_for_are_refused(site: Site) -> None:
    alice = site.browser("Alice")
    assert alice.draft([UU], student="2").status_code == 422
    fields = {"version": "1", "offer": [UU], "number": "7"}
    assert alice.send(f"{HOME}/certify", fields).status_code == 422


def test_a_draft_without_its_version_is_refused(site: Site) -> None:
    alice = site.browser("Alice")
    for version in ("", "0", "-1", "2.0", "9" * 40):
        fields = {"version": version, "offer": [UU]}
        assert alice.send(f"{HOME}/ranking", fields).status_code == 422


def test_a_stale_tab_is_shown_both_lists_and_nothing_is_lost(site: Site) -> None:
    alice = site.browser("Alice")
    alice.draft([UU])
    for answer in (alice.draft([LYON, UU]), alice.certify([LYON, UU])):
        assert answer.status_code == 409
        assert "Saved from the other window" in answer.text
        assert answer.text.count("University of Lyon") == 1
    assert alice.listed() == [UU]
    assert alice.draft([LYON, UU], version=alice.version()).status_code == 303
    assert alice.listed() == [LYON, UU]


def test_the_script_is_told_the_version_or_why_not(site: Site) -> None:
    alice = site.browser("Alice")
    fields = {"version": "1", "offer": [UU], "act": "save"}
    told = alice.send(f"{HOME}/ranking", fields, Accept="application/json")
    assert told.json is not None
    assert told.json["version"] == 2
    fields["offer"] = [LYON]
    stale = alice.send(f"{HOME}/ranking", fields, Accept="application/json")
    assert stale.status_code == 409
    assert stale.json is not None
    assert stale.json["is_stale"]


def test_adding_twice_adds_once(site: Site) -> None:
    alice = site.browser("Alice")
    for _press in range(2):
        answer = alice.send(f"{HOME}/offers/add", {"offer": LYON})
        assert answer.status_code == 303
    assert alice.listed() == [LYON]


def test_certifying_twice_gives_the_same_receipt(site: Site) -> None:
    alice = site.browser("Alice")
    alice.draft([UU, LYON])
    assert alice.certify([UU, LYON], 2).status_code == 303
    first = alice.get(f"{HOME}/receipt").text
    assert alice.certify([UU, LYON], 2).status_code == 303
    with reading(site.engine) as session:
        [row] = session.exec(select(Certification)).all()
    assert row.receipt in first
    assert row.receipt in alice.get(f"{HOME}/receipt").text


def test_the_certified_list_counts_until_another_is(site: Site) -> None:
    alice = site.browser("Alice")
    alice.certify([UU])
    alice.draft([LYON, UU], version=alice.version())
    assert certified_of(site, "Alice") == (UU,)
    assert "changed since you certified" in alice.get("/student").text
    alice.certify([LYON, UU], alice.version())
    assert certified_of(site, "Alice") == (LYON, UU)


def test_an_empty_list_cannot_be_certified(site: Site) -> None:
    answer = site.browser("Alice").certify([])
    assert answer.status_code == 422
    assert "Your list is empty" in answer.text


def test_a_closed_round_keeps_the_draft_and_shows_what_was_sent(site: Site) -> None:
    alice = site.browser("Alice")
    alice.draft([UU])
    close(site)
    for answer in (alice.draft([LYON], 2), alice.certify([LYON], 2)):
        assert answer.status_code == 409
        assert "The list you sent" in answer.text
        assert "University of Lyon" in answer.text
    assert alice.send(f"{HOME}/offers/add", {"offer": UU}).status_code == 409
    page = alice.get(f"{HOME}/ranking")
    assert "Your draft, as you left it" in page.text
    assert certified_of(site, "Alice") == ()


def test_after_the_deadline_nothing_is_taken(site: Site) -> None:
    with unit(site.engine) as session:
        a_round: Round = round_of(session)
        a_round.deadline_at = now()
    alice = site.browser("Alice")
    assert alice.draft([UU]).status_code == 409
    assert alice.certify([UU]).status_code == 409


def test_a_list_of_ten_thousand_is_refused_in_a_sentence(site: Site) -> None:
    alice = site.browser("Alice")
    endless = [f"o{number}" for number in range(10_000)]
    for answer in (alice.draft(endless, rank=endless), alice.certify(endless)):
        assert answer.status_code == 422
        assert "10000 offers; at most 200 can be ranked" in answer.text


def test_students_see_no_list_but_their_own(site: Site) -> None:
    alice, achieng = site.browser("Alice"), site.browser("Achieng")
    alice.draft([UU, LYON])
    assert achieng.listed() == []
    achieng.draft([LYON])
    assert alice.listed() == [UU, LYON]
