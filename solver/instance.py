"""What is to be matched: frozen students, offers, choices, quotas, partnerships.

``solver.instance_reader`` makes them from a file. Format: ``solver/README.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

FORMAT = "mobility-instance/1"
MODES = ("physical", "blended", "virtual")
BLOCKS = ("north", "south")
NO_SEED = "0" * 64


@dataclass(frozen=True, slots=True)
class Institution:
    """A university. ``block`` is "north", "south" or None for neither."""

    id: str
    country: str
    block: str | None
    exchange_tolerance: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a student can rank: ``capacity`` places at one receiving institution."""

    id: str
    receiving: str
    capacity: int
    mode: str
    days: int


@dataclass(frozen=True, slots=True)
class Quota:
    """A cap over the choices of whole offers and over single (student, offer) pairs."""

    id: str
    capacity: int
    offers: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]


class Choice(NamedTuple):
    """An offer that a student ranked: rank 1 is first, whole journey in grams CO2e."""

    offer: str
    rank: int
    emissions_g: int


@dataclass(frozen=True, slots=True)
class Student:
    """Someone to be placed; ``choices`` best first, ``floor_g`` in grams CO2e."""

    id: str
    sending: str
    merit: int
    floor_g: int
    groups: Mapping[str, str]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Partnership:
    """A Northern and a Southern institution, and what earlier rounds left."""

    north: str
    south: str
    carried: int
    inbound_known: int
    tolerance: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole matching problem. Every sequence is sorted by id."""

    id: str
    institutions: tuple[Institution, ...]
    offers: tuple[Offer, ...]
    quotas: tuple[Quota, ...]
    students: tuple[Student, ...]
    partnerships: tuple[Partnership, ...]
    priority: Mapping[str, tuple[str, ...]]
    holds: Mapping[str, str]
    pins: Mapping[str, str]
    forbidden: frozenset[tuple[str, str]]
    seed: str

    @property
    def largest_rank(self) -> int:
        """The largest rank in the instance, 0 without choices."""
        return max((s.choices[-1].rank for s in self.students if s.choices), default=0)


def to_json(instance: Instance) -> dict[str, object]:
    """Return the instance as its JSON value, every key written, also empty ones."""
    return {
        "format": FORMAT,
        "id": instance.id,
        "institutions": [
            {
                "id": i.id,
                "country": i.country,
                "exchange_tolerance": i.exchange_tolerance,
            }
            | ({"block": i.block} if i.block else {})
            for i in instance.institutions
        ],
        "offers": [
            {
                key: getattr(o, key)
                for key in ("id", "receiving", "capacity", "mode", "days")
            }
            for o in instance.offers
        ],
        "quotas": [
            {
                "id": q.id,
                "capacity": q.capacity,
                "offers": list(q.offers),
                "choices": [list(pair) for pair in q.choices],
            }
            for q in instance.quotas
        ],
        "students": [_student_to_json(student) for student in instance.students],
        "partnerships": [
            {
                key: getattr(p, key)
                for key in ("north", "south", "carried", "inbound_known", "tolerance")
            }
            for p in instance.partnerships
        ],
        "priority": {offer: list(names) for offer, names in instance.priority.items()},
        "holds": dict(instance.holds),
        "pins": [list(pair) for pair in instance.pins.items()],
        "forbidden": [list(pair) for pair in sorted(instance.forbidden)],
        "seed": instance.seed,
    }


def _student_to_json(student: Student) -> dict[str, object]:
    return {
        "id": student.id,
        "sending": student.sending,
        "merit": student.merit,
        "floor_g": student.floor_g,
        "groups": dict(student.groups),
        "choices": [choice._asdict() for choice in student.choices],
    }
