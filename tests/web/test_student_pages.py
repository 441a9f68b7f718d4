"""What a student is shown: what to do next, offers and why not, result, answer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from round_world import KEY
from sqlalchemy import event
from sqlmodel import select
from student_world import HOME, Site, open_site, round_of

from mobility import models as m
from mobility.db import reading, unit

LYON = "univ-lyon1.fr"
OpenSite = Callable[[str], Site]

PAGES = {
    "draft": ["/student"],
    "open": [
        "/student",
        f"{HOME}/offers",
        f"{HOME}/offers/not-open",
        f"{HOME}/offers/compare?offer=uu-spring&offer=lyon-spring",
        f"{HOME}/ranking",
        f"{HOME}/certify",
        f"{HOME}/result",
    ],
    "certified": ["/student", f"{HOME}/ranking", f"{HOME}/certify", f"{HOME}/receipt"],
    "published": [
        "/student",
        f"{HOME}/offers",
        f"{HOME}/ranking",
        f"{HOME}/certify",
        f"{HOME}/receipt",
        f"{HOME}/result",
        f"{HOME}/answer",
    ],
}
MOST_STATEMENTS = 19


@pytest.fixture
def site_at(sqlite_template: Path, tmp_path: Path) -> Iterator[OpenSite]:
    sites: list[Site] = []

    def make(stage: str) -> Site:
        sites.append(open_site(sqlite_template, tmp_path, stage))
        return sites[-1]

    yield make
    for site in sites:
        site.engine.dispose()


@pytest.fixture
def opened(site_at: OpenSite) -> Site:
    return site_at("open")


@pytest.fixture
def published(site_at: OpenSite) -> Site:
    return site_at("published")


@pytest.mark.parametrize("stage", PAGES)
def test_every_page_of_every_state_opens(site_at: OpenSite, stage: str) -> None:
    alice = site_at(stage).browser("Alice")
    for address in PAGES[stage]:
        page = alice.get(address)
        assert page.status_code == 200, address
        assert len(re.findall("<h1", page.text)) == 1
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert sorted(ids) == sorted(set(ids)), f"{address}: an id stands twice"


@pytest.mark.parametrize("stage", ["open", "published"])
def test_a_page_asks_the_database_little(site_at: OpenSite, stage: str) -> None:
    site = site_at(stage)
    alice = site.browser("Alice")
    asked: list[str] = []
    engine = site.app.extensions["mobility-engine"]
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, statement, *_: asked.append(statement),
    )
    counts = {}
    for address in PAGES[stage]:
        asked.clear()
        alice.get(address)
        counts[address] = len([each for each in asked if not each.startswith("BEGIN")])
    assert {a: n for a, n in counts.items() if n > MOST_STATEMENTS} == {}
    assert min(counts.values()) > 0


def test_pages_are_only_for_students_who_are_signed_in(opened: Site) -> None:
    guest, bob, alice = (opened.browser(name) for name in ("", "Bob", "Alice"))
    for path in ("offers", "ranking", "certify", "result", "answer"):
        assert guest.get(f"{HOME}/{path}").status_code == 302
        assert bob.get(f"{HOME}/{path}").status_code == 403
        assert alice.get(f"/student/rounds/x/{path}").status_code == 404


def test_pages_that_only_show_take_no_form(opened: Site) -> None:
    alice = opened.browser("Alice")
    for path in ("offers", "offers/not-open", "result", "receipt"):
        assert alice.send(f"{HOME}/{path}").status_code == 405


def test_a_lost_session_keeps_the_typed_list(opened: Site) -> None:
    guest = opened.browser()
    answer = guest.draft(["uu-spring"])
    assert answer.status_code == 401
    assert "What you typed is kept" in answer.text


def test_a_round_in_preparation_is_not_there_for_students(site_at: OpenSite) -> None:
    alice = site_at("draft").browser("Alice")
    assert "No round is open now" in alice.get("/student").text
    assert alice.get(f"{HOME}/offers").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "certified, it counts"), ("closed", "closed, result to come")],
)
def test_home_says_what_to_do_next(site_at: OpenSite, state: str, words: str) -> None:
    site = site_at("certified")
    with unit(site.engine) as session:
        round_of(session).state = m.RoundState(state)
    assert words in site.browser("Alice").get("/student").text


def test_offers_show_the_journey_by_mode_and_mark_the_least(opened: Site) -> None:
    with unit(opened.engine) as session:
        lyon = session.get_one(m.Institution, opened.world.institutions[LYON])
        lyon.name, lyon.country = "University of Copenhagen", "DK"
        lyon.latitude_udeg, lyon.longitude_udeg = 55_676_000, 12_568_000
    page = opened.browser("Bengt").get(f"{HOME}/offers").text
    near = page[page.index("Copenhagen") : page.index("University of Nairobi")]
    modes = re.findall(r'<span class="mode">([^<]+)</span>', near)
    assert modes[0] == "Train"
    assert "Plane" in modes
    assert near.count(">least<") == 1


def test_offers_are_never_ordered_by_emissions_unless_asked(opened: Site) -> None:
    alice = opened.browser("Alice")
    hosts = re.compile(r"<h2>University of (\w+)</h2>")
    plain = hosts.findall(alice.get(f"{HOME}/offers").text)
    assert plain == ["Lyon", "Nairobi", "Uppsala"]
    nonsense = alice.get(f"{HOME}/offers?sort=kg&page=-9&country=%00").text
    assert hosts.findall(nonsense) == []
    asked = hosts.findall(alice.get(f"{HOME}/offers?sort=journey").text)
    assert asked[0] == "Nairobi"


def test_offers_can_be_filtered(opened: Site) -> None:
    page = opened.browser("Alice").get(f"{HOME}/offers?country=SE&text=upp").text
    assert re.findall(r"<h2>University of (\w+)</h2>", page) == ["Uppsala"]
    assert "1 of 3 offers" in page


def test_an_offer_that_is_not_open_says_why(opened: Site) -> None:
    with unit(opened.engine) as session:
        for row in session.exec(select(m.StudentLanguage)):
            row.cefr = m.Cefr.A2
    page = opened.browser("Alice").get(f"{HOME}/offers/not-open").text
    assert "The host asks for English B1; recorded for you: English A2." in page
    assert (
        "Nothing is open to you" in opened.browser("Alice").get(f"{HOME}/offers").text
    )
    refused = opened.browser("Alice").certify(["uu-spring"])
    assert refused.status_code == 422
    assert "The host asks for English B1" in refused.text


def test_a_result_is_told_through_the_stages(published: Site) -> None:
    page = published.browser("Alice").get(f"{HOME}/result").text
    assert "number 2 of your choices" in page
    assert page.count("Carbon never decides whether you get a place.") == 1
    assert "moved down your list" in page
    assert "Legs of the journey" in page


def test_a_place_is_numbered_as_on_her_own_list(published: Site) -> None:
    """As after a freeze at which her first wish was not open to her any more."""
    with unit(published.engine) as session:
        for row in session.exec(select(m.Placement)):
            row.rank = 1
    told = "number 2 on your list, number 1 of those open to you"
    for address in ("/student", f"{HOME}/result", f"{HOME}/answer"):
        assert told in published.browser("Alice").get(address).text


def test_who_has_no_place_is_told_so_and_what_next(published: Site) -> None:
    with unit(published.engine) as session:
        for row in session.exec(select(m.Placement)):
            session.delete(row)
    page = published.browser("Bengt").get(f"{HOME}/result").text
    assert "You have no place in this round" in page
    assert "What happens now" in page
    assert published.browser("Bengt").get(f"{HOME}/answer").status_code == 404


def test_the_reason_of_a_place_is_said_in_the_reader_s_language(
    published: Site,
) -> None:
    alice = published.browser("Alice")
    english = alice.get(f"{HOME}/result").text
    assert "You have your second choice, University of Lyon." in english
    alice.send("/language", {"language": "fr", "next": "/student"})
    page = alice.get(f"{HOME}/result").text
    assert "Vous avez votre deuxième choix, University of Lyon." in page
    assert "Le carbone ne décide jamais si vous avez une place." in page
    assert "You have your" not in page


def test_an_answer_is_taken_once_and_the_same_again_is_harmless(
    published: Site,
) -> None:
    alice = published.browser("Alice")
    for _press in range(2):
        answer = alice.send(f"{HOME}/answer", {"kind": "accept"})
        assert answer.status_code == 303
    with reading(published.engine) as session:
        [row] = session.exec(select(m.Answer)).all()
    assert row.kind == m.AnswerKind.ACCEPT
    assert "Accepted" in alice.get("/student").text


WRONG_ANSWERS: list[tuple[dict[str, object], str]] = [
    ({}, "Choose one of the three answers."),
    ({"kind": "perhaps"}, "Not a valid choice."),
    ({"kind": "decline", "is_sure": "y"}, "Say why you decline."),
    ({"kind": "decline", "reason": "x", "is_sure": "y"}, "Say why you decline."),
    ({"kind": "decline", "reason": "visa"}, "Tick this to decline"),
]


def test_a_wrong_answer_has_its_sentence_beside_the_field(published: Site) -> None:
    alice = published.browser("Alice")
    for fields, sentence in WRONG_ANSWERS:
        answer = alice.send(f"{HOME}/answer", fields)
        assert answer.status_code == 422
        beside = re.findall(r'<p class="error" id="[^"]+">([^<]*)</p>', answer.text)
        assert any(sentence in each for each in beside)
    with reading(published.engine) as session:
        assert session.exec(select(m.Answer)).all() == []


def test_a_declined_place_cannot_be_taken_back(published: Site) -> None:
    alice = published.browser("Alice")
    fields = {"kind": "decline", "reason": "visa", "is_sure": "y"}
    assert alice.send(f"{HOME}/answer", fields).status_code == 303
    again = alice.send(f"{HOME}/answer", {"kind": "accept"})
    assert again.status_code == 409
    assert "has been given back" in alice.get(f"{HOME}/answer").text


def test_an_answer_to_a_settled_round_is_refused(published: Site) -> None:
    with unit(published.engine) as session:
        round_of(session).state = m.RoundState.SETTLED
    alice = published.browser("Alice")
    assert alice.send(f"{HOME}/answer", {"kind": "accept"}).status_code == 409
    assert "takes no answers any more" in alice.get(f"{HOME}/answer").text
    assert KEY in alice.get("/student").text
