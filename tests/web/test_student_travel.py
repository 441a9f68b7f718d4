"""How Alice really travelled: told after publication, shown beside the model."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from student_world import HOME, Browser, Site, open_site, round_of

from mobility import models as m
from mobility.audit.record import erase_payload, find_breaks
from mobility.db import reading, unit

pytestmark = pytest.mark.slow  # a round is published for it

TRAVEL = f"{HOME}/travel"
BY_TRAIN = {"out": "rail", "back": "rail", "stop": "", "onward": ""}
BY_PLANE = {**BY_TRAIN, "out": "air", "back": "air"}


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    found = open_site(sqlite_template, tmp_path, "published")
    yield found
    found.engine.dispose()


def placed(site: Site) -> str:
    """Return who in Nairobi has a place in Uppsala or Lyon."""
    with reading(site.engine) as session:
        rows = session.exec(
            select(m.Person.name, m.Offer.mode)
            .join(m.Student, m.Student.person_id == m.Person.id)  # type: ignore[arg-type]  # SQLModel types a comparison of columns as bool
            .join(m.Placement, m.Placement.student_id == m.Student.id)  # type: ignore[arg-type]  # the same
            .join(m.Offer, m.Offer.id == m.Placement.offer_id)  # type: ignore[arg-type]  # the same
            .where(m.Person.name != "Bengt")
        )
        return next(name for name, mode in rows if mode == m.Mode.PHYSICAL)


def alice_of(site: Site) -> Browser:
    return site.browser(placed(site))


def reports(site: Site) -> list[m.TravelReport]:
    with reading(site.engine) as session:
        return list(session.exec(select(m.TravelReport)))


def told_in_log(site: Site) -> list[int]:
    with reading(site.engine) as session:
        query = select(m.AuditEntry).where(m.AuditEntry.action == "travel:report")
        return [entry.seq for entry in session.exec(query)]


def test_the_page_opens_from_the_result_and_shows_the_journey_told(
    site: Site,
) -> None:
    alice = alice_of(site)
    assert f'href="{TRAVEL}"' in alice.get(f"{HOME}/result").text
    assert alice.get(TRAVEL).status_code == 200
    assert alice.send(TRAVEL, BY_PLANE).status_code == 303
    (row,) = reports(site)
    with reading(site.engine) as session:
        modelled = session.get_one(m.Placement, row.placement_id).emissions_g
    assert row.total_g == modelled  # the model counted the same flight
    page = alice.get(TRAVEL).text
    assert "CO2e as you travelled" in page
    assert re.search(r'value="air"[^>]*checked|checked[^>]*value="air"', page)


def test_a_journey_told_again_replaces_the_first_and_both_are_logged(
    site: Site,
) -> None:
    alice = alice_of(site)
    alice.send(TRAVEL, BY_PLANE)
    alice.send(TRAVEL, BY_PLANE)
    assert len(told_in_log(site)) == 1
    over_london = {**BY_PLANE, "stop": "London, GB"}
    assert alice.send(TRAVEL, over_london).status_code == 303
    (row,) = reports(site)
    assert row.stop == "London, GB"
    assert len(told_in_log(site)) == 2


def test_what_was_told_can_be_erased_from_the_log_and_the_chain_holds(
    site: Site,
) -> None:
    alice_of(site).send(TRAVEL, BY_PLANE)
    (seq,) = told_in_log(site)
    with unit(site.engine) as session:
        erase_payload(session, seq)
        assert find_breaks(session) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"out": "", "back": "air"}, "Say how you travelled there."),
        ({"out": "air", "back": "rocket"}, "Not a valid choice"),
        (BY_TRAIN, "by rail"),
        ({**BY_PLANE, "stop": "Atlantis, GR"}, "Atlantis"),
        ({**BY_PLANE, "onward": "air"}, "no stop"),
        ({**BY_PLANE, "stop": "x" * 200}, "120"),
    ],
)
def test_what_cannot_be_is_refused_with_its_sentence(
    site: Site, fields: dict[str, str], sentence: str
) -> None:
    page = alice_of(site).send(TRAVEL, {**BY_TRAIN, **fields})
    assert page.status_code == 422
    assert sentence in page.text
    assert reports(site) == []


def test_a_declined_place_and_an_archived_round_take_no_journey(site: Site) -> None:
    alice = alice_of(site)
    decline = {"kind": "decline", "reason": "money", "is_sure": "y"}
    assert alice.send(f"{HOME}/answer", decline).status_code == 303
    assert alice.send(TRAVEL, BY_PLANE).status_code == 409
    assert "You declined this place" in alice.get(TRAVEL).text
    with unit(site.engine) as session:
        round_of(session).state = m.RoundState.ARCHIVED
        for answer in session.exec(select(m.Answer)):
            session.delete(answer)
    assert alice.send(TRAVEL, BY_PLANE).status_code == 409
    assert "closed for good" in alice.get(TRAVEL).text


def test_factors_of_another_installation_are_not_mixed_in(site: Site) -> None:
    with unit(site.engine) as session:
        round_of(session).factor_set_digest = "0" * 64
    page = alice_of(site).send(TRAVEL, BY_PLANE)
    assert page.status_code == 409
    assert "not the one that was frozen" in page.text


def test_who_has_no_place_has_no_journey_to_tell(
    sqlite_template: Path, tmp_path: Path
) -> None:
    site = open_site(sqlite_template, tmp_path, "certified")
    assert site.browser("Alice").get(TRAVEL).status_code == 404
    site.engine.dispose()
