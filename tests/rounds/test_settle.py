"""After publication: answers, balances, and what the next round carries."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import DONE as SOLVED
from builders import add, add_round, add_run, add_snapshot
from round_world import DEADLINE, HELD, KEY, LATER, Office, solve
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from mobility import models as m
from mobility.db import reading, unit
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import AnswerKind, DeclineReason
from mobility.rounds.answer_deadline import set_answers_until
from mobility.rounds.answers import answer
from mobility.rounds.balance import read_partnerships, settle
from mobility.rounds.publish import publish
from mobility.rounds.rows import read_round

UNTIL = datetime(2026, 11, 30, 20, 59, tzinfo=UTC)
"""What publication at LATER makes of it: the end of the fourteenth day in Nairobi."""

AFTER = UNTIL + timedelta(days=1)


@pytest.fixture
def published(frozen: Office) -> Office:
    with unit(frozen.engine) as session:
        run = solve(session, frozen.world)
        daria = frozen.world.who(session, "Daria")
        publish(session, KEY, run.id, by=daria, at=LATER)
    return frozen


def answer_as(
    office: Office,
    name: str,
    kind: AnswerKind,
    reason: DeclineReason | None = None,
    at: datetime = LATER,
) -> m.Answer:
    with unit(office.engine) as session:
        who = office.world.who(session, name)
        return answer(session, KEY, kind, reason, by=who, at=at)


def settle_in(office: Office, at: datetime = AFTER) -> None:
    with unit(office.engine) as session:
        settle(session, KEY, by=office.world.who(session, "Dana"), at=at)


def accept_all(office: Office) -> None:
    for name in HELD:
        answer_as(office, name, AnswerKind.ACCEPT)


def extend_to(office: Office, time: str) -> None:
    with unit(office.engine) as session:
        by = office.world.who(session, "Dana")
        set_answers_until(session, KEY, time, by=by, at=LATER)


def payload_of(session: Session, action: str) -> dict[str, Any]:
    query = (
        select(m.AuditPayload.payload)
        .join(m.AuditEntry, col(m.AuditEntry.seq) == m.AuditPayload.seq)
        .where(m.AuditEntry.action == action)
    )
    payload: dict[str, Any] = json.loads(session.exec(query).one())
    return payload


def balances(session: Session) -> dict[tuple[str, str], tuple[int, int]]:
    names = dict(session.exec(select(m.Institution.id, m.Institution.hei_id)).all())
    query = select(m.Partnership, m.PartnershipBalance).join(m.PartnershipBalance)
    return {
        (names[pair.north_id], names[pair.south_id]): (row.out_count, row.in_count)
        for pair, row in session.exec(query)
    }


def test_settling_counts_placements_between_the_blocks(published: Office) -> None:
    accept_all(published)
    settle_in(published, LATER)
    with reading(published.engine) as session:
        assert balances(session) == {
            ("uu.se", "uonbi.ac.ke"): (1, 1),
            ("univ-lyon1.fr", "uonbi.ac.ke"): (0, 1),
        }


def test_a_place_that_nobody_answered_has_expired(published: Office) -> None:
    answer_as(published, "Alice", AnswerKind.ACCEPT)
    settle_in(published)
    with reading(published.engine) as session:
        assert balances(session) == {("univ-lyon1.fr", "uonbi.ac.ke"): (0, 1)}
        assert payload_of(session, "round:settle")["expired"] == 2


def test_without_a_last_moment_an_unanswered_place_counts(published: Office) -> None:
    with unit(published.engine) as session:
        read_round(session, KEY).answers_until = None
    settle_in(published)
    with reading(published.engine) as session:
        assert balances(session)["uu.se", "uonbi.ac.ke"] == (1, 1)
        assert payload_of(session, "round:settle")["expired"] == 0


def test_nobody_settles_a_round_while_students_may_answer(published: Office) -> None:
    answer_as(published, "Alice", AnswerKind.ACCEPT)
    with pytest.raises(Conflict, match="2 students may answer until 2026-11-30 23:59"):
        settle_in(published, UNTIL - timedelta(seconds=1))
    settle_in(published, UNTIL)


def test_an_answer_counts_until_the_last_moment(published: Office) -> None:
    just_before = UNTIL - timedelta(seconds=1)
    answer_as(published, "Alice", AnswerKind.ACCEPT, at=just_before)
    with pytest.raises(Conflict, match=r"until 2026-11-30 23:59 .* any more"):
        answer_as(published, "Bengt", AnswerKind.ACCEPT, at=UNTIL)


def test_a_last_moment_that_the_clocks_skip_is_refused(published: Office) -> None:
    with unit(published.engine) as session:
        read_round(session, KEY).deadline_zone = "Europe/Stockholm"
    for time, rule in (
        ("2027-03-28 02:30", "the clocks skip it"),
        ("2027-10-31 02:30", "happens twice"),
        ("2026-11-16 01:00", "has passed already"),
    ):
        with pytest.raises(InvalidInput, match=rule):
            extend_to(published, time)
    extend_to(published, "2027-03-28 03:30")
    with reading(published.engine) as session:
        until = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
        assert read_round(session, KEY).answers_until == until
        told = select(m.Notice).where(m.Notice.kind == "round:answers_until")
        assert len(session.exec(told).all()) == len(HELD)


def test_a_round_without_placements_has_no_last_moment(frozen: Office) -> None:
    with pytest.raises(Conflict, match="is frozen: no answer is taken"):
        extend_to(frozen, "2027-03-01 12:00")
    values = {"published_at": LATER, "answers_until": UNTIL}
    with pytest.raises(IntegrityError), unit(frozen.engine) as session:
        session.execute(update(m.Round).values(**values))


def test_a_last_moment_before_the_publication_is_no_row(published: Office) -> None:
    with pytest.raises(IntegrityError), unit(published.engine) as session:
        read_round(session, KEY).answers_until = LATER


def test_declined_places_do_not_count_and_known_inbound_does(
    published: Office,
) -> None:
    answer_as(published, "Bengt", AnswerKind.DECLINE, DeclineReason.VISA)
    answer_as(published, "Alice", AnswerKind.WAIT)
    answer_as(published, "Achieng", AnswerKind.ACCEPT)
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
