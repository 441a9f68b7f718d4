"""Quotas cut so that one institution alone uses up each of them.

In balanced exchange one cycle gives several places at once. Where all choices of a
quota lead to one host, or come from one sender, a cycle uses it at most once. Any other
quota is shared out between its hosts beforehand.
"""

from dataclasses import replace

from solver.instance import Instance, Quota


def share_out(instance: Instance) -> Instance:
    """Return the instance with every quota of several hosts and senders cut by host.

    A host's share are its pins and its part of what pins leave, in proportion to the
    capacities of the offers that the quota names there (largest remainder, ties by id).
    """
    cutter = _Cutter(instance)
    quotas = [part for quota in instance.quotas for part in cutter.cut(quota)]
    return replace(instance, quotas=tuple(quotas))


class _Cutter:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.host = {offer.id: offer.receiving for offer in instance.offers}
        self.capacity = {offer.id: offer.capacity for offer in instance.offers}
        self.sender = {student.id: student.sending for student in instance.students}

    def cut(self, quota: Quota) -> list[Quota]:
        offers = {*quota.offers, *(offer for _, offer in quota.choices)}
        hosts = sorted({self.host[offer] for offer in offers})
        senders = {self.sender[student] for student, _ in quota.choices}
        if len(hosts) < 2 or (not quota.offers and len(senders) < 2):
            return [quota]
        parts = [self._restrict(quota, host) for host in hosts]
        pinned = [self._count_pins(part) for part in parts]
        weights = [
            sum(self.capacity[offer] for offer in offers if self.host[offer] == host)
            for host in hosts
        ]
        shares = apportion(quota.capacity - sum(pinned), weights)
        return [
            replace(part, capacity=pins + share)
            for part, pins, share in zip(parts, pinned, shares, strict=True)
        ]

    def _restrict(self, quota: Quota, host: str) -> Quota:
        return replace(
            quota,
            offers=tuple(o for o in quota.offers if self.host[o] == host),
            choices=tuple(pair for pair in quota.choices if self.host[pair[1]] == host),
        )

    def _count_pins(self, quota: Quota) -> int:
        pairs = set(quota.choices)
        return sum(
            pin[1] in quota.offers or pin in pairs for pin in self.instance.pins.items()
        )


def apportion(places: int, weights: list[int]) -> list[int]:
    """Return shares in proportion to weights, whole numbers that sum up to the places.

    What rounding down leaves goes to the largest remainders, the earlier of equals;
    without any weight there is nothing to share.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    shares = [places * weight // total for weight in weights]
    remainders = [places * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-remainders[n], n))
    for number in by_remainder[: places - sum(shares)]:
        shares[number] += 1
    return shares
