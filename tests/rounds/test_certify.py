"""Rankings: what is taken, what is refused, and that a receipt is kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from round_world import DEADLINE, KEY, LATER, NOW, WISHES, Office, close_and_freeze
from sqlmodel import Session, col, func, select

from mobility import models as m
from mobility.db import reading, transact, unit
from mobility.errors import Conflict, Forbidden, InvalidInput, NotFound
from mobility.rounds.certify import Receipt, certify, save_draft
from mobility.rounds.decisions import Decision, decide
from mobility.rounds.desk import StaleDraft
from mobility.rounds.lifecycle import move
from mobility.rounds.rankings import MOST_ENTRIES, Ranking, to_ranking
from mobility.rounds.receipts import to_receipt

UU, LYON, ONLINE = WISHES["Alice"]


def certify_as(
    office: Office, name: str, ranking: Ranking, version: int, key: str = KEY
) -> Receipt:
    with unit(office.engine) as session:
        who = office.world.who(session, name)
        return certify(session, key, ranking, version=version, by=who, at=NOW)


def current_lists(session: Session, name_id: int) -> list[tuple[int, str, int]]:
    query = (
        select(m.Certification.number, m.Offer.key, m.CertifiedPreference.rank)
        .join(
            m.CertifiedPreference,
            col(m.CertifiedPreference.certification_id) == m.Certification.id,
        )
        .join(m.Offer, col(m.Offer.id) == m.CertifiedPreference.offer_id)
        .join(m.Application, col(m.Application.id) == m.Certification.application_id)
        .join(m.Student, col(m.Student.id) == m.Application.student_id)
        .where(m.Student.person_id == name_id)
        .where(col(m.Certification.is_current))
        .order_by(col(m.CertifiedPreference.rank))
    )
    return list(session.exec(query))


def test_a_receipt_can_be_recomputed_by_its_owner(opened: Office) -> None:
    made = certify_as(opened, "Alice", to_ranking([LYON, UU]), version=2)
    assert made.number == 2
    assert made.receipt == to_receipt(KEY, 2, [(LYON, 1), (UU, 2)], made.salt)
    assert made.receipt != opened.receipts["Alice"]


def test_only_the_last_certified_list_counts(opened: Office) -> None:
    certify_as(opened, "Alice", to_ranking([LYON]), version=2)
    with reading(opened.engine) as session:
        assert current_lists(session, opened.world.people["Alice"]) == [(2, LYON, 1)]


def test_a_forbidden_offer_is_not_certified(opened: Office) -> None:
    with unit(opened.engine) as session:
        bob = opened.world.who(session, "Bob")
        decision = Decision("forbid", "alice@example.org", LYON, "no visa")
        decide(session, KEY, decision, by=bob, at=NOW)
    with pytest.raises(InvalidInput) as refusal:
        certify_as(opened, "Alice", to_ranking([LYON, UU]), version=2)
    assert refusal.value.problems == (
        f"the home university has decided that offer {LYON} is not for this student",
    )
    assert certify_as(opened, "Alice", to_ranking([UU]), version=2).number == 2


def test_the_same_list_certified_again_gives_the_same_receipt(opened: Office) -> None:
    for version in (1, 2, 99):
        again = certify_as(opened, "Alice", to_ranking([UU, LYON, ONLINE]), version)
        assert (again.number, again.receipt) == (1, opened.receipts["Alice"])
    with reading(opened.engine) as session:
        made = session.exec(select(func.count()).select_from(m.Certification)).one()
        assert made == 3
        certified = m.AuditEntry.action == "ranking:certify"
        logged = select(func.count()).select_from(m.AuditEntry).where(certified)
        assert session.exec(logged).one() == 3


def test_a_stale_list_is_refused_with_both_lists(opened: Office) -> None:
    with pytest.raises(StaleDraft) as refusal:
        certify_as(opened, "Alice", to_ranking([LYON, UU]), version=1)
    assert refusal.value.stored == [(UU, 1), (LYON, 2), (ONLINE, 3)]
    assert refusal.value.given == [(LYON, 1), (UU, 2)]
    assert refusal.value.version == 2
    assert "1. lyon-spring, 2. uu-spring" in refusal.value.problems[2]


def test_a_draft_may_have_gaps_and_counts_for_nothing(opened: Office) -> None:
    with unit(opened.engine) as session:
        alice = opened.world.who(session, "Alice")
        ranking = [(UU, 1), (LYON, 5)]
        assert save_draft(session, KEY, ranking, version=2, by=alice, at=NOW) == 3
        assert save_draft(session, KEY, ranking, version=2, by=alice, at=NOW) == 3
    with reading(opened.engine) as session:
        counting = current_lists(session, opened.world.people["Alice"])
        assert [offer for _, offer, _ in counting] == [UU, LYON, ONLINE]


@pytest.mark.parametrize(
    ("ranking", "sentences"),
    [
        ([], ["the ranking is empty"]),
        ([(UU, 1), (UU, 2)], ["offer 'uu-spring' is ranked 2 times"]),
        ([(UU, 1), (LYON, 1)], ["rank 1 is given 2 times"]),
        ([(UU, 1), (LYON, 3)], ["leaves out rank 2"]),
        ([(UU, 0)], ["has rank 0, must be a whole number from 1"]),
        ([(UU, True)], ["has rank True, must be a whole number from 1"]),
        (
            [("oz", 1), ("nairobi-spring", 2)],
            [
                "there is no offer 'oz' in this round",
                "belongs to an agreement of uu.se",
                "is at the student's own university",
            ],
        ),
        ([(UU, 1)] * (MOST_ENTRIES + 1), ["has 201 entries, at most 200"]),
    ],
)
def test_a_list_that_breaks_rules_is_refused_with_every_problem(
    opened: Office, ranking: Ranking, sentences: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        certify_as(opened, "Alice", ranking, version=2)
    text = "\n".join(refusal.value.problems)
    assert all(sentence in text for sentence in sentences), text
    with reading(opened.engine) as session:
        assert len(current_lists(session, opened.world.people["Alice"])) == 3


def test_a_draft_does_not_take_what_is_unknown_or_double(opened: Office) -> None:
    with unit(opened.engine) as session:
        alice = opened.world.who(session, "Alice")
        for ranking in ([("oz", 1)], [(UU, 1), (UU, 2)], [(UU, 2), (LYON, 2)]):
            with pytest.raises(InvalidInput):
                save_draft(session, KEY, ranking, version=2, by=alice, at=NOW)


def test_certifying_ends_at_the_deadline_to_the_microsecond(opened: Office) -> None:
    ranking = to_ranking([LYON])
    with unit(opened.engine) as session:
        alice = opened.world.who(session, "Alice")
        last = DEADLINE - DEADLINE.resolution
        certify(session, KEY, ranking, version=2, by=alice, at=last)
        with pytest.raises(Conflict, match="has passed; the draft is kept"):
            certify(session, KEY, ranking, version=3, by=alice, at=DEADLINE)


def test_only_an_open_round_takes_rankings(draft: Office) -> None:
    with pytest.raises(Conflict, match="is draft: no ranking is taken"):
        certify_as(draft, "Alice", to_ranking([UU]), version=1)
    with pytest.raises(NotFound, match="there is no round 'narnia'"):
        certify_as(draft, "Alice", to_ranking([UU]), version=1, key="narnia")


def test_nothing_is_certified_after_the_freeze(opened: Office) -> None:
    with unit(opened.engine) as session:
        close_and_freeze(session, opened.world)
    with pytest.raises(Conflict, match="is frozen: no ranking is taken"):
        certify_as(opened, "Alice", to_ranking([UU, LYON, ONLINE]), version=2)


def test_the_office_ranks_for_nobody(opened: Office) -> None:
    with pytest.raises(Forbidden, match="Dana is no student"):
        certify_as(opened, "Dana", to_ranking([UU]), version=1)


def test_a_withdrawn_application_takes_no_ranking(opened: Office) -> None:
    with unit(opened.engine) as session:
        for row in session.exec(select(m.Application)):
            row.withdrawn_at = NOW
    with pytest.raises(Conflict, match="was withdrawn"):
        certify_as(opened, "Alice", to_ranking([UU]), version=2)


def test_two_tabs_at_once_leave_one_list_and_tell_the_other(draft: Office) -> None:
    with unit(draft.engine) as session:
        dana = draft.world.who(session, "Dana")
        move(session, KEY, m.RoundState.OPEN, by=dana, at=NOW)
    both = Barrier(2)

    def tab(offers: list[str]) -> str:
        def work(session: Session) -> str:
            alice = draft.world.who(session, "Alice")
            ranking = to_ranking(offers)
            return certify(session, KEY, ranking, version=1, by=alice, at=NOW).receipt

        both.wait()
        try:
            return transact(draft.engine, work)
        except StaleDraft:
            return "told"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tab, ([UU, LYON], [LYON, UU])))
    assert answers.count("told") == 1
    with reading(draft.engine) as session:
        rows = session.exec(select(m.Certification)).all()
        assert [row.receipt for row in rows] == [a for a in answers if a != "told"]


def test_certifying_and_closing_at_once_lose_no_receipt(opened: Office) -> None:
    both = Barrier(2)

    def close() -> str:
        both.wait()
        with unit(opened.engine) as session:
            dana = opened.world.who(session, "Dana")
            move(session, KEY, m.RoundState.CLOSED, by=dana, at=LATER)
        return ""

    def hand_in() -> str:
        both.wait()
        try:
            return certify_as(opened, "Alice", to_ranking([LYON]), 2).receipt
        except Conflict:
            return opened.receipts["Alice"]

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(close), pool.submit(hand_in)]
        receipt = [future.result() for future in futures][1]
    with reading(opened.engine) as session:
        query = select(m.Certification).where(col(m.Certification.is_current))
        assert receipt in {row.receipt for row in session.exec(query)}
        state = session.exec(select(m.Round.state)).one()
        assert state == m.RoundState.CLOSED
