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
    merit: list[int] = field(default_factory=list)
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
    lanes: dict[str, dict[str, int]] = field(default_factory=dict)
    """Lane as in ``Choices.lane`` by sending, then by receiving institution."""

    def add(self, north: str, south: str, allowance: int) -> None:
        """Add a partnership; the caller sees to it that it is new."""
        number = len(self.pairs)
        self.pairs.append((north, south))
        self.index[north, south] = number
        self.allowance.append(allowance)
        self.lanes.setdefault(north, {})[south] = number + 1
        self.lanes.setdefault(south, {})[north] = -(number + 1)


@dataclass
class World:
    """An instance whose form was checked."""

    id: str = ""
    seed: str = "0" * 64
    block: dict[str, str] = field(default_factory=dict)
    """Block by institution; "" for none."""
    tolerance: dict[str, int] = field(default_factory=dict)
    """Exchange tolerance by institution."""
    offers: Offers = field(default_factory=Offers)
    quotas: Quotas = field(default_factory=Quotas)
    students: Students = field(default_factory=Students)
    choices: Choices = field(default_factory=Choices)
    partnerships: Partnerships = field(default_factory=Partnerships)
    holds: dict[int, int] = field(default_factory=dict)
    pins: dict[int, int] = field(default_factory=dict)
    """Choice by pinned student."""
    forbidden: set[int] = field(default_factory=set)
    priority: dict[int, list[int]] = field(default_factory=dict)
    """Students by offer that lists them, the highest first."""
    hashes: dict[int, tuple[int, int]] = field(default_factory=dict)
    offer_texts: list[bytes] = field(default_factory=list)
    last_text: tuple[int, bytes] = (-1, b"")

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
        first, offers, lane = self.students.first, self.offers, self.choices.lane
        hosts = [
            "" if virtual else host
            for host, virtual in zip(offers.receiving, offers.virtual, strict=True)
        ]
        for student, sending in enumerate(self.students.sending):
            lanes = self.partnerships.lanes.setdefault(sending, {})
            lanes[""] = 0
            for offer in self.choices.offer[first[student] : first[student + 1]]:
                host = hosts[offer]
                if host not in lanes:
                    self._add_unlisted(sending, host)
                lane.append(lanes[host])

    def _add_unlisted(self, sending: str, receiving: str) -> None:
        blocks = self.block[sending], self.block[receiving]
        if blocks == ("north", "south"):
            self.partnerships.add(sending, receiving, 0)
        elif blocks == ("south", "north"):
            self.partnerships.add(receiving, sending, 0)
        else:
            self.partnerships.lanes[sending][receiving] = 0

    def cohort(self) -> list[int]:
        """Return the students with at least one choice as written."""
        first = self.students.first
        numbers = range(len(self.students.ids))
        return [s for s in numbers if first[s] < first[s + 1]]

    def lottery(self, student: int, choice: int) -> tuple[int, int]:
        """Return the two lottery weights of a choice, each below 2**20."""
        known = self.hashes.get(choice)
        if known is None:
            if not self.offer_texts:
                self.offer_texts = [_to_text(item) + b"]" for item in self.offers.ids]
            text = self._student_text(student)
            text += self.offer_texts[self.choices.offer[choice]]
            digest = hashlib.sha256(text).digest()
            # the last 20 bits of bytes 0-7, and the last 20 bits of bytes 8-15
            first = int.from_bytes(digest[5:8], "big") & 0xFFFFF
            second = int.from_bytes(digest[13:16], "big") & 0xFFFFF
            known = self.hashes[choice] = first, second
        return known

    def draw(self, student: int) -> bytes:
        """Return a student's draw among equal merits; the least is first."""
        return hashlib.sha256(self._student_text(student)[:-1] + b"]").digest()

    def _student_text(self, student: int) -> bytes:
        """Return how the lottery's texts of a student begin; kept for the next."""
        last, text = self.last_text
        if last != student:
            items = (self.seed, self.id, self.students.ids[student])
            text = b"[" + b"".join(_to_text(item) + b"," for item in items)
            self.last_text = student, text
        return text


def _to_text(text: str) -> bytes:
    """Return a text as canonical JSON has it."""
    return _encode(text).encode()


_encode = json.JSONEncoder(ensure_ascii=False).encode
