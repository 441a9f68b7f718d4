"""The grams that a student is shown are those that are frozen and matched."""

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from round_world import KEY, LATER, close_and_freeze, pseudonym
from sqlmodel import Session, select
from student_world import HOME, Site, open_site, round_of

from mobility import models as m
from mobility.clock import now
from mobility.db import reading, unit
from mobility.reading.student_offers import view_offers
from mobility.reading.student_rounds import view_student_round

pytestmark = pytest.mark.slow  # a round is frozen for it


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    found = open_site(sqlite_template, tmp_path, "certified")
    yield found
    found.engine.dispose()


def shown(session: Session, site: Site, name: str) -> dict[str, int]:
    """Return what one student's offers page has of each offer, in grams."""
    person = site.world.people[name]
    a_round = view_student_round(session, KEY, person, at=now())
    offers = view_offers(session, a_round).by_key
    return {
        key: offer.journey.counted.total_g
        for key, offer in offers.items()
        if offer.journey
    }


@pytest.mark.parametrize("name", ["Alice", "Achieng", "Bengt"])
def test_what_the_offers_page_shows_is_what_is_frozen(site: Site, name: str) -> None:
    with reading(site.engine) as session:
        seen = shown(session, site, name)
    page = site.browser(name).get(f"{HOME}/offers").text
    for grams in seen.values():
        assert re.search(rf">\s*{grams / 1000:,.0f} kg", page)
    with unit(site.engine) as session:
        round_of(session).deadline_at = LATER
        close_and_freeze(session, site.world)
    with reading(site.engine) as session:
        data = session.exec(select(m.Snapshot)).one().data
        value = json.loads(zlib.decompress(data))
        student = pseudonym(session, site.world, name)
        (row,) = (row for row in value["students"] if row["id"] == student)
        frozen = {c["offer"]: c["emissions_g"] for c in row["choices"] if c["journey"]}
        after = shown(session, site, name)
    assert frozen
    assert {offer: seen[offer] for offer in frozen} == frozen
    assert {offer: after[offer] for offer in frozen} == frozen
