"""The office before a freeze: what blocks it, offers, quotas, students, decisions."""

import re

import pytest
from builders import AT, add
from sqlalchemy import Engine, event
from sqlmodel import Session, select
from visitors import As, Visitor, errors_of

from mobility import models as m

ROUND = "/coordinator/rounds/2027-spring"
OFFER = f"{ROUND}/offers/1"
ALICE = f"{ROUND}/applications/1"
QUOTAS = f"{ROUND}/hosts/uonbi.ac.ke/quotas"
DAYS = {"starts_on": "2027-03-01", "ends_on": "2027-04-26"}


def seen_in(page: str) -> str:
    """Return the version that a page's form carries."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def set_state(engine: Engine, state: m.RoundState) -> None:
    with Session(engine) as session:
        query = select(m.Round).where(m.Round.key == "2027-spring")
        session.exec(query).one().state = state
        session.commit()


def certify(engine: Engine) -> None:
    with Session(engine) as session:
        application = m.Application(round_id=1, student_id=1)
        certification = m.Certification(
            application_id=add(session, application),
            number=1,
            certified_at=AT,
            receipt="a" * 64,
            salt="00",
        )
        number = add(session, certification)
        entry = {"certification_id": number, "offer_id": 1, "rank": 1}
        add(session, m.CertifiedPreference(**entry))
        session.commit()


def pin(guest: Visitor, **changed: str) -> int:
    fields = {"kind": "pin", "offer_key": "uu-1", "reason": "visa", **changed}
    return guest.post(f"{ALICE}/decide", **fields).status_code


def test_the_overview_names_what_blocks_the_freeze_and_where_it_is_mended(
    signed_in: As, web_engine: Engine
) -> None:
    bob = signed_in("bob")
    assert pin(bob) == 303
    with Session(web_engine) as session:
        row = session.get_one(m.Institution, 2)
        row.block = row.block_source = row.block_date = None
        session.commit()
    dana = signed_in("dana").get(ROUND).text
    assert "has no block with a source and a date" in dana
    assert 'href="/coordinator/institutions/uonbi.ac.ke"' in dana
    assert "Alice is pinned to uu-1, but has no certified ranking" in dana
    own = bob.get(ROUND).text
    assert f'href="{ALICE}"' in own
    assert "2 more problems concern other universities alone" in own
    assert "Alice" not in signed_in("frank").get(ROUND).text


def test_the_overview_asks_under_twenty_statements_also_with_pins(
    signed_in: As, web_engine: Engine, app: object
) -> None:
    bob = signed_in("bob")
    assert pin(bob) == 303
    certify(web_engine)
    bob.get(ROUND)
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    engine = app.extensions["mobility-engine"]  # type: ignore[attr-defined]  # Flask's
    event.listen(engine, "before_cursor_execute", note)
    assert bob.get(ROUND).status_code == 200
    assert len([each for each in asked if each.startswith("SELECT")]) < 20


def test_places_are_changed_once_and_days_stand_when_the_round_is_open(
    signed_in: As, web_engine: Engine
) -> None:
    bob = signed_in("bob")
    given = {"capacity": "5", **DAYS, "seen": seen_in(bob.get(OFFER).text)}
    assert [bob.post(OFFER, **given).status_code for _press in range(2)] == [303, 303]
    set_state(web_engine, m.RoundState.OPEN)
    seen = seen_in(bob.get(OFFER).text)
    other = given | {"ends_on": "2027-05-01", "seen": seen}
    answer = bob.post(OFFER, **other)
    assert answer.status_code == 409
    assert "the days of its offers stand" in answer.text
    assert 'value="2027-05-01"' in answer.text


def test_an_offer_of_a_stranger_and_one_that_is_not_there_are_alike(
    signed_in: As, web_engine: Engine
) -> None:
    with Session(web_engine) as session:
        lyon = m.Institution(
            hei_id="univ-lyon1.fr",
            name="Lyon",
            city="Lyon",
            country="FR",
            latitude_udeg=45_764_043,
            longitude_udeg=4_835_659,
        )
        number = add(session, lyon)
        condition = session.get_one(m.CooperationCondition, 1)
        condition.sending_id = number
        session.get_one(m.Offer, 1).receiving_id = number
        session.commit()
    bob = signed_in("bob")
    first, second = bob.get(OFFER), bob.get(f"{ROUND}/offers/999")
    assert (first.status_code, first.data) == (404, second.data)


@pytest.mark.parametrize("capacity", ["-1", "12.5", "", "unlimited", "1_000"])
def test_places_that_are_no_number_are_refused(signed_in: As, capacity: str) -> None:
    bob = signed_in("bob")
    seen = seen_in(bob.get(OFFER).text)
    answer = bob.post(OFFER, capacity=capacity, **DAYS, seen=seen)
    assert answer.status_code == 422
    assert errors_of(answer)


def test_an_offer_is_held_back_with_a_reason_and_given_out_again(
    signed_in: As, web_engine: Engine
) -> None:
    frank = signed_in("frank")
    assert frank.post(f"{OFFER}/suspend", reason=" ").status_code == 422
    assert frank.post(f"{OFFER}/suspend", reason="strike").status_code == 303
    assert frank.post(f"{OFFER}/suspend", reason="strike").status_code == 303
    assert "held back" in frank.get(f"{ROUND}/offers").text
    assert frank.post(f"{OFFER}/resume", reason="over").status_code == 303
    with Session(web_engine) as session:
        query = select(m.AuditEntry).where(m.AuditEntry.action == "offer:suspend")
        assert len(session.exec(query).all()) == 2


def test_offers_are_drawn_once_for_each_condition(
    signed_in: As, web_engine: Engine
) -> None:
    with Session(web_engine) as session:
        session.delete(session.get_one(m.Offer, 1))
        session.commit()
    bob = signed_in("bob")
    for _press in range(2):
        answer = bob.post(f"{ROUND}/offers/draw", starts_on="2027-03-01")
        assert answer.status_code == 303
    with Session(web_engine) as session:
        offer = session.exec(select(m.Offer)).one()
    assert (offer.capacity, (offer.ends_on - offer.starts_on).days) == (2, 56)


def test_the_host_keeps_a_quota_over_its_offers(
    signed_in: As, web_engine: Engine
) -> None:
    frank = signed_in("frank")
    given = {"kind": "ward", "capacity": "1", "offers": "uu-1"}
    for _press in range(2):
        assert frank.post(f"{QUOTAS}/new", key="ward", **given).status_code == 303
    answer = frank.post(f"{QUOTAS}/new", key="ward", **(given | {"capacity": "3"}))
    assert answer.status_code == 409
    seen = seen_in(frank.get(f"{QUOTAS}/ward").text)
    more = given | {"capacity": "2", "seen": seen}
    assert frank.post(f"{QUOTAS}/ward", **more).status_code == 303
    strange = frank.post(f"{QUOTAS}/new", key="x", **(given | {"offers": "other"}))
    assert "other is no offer of this host" in strange.text
    with Session(web_engine) as session:
        assert session.exec(select(m.Quota.capacity)).all() == [2]
    for _press in range(2):
        assert frank.post(f"{QUOTAS}/ward/drop").status_code == 303


def test_what_was_ranked_is_not_shown_before_the_freeze(
    signed_in: As, web_engine: Engine
) -> None:
    set_state(web_engine, m.RoundState.OPEN)
    certify(web_engine)
    bob = signed_in("bob")
    assert "certified" in bob.get(f"{ROUND}/applications").text
    page = bob.get(ALICE).text
    assert "certified" in page
    assert "Certified ranking" not in page


def test_bob_sees_why_a_student_may_not_have_an_offer(
    signed_in: As, web_engine: Engine
) -> None:
    with Session(web_engine) as session:
        session.get_one(m.CooperationCondition, 1).isced_f_codes = ["0912"]
        session.commit()
    page = signed_in("bob").get(ALICE).text
    assert "is for fields of study 0912; the student&#39;s field is not" in page


def test_a_pin_needs_a_reason_and_is_taken_back_with_one(
    signed_in: As, web_engine: Engine
) -> None:
    bob = signed_in("bob")
    assert pin(bob, reason="") == 422
    assert pin(bob, offer_key="another") == 422
    assert [pin(bob), pin(bob)] == [303, 303]
    assert pin(bob, reason="another reason") == 409
    lifted = {"kind": "pin", "offer_key": "uu-1", "reason": "she changed her mind"}
    for _press in range(2):
        assert bob.post(f"{ALICE}/lift", **lifted).status_code == 303
    with Session(web_engine) as session:
        assert session.exec(select(m.Pin)).all() == []


def test_a_student_is_invited_once_and_nobody_is_shown_the_link(
    signed_in: As, web_engine: Engine
) -> None:
    bob = signed_in("bob")
    for _press in range(2):
        answer = bob.post("/coordinator/students/1/invite")
        assert answer.status_code == 303
    with Session(web_engine) as session:
        assert len(session.exec(select(m.Notice)).all()) == 1
        assert session.exec(select(m.Invitation)).all() == []
    assert signed_in("frank").post("/coordinator/students/1/invite").status_code == 404
