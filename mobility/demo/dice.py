"""Seeded draws in integers: the same on every machine, each purpose its own stream."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """A stream of draws.

    Parameters
    ----------
    seed
        Seed of the world.
    purpose
        What the draws are for. A draw added for one purpose moves no other.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = random.Random(f"{seed}/{purpose}")  # noqa: S311 - a constructed world keeps no secret

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return self._random.randrange(low, high + 1)

    def is_below(self, percent: int) -> bool:
        """Return True in `percent` of 100 draws."""
        return self._random.randrange(100) < percent

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one of the items, each as likely."""
        return items[self._random.randrange(len(items))]

    def weighted(self, weight_by_item: Mapping[Item, int]) -> Item:
        """Return one of the items by its weight, an integer of 1 or more.

        The order of the mapping decides which item a number stands for.
        """
        left = self._random.randrange(sum(weight_by_item.values()))
        for item, weight in weight_by_item.items():
            left -= weight
            if left < 0:
                return item
        message = "a weight is negative"
        raise ValueError(message)

    def ranked(self, weight_by_item: Mapping[Item, int], count: int) -> list[Item]:
        """Return up to `count` different items, best first (Plackett-Luce).

        Each next one is drawn from the rest by its weight: Luce, "Individual Choice
        Behavior", 1959; Plackett, Applied Statistics 1975;24:193.
        """
        rest = dict(weight_by_item)
        taken: list[Item] = []
        while rest and len(taken) < count:
            taken.append(self.weighted(rest))
            del rest[taken[-1]]
        return taken
