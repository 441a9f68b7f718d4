"""After publication: answers, balances, and what the next round carries."""

from datetime import timedelta

import pytest
from builders import DONE as SOLVED
from builders import add, add_round, add_run, add_snapshot
from round_world import DEADLINE, KEY, LATER, Office, solve
from sqlmodel import Session, select

from mobility import models as m
from mobility.db import reading, unit
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import AnswerKind, DeclineReason
from mobility.rounds.answers import answer
from mobility.rounds.balance import read_partnerships, settle
from mobility.rounds.publish import publish
from mobility.rounds.rows import read_round


@pytest.fixture
def published(frozen: Office) -> Office:
    with unit(frozen.engine) as session:
        run = solve(session, frozen.world)
        dana = frozen.world.who(session, "Dana")
        publish(session, KEY, run.id, by=dana, at=LATER)
    return frozen


def answer_as(
    office: Office, name: str, kind: AnswerKind, reason: DeclineReason | None = None
) -> m.Answer:
    with unit(office.engine) as session:
        who = office.world.who(session, name)
        return answer(session, KEY, kind, reason, by=who, at=LATER)


def settle_in(office: Office) -> None:
    with unit(office.engine) as session:
        settle(session, KEY, by=office.world.who(session, "Dana"), at=LATER)


def balances(session: Session) -> dict[tuple[str, str], tuple[int, int]]:
    names = dict(session.exec(select(m.Institution.id, m.Institution.hei_id)).all())
    query = select(m.Partnership, m.PartnershipBalance).join(m.PartnershipBalance)
    return {
        (names[pair.north_id], names[pair.south_id]): (row.out_count, row.in_count)
        for pair, row in session.exec(query)
    }


def test_settling_counts_placements_between_the_blocks(published: Office) -> None:
    settle_in(published)
    with reading(published.engine) as session:
        assert balances(session) == {
            ("uu.se", "uonbi.ac.ke"): (1, 1),
            ("univ-lyon1.fr", "uonbi.ac.ke"): (0, 1),
        }


def test_declined_places_do_not_count_and_known_inbound_does(
    published: Office,
) -> None:
    answer_as(published, "Bengt", AnswerKind.DECLINE, DeclineReason.VISA)
    answer_as(published, "Alice", AnswerKind.WAIT)
    with unit(published.engine) as session:
        a_round = read_round(session, KEY)
        heis = published.world.institutions
        pair = m.Partnership(north_id=heis["uu.se"], south_id=heis["uonbi.ac.ke"])
        number = m.InboundNumber(
            partnership_id=add(session, pair),
            round_id=a_round.id,
            count=4,
            confirmed_by="p-1",
            confirmed_at=LATER,
        )
        session.add(number)
    settle_in(published)
    with reading(published.engine) as session:
        assert balances(session)["uu.se", "uonbi.ac.ke"] == (0, 5)


def test_a_dry_run_leaves_no_balance(published: Office) -> None:
    with unit(published.engine) as session:
        read_round(session, KEY).is_dry_run = True
    settle_in(published)
    with reading(published.engine) as session:
        assert session.exec(select(m.PartnershipBalance)).all() == []


def add_settled(
    session: Session, office: Office, years_ago: int, **changed: object
) -> int:
    """Add a settled round of an earlier year, published in all details."""
    round_id = add_round(
        session,
        f"spring-{years_ago}",
        deadline_at=DEADLINE - timedelta(days=365 * years_ago),
        **changed,
    )
    snapshot = add_snapshot(session, round_id, digest=f"{years_ago:064x}")
    run = add_run(session, round_id, snapshot, **SOLVED)
    row = session.get_one(m.Round, round_id)
    row.state, row.snapshot_id = m.RoundState.SETTLED, snapshot
    row.factor_set_digest = "0" * 64
    row.published_run_id, row.published_verdict = run, "verified"
    session.flush()
    return round_id


def test_the_last_settled_rounds_are_carried_and_no_others(draft: Office) -> None:
    with unit(draft.engine) as session:
        heis = draft.world.institutions
        ends = {"north_id": heis["uu.se"], "south_id": heis["uonbi.ac.ke"]}
        pair = add(session, m.Partnership(**ends, tolerance=2))
        flows = {1: (5, 1), 2: (3, 3), 3: (0, 2), 4: (100, 0)}
        for years_ago, (out, back) in flows.items():
            number = add_settled(session, draft, years_ago)
            counts = {"out_count": out, "in_count": back}
            row = {"partnership_id": pair, "round_id": number, **counts}
            session.add(m.PartnershipBalance(**row))
        dry = add_settled(session, draft, 0, is_dry_run=True)
        row = {"partnership_id": pair, "round_id": dry, "out_count": 50, "in_count": 0}
        session.add(m.PartnershipBalance(**row))
        a_round = read_round(session, KEY)
        found = read_partnerships(session, a_round)
        a_round.balance_years = 1
        shorter = read_partnerships(session, a_round)
        a_round.balance_years = 0
        none = read_partnerships(session, a_round)
    assert [(p.north, p.south, p.carried, p.tolerance) for p in found] == [
        ("uu.se", "uonbi.ac.ke", 2, 2)
    ]
    assert [p.carried for p in (*shorter, *none)] == [4, 0]


def test_the_same_answer_twice_is_one_answer(published: Office) -> None:
    first = answer_as(published, "Alice", AnswerKind.ACCEPT)
    assert answer_as(published, "Alice", AnswerKind.ACCEPT).id == first.id
    assert answer_as(published, "Alice", AnswerKind.WAIT).kind == AnswerKind.WAIT
    with reading(published.engine) as session:
        assert len(session.exec(select(m.Answer)).all()) == 1


def test_a_declined_place_is_not_taken_back(published: Office) -> None:
    answer_as(published, "Alice", AnswerKind.DECLINE, DeclineReason.FAMILY)
    with pytest.raises(Conflict, match="has been given back"):
        answer_as(published, "Alice", AnswerKind.ACCEPT)


def test_declining_needs_a_reason_and_accepting_has_none(published: Office) -> None:
    with pytest.raises(InvalidInput, match="declining needs a reason"):
        answer_as(published, "Alice", AnswerKind.DECLINE)
    with pytest.raises(InvalidInput, match="declining needs a reason"):
        answer_as(published, "Alice", AnswerKind.ACCEPT, DeclineReason.VISA)


def test_who_has_no_place_has_nothing_to_answer(published: Office) -> None:
    with pytest.raises(NotFound, match="Bob has no place"):
        answer_as(published, "Bob", AnswerKind.ACCEPT)


def test_answers_end_when_the_round_is_settled(published: Office) -> None:
    settle_in(published)
    with pytest.raises(Conflict, match="is settled: no answer is taken"):
        answer_as(published, "Alice", AnswerKind.ACCEPT)
