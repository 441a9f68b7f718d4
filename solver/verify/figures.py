"""Terms and metrics of a stage, counted again from its placements.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections import Counter
from collections.abc import Iterable

from solver.verify.costs import Cohort, differences_of, excesses, is_moved
from solver.verify.levels import Policy
from solver.verify.shapes import Table
from solver.verify.world import RESERVED, UNPLACED


class Figures:
    """What placements amount to.

    Parameters
    ----------
    cohort
        Students with a choice and their groups.
    policy
        What was declared.
    held
        Choice of every student, ``UNPLACED`` for none.
    """

    def __init__(self, cohort: Cohort, policy: Policy, held: list[int]) -> None:
        self.cohort = cohort
        self.world = cohort.world
        self.policy = policy
        self.held = held
        self.placed = {s: choice for s, choice in enumerate(held) if choice >= 0}
        self.largest_rank = self.world.largest_rank()
        self.lanes = [self.world.choices.lane[item] for item in self.placed.values()]

    def benefit(self, students: Iterable[int]) -> int:
        """Return the sum of R + 1 - rank over the placed among these students."""
        ranks, top = self.world.choices.rank, self.largest_rank + 1
        return sum(top - ranks[self.held[s]] for s in students if self.held[s] >= 0)

    def terms(self) -> Table:
        """Return the stage's ``terms``."""
        choices, held = self.world.choices, self.placed.values()
        costs = self.policy.cost(self.largest_rank)
        students = range(len(self.held))
        return {
            "unplaced": len(self.held) - len(self.placed),
            "rank_cost": sum(costs[choices.rank[choice] - 1] for choice in held),
            "emissions_g": sum(choices.emissions_g[choice] for choice in held),
            "one_way_excess": sum(excesses(self.world, self.lanes)),
            "benefit": self.benefit(students),
            "moved": sum(is_moved(self.world, s, self.held[s]) for s in students),
            "equity_shortfall": {
                name: self._shortfalls(name, tolerance)
                for name, tolerance in self.policy.attributes.items()
            },
        }

    def _shortfalls(self, attribute: str, tolerance: int) -> dict[str, list[int]]:
        """Return max(0, 100 (n_g B - n B_g) - t n n_g R) over 100 n by group."""
        members: dict[str, list[int]] = {}
        for student in self.cohort.students:
            label = self.world.label(student, attribute)
            if label is not None:
                members.setdefault(label, []).append(student)
        everyone = len(self.cohort.students)
        total = self.benefit(self.cohort.students)
        shortfalls = {}
        for label, students in members.items():
            size = len(students)
            lack = 100 * (size * total - everyone * self.benefit(students))
            lack -= tolerance * everyone * size * self.largest_rank
            shortfalls[label] = [max(0, lack), 100 * everyone]
        return shortfalls

    def metrics(self, before: list[int]) -> Table:
        """Return the stage's ``metrics``.

        Parameters
        ----------
        before
            Choice of every student in the stage before, empty in the first.
        """
        world, choices = self.world, self.world.choices
        held = list(self.placed.values())
        grams = sorted(choices.emissions_g[choice] for choice in held)
        profile = Counter(choices.rank[choice] for choice in held)
        flows = self._flows()
        return {
            "students": len(self.held),
            "placed": len(held),
            "unplaced": len(self.held) - len(held),
            "rank_profile": {str(rank): count for rank, count in profile.items()},
            "rank_total": sum(choices.rank[choice] for choice in held),
            "emissions_g": sum(grams),
            "emissions_median_g": _nearest_rank(grams, 50),
            "emissions_p90_g": _nearest_rank(grams, 90),
            "one_way_excess": sum(excesses(world, self.lanes)),
            "south_to_north": flows["south", "north"],
            "north_to_south": flows["north", "south"],
            "blocks": self._labelled(map(world.block_of, range(len(self.held)))),
            "groups": self._groups(),
            "institutions": self._institutions(),
            "partnerships": self._partnerships(),
            "moves": self._moves(before),
        }

    def _flows(self) -> Counter[tuple[str, str]]:
        """Return the non-virtual placements from block to block."""
        world, flows = self.world, Counter[tuple[str, str]]()
        for student, choice in self.placed.items():
            offer = world.choices.offer[choice]
            if not world.offers.virtual[offer]:
                host = world.block[world.offers.receiving[offer]]
                flows[world.block_of(student), host] += 1
        return flows

    def _labelled(self, labels: Iterable[str | None]) -> Table:
        """Return the figures of all students of each label; None is no label."""
        members: dict[str, list[int]] = {}
        for student, label in enumerate(labels):
            if label is not None:
                members.setdefault(label, []).append(student)
        return {label: self._summary(students) for label, students in members.items()}

    def _summary(self, students: list[int]) -> dict[str, int]:
        choices = self.world.choices
        held = [self.held[s] for s in students if self.held[s] != UNPLACED]
        return {
            "students": len(students),
            "placed": len(held),
            "benefit": self.benefit(students),
            "rank_total": sum(choices.rank[choice] for choice in held),
            "emissions_g": sum(choices.emissions_g[choice] for choice in held),
        }

    def _groups(self) -> Table:
        groups = self.world.students.groups
        attributes = dict.fromkeys(name for group in groups for name in group)
        return {
            name: self._labelled(group.get(name) for group in groups)
            for name in attributes
            if name not in RESERVED
        }

    def _institutions(self) -> Table:
        """Return placements out, in, at home and virtual by institution."""
        world = self.world
        table: Table = {}
        for student, choice in self.placed.items():
            offer = world.choices.offer[choice]
            sending = world.students.sending[student]
            receiving = world.offers.receiving[offer]
            if world.offers.virtual[offer]:
                ends = [(sending, "virtual")]
            elif sending == receiving:
                ends = [(sending, "home")]
            else:
                ends = [(sending, "out"), (receiving, "in")]
            for institution, key in ends:
                empty = {"out": 0, "in": 0, "home": 0, "virtual": 0}
                table.setdefault(institution, empty)[key] += 1
        return table

    def _partnerships(self) -> list[list[str | int]]:
        world = self.world
        flows = differences_of(world, self.lanes)
        table = zip(
            world.partnerships.pairs, flows, excesses(world, self.lanes), strict=True
        )
        return [
            [north, south, out, back, excess]
            for (north, south), (out, back), excess in sorted(table)
            if out or back or excess
        ]

    def _moves(self, before: list[int]) -> dict[str, int]:
        """Return who gained and lost against the stage before."""
        ranks = self.world.choices.rank
        moves = dict.fromkeys(
            ("lost_place", "gained_place", "better", "worse", "same_rank"), 0
        )
        for earlier, later in zip(before, self.held, strict=False):
            if earlier == later:
                continue
            if later < 0:
                moves["lost_place"] += 1
            elif earlier < 0:
                moves["gained_place"] += 1
            else:
                change = ranks[later] - ranks[earlier]
                key = "worse" if change > 0 else "better" if change < 0 else "same_rank"
                moves[key] += 1
        return moves


def _nearest_rank(ordered: list[int], percent: int) -> int:
    """Return the percentile by nearest rank, 0 of nothing."""
    if not ordered:
        return 0
    return ordered[-(-percent * len(ordered) // 100) - 1]
