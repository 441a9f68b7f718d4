"""Envy and waste as their definitions read: all pairs looked at, all quotas counted."""

from typing import Any

Table = dict[str, Any]
Placement = dict[str, str]


class Definitions:
    """A world and one of its placements."""

    def __init__(self, world: Table, placement: Placement) -> None:
        self.world, self.placement = world, placement
        self.students = {student["id"]: student for student in world["students"]}
        self.pinned = {student for student, _ in world["pins"]}
        self.forbidden = {tuple(pair) for pair in world["forbidden"]}

    def is_feasible(self, placement: Placement) -> bool:
        if any(placement.get(s) != o for s, o in self.world["pins"]):
            return False
        caps = [(o["capacity"], {o["id"]}, set()) for o in self.world["offers"]]
        caps += [
            (
                q["capacity"],
                set(q.get("offers", ())),
                {tuple(pair) for pair in q.get("choices", ())},
            )
            for q in self.world["quotas"]
        ]
        return all(
            sum(p[1] in offers or p in pairs for p in placement.items()) <= capacity
            for capacity, offers, pairs in caps
        )

    def prefers(self, student: str, offer: str) -> bool:
        if student in self.pinned or (student, offer) in self.forbidden:
            return False
        choices = self.students[student]["choices"]
        ranks = {c["offer"]: c.get("rank", n) for n, c in enumerate(choices, 1)}
        held = self.placement.get(student)
        order = self.world.get("priority", {}).get(offer)
        if offer not in ranks or (order is not None and student not in order):
            return False
        return held is None or ranks[offer] < ranks[held]

    def is_above(self, student: str, other: str, offer: str) -> bool:
        order = self.world.get("priority", {}).get(offer)
        if order is None:
            merit = {name: row["merit"] for name, row in self.students.items()}
            return merit[student] > merit[other]
        return other not in order or order.index(student) < order.index(other)

    def envies(self, student: str, other: str) -> bool:
        offer = self.placement.get(other)
        if offer is None or not self.prefers(student, offer):
            return False
        moved = {s: o for s, o in self.placement.items() if s not in (student, other)}
        is_feasible = self.is_feasible(moved | {student: offer})
        return is_feasible and self.is_above(student, other, offer)

    def wastes(self, student: str, offer: str) -> bool:
        moved = self.placement | {student: offer}
        return self.prefers(student, offer) and self.is_feasible(moved)
