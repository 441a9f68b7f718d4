"""One order of students that keeps several, for offers that share a quota.

Part of the verifier: standard library only.
"""

import heapq


class Merging:
    """Merges rows of tiers: who stands in an earlier tier comes before the later.

    Parameters
    ----------
    rows
        Each a sequence of tiers of students.
    place
        Who comes first of those who may be next.
    """

    def __init__(self, rows: list[list[list[int]]], place: dict[int, int]) -> None:
        self.rows, self.place = rows, place
        self.needed: dict[int, int] = {}
        """How many rows each student stands in."""
        for student in (s for row in rows for tier in row for s in tier):
            self.needed[student] = self.needed.get(student, 0) + 1
        self.reached: dict[int, list[int]] = {student: [] for student in self.needed}
        """The rows that have come to a student's tier."""
        self.level = [-1] * len(rows)
        self.left = [0] * len(rows)
        self.free: list[tuple[int, int]] = []

    def order(self) -> list[int] | None:
        """Return the order, None where the rows contradict each other."""
        for number in range(len(self.rows)):
            self._open_next(number)
        order = []
        while self.free:
            student = heapq.heappop(self.free)[1]
            order.append(student)
            for number in self.reached[student]:
                self.left[number] -= 1
                if not self.left[number]:
                    self._open_next(number)
        return order if len(order) == len(self.needed) else None

    def _open_next(self, number: int) -> None:
        """Come to the next tier of a row; free is who all her rows have come to."""
        self.level[number] += 1
        if self.level[number] == len(self.rows[number]):
            return
        tier = self.rows[number][self.level[number]]
        self.left[number] = len(tier)
        for student in tier:
            self.reached[student].append(number)
            if len(self.reached[student]) == self.needed[student]:
                heapq.heappush(self.free, (self.place[student], student))
