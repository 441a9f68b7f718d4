"""How constructed students rank: a Plackett-Luce choice over what they may rank.

Next place on a list = drawn from the offers left, each with weight

    how sought after the host is x 1 or 2 for the ward,

scaled so that the hosts of a block have their share of the weight (`BLOCK_PERCENT`). Of
a condition with two periods a student ranks the one that fits her timetable. A school's
own virtual offer has hardly any weight and is mostly ranked last.

A student may rank an offer of her school whose required language she has; the service
decides eligibility itself at the freeze.
"""

from collections.abc import Mapping

from mobility.demo.dice import Dice
from mobility.demo.world import Condition, Language, Offer, School, Student

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")

SCALE = 1000
"""Weights are multiples of it, so that scaling in integers loses little."""

BLOCK_PERCENT = {
    "north": {"north": 34, "south": 66},
    "south": {"north": 80, "south": 20},
}
"""Home block -> weight of the hosts of each block.

Lists use up what is offered: 66 percent of a Northern student's weight makes about 55
percent of her choices (R17), found by trial; R08 has other students who want Europe
most. That Southern students rank Northern hosts first is judgement.
"""

LIST_LENGTHS = {"north": (5, 8), "south": (4, 7)}
"""Fewest and most choices; who is offered less ranks less (R21)."""

WARD_BONUS_PERCENT = 30


def may_rank(student: Student, condition: Condition) -> bool:
    """Tell whether the student's school and languages fit the condition."""
    return condition.sending == student.sending and all(
        _has(student.languages, needed)
        for needed in condition.languages
        if needed.is_required
    )


def _has(languages: tuple[Language, ...], needed: Language) -> bool:
    return any(
        own.language == needed.language
        and LEVELS.index(own.cefr) >= LEVELS.index(needed.cefr)
        for own in languages
    )


def is_beginner(student: Student, condition: Condition) -> bool:
    """Tell whether the student has no more than the host's language requires."""
    needed = {
        (wanted.language, wanted.cefr)
        for wanted in condition.languages
        if wanted.is_required and wanted.language != "en"
    }
    return any((own.language, own.cefr) in needed for own in student.languages)


class Taste:
    """Draws rankings.

    Parameters
    ----------
    schools
        Schools by id.
    attraction
        How sought after each is, 1 or more.
    """

    def __init__(
        self, schools: Mapping[str, School], attraction: Mapping[str, int]
    ) -> None:
        self._block = {key: school.block for key, school in schools.items()}
        self._attraction = attraction

    def draw_ranking(
        self, student: Student, offers: list[Offer], dice: Dice
    ) -> tuple[str, ...]:
        """Return the keys of the offers that the student ranks, best first."""
        home = self._block[student.sending]
        weights = {
            offer: self._attraction[offer.receiving]
            * (2 if dice.is_below(WARD_BONUS_PERCENT) else 1)
            * SCALE
            for offer in _fit_timetable(offers, dice)
        }
        scaled = self._scale(weights, BLOCK_PERCENT[home])
        count = dice.between(*LIST_LENGTHS[home])
        return tuple(offer.key for offer in dice.ranked(scaled, count))

    def _scale(
        self, weights: dict[Offer, int], percent: Mapping[str, int]
    ) -> dict[Offer, int]:
        """Give the hosts of each block their share of the weight."""
        sums = dict.fromkeys(percent, 0)
        for offer, weight in weights.items():
            sums[self._block[offer.receiving]] += weight
        total = sum(sums.values())
        scaled = {}
        for offer, weight in weights.items():
            block = self._block[offer.receiving]
            share = weight * percent[block] * total // (sums[block] * 100)
            scaled[offer] = 1 if offer.mode == "virtual" else max(share, 1)
        return scaled


def _fit_timetable(offers: list[Offer], dice: Dice) -> list[Offer]:
    """Keep one period of each condition: the one in which she has no exams."""
    by_condition: dict[tuple[str, str], list[Offer]] = {}
    for offer in offers:
        by_condition.setdefault((offer.iia_id, offer.condition), []).append(offer)
    return [dice.one_of(periods) for periods in by_condition.values()]
