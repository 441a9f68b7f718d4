"""Half-years of exchange: names, academic years and dates of stays."""

from dataclasses import dataclass
from datetime import date, timedelta

SEASONS = ("spring", "autumn")
FIRST_DAY = {"spring": (2, 1), "autumn": (8, 28)}
"""Month and day from which the first Monday is sought."""

PERIOD_DAYS = 63
"""From the start of a half-year's first period to that of its second."""

SEMESTER_DAYS = 119
"""Length of a semester of studies: it overlaps both periods."""

JULY = 7


@dataclass(frozen=True, slots=True)
class Term:
    """A half-year, "spring" or "autumn" of a calendar year."""

    year: int
    season: str

    @property
    def key(self) -> str:
        """Return the round's key, as in "2027-spring"."""
        return f"{self.year}-{self.season}"

    @property
    def academic_year_id(self) -> str:
        """Return the receiving academic year, as in "2026/2027"."""
        first = self.year - 1 if self.season == "spring" else self.year
        return f"{first}/{first + 1}"

    def shifted(self, half_years: int) -> "Term":
        """Return the term so many half-years later."""
        number = self.year * 2 + SEASONS.index(self.season) + half_years
        return Term(number // 2, SEASONS[number % 2])

    def starts_on(self, period: int) -> date:
        """Return the Monday on which period 0 or 1 starts."""
        month, day = FIRST_DAY[self.season]
        first = date(self.year, month, day)
        monday = first + timedelta(days=-first.weekday() % 7)
        return monday + timedelta(days=PERIOD_DAYS * period)


DEFAULT_TERM = Term(2027, "spring")


def next_term(today: date) -> Term:
    """Return the term that this year's round places into: the next to start."""
    if today.month < JULY:
        return Term(today.year, "autumn")
    return Term(today.year + 1, "spring")
