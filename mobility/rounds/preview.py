"""What would block a freeze now, as a page shows it: nothing is computed or kept.

Few queries, since a page asks for it each time: students are read only where one is
pinned. The freeze itself also tells of places that no way of travelling reaches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.carbon.places import check_coordinates
from mobility.models import Institution, Pin, Policy, Round
from mobility.reading.frozen import read_institutions, read_pairs
from mobility.rounds.collect import collect_pinned, to_institution
from mobility.rounds.deadlines import to_text
from mobility.rounds.facts import CarbonFacts, Facts, RoundFacts
from mobility.rounds.policies import policy_value
from mobility.rounds.problems import Problem, list_findings
from mobility.rounds.rows import read_round

NOT_LOOKED_AT = CarbonFacts(
    factor_set="", factor_set_digest="", method_digest="", settings={}, factors=()
)


@dataclass(frozen=True, slots=True)
class Preview:
    """The problems of a round before its freeze.

    Parameters
    ----------
    problems
        Those that concern the universities asked for, by kind.
    elsewhere
        How many concern others alone.
    """

    problems: tuple[Problem, ...]
    elsewhere: int


def preview(
    session: Session, key: str, institutions: Collection[int] | None, *, at: datetime
) -> Preview:
    """Return what would block a freeze.

    Parameters
    ----------
    institutions
        Row ids of the universities whose problems are wanted; None wants all.
    """
    a_round = read_round(session, key)
    facts = _gather(session, a_round, at)
    findings = [each for each in list_findings(facts) if each.kind != "journey"]
    findings += _misplaced(facts)
    names = _names(session, institutions)
    wanted = [
        each for each in findings if names is None or names & {*each.institutions}
    ]
    return Preview(tuple(sorted(wanted)), len(findings) - len(wanted))


def _gather(session: Session, a_round: Round, at: datetime) -> Facts:
    """Return what problems are found in; offers and students only where one is pinned.

    Without a pin no offer is overfull and no decision contradicts another.
    """
    rows = read_institutions(session, a_round).values()
    facts = Facts(
        round=_round(session, a_round, at),
        carbon=NOT_LOOKED_AT,
        institutions=tuple(to_institution(row) for row in rows),
    )
    pins = read_pairs(session, a_round, Pin)
    return collect_pinned(session, a_round, facts, pins) if pins else facts


def _round(session: Session, a_round: Round, at: datetime) -> RoundFacts:
    policy = session.get_one(Policy, a_round.policy_id)
    return RoundFacts(
        key=a_round.key,
        name=a_round.name,
        academic_year=a_round.academic_year_id,
        is_dry_run=a_round.is_dry_run,
        deadline_at=to_text(a_round.deadline_at),
        deadline_zone=a_round.deadline_zone,
        frozen_at=to_text(at),
        freeze=1,
        balance_years=a_round.balance_years,
        policy=policy_value(policy),
        policy_digest=policy.digest,
    )


def _names(session: Session, numbers: Collection[int] | None) -> set[str] | None:
    if numbers is None:
        return None
    query = select(Institution.hei_id).where(col(Institution.id).in_(numbers))
    return set(session.exec(query))


def _misplaced(facts: Facts) -> list[Problem]:
    """Return the universities of the round that lie elsewhere than they say."""
    found = []
    for row in facts.institutions:
        position = row.latitude_udeg, row.longitude_udeg
        for sentence in check_coordinates(row.city, row.country, *position):
            text = f"{row.name} ({row.hei_id}): {sentence}"
            found.append(Problem("journey", text, (row.hei_id,), row.hei_id))
    return found
