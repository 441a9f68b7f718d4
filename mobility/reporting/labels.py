"""The words and the ways to write numbers of pictures and tables, in one language.

Imported by the modules of figures; pages make one per language with their gettext.
Templates carry names in %(...)s and are filled where they are used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

GRAMS_PER_TONNE = 1_000_000
LARGE_TONNES = 100
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Numbers:
    """How numbers are written in a language.

    Parameters
    ----------
    count
        Of an integer, grouped: "1,798".
    decimal
        Of an exact number with so many digits after the point: "1.57".
    percent
        Of a share between 0 and 1: "77 %".
    """

    count: Callable[[int], str]
    decimal: Callable[[Fraction, int], str]
    percent: Callable[[Fraction], str]


@dataclass(frozen=True)
class Labels:
    """One language's words; `language` is its code, which pictures are cached by."""

    language: str
    numbers: Numbers
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        """Return a word or template."""
        return self.words[key]

    def fill(self, key: str, **values: str) -> str:
        """Return a template with its places filled."""
        return self.words[key] % values

    def name(self, code: str) -> str:
        """Return the name of a stage, block, mode, attribute or group; else itself."""
        return self.words.get(f"name:{code}", code)

    def count(self, number: int) -> str:
        """Return a grouped integer, with a true minus sign."""
        sign = MINUS if number < 0 else ""
        return sign + self.numbers.count(abs(number))

    def change(self, number: int) -> str:
        """Return a grouped integer with its sign; 0 has none."""
        return f"+{self.count(number)}" if number > 0 else self.count(number)

    def tonnes(self, grams: int) -> str:
        """Return grams as tonnes with their unit, one digit more where they are few."""
        number = self.decimal(Fraction(grams, GRAMS_PER_TONNE), self.digits(grams))
        return self.fill("tonnes", number=number)

    def digits(self, grams: int) -> int:
        """Return how many digits tonnes of this size are written with."""
        return 0 if abs(grams) >= LARGE_TONNES * GRAMS_PER_TONNE else 1

    def decimal(self, number: Fraction, digits: int) -> str:
        """Return a number with so many digits after the point."""
        text = self.numbers.decimal(abs(number), digits)
        is_nought = not any(sign.isdigit() and sign != "0" for sign in text)
        return MINUS + text if number < 0 and not is_nought else text

    def percent(self, share: Fraction) -> str:
        """Return a share as percent."""
        return self.numbers.percent(share)
