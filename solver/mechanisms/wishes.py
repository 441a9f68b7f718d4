"""What every mechanism asks: who wants what, and in which order students stand."""

from collections.abc import Iterator

from solver.instance import Instance, Student
from solver.lottery import draw_students


def wishes_of(instance: Instance, student: Student) -> Iterator[str]:
    """Yield the offers open to a student, best first; to a pinned one her pin.

    Where ranks tie, the order of the list counts.
    """
    if student.id in instance.pins:
        yield instance.pins[student.id]
        return
    for choice in student.choices:
        if (student.id, choice.offer) not in instance.forbidden:
            yield choice.offer


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
