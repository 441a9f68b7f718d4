"""The office keeps universities, agreements and conditions on pages."""

import re

from sqlalchemy import Engine
from sqlmodel import Session, select
from visitors import As, Visitor, errors_of

from mobility import models as m

UPPSALA = "/coordinator/institutions/uu.se"
CONDITION = {
    "sending": "uonbi.ac.ke",
    "receiving": "uu.se",
    "kind": "SMT",
    "mode": "physical",
    "mobilities_per_year": "3",
    "duration_days": "28",
    "isced_f_codes": "0912, 0913",
    "eqf_levels": "6 7",
    "languages": "en B2\nsv A1 recommended",
    "receiving_first_academic_year_id": "2026/2027",
    "receiving_last_academic_year_id": "2028/2029",
}


def fields_of(guest: Visitor, address: str) -> dict[str, str]:
    """Return what the form for a university holds as it is shown."""
    page = guest.get(address).text
    inputs = re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page)
    block = re.search(r'<option selected value="(north|south)?">', page)
    shown = {name: value for name, value in inputs if name != "csrf_token"}
    shown.pop("next", None)
    return shown | {"block": (block and block[1]) or ""}


def test_bob_changes_his_own_university(signed_in: As, web_engine: Engine) -> None:
    bob = signed_in("bob")
    fields = fields_of(bob, f"{UPPSALA}/change") | {"name": "Uppsala University"}
    assert bob.post(f"{UPPSALA}/change", **fields).status_code == 303
    assert "Uppsala University" in bob.get(UPPSALA).text
    with Session(web_engine) as session:
        entry = session.exec(
            select(m.AuditEntry).where(m.AuditEntry.subject == "institution:uu.se")
        ).one()
        row = session.exec(
            select(m.Institution).where(m.Institution.hei_id == "uu.se")
        ).one()
    assert entry.action == "institution:keep"
    assert (row.latitude_udeg, row.block) == (59_858_000, m.Block.NORTH)


def test_bob_changes_no_other_university(signed_in: As) -> None:
    address = "/coordinator/institutions/uonbi.ac.ke/change"
    assert signed_in("bob").get(address).status_code == 404
    assert signed_in("bob").post(address, name="Mine").status_code == 404


def test_a_second_press_changes_nothing_and_a_stale_tab_is_shown_both_versions(
    signed_in: As,
) -> None:
    bob, dana = signed_in("bob"), signed_in("dana")
    seen = fields_of(bob, f"{UPPSALA}/change")
    first = seen | {"name": "Uppsala University"}
    assert dana.post(f"{UPPSALA}/change", **first).status_code == 303
    assert dana.post(f"{UPPSALA}/change", **first).status_code == 303
    answer = bob.post(f"{UPPSALA}/change", **(seen | {"name": "Uppsala"}))
    assert answer.status_code == 409
    sentence = "name: kept now is Uppsala University, yours is Uppsala"
    assert sentence in answer.text
    assert 'value="Uppsala"' in answer.text


def test_a_block_without_its_source_is_refused_and_what_was_typed_is_kept(
    signed_in: As,
) -> None:
    bob = signed_in("bob")
    fields = fields_of(bob, f"{UPPSALA}/change")
    answer = bob.post(f"{UPPSALA}/change", **(fields | {"block_source": ""}))
    assert answer.status_code == 422
    assert errors_of(answer) == [
        "A block needs its source and its date, and they need a block."
    ]
    assert 'value="Uppsala"' in answer.text


NEW = {
    "hei_id": "example.edu",
    "name": "Example University",
    "city": "Springfield",
    "country": "US",
    "block": "",
    "exchange_tolerance": "0",
    "is_member": "y",
}


def test_an_ambiguous_city_is_chosen_from_proposals(
    signed_in: As, web_engine: Engine
) -> None:
    dana, address = signed_in("dana"), "/coordinator/institutions/new"
    answer = dana.post(address, **NEW)
    assert answer.status_code == 422
    assert "is ambiguous" in errors_of(answer)[0]
    places = re.findall(r'name="place"[^>]*value="([^"]+)"', answer.text)
    assert len(places) > 3
    assert dana.post(address, **NEW, place=places[0]).status_code == 303
    with Session(web_engine) as session:
        query = select(m.Institution).where(m.Institution.hei_id == "example.edu")
        row = session.exec(query).one()
    assert places[0].startswith(f"{row.latitude_udeg / 1e6:.5f}")


def test_an_unknown_field_is_refused(signed_in: As) -> None:
    answer = signed_in("dana").post(
        "/coordinator/institutions/new", **NEW, is_admin="1"
    )
    assert answer.status_code == 422
    assert "is_admin" in answer.text


def test_the_list_is_filtered_by_block(signed_in: As, web_engine: Engine) -> None:
    with Session(web_engine) as session:
        query = select(m.Institution).where(m.Institution.hei_id == "uonbi.ac.ke")
        session.exec(query).one().block = m.Block.SOUTH
        session.commit()
    page = signed_in("bob").get("/coordinator/institutions?block=south").text
    assert "uonbi.ac.ke" in page
    assert "uu.se" not in page


def test_only_the_southern_side_sets_a_tolerance(
    signed_in: As, web_engine: Engine
) -> None:
    with Session(web_engine) as session:
        query = select(m.Institution).where(m.Institution.hei_id == "uonbi.ac.ke")
        session.exec(query).one().block = m.Block.SOUTH
        session.commit()
    frank = signed_in("frank")
    south = "/coordinator/institutions/uonbi.ac.ke/partnerships/uu.se"
    seen = fields_of(frank, south)["seen"]
    terms = {"tolerance": "4", "asks": "1", "seen": seen}
    assert frank.post(south, **terms).status_code == 303
    assert frank.post(south, **terms).status_code == 303
    north = "/coordinator/institutions/uu.se/partnerships/uonbi.ac.ke"
    bob = signed_in("bob")
    refused = bob.get(north), bob.post(north, **terms)
    assert [answer.status_code for answer in refused] == [409, 409]
    assert "is set by the Southern partner" in refused[0].text
    assert bob.post(south, **terms).status_code == 404
    with Session(web_engine) as session:
        pair = session.exec(select(m.Partnership)).one()
    assert (pair.tolerance, pair.asks) == (4, 1)


def test_bob_adds_an_agreement_with_a_condition(
    signed_in: As, web_engine: Engine
) -> None:
    bob = signed_in("bob")
    given = {
        "iia_id": "iia-2",
        "institution_a": "uu.se",
        "institution_b": "uonbi.ac.ke",
        "state": "active",
    }
    answer = bob.post("/coordinator/agreements/new", **given)
    again = bob.post("/coordinator/agreements/new", **given)
    assert (answer.status_code, again.location) == (303, answer.location)
    address = f"{answer.location}/conditions/new"
    for _press in range(2):
        assert bob.post(address, key="in", **CONDITION).status_code == 303
    with Session(web_engine) as session:
        query = select(m.CooperationCondition).where(m.CooperationCondition.key == "in")
        row = session.exec(query).one()
    assert (row.isced_f_codes, row.eqf_levels) == (["0912", "0913"], [6, 7])
    assert [each["is_required"] for each in row.languages] == [True, False]
    assert "sv A1 (recommended)" in bob.get(answer.location).text


def test_every_wrong_field_of_a_condition_has_its_sentence(signed_in: As) -> None:
    wrong = CONDITION | {
        "mobilities_per_year": "-1",
        "duration_days": "12.5",
        "isced_f_codes": "medicine",
        "eqf_levels": "9",
        "languages": "English",
        "receiving_last_academic_year_id": "2026-2027",
    }
    answer = signed_in("bob").post(
        "/coordinator/agreements/1/conditions/new", key="in", **wrong
    )
    assert answer.status_code == 422
    assert len(errors_of(answer)) == 6
    assert "medicine" in answer.text


def test_an_agreement_is_changed_by_its_keeper_alone(signed_in: As) -> None:
    address = "/coordinator/agreements/1"
    assert signed_in("frank").get(address).status_code == 200
    assert signed_in("frank").post(f"{address}/state", state="draft").status_code == 404
    bob = signed_in("bob")
    seen = fields_of(bob, address)["seen"]
    answer = bob.post(f"{address}/state", state="terminated", seen=seen)
    assert answer.status_code == 303
    assert "ended" in bob.get(address).text
