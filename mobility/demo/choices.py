"""How constructed students rank: a Plackett-Luce choice over what they may rank.

Next place on a list = drawn from the offers left, each with weight

    how sought after the host is x pull of the host's block x 1 or 2 for the ward,

where the pull depends on the student's home:

* North: the Southern hosts together get as much weight as makes 55 percent of the
  ranked choices Southern (R17), the Northern ones the rest.
* South: Northern hosts weigh `NORTHERN_PULL` times as much, so that they come first.
* An own virtual offer has the least weight and is mostly ranked last.

A student may rank an offer of her school whose required language she has; the service
decides eligibility itself at the freeze.
"""

from collections.abc import Mapping

from mobility.demo.dice import Dice
from mobility.demo.facts import SOUTHERN_CHOICE_PERCENT
from mobility.demo.world import Condition, Language, Offer, School, Student

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")

SCALE = 1000
"""Weights are multiples of it, so that dividing a pull loses little."""

NORTHERN_PULL = 8
"""How much more a Southern student wishes for a Northern host. Judgement."""

LIST_LENGTHS = {"north": (4, 8), "south": (3, 6)}
"""Fewest and most choices; students with fewer offers rank what they have (R21)."""

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
            for offer in offers
        }
        pulled = self._pull_to_south(weights) if home == "north" else weights
        if home == "south":
            pulled = self._pull_to_north(weights)
        for offer in offers:
            if offer.mode == "virtual":
                pulled[offer] = 1
        count = dice.between(*LIST_LENGTHS[home])
        return tuple(offer.key for offer in dice.ranked(pulled, count))

    def _pull_to_north(self, weights: dict[Offer, int]) -> dict[Offer, int]:
        return {
            offer: weight * (NORTHERN_PULL if self._is_in(offer, "north") else 1)
            for offer, weight in weights.items()
        }

    def _pull_to_south(self, weights: dict[Offer, int]) -> dict[Offer, int]:
        """Scale both blocks' weights so that their sums stand 55 to 45."""
        wanted = {
            "south": SOUTHERN_CHOICE_PERCENT,
            "north": 100 - SOUTHERN_CHOICE_PERCENT,
        }
        total = sum(weights.values())
        sums = {
            block: sum(w for offer, w in weights.items() if self._is_in(offer, block))
            for block in wanted
        }
        return {
            offer: max(
                weight * wanted[block] * total // (sums[block] * 100),
                1,
            )
            for offer, weight in weights.items()
            for block in (self._block[offer.receiving],)
        }

    def _is_in(self, offer: Offer, block: str) -> bool:
        return self._block[offer.receiving] == block
