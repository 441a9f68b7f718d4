"""Institutions, offers and students of ``instance.json``, read one by one.

``solver.instance_reader`` adds what refers to them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from solver.fields import Fields, quote
from solver.fileio import LARGEST_INTEGER
from solver.instance import BLOCKS, MODES, Choice, Institution, Offer, Student

RESERVED_GROUPS = ("sending", "block")

_INSTITUTION_KEYS = frozenset({"id", "country", "block", "exchange_tolerance"})
_OFFER_KEYS = frozenset({"id", "receiving", "capacity", "mode", "days"})
_STUDENT_KEYS = frozenset({"id", "sending", "merit", "floor_g", "groups", "choices"})
_CHOICE_KEYS = frozenset({"offer", "rank", "emissions_g"})


class PartsReader:
    """Collects the parts by id, and the problems found in them."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.institutions: dict[str, Institution] = {}
        self.offers: dict[str, Offer] = {}
        self.students: dict[str, Student] = {}
        self.pairs: set[tuple[str, str]] = set()

    def read_id(self, fields: Fields, noun: str, known: Mapping[str, object]) -> str:
        """Return the id and name the object by it from here on."""
        identity = fields.text("id")
        if identity:
            fields.where = f"{noun} {quote(identity)}"
            if identity in known:
                fields.refuse("the id is used twice")
        return identity

    def read_institution(self, value: object, index: int) -> None:
        """Read the institution at a position of the list."""
        where = f"institution {index + 1}"
        fields = Fields(value, where, _INSTITUTION_KEYS, self.problems)
        identity = self.read_id(fields, "institution", self.institutions)
        country = fields.text("country")
        if country and not re.fullmatch(r"[A-Z]{2}", country):
            fields.refuse(
                f"country is {quote(country)}, must be two capitals (ISO 3166-1)"
            )
        has_block = fields.values.get("block") is not None
        block = fields.one_of("block", BLOCKS, None) if has_block else None
        tolerance = fields.integer("exchange_tolerance", 0)
        self.institutions[identity] = Institution(identity, country, block, tolerance)

    def read_offer(self, value: object, index: int) -> None:
        """Read the offer at a position of the list."""
        fields = Fields(value, f"offer {index + 1}", _OFFER_KEYS, self.problems)
        identity = self.read_id(fields, "offer", self.offers)
        offer = Offer(
            id=identity,
            receiving=self.read_reference(
                fields, "receiving", "institution", self.institutions
            ),
            capacity=fields.integer("capacity"),
            mode=fields.one_of("mode", MODES, "physical"),
            days=fields.integer("days", 0),
        )
        self.offers[identity] = offer

    def read_reference(
        self, fields: Fields, key: str, noun: str, known: Mapping[str, object]
    ) -> str:
        """Return the id under a key; one that is not known is a problem."""
        identity = fields.text(key)
        if identity and identity not in known:
            fields.refuse(f"{key} {quote(identity)} is no known {noun}")
        return identity

    def read_student(self, value: object, index: int) -> None:
        """Read the student at a position of the list, with her choices."""
        fields = Fields(value, f"student {index + 1}", _STUDENT_KEYS, self.problems)
        identity = self.read_id(fields, "student", self.students)
        fields.need("choices")
        self.students[identity] = Student(
            id=identity,
            sending=self.read_reference(
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
        plain = self._read_plain(values, student)
        if plain is not None:
            return plain
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
                    f"choice {quote(after.offer)}: rank {after.rank} stands after "
                    f"rank {before.rank}; ranks must not decrease"
                )
        for choice in choices:
            if (student, choice.offer) in self.pairs:
                fields.refuse(f"offer {quote(choice.offer)} is chosen twice")
            self.pairs.add((student, choice.offer))
        return tuple(choices)

    def _read_choice(self, student: Fields, value: object, position: int) -> Choice:
        where = f"{student.where}, choice {position}"
        fields = Fields(value, where, _CHOICE_KEYS, self.problems)
        offer = self.read_reference(fields, "offer", "offer", self.offers)
        rank = fields.integer("rank", position, 1)
        if rank > position:
            fields.refuse(f"rank is {rank}, must be at most the position {position}")
        return Choice(offer, rank, fields.integer("emissions_g", 0))

    def _read_plain(
        self, values: Sequence[object], student: str
    ) -> tuple[Choice, ...] | None:
        """Return choices that are as most are, without a word on what is not."""
        choices, last, offers = [], 1, self.offers
        for position, value in enumerate(values, start=1):
            if type(value) is not dict or len(value) != len(_CHOICE_KEYS):
                return None
            offer, rank = value.get("offer"), value.get("rank")
            grams = value.get("emissions_g")
            if (
                type(rank) is not int
                or type(grams) is not int
                or type(offer) is not str
            ):
                return None
            if not last <= rank <= position or not 0 <= grams <= LARGEST_INTEGER:
                return None
            if offer not in offers:
                return None
            last = rank
            choices.append(Choice(offer, rank, grams))
        pairs = {(student, choice[0]) for choice in choices}
        if len(pairs) < len(choices) or not self.pairs.isdisjoint(pairs):
            return None
        self.pairs |= pairs
        return tuple(choices)
