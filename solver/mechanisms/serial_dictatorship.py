"""Serial dictatorship: one student after another takes the best that is left.

Satterthwaite & Sonnenschein 1981; Svensson 1999. Strategy-proof, and efficient in the
sense of Pareto for strict rankings, whatever the quotas: nobody's report changes who
comes before her or what they leave.
"""

from solver.instance import Instance
from solver.mechanisms.wishes import list_wishes, order_by_merit
from solver.metrics import Placements
from solver.room import Room


def serial_dictatorship(instance: Instance) -> Placements:
    """Return the placement: pins first, then by merit, ties by lottery."""
    room, wishes = Room(instance), list_wishes(instance)
    placements: dict[str, str] = {}
    for student, offer in instance.pins.items():
        room.take(student, offer)
        placements[student] = offer
    for number in order_by_merit(instance):
        student = instance.students[number].id
        if student in instance.pins:
            continue
        for offer in wishes[number]:
            if room.fits(student, offer):
                room.take(student, offer)
                placements[student] = offer
                break
    return placements
