"""Random instances of any size, for trials and benchmarks: constructed, not real.

Same students, seed and version: the same bytes. Every key of the format is written.
"""

import random
from collections.abc import Sequence

CHOICES = (4, 12)
"""Fewest and most choices of a student; about 8 on average."""

_BLOCKS = ("north", "south")
_COUNTRIES = {
    "north": ("DE", "FR", "SE", "NL", "CA", "JP"),
    "south": ("KE", "UG", "IN", "BR", "PE", "GH"),
}


def generate(students: int, seed: int, *, is_nested: bool = False) -> dict[str, object]:
    """Return the value of an instance: places for about 90 % of the students.

    Parameters
    ----------
    students
        Number of students, 0 or more.
    seed
        Seed of the pseudo-random numbers.
    is_nested
        Whether to leave out the quotas that cross others.
    """
    return _Generator(students, seed, is_nested=is_nested).build()


class _Generator:
    def __init__(self, students: int, seed: int, *, is_nested: bool) -> None:
        self.size, self.is_nested = students, is_nested
        self.random = random.Random(f"mobility {seed}")  # noqa: S311 - not a secret
        self.seed = seed
        hosts = max(4, students // 40)
        self.hosts = [f"hei{index:05d}" for index in range(hosts)]
        self.block = {
            host: _BLOCKS[index % 5 >= 3] for index, host in enumerate(self.hosts)
        }

    def build(self) -> dict[str, object]:
        offers = self._make_offers()
        students = [self._make_student(index, offers) for index in range(self.size)]
        return {
            "format": "mobility-instance/1",
            "id": f"generated-{self.size}-{self.seed}",
            "institutions": [self._make_institution(host) for host in self.hosts],
            "offers": offers,
            "quotas": self._make_quotas(offers),
            "students": students,
            "partnerships": self._make_partnerships(),
            "priority": {},
            "holds": {},
            "pins": [],
            "forbidden": [],
            "seed": "0" * 64,
        }

    def _make_institution(self, host: str) -> dict[str, object]:
        block = self.block[host]
        return {
            "id": host,
            "block": block,
            "country": self.random.choice(_COUNTRIES[block]),
            "exchange_tolerance": self.random.randint(0, 3),
        }

    def _make_offers(self) -> list[dict[str, object]]:
        """Return offers of 1-4 places, 3 in 100 of them virtual."""
        places = round(self.size * 0.9)
        offers: list[dict[str, object]] = []
        while places > 0:
            capacity = min(self.random.randint(1, 4), places)
            places -= capacity
            offers.append(
                {
                    "id": f"o{len(offers):06d}",
                    "receiving": self.random.choice(self.hosts),
                    "capacity": capacity,
                    "mode": "virtual" if self.random.random() < 0.03 else "physical",
                    "days": 28 * self.random.randint(1, 4),
                }
            )
        return offers

    def _make_student(
        self, index: int, offers: Sequence[dict[str, object]]
    ) -> dict[str, object]:
        home = self.random.choice(self.hosts)
        wanted = self.random.randint(*CHOICES)
        sample = [self._pick(len(offers)) for _ in range(wanted)] if offers else []
        ranked = [offers[k] for k in dict.fromkeys(sample)]
        choices = [
            {"offer": offer["id"], "rank": rank, "emissions_g": self._emit(offer)}
            for rank, offer in enumerate(ranked, start=1)
        ]
        floor = min((self._emit(offer) for offer in ranked), default=0)
        return {
            "id": f"s{index:07d}",
            "sending": home,
            "merit": self.random.randint(0, 10_000),
            "floor_g": floor,
            "groups": {
                "income": self.random.choices(["low", "middle", "high"], [25, 50, 25])[
                    0
                ]
            },
            "choices": choices,
        }

    def _pick(self, size: int) -> int:
        """Return an index; some offers are wanted several times as much as others."""
        return int(size * self.random.random() ** 1.5)

    def _emit(self, offer: dict[str, object]) -> int:
        if offer["mode"] == "virtual":
            return 0
        return self.random.randint(100, 3_000) * 1_000

    def _make_quotas(
        self, offers: Sequence[dict[str, object]]
    ) -> list[dict[str, object]]:
        """Return one quota per host, and crossing ones over 2-4 offers of any host."""
        by_host: dict[object, list[dict[str, object]]] = {}
        for offer in offers:
            by_host.setdefault(offer["receiving"], []).append(offer)
        quotas = [
            self._make_quota(f"host-{host}", own, 0.95)
            for host, own in sorted(by_host.items(), key=str)
        ]
        for index in range(0 if self.is_nested else len(offers) // 10):
            sample = self.random.sample(
                list(offers), min(len(offers), self.random.randint(2, 4))
            )
            quotas.append(self._make_quota(f"cross-{index:06d}", sample, 0.8))
        return quotas

    def _make_quota(
        self, name: str, offers: Sequence[dict[str, object]], share: float
    ) -> dict[str, object]:
        total = sum(int(str(offer["capacity"])) for offer in offers)
        return {
            "id": name,
            "capacity": max(1, round(total * share)),
            "offers": sorted(str(offer["id"]) for offer in offers),
            "choices": [],
        }

    def _make_partnerships(self) -> list[dict[str, object]]:
        north = [host for host in self.hosts if self.block[host] == "north"]
        south = [host for host in self.hosts if self.block[host] == "south"]
        pairs = {
            (self.random.choice(north), self.random.choice(south))
            for _ in range(self.size // 20)
        }
        return [
            {
                "north": a,
                "south": b,
                "carried": self.random.randint(-1, 3),
                "inbound_known": self.random.choice([0, 0, 0, 1]),
                "tolerance": self.random.choice([0, 0, 1]),
            }
            for a, b in sorted(pairs)
        ]
