"""What mechanisms work on: open choices, the order by merit, capacities filled.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from solver.verify.world import UNPLACED, World


class Ground:
    """An instance with its pins taken.

    Attributes
    ----------
    open
        Choices left to each student, best first: to a pinned one her pin, to any other
        those that are not forbidden.
    place
        Place of each student by merit, highest first, ties by lottery.
    held
        Choice of each student, ``UNPLACED`` for none.
    lists
        Place of each student in an offer's priority list, by offer.
    room
        What each offer and then each quota still lets in.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        first, students = world.students.first, range(len(world.students.ids))
        self.open = [
            [world.pins[s]]
            if s in world.pins
            else [c for c in range(first[s], first[s + 1]) if c not in world.forbidden]
            for s in students
        ]
        merit = world.students.merit
        self.order = sorted(students, key=lambda s: (-merit[s], world.draw(s)))
        self.place = {student: place for place, student in enumerate(self.order)}
        self.lists = {
            offer: {student: place for place, student in enumerate(listed)}
            for offer, listed in world.priority.items()
        }
        self.held = [UNPLACED] * len(students)
        self.room = [*world.offers.capacity, *world.quotas.capacity]
        self._around_offer: list[list[int]] = [
            [n] for n in range(len(world.offers.ids))
        ]
        self._around_choice: dict[int, list[int]] = {}
        for number in range(len(world.quotas.ids)):
            cap = len(world.offers.ids) + number
            for offer in world.quotas.offers[number]:
                self._around_offer[offer].append(cap)
            for choice in world.quotas.choices[number]:
                self._around_choice.setdefault(choice, []).append(cap)
        for student, choice in world.pins.items():
            self.give(student, choice)

    def around(self, choice: int) -> list[int]:
        """Return the capacities that count a choice."""
        single = self._around_choice.get(choice, [])
        return self._around_offer[self.world.choices.offer[choice]] + single

    def has_room(self, choice: int) -> bool:
        """Return whether every capacity lets the choice in."""
        return all(self.room[cap] > 0 for cap in self.around(choice))

    def give(self, student: int, choice: int) -> None:
        """Give a student the place she chose."""
        self.held[student] = choice
        for cap in self.around(choice):
            self.room[cap] -= 1

    def name(self, cap: int) -> str:
        """Return what a capacity is called."""
        offers = self.world.offers.ids
        if cap < len(offers):
            return f"offer {offers[cap]}"
        return f"quota {self.world.quotas.ids[cap - len(offers)]}"

    def standing(self, offer: int, student: int) -> int | None:
        """Return how a student stands at an offer, 0 is highest, None is not at all."""
        if offer in self.lists:
            return self.lists[offer].get(student)
        return self.place[student]
