"""A policy as declared, and the entries that its levels stand for.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from dataclasses import dataclass

VALUE = ("rank", "carbon_per_tonne", "one_way", "equity")
ALONE = ("emissions_g", "worst_rank", "rank_maximal", "lottery")


@dataclass(frozen=True)
class Level:
    """A level as declared; ``second`` is (above, rate) of its one-way cost."""

    name: str
    weights: dict[str, int]
    absolute: int
    percent: int
    second: tuple[int, int] | None

    def limit(self, best: int) -> int:
        """Return the most that later entries may let this level's value be."""
        return best + self.absolute + self.percent * abs(best) // 100


@dataclass(frozen=True)
class Entry:
    """One value that is minimised: a level, or a sub-level with its number."""

    name: str
    level: Level
    kind: str
    """``sum``, or the one weight of the level: see ``ALONE``."""
    number: int = 0


@dataclass(frozen=True)
class Guard:
    """What a stage owes to those who had a place."""

    everyone: bool
    blocks: frozenset[str]
    steps: int
    steps_protected: int
    remote_kg: int | None
    keep_outward: bool
    no_virtual: bool
    from_holds: bool
    """Owed for what students hold by the instance, not for the stage before."""


@dataclass(frozen=True)
class Stage:
    """A stage as declared; the budget is (kilograms, largest rate)."""

    name: str
    guard: Guard | None
    budget: tuple[int, int] | None
    levels: tuple[Level, ...]

    def entries(self, largest_rank: int) -> list[Entry]:
        """Return the stage's entries in the order in which they are minimised."""
        return [
            entry for level in self.levels for entry in _entries(level, largest_rank)
        ]

    def carbon_level(self) -> Level | None:
        """Return the last level that weighs carbon."""
        weighing = [item for item in self.levels if "carbon_per_tonne" in item.weights]
        return weighing[-1] if weighing else None


@dataclass(frozen=True)
class Policy:
    """A policy as declared; ``attributes`` is empty without equity."""

    rank_cost: tuple[int, ...]
    attributes: dict[str, int]
    max_price: int
    min_group: int
    stages: tuple[Stage, ...]

    def cost(self, largest_rank: int) -> list[int]:
        """Return the costs of ranks 1 to the largest: entry r - 1 is rank r's."""
        costs = list(self.rank_cost)
        step = costs[-1] - costs[-2] if len(costs) > 1 else 0
        while len(costs) < largest_rank:
            step += 1000
            costs.append(costs[-1] + step)
        return costs[:largest_rank]

    def weighs_equity(self) -> bool:
        """Return whether any level prices groups."""
        return any("equity" in level.weights for s in self.stages for level in s.levels)


def _entries(level: Level, largest_rank: int) -> list[Entry]:
    kind = next((key for key in ALONE if key in level.weights), "sum")
    numbers = {
        "worst_rank": range(largest_rank, 1, -1),
        "rank_maximal": range(1, largest_rank + 1),
        "lottery": range(1, 3),
    }.get(kind)
    if numbers is None:
        return [Entry(level.name, level, kind)]
    return [Entry(f"{level.name}/{n}", level, kind, n) for n in numbers]
