"""Sentences of the domain: English here, translated where a person reads them.

A sentence is text, so whatever compares, logs or prints it has it in English. It also
keeps its template and its values, from which pages say it in their reader's language
(`mobility.web.present.told`). Templates are literals: Babel finds them by the names of
`tell` and `tell_many`. Imported by every layer; knows no Flask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a value of a sentence, with the zone that it is told in."""

    instant: datetime
    zone: str

    def __str__(self) -> str:
        """Return "2026-11-15 23:59 Africa/Nairobi (20:59 UTC)"."""
        local = self.instant.astimezone(ZoneInfo(self.zone))
        utc = self.instant.astimezone(UTC)
        return f"{local:%Y-%m-%d %H:%M} {self.zone} ({utc:%H:%M} UTC)"


class Sentence(str):
    """English text that knows how it was made.

    Parameters
    ----------
    template, plural
        With names in braces: "offer {offer} is ranked {count} times"; `plural` where
        the words depend on a count, else empty.
    number
        What decides between the two; 1 takes the template.
    """

    template: str
    plural: str
    number: int
    values: Mapping[str, object]

    def __new__(
        cls, template: str, plural: str, number: int, values: Mapping[str, object]
    ) -> "Sentence":
        """Fill the English template."""
        words = template if number == 1 or not plural else plural
        self = super().__new__(cls, words.format(**values))
        self.template, self.plural, self.number = template, plural, number
        self.values = MappingProxyType(dict(values))
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Return how a copy is made: from its parts, since text alone is not enough."""
        parts = self.template, self.plural, self.number, dict(self.values)
        return type(self), parts

    def __deepcopy__(self, memo: dict[int, object]) -> "Sentence":
        """Return itself: it never changes."""
        return self


def tell(template: str, /, **values: object) -> Sentence:
    """Return a sentence; the template is a literal.

    Parameters
    ----------
    values
        Numbers, dates, moments, codes and other sentences are told in the reader's
        language; texts and ids, given as text, stay as they are.
    """
    return Sentence(template, "", 1, values)


def tell_many(one: str, many: str, count: int, /, **values: object) -> Sentence:
    """Return a sentence whose words depend on a count, which it has as `{count}`."""
    return Sentence(one, many, count, {"count": count, **values})


def join(sentences: Iterable[Sentence]) -> Sentence:
    """Return sentences as one text, each still told in the reader's language."""
    values = {f"part{number}": each for number, each in enumerate(sentences, start=1)}
    return Sentence(" ".join(f"{{{name}}}" for name in values), "", 1, values)
