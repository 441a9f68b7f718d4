"""What students hold from before the round and may keep, as the verifier finds it.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from solver.verify.world import UNPLACED, World


def find_standing(world: World) -> list[int]:
    """Return the choice that each student holds and that stands, else ``UNPLACED``.

    A pinned student's is her pin. Another's does not stand when it is forbidden, or
    when its offer or one of its quotas has less room than all of these need.
    """
    standing = [UNPLACED] * len(world.students.ids)
    for student, offer in world.holds.items():
        choice = world.find_choice(student, offer)
        standing[student] = UNPLACED if choice in world.forbidden else choice
    for student, choice in world.pins.items():
        standing[student] = choice
    scarce = _find_scarce(world, {choice for choice in standing if choice >= 0})
    return [
        UNPLACED if choice in scarce and student not in world.pins else choice
        for student, choice in enumerate(standing)
    ]


def _find_scarce(world: World, choices: set[int]) -> set[int]:
    """Return those of the choices whose offer, or a quota of theirs, is overfull."""
    by_offer: dict[int, set[int]] = {}
    for choice in choices:
        by_offer.setdefault(world.choices.offer[choice], set()).add(choice)
    groups = [(by_offer.get(o, set()), c) for o, c in enumerate(world.offers.capacity)]
    quotas = world.quotas
    parts = zip(quotas.offers, quotas.choices, quotas.capacity, strict=True)
    for offers, single, capacity in parts:
        inside = choices.intersection(single)
        inside.update(*(by_offer.get(offer, ()) for offer in offers))
        groups.append((inside, capacity))
    return {c for inside, capacity in groups if len(inside) > capacity for c in inside}
