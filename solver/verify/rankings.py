"""Read students' ranked choices, most of an instance's bytes, at little cost.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections.abc import Iterable
from operator import gt
from typing import Any

from solver.fileio import LARGEST_INTEGER
from solver.verify.shapes import Shape
from solver.verify.world import World

CHOICE_KEYS = frozenset(("offer", "emissions_g", "rank"))


class RankingReader(Shape):
    """Fills a world's choices."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def read_choices(self, choices: list[Any], student: str) -> None:
        """Read one student's choices; the common case costs no sentence."""
        known = self.world.choices
        if _are_plain(choices, self.world.offers.index):
            offers = [self.world.offers.index[choice["offer"]] for choice in choices]
            known.offer += offers
            known.emissions_g += [choice.get("emissions_g", 0) for choice in choices]
            ranks = [choice["rank"] for choice in choices if "rank" in choice]
        else:
            name = f"student {student}: choice"
            numbered = enumerate(choices, 1)
            read = [self._read_choice(c, f"{name} {n}") for n, c in numbered]
            offers = [offer for offer, _, _ in read]
            known.offer += offers
            known.emissions_g += [grams for _, grams, _ in read]
            ranks = [rank for _, _, rank in read if rank is not None]
        known.rank += self._check_ranks(ranks, len(choices), student)
        if len(set(offers)) < len(offers):
            self.say(f"student {student}: an offer is ranked twice")

    def _read_choice(self, value: object, name: str) -> tuple[int, int, int | None]:
        """Return a choice's offer, emissions and rank, naming what is wrong."""
        table = self.table(value, name, ("offer",), CHOICE_KEYS)
        if not table:
            return -1, 0, None
        offer = self.known(table["offer"], name, self.world.offers.index, "offer")
        grams = table.get("emissions_g", 0)
        grams = self.integer(grams, f"{name}: emissions_g", 0)
        rank = self.integer(table["rank"], f"{name}: rank") if "rank" in table else None
        return offer, grams, rank

    def _check_ranks(self, ranks: list[Any], count: int, student: str) -> Iterable[int]:
        """Return the ranks of all choices; their position where none is given."""
        positions = range(1, count + 1)
        if not ranks:
            return positions
        if len(ranks) != count:
            self.say(f"student {student}: ranks must be given for all choices or none")
        elif set(map(type, ranks)) != {int}:
            self.say(f"student {student}: ranks must be whole numbers")
        elif ranks != sorted(ranks):
            self.say(f"student {student}: ranks must not fall")
        elif ranks[0] < 1 or any(map(gt, ranks, positions)):
            self.say(f"student {student}: ranks must be from 1 to their position")
        return ranks


def _are_plain(choices: list[Any], offers: dict[str, int]) -> bool:
    """Return whether choices are well-formed, ranks not looked at."""
    if not choices:
        return True
    if set(map(type, choices)) != {dict}:
        return False
    if not all(choice.keys() <= CHOICE_KEYS for choice in choices):
        return False
    named = [choice.get("offer") for choice in choices]
    grams = [choice.get("emissions_g", 0) for choice in choices]
    return (
        set(map(type, named)) == {str}
        and all(offer in offers for offer in named)
        and set(map(type, grams)) == {int}
        and min(grams) >= 0
        and max(grams) <= LARGEST_INTEGER
    )
