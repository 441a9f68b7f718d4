"""``instance.json`` becomes an :class:`Instance`: all of it validated, sorted by key.

Every problem is named, not only the first. Format: ``solver/README.md``.
"""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from solver.errors import InvalidInstance
from solver.fields import Fields, describe
from solver.fileio import parse_json, read_bytes, to_canonical
from solver.instance import (
    BLOCKS,
    FORMAT,
    MODES,
    NO_SEED,
    Choice,
    Instance,
    Institution,
    Offer,
    Partnership,
    Quota,
    Student,
)

RESERVED_GROUPS = ("sending", "block")


def read_instance(path: Path) -> tuple[Instance, bytes, bool]:
    """Return a file's instance, its bytes, and whether the bytes are canonical.

    Raises
    ------
    InvalidFile
        When the file cannot be read or is not strict JSON.
    InvalidInstance
        When it breaks a rule of the format; every problem is named.
    """
    data = read_bytes(path)
    value = parse_json(data, str(path))
    instance = parse_instance(value)
    return instance, data, to_canonical(value) == data


def parse_instance(value: object) -> Instance:
    """Return the instance that a parsed ``instance.json`` describes.

    Raises
    ------
    InvalidInstance
        With every problem found, each naming the student, offer or quota.
    """
    return _Reader(value).read()


_KEYS = frozenset({"format", "id", "institutions", "offers", "students", "seed"})
_KEYS |= {"quotas", "partnerships", "priority", "holds", "pins", "forbidden"}
_INSTITUTION_KEYS = frozenset({"id", "country", "block", "exchange_tolerance"})
_OFFER_KEYS = frozenset({"id", "receiving", "capacity", "mode", "days"})
_QUOTA_KEYS = frozenset({"id", "capacity", "offers", "choices"})
_STUDENT_KEYS = frozenset({"id", "sending", "merit", "floor_g", "groups", "choices"})
_CHOICE_KEYS = frozenset({"offer", "rank", "emissions_g"})
_PARTNERSHIP_KEYS = frozenset(
    {"north", "south", "carried", "inbound_known", "tolerance"}
)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Reader:
    """Reads the parts in the order in which they refer to each other."""

    def __init__(self, value: object) -> None:
        self.problems: list[str] = []
        self.top = Fields(value, "instance", _KEYS, self.problems)
        self.institutions: dict[str, Institution] = {}
        self.offers: dict[str, Offer] = {}
        self.quotas: dict[str, Quota] = {}
        self.students: dict[str, Student] = {}
        self.partnerships: dict[tuple[str, str], Partnership] = {}
        self.pairs: set[tuple[str, str]] = set()

    def read(self) -> Instance:
        self._read_top()
        self._raise()
        for index, value in enumerate(self.top.items("institutions")):
            self._read_institution(value, index)
        for index, value in enumerate(self.top.items("offers")):
            self._read_offer(value, index)
        for index, value in enumerate(self.top.items("students")):
            self._read_student(value, index)
        for index, value in enumerate(self.top.items("quotas")):
            self._read_quota(value, index)
        for index, value in enumerate(self.top.items("partnerships")):
            self._read_partnership(value, index)
        forbidden = frozenset(self._read_pairs("forbidden"))
        instance = Instance(
            id=self.top.text("id"),
            institutions=tuple(v for _, v in sorted(self.institutions.items())),
            offers=tuple(v for _, v in sorted(self.offers.items())),
            quotas=tuple(v for _, v in sorted(self.quotas.items())),
            students=tuple(v for _, v in sorted(self.students.items())),
            partnerships=tuple(v for _, v in sorted(self.partnerships.items())),
            priority=self._read_priority(),
            holds=self._read_holds(),
            pins=self._read_pins(forbidden),
            forbidden=forbidden,
            seed=self._read_seed(),
        )
        self._raise()
        self.problems += find_broken_pins(instance)
        self._raise()
        return instance

    def _raise(self) -> None:
        if self.problems:
            raise InvalidInstance(self.problems)

    def _read_top(self) -> None:
        for key in ("format", "id", "institutions", "offers", "students"):
            self.top.need(key)
        if self.top.values.get("format", FORMAT) != FORMAT:
            self.top.refuse(f"format must be {_quote(FORMAT)}")

    def _read_id(self, fields: Fields, noun: str, known: Mapping[str, object]) -> str:
        """Return the id and name the object by it from here on."""
        identity = fields.text("id")
        if identity:
            fields.where = f"{noun} {_quote(identity)}"
            if identity in known:
                fields.refuse("the id is used twice")
        return identity

    def _read_institution(self, value: object, index: int) -> None:
        where = f"institution {index + 1}"
        fields = Fields(value, where, _INSTITUTION_KEYS, self.problems)
        identity = self._read_id(fields, "institution", self.institutions)
        country = fields.text("country")
        if country and not re.fullmatch(r"[A-Z]{2}", country):
            fields.refuse(
                f"country is {_quote(country)}, must be two capitals (ISO 3166-1)"
            )
        has_block = fields.values.get("block") is not None
        block = fields.one_of("block", BLOCKS, None) if has_block else None
        tolerance = fields.integer("exchange_tolerance", 0)
        self.institutions[identity] = Institution(identity, country, block, tolerance)

    def _read_offer(self, value: object, index: int) -> None:
        fields = Fields(value, f"offer {index + 1}", _OFFER_KEYS, self.problems)
        identity = self._read_id(fields, "offer", self.offers)
        offer = Offer(
            id=identity,
            receiving=self._read_reference(
                fields, "receiving", "institution", self.institutions
            ),
            capacity=fields.integer("capacity"),
            mode=fields.one_of("mode", MODES, "physical"),
            days=fields.integer("days", 0),
        )
        self.offers[identity] = offer

    def _read_reference(
        self, fields: Fields, key: str, noun: str, known: Mapping[str, object]
    ) -> str:
        identity = fields.text(key)
        if identity and identity not in known:
            fields.refuse(f"{key} {_quote(identity)} is no known {noun}")
        return identity

    def _read_student(self, value: object, index: int) -> None:
        fields = Fields(value, f"student {index + 1}", _STUDENT_KEYS, self.problems)
        identity = self._read_id(fields, "student", self.students)
        fields.need("choices")
        self.students[identity] = Student(
            id=identity,
            sending=self._read_reference(
                fields, "sending", "institution", self.institutions
            ),
            merit=fields.integer("merit", 0, None),
            floor_g=fields.integer("floor_g", 0),
            groups=self._read_groups(fields),
            choices=self._read_choices(fields, identity),
        )

    def _read_groups(self, fields: Fields) -> Mapping[str, str]:
        groups: dict[str, str] = {}
        for attribute, label in sorted(fields.mapping("groups").items()):
            if attribute in RESERVED_GROUPS:
                fields.refuse(f"groups: the attribute {attribute!r} is reserved")
            elif not attribute or not isinstance(label, str) or not label:
                fields.refuse(f"groups: {attribute!r} must be a text that is not empty")
            else:
                groups[attribute] = label
        return groups

    def _read_choices(self, fields: Fields, student: str) -> tuple[Choice, ...]:
        values = fields.items("choices")
        choices = [
            self._read_choice(fields, item, position)
            for position, item in enumerate(values, start=1)
        ]
        ranked = sum(isinstance(item, Mapping) and "rank" in item for item in values)
        if 0 < ranked < len(values):
            fields.refuse("ranks must be given for all choices or for none")
        for before, after in pairwise(choices):
            if after.rank < before.rank:
                fields.refuse(
                    f"choice {_quote(after.offer)}: rank {after.rank} stands after "
                    f"rank {before.rank}; ranks must not decrease"
                )
        for choice in choices:
            if (student, choice.offer) in self.pairs:
                fields.refuse(f"offer {_quote(choice.offer)} is chosen twice")
            self.pairs.add((student, choice.offer))
        return tuple(choices)

    def _read_choice(self, student: Fields, value: object, position: int) -> Choice:
        where = f"{student.where}, choice {position}"
        fields = Fields(value, where, _CHOICE_KEYS, self.problems)
        offer = self._read_reference(fields, "offer", "offer", self.offers)
        rank = fields.integer("rank", position, 1)
        if rank > position:
            fields.refuse(f"rank is {rank}, must be at most the position {position}")
        return Choice(offer, rank, fields.integer("emissions_g", 0))

    def _read_quota(self, value: object, index: int) -> None:
        fields = Fields(value, f"quota {index + 1}", _QUOTA_KEYS, self.problems)
        identity = self._read_id(fields, "quota", self.quotas)
        offers = [str(offer) for offer in fields.items("offers")]
        for offer in offers:
            if offer not in self.offers:
                fields.refuse(f"{_quote(offer)} is no known offer")
        pairs = [_to_pair(item) for item in fields.items("choices")]
        for pair in pairs:
            if pair is None or pair not in self.pairs:
                fields.refuse(f"{_describe_pair(pair)} is no choice of a student")
        if len(set(offers)) < len(offers) or len(set(pairs)) < len(pairs):
            fields.refuse("names an offer or a choice twice")
        self.quotas[identity] = Quota(
            id=identity,
            capacity=fields.integer("capacity"),
            offers=tuple(sorted(offers)),
            choices=tuple(sorted(pair for pair in pairs if pair)),
        )

    def _read_partnership(self, value: object, index: int) -> None:
        where = f"partnership {index + 1}"
        fields = Fields(value, where, _PARTNERSHIP_KEYS, self.problems)
        ends = [
            self._read_reference(fields, key, "institution", self.institutions)
            for key in ("north", "south")
        ]
        north, south = ends
        fields.where = f"partnership {_quote(north)} - {_quote(south)}"
        if (north, south) in self.partnerships:
            fields.refuse("is listed twice")
        self.partnerships[north, south] = Partnership(
            north=north,
            south=south,
            carried=fields.integer("carried", 0, None),
            inbound_known=fields.integer("inbound_known", 0),
            tolerance=fields.integer("tolerance", 0),
        )

    def _read_pairs(self, key: str) -> list[tuple[str, str]]:
        pairs = []
        for item in self.top.items(key):
            pair = _to_pair(item)
            if pair is None:
                self.problems.append(f"{key}: {describe(item)} is no [student, offer]")
                continue
            self._check_pair(key, pair)
            pairs.append(pair)
        return pairs

    def _check_pair(self, key: str, pair: tuple[str, str]) -> None:
        student, offer = pair
        if student not in self.students:
            self.problems.append(f"{key}: {_quote(student)} is no known student")
        if offer not in self.offers:
            self.problems.append(f"{key}: {_quote(offer)} is no known offer")

    def _read_pins(self, forbidden: frozenset[tuple[str, str]]) -> Mapping[str, str]:
        pins: dict[str, str] = {}
        for student, offer in self._read_pairs("pins"):
            where = f"pin of student {_quote(student)} to {_quote(offer)}"
            if student in pins:
                self.problems.append(f"{where}: the student is pinned twice")
            if (student, offer) not in self.pairs:
                self.problems.append(f"{where}: is no choice of the student")
            if (student, offer) in forbidden:
                self.problems.append(f"{where}: the pair is forbidden")
            pins[student] = offer
        return dict(sorted(pins.items()))

    def _read_holds(self) -> Mapping[str, str]:
        holds: dict[str, str] = {}
        for student, offer in sorted(self.top.mapping("holds").items()):
            if not isinstance(offer, str) or (student, offer) not in self.pairs:
                self.problems.append(
                    f"holds: {_describe_pair((student, str(offer)))} is no choice of a "
                    "student"
                )
            else:
                holds[student] = offer
        return holds

    def _read_priority(self) -> Mapping[str, tuple[str, ...]]:
        priority: dict[str, tuple[str, ...]] = {}
        for offer, listed in sorted(self.top.mapping("priority").items()):
            where = f"priority of offer {_quote(offer)}"
            if offer not in self.offers:
                self.problems.append(f"{where}: no known offer")
            names = listed if isinstance(listed, list | tuple) else [listed]
            unknown = [name for name in names if name not in self.students]
            self.problems += [f"{where}: {describe(n)} is no student" for n in unknown]
            if len(set(map(str, names))) < len(names):
                self.problems.append(f"{where}: names a student twice")
            priority[offer] = tuple(map(str, names))
        return priority

    def _read_seed(self) -> str:
        seed = self.top.text("seed", NO_SEED)
        if not re.fullmatch(r"[0-9a-f]{64}", seed):
            self.top.refuse("seed must be 64 lower-case hexadecimal digits")
        return seed


def _to_pair(value: object) -> tuple[str, str] | None:
    if isinstance(value, list | tuple) and len(value) == 2:
        student, offer = value
        if isinstance(student, str) and isinstance(offer, str):
            return student, offer
    return None


def _describe_pair(pair: tuple[str, str] | None) -> str:
    return f"[{_quote(pair[0])}, {_quote(pair[1])}]" if pair else "an item"


def find_broken_pins(instance: Instance) -> list[str]:
    """Return a sentence for every capacity that the pins alone exceed."""
    pinned = set(instance.pins.items())
    problems = []
    for noun, cap in [("offer", o) for o in instance.offers] + [
        ("quota", q) for q in instance.quotas
    ]:
        offers = cap.offers if isinstance(cap, Quota) else (cap.id,)
        single = cap.choices if isinstance(cap, Quota) else ()
        inside = sorted(p for p in pinned if p[1] in offers or p in single)
        if len(inside) > cap.capacity:
            names = ", ".join(_describe_pair(pair) for pair in inside)
            problems.append(
                f"{noun} {_quote(cap.id)}: capacity is {cap.capacity}, but "
                f"{len(inside)} pins need it: {names}"
            )
    return problems
