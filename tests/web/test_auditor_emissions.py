"""Emissions from the cohort down to a factor's source, and files that add up."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from audited_world import ROUND, Audited, open_audit
from round_world import KEY
from sqlmodel import select

from mobility import models as m
from mobility.carbon.journey import to_grams
from mobility.clock import now
from mobility.db import reading, unit
from mobility.reporting.journey_files import FILES
from solver.fileio import to_canonical

pytestmark = pytest.mark.slow  # a round is solved and published for it

EMISSIONS = f"{ROUND}/emissions"
FILE = f"{EMISSIONS}/files"
LINK = re.compile(r'href="([^"]+)"')


@pytest.fixture
def carol(sqlite_template: Path, tmp_path: Path) -> Iterator[Audited]:
    audited = open_audit(sqlite_template, tmp_path)
    yield audited
    audited.engine.dispose()


def read_csv(carol: Audited, name: str) -> list[dict[str, str]]:
    text = carol.get(f"{FILE}/{name}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_json(carol: Audited, name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(carol.get(f"{FILE}/{name}").data)
    return value


def published_g(carol: Audited) -> dict[str, int]:
    """Return the grams that were published, by pseudonym."""
    query = (
        select(m.Pseudonym.pseudonym, m.Placement.emissions_g).join(
            m.Placement, m.Placement.student_id == m.Pseudonym.student_id
        )  # type: ignore[arg-type]  # SQLModel types a comparison of columns as bool
    )
    with reading(carol.engine) as session:
        return dict(session.exec(query).all())


def links(carol: Audited, address: str, part: str) -> list[str]:
    page = carol.get(address)
    assert page.status_code == 200, address
    return [unescape(each) for each in LINK.findall(page.text) if part in each]


def test_journeys_add_up_to_the_page_and_to_what_was_published(carol: Audited) -> None:
    rows = read_csv(carol, "journeys.csv")
    grams = {row["student"]: int(row["total_g"]) for row in rows}
    assert grams == published_g(carol)
    whole = read_json(carol, "journeys.json")
    assert whole["total_g"] == sum(grams.values())
    assert f"{sum(grams.values()) / 1e6:.1f} t" in carol.get(EMISSIONS).text
    for row in rows:
        parts = (row["ttw_g"], row["wtt_g"], row["non_co2_g"])
        assert sum(map(int, parts)) == int(row["total_g"])


def test_legs_add_up_to_their_journeys_in_micrograms(carol: Audited) -> None:
    exact: Counter[str] = Counter()
    for row in read_csv(carol, "legs.csv"):
        exact[row["student"]] += int(row["total_ug"])
        parts = (row["ttw_ug"], row["wtt_ug"], row["non_co2_ug"])
        assert sum(map(int, parts)) == int(row["total_ug"])
    travelled = {name: grams for name, grams in published_g(carol).items() if grams}
    assert {name: to_grams(ug) for name, ug in exact.items()} == travelled
    legs = read_json(carol, "legs.json")["rows"]
    assert sum(row["total_ug"] for row in legs) == exact.total()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same_twice_names_nobody_and_its_digests(
    carol: Audited, name: str
) -> None:
    first, again = (carol.get(f"{FILE}/{name}") for _ in range(2))
    assert first.data == again.data
    assert "attachment" in first.headers["Content-Disposition"]
    text = first.data.decode("utf-8-sig")
    assert not [person for person in carol.world.people if person in text]
    if name.endswith(".json"):
        assert to_canonical(json.loads(text)) == first.data
        with reading(carol.engine) as session:
            snapshot = session.exec(select(m.Snapshot)).one()
        assert json.loads(text)["snapshot_digest"] == snapshot.digest


def test_a_file_that_is_not_there_is_not_found(carol: Audited) -> None:
    for name in ("journeys", "journeys.xlsx", "legs.csv.exe"):
        assert carol.get(f"{FILE}/{name}").status_code == 404


def test_the_ledger_is_followed_from_the_cohort_to_the_source(carol: Audited) -> None:
    followed = 0
    for part in links(carol, EMISSIONS, "placements?by="):
        for student in links(carol, part, "/placements/s-"):
            for factor in links(carol, student, f"{ROUND}/factors/"):
                (source,) = links(carol, factor, "/method/factors/")
                assert carol.get(source).status_code == 200
                followed += 1
    assert followed > 10


def test_a_part_leads_to_its_own_students_alone(carol: Audited) -> None:
    modes = links(carol, EMISSIONS, "by=mode")
    assert modes
    for address in modes:
        mode = address.rpartition("=")[2]
        rows = [r for r in read_csv(carol, "journeys.csv") if r["mode"] == mode]
        found = links(carol, address, "/placements/s-")
        assert {x.rpartition("/")[2] for x in found} == {r["student"] for r in rows}
    assert links(carol, f"{ROUND}/placements?by=nonsense&value=x", "/s-") == []


def test_a_person_s_page_has_one_way_each_day_and_each_leg_s_interval(
    carol: Audited,
) -> None:
    rows = [row for row in read_csv(carol, "journeys.csv") if row["per_day_g"]]
    legs = read_csv(carol, "legs.csv")
    for row in rows:
        page = carol.get(f"{ROUND}/placements/{row['student']}").text
        assert f"{int(row['per_day_g']):,} g on {row['days']} days" in page
        assert f"{int(row['one_way_g']) / 1000:,.1f} kg" in page
        for leg in (each for each in legs if each["student"] == row["student"]):
            assert leg["to_resolved"] in unescape(page)
            assert f"{int(leg['high_g']) / 1000:,.1f} kg" in page
    assert rows


def test_the_report_states_what_it_is(carol: Audited) -> None:
    page = carol.get(EMISSIONS).text
    for words in (
        "modelled difference from the declared baseline",
        "student mobility",
        "no offset is netted".capitalize(),
        "Recalculation",
        "Coverage",
        "P90",
        "common draws",
    ):
        assert words in page
    for words in ("avoided", "saved"):
        assert words not in page


def test_ranks_are_tried_under_three_multipliers_and_three_years(
    carol: Audited,
) -> None:
    page = carol.get(f"{EMISSIONS}/stability").text
    for label in ("declared", "m = 1", "m = 3", "desnz-2024", "desnz-2025"):
        assert f'<th scope="row">{label}</th>' in page


def test_journeys_told_stand_beside_the_model(carol: Audited) -> None:
    assert "Nobody has told yet" in carol.get(EMISSIONS).text
    with unit(carol.engine) as session:
        placements = session.exec(
            select(m.Placement)
            .join(m.Offer, m.Offer.id == m.Placement.offer_id)  # type: ignore[arg-type]  # SQLModel types a comparison of columns as bool
            .where(m.Offer.mode != m.Mode.VIRTUAL)
        ).all()
        session.add(
            m.TravelReport(
                placement_id=placements[0].id,
                out_mode="coach",
                back_mode="coach",
                journey={"legs": [], "interval_g": [1, 3_000_000]},
                total_g=1_234_000,
                factor_set_digest="0" * 64,
                method_digest="0" * 64,
                reported_at=placements[0].published_at,
            )
        )
        count = len(placements)
    page = carol.get(EMISSIONS).text
    assert f"1 of {count} who may have travelled have told how" in page
    assert "1,234 kg" in page
    told = links(carol, f"{ROUND}/placements", "/placements/s-")
    assert sum("As she travelled" in carol.get(x).text for x in told) == 1


def test_the_office_is_told_nothing_of_a_cohort_of_three(carol: Audited) -> None:
    with unit(carol.engine) as session:
        account = m.Account(
            person_id=carol.world.people["Dana"],
            state=m.AccountState.ACTIVE,
            created_at=now(),
        )
        session.add(account)
        run = session.exec(select(m.Run.id)).one()
    dana = replace(carol, client=carol.app.test_client())
    signed_in = dana.send("/demo/sign-in", email="dana@example.org")
    assert signed_in.status_code == 303
    address = f"/network/rounds/{KEY}/runs"
    assert f'href="{address}/{run}/emissions"' in dana.get(f"{address}/{run}").text
    page = dana.get(f"{address}/{run}/emissions")
    assert page.status_code == 200
    assert "Withheld." in page.text
    assert "mean journey" not in page.text
    assert dana.get(f"{address}/{run + 1}/emissions").status_code == 404
