"""Making rounds: all problems at once, copies, offers from agreements, policies."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from round_world import KEY, LATER, NOW, OFFERS, Office
from sqlmodel import select

from mobility import models as m
from mobility.db import reading, unit
from mobility.errors import Conflict, Forbidden, InvalidFile, InvalidInput
from mobility.rounds.lifecycle import move
from mobility.rounds.offers import draw_offers
from mobility.rounds.policies import declare_policy
from mobility.rounds.rows import read_round
from mobility.rounds.setup import Copied, NewRound, copy_round, create_round
from solver.errors import InvalidPolicy

NEW = NewRound(
    key="2027-autumn",
    name="Autumn 2027",
    academic_year_id="2027/2028",
    deadline="2027-05-15 23:59",
    zone="Europe/Paris",
)
COPIED = Copied(
    key="2028-spring",
    name="Spring 2028",
    academic_year_id="2027/2028",
    deadline="2027-11-15 23:59",
    zone="Africa/Nairobi",
)


def create(office: Office, new: NewRound, name: str = "Dana") -> None:
    with unit(office.engine) as session:
        create_round(session, new, by=office.world.who(session, name), at=NOW)


def test_every_wrong_setting_is_named_at_once(draft: Office) -> None:
    wrong = NewRound(
        key="Herbst 2027",
        name=" ",
        academic_year_id="2027/2029",
        deadline="2027-03-28 02:30",
        zone="Europe/Paris",
        factor_set="atlantis",
        carbon_settings={"rail_cap_h": 1000},
        balance_years=-1,
    )
    with pytest.raises(InvalidInput) as refusal:
        create(draft, wrong)
    text = "\n".join(refusal.value.problems)
    for words in (
        "key 'Herbst 2027'",
        "name is empty",
        "academic year '2027/2029'",
        "balance years are -1",
        "atlantis",
        "does not exist: the clocks skip it",
    ):
        assert words in text
    with reading(draft.engine) as session:
        assert session.exec(select(m.Round.key)).all() == [KEY]


def test_a_deadline_in_the_past_and_a_taken_key_are_refused(draft: Office) -> None:
    with pytest.raises(InvalidInput, match="has passed already"):
        create(draft, replace(NEW, deadline="2026-09-01 12:00"))
    with pytest.raises(Conflict, match="there is a round '2027-spring' already"):
        create(draft, replace(NEW, key=KEY))
    with pytest.raises(Forbidden, match="Bob may not do round:create"):
        create(draft, NEW, "Bob")


def test_a_copy_has_the_offers_a_year_later_and_no_decision_on_people(
    draft: Office,
) -> None:
    with unit(draft.engine) as session:
        old = read_round(session, KEY)
        offer = session.exec(select(m.Offer).where(m.Offer.key == "uu-spring")).one()
        quota = m.Quota(round_id=old.id, key="q", kind=m.QuotaKind.HOST, capacity=1)
        session.add(quota)
        session.flush()
        session.add(m.QuotaOffer(quota_id=quota.id, offer_id=offer.id))
        dana = draft.world.who(session, "Dana")
        new = copy_round(session, KEY, COPIED, by=dana, at=NOW)
        query = select(m.Offer).where(m.Offer.round_id == new.id)
        copies = {offer.key: offer for offer in session.exec(query)}
        copied = select(m.Quota).where(m.Quota.round_id == new.id)
        kept = session.exec(copied).one()
        members = select(m.QuotaOffer).where(m.QuotaOffer.quota_id == kept.id)
        assert session.exec(members).one().offer_id == copies["uu-spring"].id
    assert {*copies} == {row[0] for row in OFFERS}
    assert copies["uu-spring"].starts_on == date(2027, 2, 1) + timedelta(days=364)
    assert (new.policy_id, new.state) == (old.policy_id, m.RoundState.DRAFT)


def test_offers_are_made_once_of_each_condition_in_force(draft: Office) -> None:
    create(draft, NEW)
    with unit(draft.engine) as session:
        ended = select(m.Agreement).where(m.Agreement.iia_id == "iia-uu-spring")
        session.exec(ended).one().state = m.AgreementState.TERMINATED
        dana = draft.world.who(session, "Dana")
        day = date(2027, 9, 6)
        assert draw_offers(session, NEW.key, day, by=dana, at=NOW) == 4
        assert draw_offers(session, NEW.key, day, by=dana, at=NOW) == 0
        made = read_round(session, NEW.key)
        query = select(m.Offer).where(m.Offer.round_id == made.id)
        offers = {offer.key: offer for offer in session.exec(query)}
    lyon = offers["univ-lyon1.fr:iia-lyon-spring:c1"]
    assert (lyon.capacity, lyon.ends_on) == (2, day + timedelta(days=56))


def declare(office: Office, source: str, reason: str = "") -> None:
    with unit(office.engine) as session:
        dana = office.world.who(session, "Dana")
        declare_policy(session, KEY, source, by=dana, at=NOW, reason=reason)


def test_a_draft_s_policy_changes_freely_and_an_open_round_s_with_a_reason(
    opened: Office,
) -> None:
    with pytest.raises(InvalidInput, match="another policy needs a reason"):
        declare(opened, "students-first")
    declare(opened, "students-first", "the senate decided so")
    with reading(opened.engine) as session:
        policy = session.get_one(m.Policy, read_round(session, KEY).policy_id)
        assert policy.name == "students-first"
        kinds = [notice.kind for notice in session.exec(select(m.Notice))]
        assert kinds == ["policy:declare"] * 3


def test_a_frozen_round_s_policy_stands(frozen: Office) -> None:
    with pytest.raises(Conflict, match="take the freeze back first"):
        declare(frozen, "students-first", "too late")


def test_a_policy_that_cannot_be_read_changes_nothing(draft: Office) -> None:
    with pytest.raises(InvalidFile, match="neither a file nor a preset"):
        declare(draft, "utopia")


def test_a_policy_file_is_read_and_its_broken_rules_are_named(
    draft: Office, tmp_path: Path
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'format = "mobility-policy/1"\nname = "ours"\n'
        '[[levels]]\nname = "placed"\nweights = { unplaced = -1, magic = 2 }\n',
        encoding="utf-8",
    )
    with pytest.raises(InvalidPolicy) as refusal:
        declare(draft, str(path))
    assert len(refusal.value.problems) >= 2


def test_a_round_does_not_open_after_its_deadline(draft: Office) -> None:
    with unit(draft.engine) as session:
        dana = draft.world.who(session, "Dana")
        with pytest.raises(Conflict, match="cannot be open: its deadline"):
            move(session, KEY, m.RoundState.OPEN, by=dana, at=LATER)
