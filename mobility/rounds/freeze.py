"""Freezing a closed round: facts, eligibility and journeys become one snapshot."""

import secrets
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from mobility.audit.record import actor_of
from mobility.carbon.factors import FactorSet, load_factor_set
from mobility.carbon.method import Method
from mobility.errors import Conflict
from mobility.models import Person, Pseudonym, Round, RoundState, Snapshot
from mobility.records.authority import require
from mobility.rounds.collect import collect
from mobility.rounds.facts import CarbonFacts, Facts
from mobility.rounds.journeys import find_journeys, used_factors
from mobility.rounds.lifecycle import begin, finish
from mobility.rounds.problems import Problem, list_findings, needed_journeys
from mobility.rounds.rows import read_round, scope_of
from mobility.rounds.snapshot import build, decode, encode


class Blocked(Conflict):
    """What blocks a freeze; `findings` are the problems with where each is mended."""

    def __init__(self, findings: Iterable[Problem]) -> None:
        self.findings = tuple(findings)
        super().__init__([problem.text for problem in self.findings])


def freeze(session: Session, key: str, *, by: Person, at: datetime) -> Snapshot:
    """Freeze a closed round; from then on nobody reads live rows.

    Raises
    ------
    Conflict
        When the round is not closed.
    Blocked
        With every problem that blocks the freeze.
    """
    a_round, move = begin(session, key, RoundState.FROZEN, by=by, at=at, act="freeze")
    facts, problems = gather(session, a_round, at=at)
    if problems:
        raise Blocked(problems)
    names = draw_pseudonyms(facts)
    data, digest = encode(build(facts, names))
    snapshot = Snapshot(
        round_id=a_round.id,
        digest=digest,
        data=zlib.compress(data),
        created_at=at,
        created_by=actor_of(session, by.id),
    )
    session.add(snapshot)
    session.flush()
    session.add_all(
        Pseudonym(snapshot_id=snapshot.id, student_id=student, pseudonym=name)
        for student, name in names.items()
    )
    a_round.snapshot_id = snapshot.id
    a_round.factor_set_digest = facts.carbon.factor_set_digest
    a_round.state = RoundState.FROZEN
    payload: dict[str, object] = {
        "snapshot": digest,
        "policy": facts.round.policy_digest,
        "factor_set": facts.carbon.factor_set_digest,
        "students": len(facts.students),
        "offers": len(facts.offers),
    }
    finish(session, a_round, move, payload, by=by, at=at)
    return snapshot


def list_problems(
    session: Session, key: str, *, by: Person, at: datetime
) -> list[Problem]:
    """Return what would block a freeze now, in any state before it."""
    a_round = read_round(session, key)
    require(session, "round.read", scope_of(a_round), by=by, at=at)
    return gather(session, a_round, at=at)[1]


def gather(
    session: Session, a_round: Round, *, at: datetime
) -> tuple[Facts, list[Problem]]:
    """Return everything that would be frozen, and what blocks it."""
    factors, method = _method_of(a_round)
    carbon = CarbonFacts(
        factor_set=factors.name,
        factor_set_digest=factors.digest,
        method_digest=method.digest,
        settings=method.to_json(),
        factors=(),
    )
    facts = collect(session, a_round, carbon, at=at)
    institutions = {row.hei_id: row for row in facts.institutions}
    pairs = [
        (institutions[home], institutions[host])
        for home, host in sorted(needed_journeys(facts))
    ]
    journeys, problems = find_journeys(session, pairs, method, factors)
    facts = replace(
        facts,
        journeys=journeys,
        carbon=replace(carbon, factors=used_factors(journeys, factors)),
    )
    by_text = {problem.text: problem for problem in list_findings(facts)}
    return facts, problems + [by_text[text] for text in sorted(by_text)]


def _method_of(a_round: Round) -> tuple[FactorSet, Method]:
    settings: dict[str, object] = {**a_round.carbon_settings}
    method = Method.from_json({**settings, "factor_set": a_round.factor_set})
    return load_factor_set(a_round.factor_set), method


def draw_pseudonyms(facts: Facts) -> dict[int, str]:
    """Return a random name for each student, new in each snapshot."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for student in facts.students:
        name = f"s-{secrets.token_hex(6)}"
        while name in taken:
            name = f"s-{secrets.token_hex(6)}"
        taken.add(name)
        names[student.student] = name
    return names


def snapshot_value(snapshot: Snapshot) -> dict[str, Any]:
    """Return the value that a stored snapshot holds."""
    return decode(zlib.decompress(snapshot.data))
