"""Rules for single fields. Each adds a sentence to a list, so that all are told."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from mobility.carbon.assets import read_table
from mobility.sentences import tell

HEI_ID = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ISCED_F = re.compile(r"[0-9]{2,4}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
ACADEMIC_YEAR = re.compile(r"([0-9]{4})/([0-9]{4})")

LARGEST_COUNT = 1_000_000
"""Places, days and the like beyond this are slips of the hand."""

INSTEAD = {"UK": "GB", "EL": "GR"}
"""Codes that the European Union writes for the ISO ones."""


class Checks:
    """The problems found so far in what was given."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def refuse(self, where: str, sentence: str) -> None:
        """Add a problem: "offer o1: capacity is -1, must be 0 or more"."""
        self.problems.append(
            tell("{where}: {sentence}", where=where, sentence=sentence)
        )

    def whole(
        self, where: str, name: str, value: object, smallest: int, largest: int
    ) -> None:
        """Want a whole number; a boolean is none."""
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not smallest <= int(str(value)) <= largest:
            rule = tell(
                "must be a whole number from {smallest} to {largest}",
                smallest=smallest,
                largest=largest,
            )
            self.refuse(
                where,
                tell("{name} is {value!r}, {rule}", name=name, value=value, rule=rule),
            )

    def count(self, where: str, name: str, value: object) -> None:
        """Want a number of places or the like, 0 or more."""
        self.whole(where, name, value, 0, LARGEST_COUNT)

    def text(self, where: str, name: str, value: object) -> None:
        """Want a text for people: not empty, composed, without invisible characters."""
        if not isinstance(value, str) or not value.strip():
            self.refuse(
                where,
                tell("{name} is {value!r}, must be a text", name=name, value=value),
            )
        elif value != unicodedata.normalize("NFC", value):
            self.refuse(where, tell("{name} is not in Unicode's form NFC", name=name))
        elif any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in value):
            self.refuse(
                where,
                tell(
                    "{name} holds invisible characters: {value!a}",
                    name=name,
                    value=value,
                ),
            )

    def pattern(
        self, where: str, name: str, value: object, rule: re.Pattern[str], example: str
    ) -> None:
        """Want a text of a form."""
        if not isinstance(value, str) or not rule.fullmatch(value):
            self.refuse(
                where,
                tell(
                    "{name} is {value!r}, must look like {example!r}",
                    name=name,
                    value=value,
                    example=example,
                ),
            )

    def code(self, where: str, name: str, value: object, codes: type[StrEnum]) -> None:
        """Want one of a list of codes."""
        self.one_of(where, name, value, [code.value for code in codes])

    def one_of(
        self, where: str, name: str, value: object, allowed: Collection[str]
    ) -> None:
        """Want one of some texts."""
        if value not in allowed:
            listed = ", ".join(sorted(allowed))
            self.refuse(
                where,
                tell(
                    "{name} is {value!r}, must be one of {listed}",
                    name=name,
                    value=value,
                    listed=listed,
                ),
            )

    def country(self, where: str, value: object) -> None:
        """Want the code of a country as ISO 3166-1 has it, in capitals."""
        if isinstance(value, str) and value in known_countries():
            return
        if value in INSTEAD:
            sentence = tell(
                "country {value!r} is not the two-letter code of a country in "
                "ISO 3166-1, say {instead!r}",
                value=value,
                instead=INSTEAD[value],
            )
        else:
            sentence = tell(
                "country {value!r} is not the two-letter code of a country in "
                "ISO 3166-1",
                value=value,
            )
        self.refuse(where, sentence)

    def year(self, where: str, name: str, value: object) -> None:
        """Want an academic year such as "2026/2027", or None."""
        if value is None:
            return
        found = ACADEMIC_YEAR.fullmatch(value) if isinstance(value, str) else None
        if found is None or int(found[2]) != int(found[1]) + 1:
            self.refuse(
                where,
                tell(
                    "{name} is {value!r}, must look like '2026/2027'",
                    name=name,
                    value=value,
                ),
            )

    def unique(self, kind: str, keys: Iterable[str]) -> None:
        """Want no key twice, capitals counting for nothing."""
        for key in doubles(keys):
            self.problems.append(
                tell("{kind} {key!r} is given more than once", kind=kind, key=key)
            )


def doubles(keys: Iterable[str]) -> Iterator[str]:
    """Yield each key that comes again in another or the same spelling."""
    given = Counter(str(key).casefold() for key in keys)
    return (key for key, times in given.items() if times > 1)


@functools.cache
def known_countries() -> frozenset[str]:
    """Return the codes of all countries that places are known of."""
    return frozenset(row["country"] for row in read_table("places/countries.csv"))
