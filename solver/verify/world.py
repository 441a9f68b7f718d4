"""The instance as the verifier knows it: plain lists, positions instead of ids.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

import hashlib
import json
from dataclasses import dataclass, field

Pair = tuple[str, str]
UNPLACED = -1
"""Stands for a choice where a student has none."""

RESERVED = ("sending", "block")
"""Attributes that every student has: the sending institution and its block."""


@dataclass
class Quotas:
    """Listed quotas: each caps the choices of ``offers`` and further ``choices``."""

    index: dict[str, int] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    offers: list[list[int]] = field(default_factory=list)
    choices: list[list[int]] = field(default_factory=list)


@dataclass
class Offers:
    """Offers in the file's order."""

    index: dict[str, int] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    receiving: list[str] = field(default_factory=list)
    virtual: list[bool] = field(default_factory=list)


@dataclass
class Students:
    """Students in the file's order; number s has choices first[s]..first[s+1]."""

    index: dict[str, int] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    sending: list[str] = field(default_factory=list)
    floor_g: list[int] = field(default_factory=list)
    groups: list[dict[str, str]] = field(default_factory=list)
    first: list[int] = field(default_factory=lambda: [0])


@dataclass
class Choices:
    """All choices, student after student."""

    offer: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    emissions_g: list[int] = field(default_factory=list)
    lane: list[int] = field(default_factory=list)
    """p + 1 for a choice outward through partnership p, -(p + 1) inward, 0 for none."""


@dataclass
class Partnerships:
    """Listed partnerships, then the unlisted ones that choices run through."""

    pairs: list[Pair] = field(default_factory=list)
    index: dict[Pair, int] = field(default_factory=dict)
    allowance: list[int] = field(default_factory=list)
    """tolerance - carried + inbound_known: excess begins above this difference."""
    lanes: dict[Pair, int] = field(default_factory=dict)
    """(sending, receiving) to the lane's number as in ``Choices.lane``."""

    def add(self, north: str, south: str, allowance: int) -> None:
        """Add a partnership; the caller sees to it that it is new."""
        number = len(self.pairs)
        self.pairs.append((north, south))
        self.index[north, south] = number
        self.allowance.append(allowance)
        self.lanes[north, south] = number + 1
        self.lanes[south, north] = -(number + 1)


@dataclass
class World:
    """An instance whose form was checked."""

    id: str = ""
    seed: str = "0" * 64
    block: dict[str, str] = field(default_factory=dict)
    """Block by institution; "" for none."""
    offers: Offers = field(default_factory=Offers)
    quotas: Quotas = field(default_factory=Quotas)
    students: Students = field(default_factory=Students)
    choices: Choices = field(default_factory=Choices)
    partnerships: Partnerships = field(default_factory=Partnerships)
    holds: dict[int, int] = field(default_factory=dict)
    pins: dict[int, int] = field(default_factory=dict)
    """Choice by pinned student."""
    forbidden: set[int] = field(default_factory=set)
    hashes: dict[int, tuple[int, int]] = field(default_factory=dict)

    def find_choice(self, student: int, offer: int) -> int:
        """Return a student's choice for an offer, ``UNPLACED`` if there is none."""
        first = self.students.first
        try:
            return self.choices.offer.index(offer, first[student], first[student + 1])
        except ValueError:
            return UNPLACED

    def block_of(self, student: int) -> str:
        """Return the block of a student's sending institution, "" for none."""
        return self.block[self.students.sending[student]]

    def label(self, student: int, attribute: str) -> str | None:
        """Return a student's value of an attribute, None where it is missing."""
        if attribute == "sending":
            return self.students.sending[student]
        if attribute == "block":
            return self.block_of(student) or None
        return self.students.groups[student].get(attribute)

    def largest_rank(self) -> int:
        """Return R: the largest rank as written, 0 without choices."""
        return max(self.choices.rank, default=0)

    def find_lanes(self) -> None:
        """Give every choice its lane; add the unlisted north-south partnerships."""
        lanes, first = self.partnerships.lanes, self.students.first
        for student, sending in enumerate(self.students.sending):
            for offer in self.choices.offer[first[student] : first[student + 1]]:
                lane = 0
                if not self.offers.virtual[offer]:
                    receiving = self.offers.receiving[offer]
                    if (sending, receiving) not in lanes:
                        self._add_unlisted(sending, receiving)
                    lane = lanes[sending, receiving]
                self.choices.lane.append(lane)

    def _add_unlisted(self, sending: str, receiving: str) -> None:
        blocks = self.block[sending], self.block[receiving]
        if blocks == ("north", "south"):
            self.partnerships.add(sending, receiving, 0)
        elif blocks == ("south", "north"):
            self.partnerships.add(receiving, sending, 0)
        else:
            self.partnerships.lanes[sending, receiving] = 0

    def cohort(self) -> list[int]:
        """Return the students with at least one choice as written."""
        first = self.students.first
        numbers = range(len(self.students.ids))
        return [s for s in numbers if first[s] < first[s + 1]]

    def lottery(self, student: int, choice: int) -> tuple[int, int]:
        """Return the two lottery weights of a choice, each below 2**20."""
        known = self.hashes.get(choice)
        if known is None:
            offer = self.offers.ids[self.choices.offer[choice]]
            text = [self.seed, self.id, self.students.ids[student], offer]
            data = _to_text(text).encode("utf-8")
            digest = hashlib.sha256(data).digest()
            known = _weight(digest[:8]), _weight(digest[8:16])
            self.hashes[choice] = known
        return known


_to_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _weight(data: bytes) -> int:
    return int.from_bytes(data, "big") % 2**20
