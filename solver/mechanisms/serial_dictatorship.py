"""Serial dictatorship: one student after another takes the best that is left.

Satterthwaite & Sonnenschein 1981; Svensson 1999. Strategy-proof, and efficient in the
sense of Pareto for strict rankings, whatever the quotas: nobody's report changes who
comes before her or what they leave.
"""

from solver.instance import Instance
from solver.mechanisms.wishes import order_by_merit, wishes_of
from solver.metrics import Placements
from solver.room import Room


def serial_dictatorship(instance: Instance) -> Placements:
    """Return the placement: pins first, then by merit, ties by lottery."""
    room = Room(instance)
    placements: dict[str, str] = {}
    for pinned, offer in instance.pins.items():
        room.take(pinned, offer)
        placements[pinned] = offer
    for number in order_by_merit(instance):
        student = instance.students[number]
        if student.id in instance.pins:
            continue
        for offer in wishes_of(instance, student):
            if room.fits(student.id, offer):
                room.take(student.id, offer)
                placements[student.id] = offer
                break
    return placements
