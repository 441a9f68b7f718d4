"""Publishing: a verified run of the declared policy becomes placements and messages."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from mobility.errors import Conflict
from mobility.models import (
    Offer,
    Person,
    Placement,
    Policy,
    Pseudonym,
    Round,
    RoundState,
    Run,
    RunFile,
    RunFileKind,
    Snapshot,
    Student,
    Verdict,
)
from mobility.reading.network import is_policy_setter
from mobility.rounds.answer_deadline import read_until
from mobility.rounds.deadlines import to_text
from mobility.rounds.freeze import snapshot_value
from mobility.rounds.lifecycle import begin, finish
from mobility.rounds.lottery import commitments_of
from mobility.rounds.notices import notify
from mobility.rounds.outcome import Outcome, read_outcomes
from mobility.rounds.runs import instance_of
from mobility.rounds.weaknesses import find_weaknesses
from mobility.sentences import tell
from solver import fileio


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is published.

    Parameters
    ----------
    answers_until
        Local time in the round's zone; empty: `answer_deadline.ANSWER_DAYS` from now.
    needs_second
        The last to have set the policy may not be the one who publishes.
    """

    answers_until: str = ""
    needs_second: bool = True


USUAL = Terms()


def publish(
    session: Session,
    key: str,
    run_id: int,
    *,
    by: Person,
    at: datetime,
    terms: Terms = USUAL,
) -> list[Placement]:
    """Publish a run: every student gets her place, or is told that she has none.

    Raises
    ------
    Conflict
        When the round is not frozen, or with every reason why this run may not be
        published: not verified, of another round, snapshot, policy or seed, a scenario,
        by the person who set the policy.
    InvalidInput
        When the last moment for answers is none, or not in the future.
    """
    a_round, move = begin(
        session, key, RoundState.PUBLISHED, by=by, at=at, act="publish"
    )
    run = session.get(Run, run_id, with_for_update=True, populate_existing=True)
    problems = _run_problems(session, a_round, run, run_id)
    if terms.needs_second:
        problems += _person_problems(session, key, by)
    if run is None or problems:
        raise Conflict(problems)
    until = read_until(terms.answers_until, a_round.deadline_zone, at)
    snapshot = session.get_one(Snapshot, run.snapshot_id)
    result = _read_result(session, run)
    outcomes = list(read_outcomes(snapshot_value(snapshot), result))
    a_round.state = RoundState.PUBLISHED
    a_round.published_run_id = run.id
    a_round.published_verdict = Verdict.VERIFIED.value
    a_round.published_at, a_round.answers_until = at, until
    session.add(a_round)
    session.flush()
    placements = _place(session, run, outcomes, at)
    weaknesses = find_weaknesses(session, a_round, run, publisher=by)
    payload: dict[str, object] = {
        "snapshot": snapshot.digest,
        "placed": len(placements),
        "answers_until": to_text(until),
        "weaknesses": [str(weakness) for weakness in weaknesses],
    }
    finish(session, a_round, move, {**_to_payload(run), **payload}, by=by, at=at)
    _tell(session, a_round, run, outcomes, at=at)
    return placements


def _to_payload(run: Run) -> dict[str, object]:
    """Return what the log says of the run that is published."""
    return {
        "run": run.id,
        "result": run.result_digest,
        "status": str(run.status),
        "gap_msteps": run.gap_msteps,
    }


def _person_problems(session: Session, key: str, by: Person) -> list[str]:
    """Return what speaks against a person's publishing a run herself."""
    if not is_policy_setter(session, key, by.id):
        return []
    return [
        tell(
            "{name} is the last to have set the policy of round {key}: "
            "a second person publishes it",
            name=by.name,
            key=key,
        )
    ]


def _run_problems(
    session: Session, a_round: Round, run: Run | None, run_id: int
) -> list[str]:
    """Return every reason against publishing a run."""
    if run is None or run.round_id != a_round.id:
        return [
            tell("round {round} has no run {run}", round=a_round.key, run=str(run_id))
        ]
    where = tell("run {run}", run=str(run.id))
    problems: list[str] = []
    if run.verdict != Verdict.VERIFIED:
        judged = (
            tell("refused: {verdict_text}", verdict_text=run.verdict_text)
            if run.verdict
            else tell("not judged yet")
        )
        problems.append(
            tell(
                "{where} is {state} and {judged}; it must be verified",
                where=where,
                state=run.state,
                judged=judged,
            )
        )
    if run.snapshot_id != a_round.snapshot_id:
        problems.append(
            tell("{where} is of an earlier freeze of the round", where=where)
        )
    if run.policy_id != a_round.policy_id:
        declared = session.get_one(Policy, a_round.policy_id).name
        problems.append(
            tell(
                "{where} is of another policy than the declared {declared}",
                where=where,
                declared=declared,
            )
        )
    if run.is_scenario:
        problems.append(
            tell("{where} is a scenario; scenarios are never published", where=where)
        )
    return problems or _seed_problems(session, a_round, run)


def _seed_problems(session: Session, a_round: Round, run: Run) -> list[str]:
    missing = [r.committer for r in commitments_of(session, a_round) if not r.secret]
    if missing:
        return [
            tell("the lottery's secret of {name} is not revealed", name=name)
            for name in missing
        ]
    data = fileio.to_canonical(instance_of(session, run))
    if fileio.to_digest(data) == run.instance_digest:
        return []
    problem = tell(
        "run {run} did not solve the frozen instance with the "
        "lottery's seed as it is now revealed; queue the declared "
        "policy again",
        run=str(run.id),
    )
    return [problem]


def _read_result(session: Session, run: Run) -> dict[str, Any]:
    row = session.get_one(RunFile, (run.id, RunFileKind.RESULT))
    data = zlib.decompress(row.data)
    value = fileio.parse_json(data, f"the result of run {run.id}")
    if not isinstance(value, dict) or fileio.to_digest(data) != run.result_digest:
        raise Conflict(
            tell(
                "the stored result of run {run} is not the verified one",
                run=str(run.id),
            )
        )
    return value


def _place(
    session: Session, run: Run, outcomes: list[Outcome], at: datetime
) -> list[Placement]:
    students = _students_by_pseudonym(session, run)
    offers = dict(
        session.exec(
            select(Offer.key, Offer.id).where(Offer.round_id == run.round_id)
        ).all()
    )
    placements = [
        Placement(
            round_id=run.round_id,
            student_id=students[outcome.student],
            run_id=run.id,
            offer_id=offers[outcome.offer],
            rank=outcome.rank,
            emissions_g=outcome.emissions_g,
            held_in=outcome.held_in,
            reason=str(outcome.reason),
            published_at=at,
        )
        for outcome in outcomes
        if outcome.offer is not None
    ]
    session.add_all(placements)
    session.flush()
    return placements


def _students_by_pseudonym(session: Session, run: Run) -> dict[str, int]:
    query = select(Pseudonym).where(Pseudonym.snapshot_id == run.snapshot_id)
    return {row.pseudonym: row.student_id for row in session.exec(query)}


def _tell(
    session: Session,
    a_round: Round,
    run: Run,
    outcomes: list[Outcome],
    *,
    at: datetime,
) -> None:
    query = (
        select(Pseudonym.pseudonym, Student.person_id)
        .join(Student, col(Student.id) == Pseudonym.student_id)
        .where(Pseudonym.snapshot_id == run.snapshot_id)
    )
    people = dict(session.exec(query).all())
    messages = (
        (people[outcome.student], _message(a_round, outcome)) for outcome in outcomes
    )
    notify(session, a_round, "round:publish", messages, at=at)


def _message(a_round: Round, outcome: Outcome) -> dict[str, Any]:
    until = a_round.answers_until if outcome.offer else None
    return {
        "round": a_round.key,
        "answers_until": to_text(until) if until else None,
        "offer": outcome.offer,
        "rank": outcome.rank,
        "reason": str(outcome.reason),
    }
