"""What every mechanism asks: who wants what, and in which order students stand."""

from solver.instance import Instance
from solver.lottery import draw_students


def list_wishes(instance: Instance) -> list[list[str]]:
    """Return the offers open to each student, best first; to a pinned one her pin.

    Where ranks tie, the order of the list counts.
    """
    pins, forbidden = instance.pins, instance.forbidden
    wishes = [[choice.offer for choice in s.choices] for s in instance.students]
    if not pins and not forbidden:
        return wishes
    return [
        [pins[student.id]]
        if student.id in pins
        else [offer for offer in offers if (student.id, offer) not in forbidden]
        for student, offers in zip(instance.students, wishes, strict=True)
    ]


def order_by_merit(instance: Instance) -> list[int]:
    """Return the students' numbers by merit, highest first; ties by lottery."""
    merits = [student.merit for student in instance.students]
    draws = draw_students(instance)
    return sorted(range(len(merits)), key=lambda s: (-merits[s], draws[s]))


def find_places(order: list[int]) -> list[int]:
    """Return each student's place in an order, 0 is first."""
    places = [0] * len(order)
    for place, student in enumerate(order):
        places[student] = place
    return places
