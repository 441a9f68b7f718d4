"""What is left of every capacity while places are given one by one."""

from collections.abc import Iterator

from solver.instance import Instance, Quota

Pair = tuple[str, str]
"""A student and an offer."""


class Room:
    """Counts what each offer and each listed quota still lets in.

    Capacities are numbered: offers in the instance's order, then quotas.

    Parameters
    ----------
    instance
        Gives the capacities; pins are not taken yet.
    """

    def __init__(self, instance: Instance) -> None:
        self.left = [offer.capacity for offer in instance.offers]
        self.left += [quota.capacity for quota in instance.quotas]
        self._of_offer = {o.id: [n] for n, o in enumerate(instance.offers)}
        self._of_pair: dict[Pair, list[int]] = {}
        for number, quota in enumerate(instance.quotas, len(instance.offers)):
            self._add(number, quota)

    def _add(self, number: int, quota: Quota) -> None:
        whole = set(quota.offers)
        for offer in quota.offers:
            self._of_offer[offer].append(number)
        for pair in quota.choices:
            if pair[1] not in whole:  # a choice in both counts once
                self._of_pair.setdefault(pair, []).append(number)

    def of_offer(self, offer: str) -> list[int]:
        """Return the capacities that count every choice of an offer; its own first."""
        return self._of_offer[offer]

    def of_pair(self, student: str, offer: str) -> list[int]:
        """Return the quotas that count this choice by name and not the whole offer."""
        return self._of_pair.get((student, offer), [])

    def counting(self, student: str, offer: str) -> Iterator[int]:
        """Yield every capacity that counts a choice."""
        yield from self._of_offer[offer]
        yield from self._of_pair.get((student, offer), ())

    def fits(self, student: str, offer: str) -> bool:
        """Return whether every capacity that counts the choice has room for it."""
        return all(self.left[number] > 0 for number in self.counting(student, offer))

    def take(self, student: str, offer: str) -> None:
        """Give the choice its place."""
        for number in self.counting(student, offer):
            self.left[number] -= 1
