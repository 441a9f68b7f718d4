"""A coordinator's pins and forbidden pairs: hers alone, with a reason, logged."""

import pytest
from round_world import KEY, NOW, Office, close_and_freeze, pseudonym
from sqlmodel import select

from mobility import models as m
from mobility.db import reading, unit
from mobility.errors import Conflict, Forbidden, InvalidInput, NotFound
from mobility.rounds.decisions import Decision, decide, lift
from mobility.rounds.freeze import snapshot_value

PIN = Decision("pin", "alice@example.org", "lyon-spring", "a promise of the dean")
FORBID = Decision("forbid", "achieng@example.org", "uu-spring", "no clearance")


def act(
    office: Office, decision: Decision, name: str = "Bob", *, lifts: bool = False
) -> None:
    with unit(office.engine) as session:
        who = office.world.who(session, name)
        (lift if lifts else decide)(session, KEY, decision, by=who, at=NOW)


def test_decisions_are_frozen_under_pseudonyms(opened: Office) -> None:
    act(opened, PIN)
    act(opened, FORBID)
    with unit(opened.engine) as session:
        value = snapshot_value(close_and_freeze(session, opened.world))
        alice = pseudonym(session, opened.world, "Alice")
        achieng = pseudonym(session, opened.world, "Achieng")
    assert value["pins"] == [[alice, "lyon-spring"]]
    assert value["forbidden"] == [[achieng, "uu-spring"]]


def test_a_decision_that_is_lifted_is_gone_and_stays_in_the_log(opened: Office) -> None:
    for decision in (PIN, FORBID):
        act(opened, decision)
        act(opened, decision, lifts=True)
        with pytest.raises(NotFound, match="has no such decision"):
            act(opened, decision, lifts=True)
    with reading(opened.engine) as session:
        assert session.exec(select(m.Pin)).all() == []
        assert session.exec(select(m.ForbiddenPair)).all() == []
        actions = [row.action for row in session.exec(select(m.AuditEntry))]
    assert actions[-4:] == [*["eligibility:pin"] * 2, *["eligibility:forbid"] * 2]


def test_one_pin_a_student_and_one_decision_a_pair(opened: Office) -> None:
    act(opened, PIN)
    act(opened, FORBID)
    other = Decision("pin", PIN.email, "uu-spring", "another promise")
    for decision in (PIN, other, FORBID):
        with pytest.raises(Conflict, match="has such a decision"):
            act(opened, decision)


@pytest.mark.parametrize(
    ("decision", "name", "refusal", "words"),
    [
        (Decision("pin", "bengt@example.org", "nairobi-spring", "x"), "Bob",
         Forbidden, "Bob may not do eligibility:pin"),
        (Decision("pin", "alice@example.org", "uu-spring", " "), "Bob",
         InvalidInput, "takes a reason"),
        (Decision("pin", "alice@example.org", "oz", "x"), "Bob",
         NotFound, "there is no offer 'oz'"),
        (Decision("pin", "dana@example.org", "uu-spring", "x"), "Dana",
         NotFound, "is no student"),
    ],
)  # fmt: skip
def test_what_may_not_be_decided_is_refused(
    opened: Office, decision: Decision, name: str, refusal: type[Exception], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        act(opened, decision, name)


def test_decisions_stand_from_the_freeze_on(frozen: Office) -> None:
    with pytest.raises(Conflict, match="its decisions stand"):
        act(frozen, PIN)
