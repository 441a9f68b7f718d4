"""Figures of a placement beyond those that are certified: derived, for comparisons.

Rationals are [numerator, denominator]; indices with roots or logarithms are rounded
once, to millionths. Where a figure is not defined, or the instance does not know what
it needs, it is None. Meaning: ``solver/README.md``, Figures.
"""

from collections import Counter
from fractions import Fraction

from solver.envy import measure_envy
from solver.indices import (
    atkinson,
    gini,
    imbalance,
    is_four_fifths,
    jain,
    reciprocity,
    theil,
    wilson,
)
from solver.instance import Student
from solver.metrics import PlacementFacts

Figures = dict[str, object]


def derive_figures(facts: PlacementFacts, first: PlacementFacts) -> Figures:
    """Return the derived figures of a stage; ``first`` is the first stage's placement.

    Of one stage alone, or of a mechanism, ``first`` is the placement itself.
    """
    placements = {student.id: choice.offer for student, choice in facts.taken}
    complaints = measure_envy(facts.instance, placements)
    return {
        "mean_rank": _mean([choice.rank for _, choice in facts.taken]),
        "benefit": _spread(facts),
        "groups": _compare_groups(facts),
        "envy": {
            "justified_envy": complaints.justified_envy,
            "envious_students": complaints.envious_students,
            "wasted_places": complaints.wasted_places,
        },
        "lanes": _measure_lanes(facts),
        "emissions": _measure_emissions(facts),
        "modelled_difference": _differ(facts, first),
    }


def _mean(values: list[int]) -> list[int] | None:
    return [sum(values), len(values)] if values else None


def _round(value: float | Fraction | None) -> int | None:
    """Return millionths, half to even."""
    return None if value is None else round(value * 1_000_000)


def _to_pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def _spread(facts: PlacementFacts) -> Figures:
    """Return how evenly benefits are spread over students, those without a place 0."""
    benefits = [
        facts.benefit(facts.choice[student.id]) if student.id in facts.choice else 0
        for student in facts.instance.students
    ]
    indices = {"gini": gini, "theil": theil, "atkinson": atkinson, "jain": jain}
    return {
        f"{name}_millionths": _round(index(benefits)) for name, index in indices.items()
    }


def _compare_groups(facts: PlacementFacts) -> Figures:
    """Return placed shares with intervals, by attribute and group; "" has no label."""
    names = {name for student in facts.instance.students for name in student.groups}
    return {name: _compare_group(facts, name) for name in sorted({"block", *names})}


def _compare_group(facts: PlacementFacts, attribute: str) -> Figures:
    members: dict[str, list[Student]] = {}
    for student in facts.instance.students:
        block = facts.block[student.sending]
        label = block if attribute == "block" else student.groups.get(attribute, "")
        members.setdefault(label, []).append(student)
    placed = {
        group: (sum(s.id in facts.choice for s in students), len(students))
        for group, students in members.items()
    }
    labelled = [share for group, share in placed.items() if group]
    best = max(labelled, key=lambda share: Fraction(*share), default=(0, 0))
    return {
        group: {
            "placed": list(placed[group]),
            "wilson_millionths": [_round(end) for end in wilson(*placed[group])],
            "ratio": _find_ratio(placed[group], best) if group else None,
            "is_four_fifths": is_four_fifths(*placed[group], best) if group else None,
            "listed_offers": [_count_listed(facts, students), len(students)],
            "listed_places": [_count_places(facts, students), len(students)],
        }
        for group, students in sorted(members.items())
    }


def _find_ratio(share: tuple[int, int], best: tuple[int, int]) -> list[int] | None:
    """Return a share over the best one; None where nobody of the best has a place."""
    if not best[0]:
        return None
    return _to_pair(Fraction(*share) / Fraction(*best))


def _count_listed(facts: PlacementFacts, students: list[Student]) -> int:
    forbidden = facts.instance.forbidden
    return sum((s.id, c.offer) not in forbidden for s in students for c in s.choices)


def _count_places(facts: PlacementFacts, students: list[Student]) -> int:
    forbidden = facts.instance.forbidden
    return sum(
        facts.offer[choice.offer].capacity
        for student in students
        for choice in student.choices
        if (student.id, choice.offer) not in forbidden
    )


def _measure_lanes(facts: PlacementFacts) -> Figures:
    """Return how mutual the lanes between institutions are."""
    lanes = {lane: n for lane, n in facts.lanes.items() if lane[0] != lane[1]}
    open_lanes = {
        (student.sending, facts.offer[choice.offer].receiving)
        for student in facts.instance.students
        for choice in student.choices
        if facts.offer[choice.offer].mode != "virtual"
    }
    lonely = [lane for lane in lanes if (lane[1], lane[0]) not in open_lanes]
    return {
        "used": len(lanes),
        "without_return": len(lonely),
        "students_without_return": sum(lanes[lane] for lane in lonely),
        "reciprocity": _to_pair(reciprocity(lanes)),
        "imbalance": _to_pair(imbalance(lanes)),
    }


def _measure_emissions(facts: PlacementFacts) -> Figures:
    """Return grams per placement and per day; of the part not CO2 nothing is known."""
    timed = [
        (facts.offer[choice.offer].days, choice.emissions_g)
        for _, choice in facts.taken
        if facts.offer[choice.offer].days
    ]
    days = sum(each for each, _ in timed)
    return {
        "per_placement_g": _mean([choice.emissions_g for _, choice in facts.taken]),
        "per_day_g": [sum(grams for _, grams in timed), days] if days else None,
        "non_co2_g": None,
    }


def _differ(facts: PlacementFacts, first: PlacementFacts) -> Figures:
    """Return this placement's totals minus the first stage's: a model's difference."""
    own, other = _total(facts), _total(first)
    return {name: own[name] - other[name] for name in own}


def _total(facts: PlacementFacts) -> dict[str, int]:
    crossings: Counter[tuple[str, str]] = Counter()
    for (home, host), count in facts.lanes.items():
        crossings[facts.block[home], facts.block[host]] += count
    return {
        "placed": len(facts.taken),
        "rank_total": sum(choice.rank for _, choice in facts.taken),
        "emissions_g": sum(choice.emissions_g for _, choice in facts.taken),
        "one_way_excess": sum(row[4] for row in facts.one_way()),
        "south_to_north": crossings["south", "north"],
        "north_to_south": crossings["north", "south"],
    }
