"""What would block a freeze now, as a page shows it: nothing is computed or kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.carbon.places import check_coordinates
from mobility.models import Institution
from mobility.rounds.collect import collect
from mobility.rounds.facts import CarbonFacts, Facts
from mobility.rounds.problems import Problem, list_findings, needed_journeys
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

    The freeze itself also tells of places that no way of travelling reaches; here the
    universities' coordinates are checked instead.

    Parameters
    ----------
    institutions
        Row ids of the universities whose problems are wanted; None wants all.
    """
    facts = collect(session, read_round(session, key), NOT_LOOKED_AT, at=at)
    findings = [each for each in list_findings(facts) if each.kind != "journey"]
    findings += _misplaced(facts)
    names = _names(session, institutions)
    wanted = [
        each for each in findings if names is None or names & {*each.institutions}
    ]
    return Preview(tuple(sorted(wanted)), len(findings) - len(wanted))


def _names(session: Session, numbers: Collection[int] | None) -> set[str] | None:
    if numbers is None:
        return None
    query = select(Institution.hei_id).where(col(Institution.id).in_(numbers))
    return set(session.exec(query))


def _misplaced(facts: Facts) -> list[Problem]:
    """Return the universities that journeys start or end at and that lie elsewhere."""
    rows = {row.hei_id: row for row in facts.institutions}
    ends = sorted({hei_id for pair in needed_journeys(facts) for hei_id in pair})
    found = []
    for hei_id in ends:
        row = rows[hei_id]
        position = row.latitude_udeg, row.longitude_udeg
        for sentence in check_coordinates(row.city, row.country, *position):
            text = f"{row.name} ({hei_id}): {sentence}"
            found.append(Problem("journey", text, (hei_id,), hei_id))
    return found
