"""Figures of a placement, in integers: what reports show and verifiers recompute."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from solver.instance import Choice, Instance, Student
from solver.policy import Policy

Placements = Mapping[str, str]
"""Offer by student; an unplaced student has no key."""


class PlacementFacts:
    """A placement with what is asked of it again and again.

    Parameters
    ----------
    instance, placements
        The problem and who is where.
    """

    def __init__(self, instance: Instance, placements: Placements) -> None:
        self.instance = instance
        self.block = {i.id: i.block or "" for i in instance.institutions}
        self.offer = {offer.id: offer for offer in instance.offers}
        self.taken: list[tuple[Student, Choice]] = [
            (student, choice)
            for student in instance.students
            for choice in student.choices
            if placements.get(student.id) == choice.offer
        ]
        self.choice = {student.id: choice for student, choice in self.taken}
        self.largest_rank = instance.largest_rank
        self.lanes = Counter(
            (student.sending, self.offer[choice.offer].receiving)
            for student, choice in self.taken
            if self.offer[choice.offer].mode != "virtual"
        )

    def benefit(self, choice: Choice) -> int:
        """Return the benefit of a choice taken."""
        return self.largest_rank + 1 - choice.rank

    def one_way(self) -> list[tuple[str, str, int, int, int]]:
        """Return (north, south, out, in, excess) of partnerships with a figure."""
        terms = {(p.north, p.south): p for p in self.instance.partnerships}
        pairs = set(terms)
        for home, host in self.lanes:
            if (self.block[home], self.block[host]) == ("north", "south"):
                pairs.add((home, host))
            elif (self.block[home], self.block[host]) == ("south", "north"):
                pairs.add((host, home))
        rows = []
        for north, south in sorted(pairs):
            is_lane = north != south
            out = self.lanes[north, south] if is_lane else 0
            back = self.lanes[south, north] if is_lane else 0
            p = terms.get((north, south))
            kink = p.tolerance - p.carried + p.inbound_known if p else 0
            excess = max(0, out - back - kink)
            if out or back or excess:
                rows.append((north, south, out, back, excess))
        return rows


def measure_terms(
    facts: PlacementFacts, policy: Policy, shortfalls: object
) -> dict[str, object]:
    """Return the objective's terms of a placement, free of any weight."""
    instance = facts.instance
    return {
        "unplaced": len(instance.students) - len(facts.taken),
        "rank_cost": sum(policy.cost(choice.rank) for _, choice in facts.taken),
        "emissions_g": sum(choice.emissions_g for _, choice in facts.taken),
        "one_way_excess": sum(row[4] for row in facts.one_way()),
        "benefit": sum(facts.benefit(choice) for _, choice in facts.taken),
        "moved": _count_moved(facts),
        "equity_shortfall": shortfalls,
    }


def measure_shortfalls(
    facts: PlacementFacts, policy: Policy
) -> dict[str, dict[str, list[int]]]:
    """Return [numerator, 100 n] of each group's shortfall, by attribute and group."""
    if policy.equity is None:
        return {}
    cohort = [student for student in facts.instance.students if student.choices]
    benefit = {
        student.id: facts.benefit(facts.choice[student.id])
        for student in cohort
        if student.id in facts.choice
    }
    total, size = sum(benefit.values()), len(cohort)
    table: dict[str, dict[str, list[int]]] = {}
    for attribute, tolerance in policy.equity.attributes.items():
        members: dict[str, list[str]] = {}
        for student in cohort:
            label = _label(facts, student, attribute)
            if label:
                members.setdefault(label, []).append(student.id)
        table[attribute] = {}
        for group, ids in sorted(members.items()):
            own = sum(benefit.get(student, 0) for student in ids)
            gap = 100 * (len(ids) * total - size * own)
            allowed = tolerance * size * len(ids) * facts.largest_rank
            table[attribute][group] = [max(0, gap - allowed), 100 * size]
    return table


def _label(facts: PlacementFacts, student: Student, attribute: str) -> str:
    if attribute == "sending":
        return student.sending
    if attribute == "block":
        return facts.block[student.sending]
    return student.groups.get(attribute, "")


def _count_moved(facts: PlacementFacts) -> int:
    moved = 0
    for student in facts.instance.students:
        held = facts.instance.holds.get(student.id)
        if held is None:
            continue
        rank = next(c.rank for c in student.choices if c.offer == held)
        now = facts.choice.get(student.id)
        moved += now is None or (now.offer != held and now.rank >= rank)
    return moved


def measure(facts: PlacementFacts, before: PlacementFacts | None) -> dict[str, object]:
    """Return the figures of a placement; ``before`` is the stage before it, if any."""
    instance = facts.instance
    students = instance.students
    grams = sorted(choice.emissions_g for _, choice in facts.taken)
    profile = Counter(choice.rank for _, choice in facts.taken)
    partnerships = facts.one_way()
    attributes = sorted({key for student in students for key in student.groups})
    crossings = Counter(
        (facts.block[home], facts.block[host]) for home, host in facts.lanes.elements()
    )
    return {
        "students": len(students),
        "placed": len(facts.taken),
        "unplaced": len(students) - len(facts.taken),
        "rank_profile": {str(rank): profile[rank] for rank in sorted(profile)},
        "rank_total": sum(choice.rank for _, choice in facts.taken),
        "emissions_g": sum(grams),
        "emissions_median_g": _nearest_rank(grams, 50),
        "emissions_p90_g": _nearest_rank(grams, 90),
        "one_way_excess": sum(row[4] for row in partnerships),
        "south_to_north": crossings["south", "north"],
        "north_to_south": crossings["north", "south"],
        "blocks": _split(facts, students, lambda s: facts.block[s.sending]),
        "groups": {
            attribute: _split_by_group(facts, attribute) for attribute in attributes
        },
        "institutions": _count_by_institution(facts),
        "partnerships": [list(row) for row in partnerships],
        "moves": _count_moves(facts, before),
    }


def _nearest_rank(ordered: list[int], percent: int) -> int:
    if not ordered:
        return 0
    return ordered[-(-percent * len(ordered) // 100) - 1]


def _split(
    facts: PlacementFacts, students: Iterable[Student], label: Callable[[Student], str]
) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    keys = ("students", "placed", "benefit", "rank_total", "emissions_g")
    for student in students:
        row = table.setdefault(label(student), dict.fromkeys(keys, 0))
        row["students"] += 1
        choice = facts.choice.get(student.id)
        if choice:
            row["placed"] += 1
            row["benefit"] += facts.benefit(choice)
            row["rank_total"] += choice.rank
            row["emissions_g"] += choice.emissions_g
    return dict(sorted(table.items()))


def _split_by_group(facts: PlacementFacts, attribute: str) -> dict[str, dict[str, int]]:
    labelled = [s for s in facts.instance.students if attribute in s.groups]
    return _split(facts, labelled, lambda student: student.groups[attribute])


def _count_by_institution(facts: PlacementFacts) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}

    def row(institution: str) -> dict[str, int]:
        keys = ("out", "in", "home", "virtual")
        return table.setdefault(institution, dict.fromkeys(keys, 0))

    for (home, host), count in facts.lanes.items():
        if home == host:
            row(home)["home"] += count
        else:
            row(home)["out"] += count
            row(host)["in"] += count
    for student, choice in facts.taken:
        if facts.offer[choice.offer].mode == "virtual":
            row(student.sending)["virtual"] += 1
    return dict(sorted(table.items()))


def _count_moves(
    facts: PlacementFacts, before: PlacementFacts | None
) -> dict[str, int]:
    keys = ("lost_place", "gained_place", "better", "worse", "same_rank")
    moves = dict.fromkeys(keys, 0)
    if before is None:
        return moves
    for student in facts.instance.students:
        was, now = before.choice.get(student.id), facts.choice.get(student.id)
        if was == now:
            continue
        if now is None:
            moves["lost_place"] += 1
        elif was is None:
            moves["gained_place"] += 1
        elif now.rank == was.rank:
            moves["same_rank"] += 1
        else:
            moves["better" if now.rank < was.rank else "worse"] += 1
    return moves
