"""A mechanism's result: feasible, counted, and exactly what its rule gives.

Part of the verifier: standard library and ``solver.fileio`` only. The rules are written
anew and plainly; nothing is shared with ``solver.mechanisms``.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import pairwise

from solver.errors import Refused
from solver.verify.acceptance import accept_deferred
from solver.verify.costs import Cohort
from solver.verify.exchange import exchange_balanced
from solver.verify.figures import Figures
from solver.verify.ground import Ground
from solver.verify.levels import Policy
from solver.verify.options import Rules, find_taken
from solver.verify.result import Claims, StageClaim
from solver.verify.shapes import differences
from solver.verify.world import UNPLACED, World


def place_one_by_one(ground: Ground) -> list[int]:
    """Return the choices of a serial dictatorship."""
    for student in ground.order:
        if student in ground.world.pins:
            continue
        left = (choice for choice in ground.open[student] if ground.has_room(choice))
        choice = next(left, UNPLACED)
        if choice != UNPLACED:
            ground.give(student, choice)
    return ground.held


def accept_at_once(ground: Ground) -> list[int]:
    """Return the choices of immediate acceptance: round k is for k-th wishes."""
    first = ground.world.students.first
    longest = max((b - a for a, b in pairwise(first)), default=0)
    for position in range(longest):
        queues: dict[int, list[tuple[int, int, int, int]]] = {}
        for student, held in enumerate(ground.held):
            choice = first[student] + position
            if held != UNPLACED or choice not in ground.open[student]:
                continue
            offer = ground.world.choices.offer[choice]
            standing = ground.standing(offer, student)
            if standing is not None:
                row = (standing, ground.place[student], student, choice)
                queues.setdefault(offer, []).append(row)
        _hold_round(ground, queues)
    return ground.held


def _hold_round(
    ground: Ground, queues: dict[int, list[tuple[int, int, int, int]]]
) -> None:
    """Take the first of an offer whose first has the most merit, again and again."""
    rows = {offer: iter(sorted(queue)) for offer, queue in queues.items()}
    heads = [(row[1], offer, row) for offer, it in rows.items() for row in [next(it)]]
    heapq.heapify(heads)
    while heads:
        _, offer, (_, _, student, choice) = heapq.heappop(heads)
        if ground.has_room(choice):
            ground.give(student, choice)
        following = next(rows[offer], None)
        if following is not None:
            heapq.heappush(heads, (following[1], offer, following))


RULES: dict[str, Callable[[Ground], list[int]]] = {
    "serial_dictatorship": place_one_by_one,
    "deferred_acceptance": accept_deferred,
    "balanced_exchange": exchange_balanced,
    "immediate_acceptance": accept_at_once,
}


def check_mechanism(world: World, policy: Policy, claims: Claims) -> Iterator[str]:
    """Yield the broken facts of a mechanism's result, in the order of the proof."""
    name = claims.mechanism
    if name not in RULES:
        yield f"result: mechanism {name!r} is unknown"
        return
    if [stage.name for stage in claims.stages] != [name]:
        yield f"result: a mechanism has one stage, named {name}"
        return
    stage = claims.stages[0]
    yield from _check_emptiness(claims, stage)
    if claims.placements != stage.placements:
        yield "result: placements are not those of the last stage"
    rules = Rules(world, None, [])
    options = rules.options()
    taken, broken = find_taken(rules, options, stage.placements)
    yield from (f"stage {name}: {fact}" for fact in broken)
    if broken:
        return
    held = [options.choice[option] for option in taken]
    yield from _check_rule(world, name, held)
    figures = Figures(Cohort(world, policy.attributes), policy, held)
    yield from differences(stage.terms, figures.terms(), f"stage {name}: terms")
    yield from differences(stage.metrics, figures.metrics([]), f"stage {name}: metrics")


def _check_emptiness(claims: Claims, stage: StageClaim) -> Iterator[str]:
    """Yield what a mechanism's result may not claim: it proves no optimum."""
    if claims.gap_msteps:
        yield f"result: gap_msteps is {claims.gap_msteps}, a mechanism has none"
    if stage.levels or stage.prices or stage.carbon_rate:
        yield "result: a mechanism has no levels, equity prices or carbon rate"
    if claims.certificate != [[]]:
        yield "certificate: a mechanism has one stage without levels"


def _check_rule(world: World, name: str, held: list[int]) -> Iterator[str]:
    """Yield where a placement differs from what the rule gives."""
    try:
        own = RULES[name](Ground(world))
    except Refused as refusal:
        reasons = "; ".join(refusal.problems)
        yield f"stage {name}: the mechanism is not applicable here: {reasons}"
        return
    for student, (claimed, due) in enumerate(zip(held, own, strict=True)):
        if claimed != due:
            yield (
                f"stage {name}: student {world.students.ids[student]} has "
                f"{_show(world, claimed)}, the rule gives her {_show(world, due)}"
            )


def _show(world: World, choice: int) -> str:
    if choice == UNPLACED:
        return "no place"
    return f"offer {world.offers.ids[world.choices.offer[choice]]}"
