"""``instance.json`` becomes an :class:`Instance`: all of it validated, sorted by key.

Every problem is named, not only the first. Format: ``solver/README.md``.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from solver.errors import InvalidInstance
from solver.fields import Fields, describe, quote
from solver.fileio import parse_json, read_bytes, to_canonical
from solver.instance import FORMAT, NO_SEED, Instance, Partnership, Quota
from solver.instance_parts import PartsReader

_KEYS = frozenset({"format", "id", "institutions", "offers", "students", "seed"})
_KEYS |= {"quotas", "partnerships", "priority", "holds", "pins", "forbidden"}
_QUOTA_KEYS = frozenset({"id", "capacity", "offers", "choices"})
_PARTNERSHIP_KEYS = frozenset(
    {"north", "south", "carried", "inbound_known", "tolerance"}
)


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


class _Reader(PartsReader):
    """Reads the parts in the order in which they refer to each other."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.top = Fields(value, "instance", _KEYS, self.problems)
        self.quotas: dict[str, Quota] = {}
        self.partnerships: dict[tuple[str, str], Partnership] = {}

    def read(self) -> Instance:
        self._read_top()
        for index, value in enumerate(self.top.items("institutions")):
            self.read_institution(value, index)
        for index, value in enumerate(self.top.items("offers")):
            self.read_offer(value, index)
        for index, value in enumerate(self.top.items("students")):
            self.read_student(value, index)
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
            self.top.refuse(f"format must be {quote(FORMAT)}")

    def _read_quota(self, value: object, index: int) -> None:
        fields = Fields(value, f"quota {index + 1}", _QUOTA_KEYS, self.problems)
        identity = self.read_id(fields, "quota", self.quotas)
        offers = [str(offer) for offer in fields.items("offers")]
        for offer in offers:
            if offer not in self.offers:
                fields.refuse(f"{quote(offer)} is no known offer")
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
            self.read_reference(fields, key, "institution", self.institutions)
            for key in ("north", "south")
        ]
        north, south = ends
        fields.where = f"partnership {quote(north)} - {quote(south)}"
        listed = {(north, south), (south, north)} & self.partnerships.keys()
        if listed or north == south:
            fields.refuse("joins two institutions, and each pair once")
        blocks = [self.institutions[i].block for i in ends if i in self.institutions]
        if blocks[:1] == ["south"] or blocks[1:] == ["north"]:
            fields.refuse("its north is of the south, or its south of the north")
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
            self.problems.append(f"{key}: {quote(student)} is no known student")
        if offer not in self.offers:
            self.problems.append(f"{key}: {quote(offer)} is no known offer")

    def _read_pins(self, forbidden: frozenset[tuple[str, str]]) -> Mapping[str, str]:
        pins: dict[str, str] = {}
        for student, offer in self._read_pairs("pins"):
            where = f"pin of student {quote(student)} to {quote(offer)}"
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
            where = f"priority of offer {quote(offer)}"
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
    return f"[{quote(pair[0])}, {quote(pair[1])}]" if pair else "an item"


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
                f"{noun} {quote(cap.id)}: capacity is {cap.capacity}, but "
                f"{len(inside)} pins need it: {names}"
            )
    return problems
