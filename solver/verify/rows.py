"""The options that each row of a stage's program sums.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections.abc import Iterable
from functools import cached_property

from solver.verify.costs import Ledger
from solver.verify.world import UNPLACED


class Rows:
    """The options that each row of a stage's program sums."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.options = ledger.options
        self.world = ledger.world

    def row(self, kind: str, number: int) -> Iterable[tuple[int, int]]:
        """Return the options of a row, each with its sign."""
        if kind == "partnership":
            outward = ((option, 1) for option in self.by_lane.get(number + 1, ()))
            inward = ((option, -1) for option in self.by_lane.get(-number - 1, ()))
            return [*outward, *inward]
        return [(option, 1) for option in self._plain(kind, number)]

    def _plain(self, kind: str, number: int) -> list[int]:
        if kind == "choice":
            return self._found([number])
        if kind == "student":
            options = self.options.of(number)
            return [item for item in options if self.options.choice[item] != UNPLACED]
        if kind == "offer":
            return self.by_offer.get(number, [])
        offers = self.world.quotas.offers[number]
        whole = [option for offer in offers for option in self.by_offer.get(offer, [])]
        return whole + self.singles(number)

    def singles(self, quota: int) -> list[int]:
        """Return the options that a quota names one by one."""
        return self._found(self.world.quotas.choices[quota])

    def _found(self, choices: list[int]) -> list[int]:
        """Return the options of the choices that survive."""
        found = (self.by_choice.get(choice) for choice in choices)
        return [option for option in found if option is not None]

    @cached_property
    def by_offer(self) -> dict[int, list[int]]:
        """Options by offer."""
        return _by(self.options.offer)

    @cached_property
    def by_lane(self) -> dict[int, list[int]]:
        """Options by lane."""
        return _by(self.options.lane)

    @cached_property
    def by_choice(self) -> dict[int, int]:
        """Option by choice."""
        return {choice: option for option, choice in enumerate(self.options.choice)}


def _by(keys: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for option, key in enumerate(keys):
        found.setdefault(key, []).append(option)
    return found
