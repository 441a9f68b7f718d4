"""Terms and metrics of a placement, counted in the simplest way."""

from collections import Counter
from typing import Any

from brute_force import BruteForce, Placement

Table = dict[str, Any]


def count_terms(world: BruteForce, placement: Placement) -> Table:
    taken = [world.choices[pair] for pair in placement.items()]
    equity = world.policy.get("equity", {"attributes": {}})
    holds = world.instance.get("holds", {}).items()
    return {
        "unplaced": len(world.students) - len(placement),
        "rank_cost": sum(world.cost(choice["rank"]) for choice in taken),
        "emissions_g": world.emissions(placement),
        "one_way_excess": sum(world.excess(placement).values()),
        "benefit": sum(world.benefit(s, placement) for s in placement),
        "moved": sum(world.is_moved(s, o, placement) for s, o in holds),
        "equity_shortfall": {
            name: _shortfalls(world, placement, name, tolerance)
            for name, tolerance in equity["attributes"].items()
        },
    }


def _shortfalls(
    world: BruteForce, placement: Placement, attribute: str, tolerance: int
) -> dict[str, list[int]]:
    n = len(world.cohort)
    total = sum(world.benefit(s["id"], placement) for s in world.cohort)
    shortfalls = {}
    for label in {world.label(s, attribute) for s in world.cohort} - {None}:
        members = world.group(attribute, label)
        own = sum(world.benefit(s["id"], placement) for s in members)
        size = len(members)
        lack = 100 * (size * total - n * own)
        lack -= tolerance * n * size * world.largest_rank
        shortfalls[label] = [max(0, lack), 100 * n]
    return shortfalls


def count_metrics(
    world: BruteForce, placement: Placement, before: Placement | None
) -> Table:
    ranks = [world.choices[pair]["rank"] for pair in placement.items()]
    grams = sorted(world.choices[pair]["emissions_g"] for pair in placement.items())
    lanes = world.lanes(placement)
    ways = Counter((world.blocks[a], world.blocks[b]) for a, b in lanes)
    attributes = {key for s in world.students.values() for key in s.get("groups", {})}
    return {
        "students": len(world.students),
        "placed": len(placement),
        "unplaced": len(world.students) - len(placement),
        "rank_profile": {str(rank): ranks.count(rank) for rank in set(ranks)},
        "rank_total": sum(ranks),
        "emissions_g": sum(grams),
        "emissions_median_g": _percentile(grams, 50),
        "emissions_p90_g": _percentile(grams, 90),
        "one_way_excess": sum(world.excess(placement).values()),
        "south_to_north": ways["south", "north"],
        "north_to_south": ways["north", "south"],
        "blocks": _by_label(world, placement, "block", ""),
        "groups": {key: _by_label(world, placement, key, None) for key in attributes},
        "institutions": _institutions(world, placement),
        "partnerships": _partnerships(world, placement),
        "moves": _moves(world, placement, before),
    }


def _percentile(grams: list[int], percent: int) -> int:
    """Return the least value that at least ``percent`` of the values do not exceed."""
    for value in grams:
        if 100 * sum(other <= value for other in grams) >= percent * len(grams):
            return value
    return 0


def _by_label(
    world: BruteForce, placement: Placement, attribute: str, missing: str | None
) -> Table:
    table: Table = {}
    for name, student in world.students.items():
        label = world.label(student, attribute) or missing
        if label is None:
            continue
        keys = ("students", "placed", "benefit", "rank_total", "emissions_g")
        row = table.setdefault(label, dict.fromkeys(keys, 0))
        row["students"] += 1
        if name in placement:
            choice = world.choices[name, placement[name]]
            row["placed"] += 1
            row["benefit"] += world.benefit(name, placement)
            row["rank_total"] += choice["rank"]
            row["emissions_g"] += choice["emissions_g"]
    return table


def _institutions(world: BruteForce, placement: Placement) -> Table:
    lanes = world.lanes(placement)
    table = {}
    for name in world.blocks:
        row = {
            "out": sum(a == name != b for a, b in lanes),
            "in": sum(b == name != a for a, b in lanes),
            "home": sum(a == name == b for a, b in lanes),
            "virtual": sum(
                world.is_virtual(o) and world.students[s]["sending"] == name
                for s, o in placement.items()
            ),
        }
        if any(row.values()):
            table[name] = row
    return table


def _partnerships(world: BruteForce, placement: Placement) -> list[list[Any]]:
    lanes = world.lanes(placement)
    rows = [
        [a, b, lanes.count((a, b)), lanes.count((b, a)), excess]
        for (a, b), excess in world.excess(placement).items()
    ]
    return sorted(row for row in rows if any(row[2:]))


def _moves(
    world: BruteForce, placement: Placement, before: Placement | None
) -> dict[str, int]:
    keys = ("lost_place", "gained_place", "better", "worse", "same_rank")
    moves = dict.fromkeys(keys, 0)
    for student in world.students if before is not None else ():
        old, new = before.get(student), placement.get(student)
        if old == new:
            continue
        if new is None:
            moves["lost_place"] += 1
        elif old is None:
            moves["gained_place"] += 1
        else:
            step = world.choices[student, new]["rank"]
            step -= world.choices[student, old]["rank"]
            moves["same_rank" if not step else "worse" if step > 0 else "better"] += 1
    return moves
