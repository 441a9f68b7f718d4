"""Only a verified run of the declared policy is published, and everybody is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from round_world import (
    HELD,
    KEY,
    LATER,
    Office,
    solve,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from mobility import models as m
from mobility.audit.record import find_breaks
from mobility.db import reading, unit
from mobility.errors import Conflict, Forbidden, Refused
from mobility.models import RoundState as R
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import unfreeze
from mobility.rounds.publish import USUAL, Terms, publish
from mobility.rounds.rows import read_round
from mobility.rounds.runs import cancel_run, queue_run


def solve_in(office: Office, policy: str = "") -> int:
    with unit(office.engine) as session:
        return solve(session, office.world, policy).id


def publish_in(
    office: Office, run: int, name: str = "Daria", terms: Terms = USUAL
) -> None:
    with unit(office.engine) as session:
        by = office.world.who(session, name)
        publish(session, KEY, run, by=by, at=LATER, terms=terms)


def placed(session: Session) -> dict[str, m.Placement]:
    query = (
        select(m.Person.name, m.Placement)
        .join(m.Student, col(m.Student.person_id) == m.Person.id)
        .join(m.Placement, col(m.Placement.student_id) == m.Student.id)
    )
    return dict(session.exec(query).all())


def test_everybody_gets_her_place_with_its_reason(frozen: Office) -> None:
    publish_in(frozen, solve_in(frozen))
    with reading(frozen.engine) as session:
        places = placed(session)
        assert {*places} == {*HELD}
        alice = places["Alice"]
        assert (alice.rank, alice.held_in) == (
            2,
            {"wishes": "uu-spring", "balance": "uu-spring", "carbon": "lyon-spring"},
        )
        assert alice.emissions_g > 1_000_000
        assert "moved you one step, from your first choice" in alice.reason
        assert alice.reason.endswith("Carbon never decides whether you get a place.")
        assert "wishes" not in places["Bengt"].held_in
        a_round = session.exec(select(m.Round)).one()
        assert (a_round.state, a_round.published_verdict) == (R.PUBLISHED, "verified")
        assert find_breaks(session) == []


def test_students_without_a_place_are_told_too(frozen: Office) -> None:
    with unit(frozen.engine) as session:
        run = solve(session, frozen.world, names=["Alice"]).id
    publish_in(frozen, run)
    with reading(frozen.engine) as session:
        assert {*placed(session)} == {"Alice"}
        query = select(m.Person.name, m.Notice).join(m.Notice)
        told: dict[str, Any] = {
            name: notice.payload for name, notice in session.exec(query)
        }
    assert {*told} == {*HELD}
    assert told["Bengt"]["offer"] is None
    assert told["Bengt"]["reason"].startswith("You have no place in this round")


def refusal_of(office: Office, run: int) -> str:
    with pytest.raises(Conflict) as refusal:
        publish_in(office, run)
    with reading(office.engine) as session:
        assert session.exec(select(m.Round.state)).one() == R.FROZEN
        assert session.exec(select(m.Placement)).all() == []
    return "\n".join(refusal.value.problems)


def test_a_run_that_is_not_verified_is_not_published(frozen: Office) -> None:
    with unit(frozen.engine) as session:
        dana = frozen.world.who(session, "Dana")
        waiting = queue_run(session, KEY, by=dana, at=LATER).id
    assert "is queued and not judged yet; it must be verified" in refusal_of(
        frozen, waiting
    )
    with unit(frozen.engine) as session:
        cancel_run(session, waiting, by=frozen.world.who(session, "Dana"), at=LATER)
        run = solve(session, frozen.world)
        run.verdict, run.verdict_text = m.Verdict.REFUSED, "a bound does not hold"
    assert "refused: a bound does not hold" in refusal_of(frozen, run.id)


def test_another_policy_s_run_is_a_scenario_and_not_published(frozen: Office) -> None:
    text = refusal_of(frozen, solve_in(frozen, "students-first"))
    assert "is of another policy than the declared balanced" in text
    assert "is a scenario; scenarios are never published" in text
    text = refusal_of(frozen, solve_in(frozen, "balanced"))
    assert "another policy" not in text
    assert "is a scenario" in text


def test_a_run_of_an_earlier_freeze_is_not_published(frozen: Office) -> None:
    run = solve_in(frozen)
    with unit(frozen.engine) as session:
        dana = frozen.world.who(session, "Dana")
        unfreeze(session, KEY, "a wrong capacity", by=dana, at=LATER)
        freeze(session, KEY, by=dana, at=LATER)
    assert "is of an earlier freeze" in refusal_of(frozen, run)


def test_a_run_that_does_not_exist_is_not_published(frozen: Office) -> None:
    assert refusal_of(frozen, 4711) == f"round {KEY} has no run 4711"


def test_a_result_that_is_not_the_verified_one_is_not_published(
    frozen: Office,
) -> None:
    run = solve_in(frozen)
    with unit(frozen.engine) as session:
        session.exec(
            update(m.Run).where(col(m.Run.id) == run).values(result_digest="0" * 64)
        )
    assert "is not the verified one" in refusal_of(frozen, run)


def test_an_instance_that_is_not_the_frozen_one_is_not_published(
    frozen: Office,
) -> None:
    run = solve_in(frozen)
    with unit(frozen.engine) as session:
        session.exec(
            update(m.Run).where(col(m.Run.id) == run).values(instance_digest="0" * 64)
        )
    assert "did not solve the frozen instance" in refusal_of(frozen, run)


@pytest.mark.parametrize(
    ("flaw", "rule"),
    [
        ("refused verdict", "(?i)foreign key"),
        ("other policy", "(?i)foreign key"),
        ("no verdict", "published_has_verdict"),
    ],
)
def test_the_database_itself_refuses_such_a_publication(
    frozen: Office, flaw: str, rule: str
) -> None:
    run = solve_in(frozen, "students-first" if flaw == "other policy" else "")
    if flaw == "refused verdict":
        with unit(frozen.engine) as session:
            session.get_one(m.Run, run).verdict = m.Verdict.REFUSED
    values = {"state": "published", "published_run_id": run}
    if flaw != "no verdict":
        values["published_verdict"] = "verified"
    with pytest.raises(IntegrityError, match=rule), unit(frozen.engine) as session:
        session.execute(update(m.Round).values(**values))


def test_only_the_network_coordinator_publishes(frozen: Office) -> None:
    run = solve_in(frozen)
    with pytest.raises(Forbidden, match="Bob may not do round:publish"):
        publish_in(frozen, run, "Bob")


def test_a_round_is_published_once(frozen: Office) -> None:
    run = solve_in(frozen)
    publish_in(frozen, run)
    with pytest.raises(Conflict, match="is published; it can become settled"):
        publish_in(frozen, run)


def test_two_who_publish_at_once_publish_once(frozen: Office) -> None:
    run = solve_in(frozen)
    both = Barrier(2)

    def attempt(_number: int) -> bool:
        both.wait()
        try:
            publish_in(frozen, run)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]
    with reading(frozen.engine) as session:
        assert len(session.exec(select(m.Notice)).all()) == len(HELD)


def test_who_set_the_policy_does_not_publish_it(frozen: Office) -> None:
    run = solve_in(frozen)
    with pytest.raises(Conflict, match="Dana is the last to have set the policy of"):
        publish_in(frozen, run, "Dana")
    with unit(frozen.engine) as session:
        assert read_round(session, KEY).state == R.FROZEN
    publish_in(frozen, run, "Daria")


def test_what_weakens_a_publication_is_in_the_log(frozen: Office) -> None:
    publish_in(frozen, solve_in(frozen), "Dana", Terms(needs_second=False))
    with reading(frozen.engine) as session:
        query = (
            select(m.AuditPayload.payload)
            .join(m.AuditEntry, col(m.AuditEntry.seq) == m.AuditPayload.seq)
            .where(m.AuditEntry.action == "round:publish")
        )
        payload = session.exec(query).one()
    assert "nobody committed to a secret: the lottery's seed is zeros" in payload
    assert "the publisher is also the last to have changed the policy" in payload


def test_one_run_of_the_declared_policy_waits_at_a_time(frozen: Office) -> None:
    with unit(frozen.engine) as session:
        dana = frozen.world.who(session, "Dana")
        first = queue_run(session, KEY, by=dana, at=LATER)
        with pytest.raises(Conflict, match=f"run {first.id} of round"):
            queue_run(session, KEY, by=dana, at=LATER)
        scenario = queue_run(session, KEY, policy="plain-sum", by=dana, at=LATER)
        assert scenario.is_scenario
        assert cancel_run(session, first.id, by=dana, at=LATER).finished_at == LATER
        with pytest.raises(Conflict, match="there is nothing to cancel"):
            cancel_run(session, first.id, by=dana, at=LATER)


def test_a_mechanism_is_a_scenario_of_the_declared_policy(frozen: Office) -> None:
    with unit(frozen.engine) as session:
        dana = frozen.world.who(session, "Dana")
        run = queue_run(
            session, KEY, mechanism="serial_dictatorship", by=dana, at=LATER
        )
        declared = queue_run(session, KEY, by=dana, at=LATER)
        assert (run.is_scenario, declared.is_scenario) == (True, False)
        assert run.policy_id == declared.policy_id
        with pytest.raises(Refused, match="no mechanism 'fairest'; there are optimise"):
            queue_run(session, KEY, mechanism="fairest", by=dana, at=LATER)


def test_a_round_that_is_not_frozen_has_nothing_to_solve(opened: Office) -> None:
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        with pytest.raises(Conflict, match="it has no snapshot to solve"):
            queue_run(session, KEY, by=dana, at=LATER)
