"""Who has a place, by group, and who had the chance of one before the match.

Intervals: Wilson's, 95 %. Four fifths: a group's share against the best placed group's,
tested in integers. Both are of ``solver.indices``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from mobility.eligibility import Applicant, assess
from mobility.reporting.facts import RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.memory import Memory
from mobility.reporting.tables import Cell, Column, Table, make_table
from mobility.reporting.waterfall import Scope, all_scopes, scope_name
from solver.indices import is_four_fifths, wilson


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group's students and those of them with a place.

    Parameters
    ----------
    best_placed, best_students
        The same of the attribute's best placed group, which the ratio is against.
    wishes_placed
        Those with a place after the first stage.
    """

    scope: Scope
    students: int
    placed: int
    wishes_placed: int
    best_students: int
    best_placed: int

    @property
    def share(self) -> Fraction:
        """Return the share placed."""
        return Fraction(self.placed, self.students)

    @property
    def ratio(self) -> Fraction | None:
        """Return the share against the best placed group's; None where that is 0."""
        if not self.best_placed:
            return None
        return self.share / Fraction(self.best_placed, self.best_students)

    @property
    def is_four_fifths(self) -> bool:
        """Say whether the share is at least four fifths of the best, in integers."""
        best = self.best_placed, self.best_students
        return is_four_fifths(self.placed, self.students, best)

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share."""
        return wilson(self.placed, self.students)


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What a group could have had, whatever it ranked.

    Parameters
    ----------
    offers_open, places_open
        Eligible offers, and places in them, summed over the students.
    places
        Places that at least one of the group is eligible for, each once.
    """

    scope: Scope
    students: int
    offers_open: int
    places_open: int
    places: int


def to_shares(run: RunFacts) -> tuple[GroupShare, ...]:
    """Return everyone, the blocks and the groups with their share placed."""
    if not run.stages:
        return ()
    counted = {scope: _count(run, scope) for scope in all_scopes(run)}
    shares = []
    for scope, (students, placed, wishes) in counted.items():
        peers = [
            figures
            for other, figures in counted.items()
            if other.attribute == scope.attribute
        ]
        best = max(peers, key=lambda figures: Fraction(figures[1], max(figures[0], 1)))
        if students:
            shares.append(GroupShare(scope, students, placed, wishes, best[0], best[1]))
    return tuple(shares)


def _members(run: RunFacts, scope: Scope) -> list[str]:
    return [
        student.id
        for student in run.students
        if not scope.attribute or run.label(student, scope.attribute) == scope.value
    ]


def _count(run: RunFacts, scope: Scope) -> tuple[int, int, int]:
    members = _members(run, scope)
    first, last = run.stages[0].places, run.stages[-1].places
    placed = sum(student in last for student in members)
    return len(members), placed, sum(student in first for student in members)


_opportunities: Memory[tuple[Opportunity, ...]] = Memory(16)


def to_opportunity(run: RunFacts) -> tuple[Opportunity, ...]:
    """Return what everyone, the blocks and the groups could have had."""
    return _opportunities.get(run.digest, lambda: _count_opportunity(run))


def _count_opportunity(run: RunFacts) -> tuple[Opportunity, ...]:
    by_sending: dict[str, list[str]] = {}
    for offer in run.offers.values():
        by_sending.setdefault(offer.sending, []).append(offer.key)

    @cache
    def eligible(applicant: Applicant) -> frozenset[str]:
        return frozenset(
            key
            for key in by_sending.get(applicant.sending, ())
            if assess(applicant, run.offers[key].terms, run.academic_year).is_eligible
        )

    applicant = {student.id: student.applicant for student in run.students}
    found = []
    for scope in all_scopes(run):
        members = _members(run, scope)
        lists = [eligible(applicant[student]) for student in members]
        once = frozenset[str]().union(*lists)
        found.append(
            Opportunity(
                scope=scope,
                students=len(members),
                offers_open=sum(map(len, lists)),
                places_open=sum(run.offers[key].capacity for x in lists for key in x),
                places=sum(run.offers[key].capacity for key in once),
            )
        )
    return tuple(found)


def equity_table(labels: Labels, shares: Iterable[GroupShare]) -> Table:
    """Return the shares as a table."""
    keys = ("placed", "students", "share", "low", "high", "ratio")
    columns = [Column(labels["group"], is_number=False)]
    columns += [Column(labels[key]) for key in keys]
    columns.append(Column(labels["four_fifths"], is_number=False))
    return make_table(
        labels["caption_equity"], columns, (_share_row(labels, x) for x in shares)
    )


def _share_row(labels: Labels, share: GroupShare) -> Iterable[Cell]:
    low, high = (Fraction(end) for end in share.interval)
    yield Cell(scope_name(labels, share.scope))
    yield Cell(labels.count(share.placed), share.placed)
    yield Cell(labels.count(share.students), share.students)
    yield Cell(labels.percent(share.share), share.share)
    yield Cell(labels.percent(low), low)
    yield Cell(labels.percent(high), high)
    if share.ratio is None or not share.scope.attribute:
        yield Cell(labels["none"])
        yield Cell(labels["none"])
    else:
        yield Cell(labels.percent(share.ratio), share.ratio)
        yield Cell(labels["yes" if share.is_four_fifths else "no"])


def opportunity_table(labels: Labels, rows: Iterable[Opportunity]) -> Table:
    """Return the opportunity before the match as a table."""
    keys = ("students", "offers_open", "places_open", "places_per_student")
    columns = [Column(labels["group"], is_number=False)]
    columns += [Column(labels[key]) for key in keys]
    return make_table(
        labels["caption_opportunity"],
        columns,
        (_opportunity_row(labels, row) for row in rows),
    )


def _opportunity_row(labels: Labels, row: Opportunity) -> Iterable[Cell]:
    yield Cell(scope_name(labels, row.scope))
    yield Cell(labels.count(row.students), row.students)
    is_shared = row.scope.attribute not in {"", "block", "sending"}
    for total in (row.offers_open, row.places_open):
        yield _mean(labels, total, row.students)
    # a university's places are open to its groups alike: none of them has them
    yield Cell(labels["none"]) if is_shared else _mean(labels, row.places, row.students)


def _mean(labels: Labels, total: int, size: int) -> Cell:
    if not size:
        return Cell(labels["none"])
    mean = Fraction(total, size)
    return Cell(labels.decimal(mean, 2), mean)


def describe_equity(labels: Labels, shares: Iterable[GroupShare]) -> str:
    """Return the picture in one sentence: the lowest share, and of whom."""
    shares = tuple(shares)
    if not shares:
        return labels["empty"]
    groups = [share for share in shares if share.scope.attribute] or list(shares)
    lowest = min(groups, key=lambda share: share.share)
    return labels.fill(
        "lowest_told",
        share=labels.percent(shares[0].share),
        name=scope_name(labels, lowest.scope),
        lowest=labels.percent(lowest.share),
    )
