"""Who works with whom: partnerships, agreements and their conditions. Constructed."""

from collections.abc import Iterator, Mapping

from mobility.demo.dice import Dice
from mobility.demo.facts import (
    NORTH_PLACES,
    NORTH_SOUTH_KINDS,
    NORTHERN_PARTNERS_OF_NORTH,
    SOUTH_PLACES,
    SOUTHERN_PARTNERS_OF_NORTH,
    SOUTHERN_PARTNERS_OF_SOUTH,
)
from mobility.demo.schools import ward_languages
from mobility.demo.term import SEMESTER_DAYS, Term
from mobility.demo.world import Agreement, Condition, Partnership, School

WARDS = (
    "internal medicine",
    "surgery",
    "paediatrics",
    "obstetrics and gynaecology",
    "community health",
    "emergency medicine",
)

ELECTIVE_DAYS = (28, 28, 42, 56)
"""Lengths of a clinical elective, 4 to 8 weeks, in rotation blocks of 2."""

MEDICINE = ("0912",)
"""ISCED-F 2013 detailed field: medicine."""

MASTER = (7,)
"""EQF level of a medical degree."""

ATTRACTION = (1, 1, 2, 2, 3, 4, 6)
"""How sought after a school is. Judgement: a few take most of the wishes."""

BLENDED_PERCENT = 6
SEMESTER_PERCENT = 20
OWN_LANGUAGE_PERCENT = 25
GOOD_ENGLISH_PERCENT = 20
VIRTUAL_PERCENT = 15
"""Share of schools with a virtual offer of their own. Judgement, as those above."""

VALID_HALF_YEARS = 4


def draw_attraction(schools: tuple[School, ...], seed: int) -> dict[str, int]:
    """Return how sought after each school is, 1 or more."""
    dice = Dice(seed, "attraction")
    return {school.hei_id: dice.one_of(ATTRACTION) for school in schools}


class Writer:
    """Writes agreements, one number after the other.

    Parameters
    ----------
    seed
        Seed of the world.
    term
        Half-year of the present round; conditions hold for the years around it.
    """

    def __init__(self, seed: int, term: Term) -> None:
        self._dice = Dice(seed, "conditions")
        self._first = term.shifted(-VALID_HALF_YEARS).academic_year_id
        self._last = term.shifted(VALID_HALF_YEARS).academic_year_id
        self.agreements: list[Agreement] = []

    def write(self, a: School, b: School, *, there: int, back: int) -> None:
        """Add an agreement with so many places a year in each direction."""
        ways = [("out", a, b, there), ("back", b, a, back)]
        conditions = [self._condition(*way) for way in ways if way[3] > 0]
        number = len(self.agreements) + 1
        self.agreements.append(
            Agreement(f"demo-{number:04d}", a.hei_id, b.hei_id, tuple(conditions))
        )

    def write_virtual(self, school: School) -> None:
        """Add a school's own virtual offer, which its own students may rank."""
        number = len(self.agreements) + 1
        condition = self._finish("virtual", school, school, 2, ("SMS", 28, "virtual"))
        self.agreements.append(
            Agreement(f"demo-{number:04d}", school.hei_id, school.hei_id, (condition,))
        )

    def _condition(
        self, key: str, sending: School, receiving: School, places: int
    ) -> Condition:
        is_north = sending.block == receiving.block == "north"
        if is_north and self._dice.is_below(SEMESTER_PERCENT):
            form = ("SMS", SEMESTER_DAYS, "physical")
        elif self._dice.is_below(BLENDED_PERCENT):
            form = ("SMS", 28, "blended")
        else:
            form = ("SMT", self._dice.one_of(ELECTIVE_DAYS), "physical")
        return self._finish(key, sending, receiving, places, form)

    def _finish(
        self,
        key: str,
        sending: School,
        receiving: School,
        places: int,
        form: tuple[str, int, str],
    ) -> Condition:
        kind, days, mode = form
        level = "C1" if self._dice.is_below(GOOD_ENGLISH_PERCENT) else "B2"
        english = "" if self._dice.is_below(OWN_LANGUAGE_PERCENT) else level
        languages = ward_languages(receiving, english)
        return Condition(
            key=key,
            sending=sending.hei_id,
            receiving=receiving.hei_id,
            kind=kind,
            mobilities_per_year=places,
            duration_days=days,
            isced_f_codes=MEDICINE,
            eqf_levels=MASTER,
            languages=() if mode == "virtual" else languages,
            receiving_first_academic_year_id=self._first,
            receiving_last_academic_year_id=self._last,
            receiving_ounit=self._dice.one_of(WARDS),
            mode=mode,
        )


def write_agreements(
    schools: tuple[School, ...], attraction: Mapping[str, int], seed: int, term: Term
) -> tuple[Agreement, ...]:
    """Return the agreements: North-South by kind, then inside the blocks, then own."""
    north = [school for school in schools if school.block == "north"]
    south = [school for school in schools if school.block == "south"]
    writer = Writer(seed, term)
    dice = Dice(seed, "partners")
    weight_by_kind = {kind: kind.weight for kind in NORTH_SOUTH_KINDS}
    pairs = _pair(north, south, SOUTHERN_PARTNERS_OF_NORTH, attraction, dice)
    for a, b in pairs:
        kind = dice.weighted(weight_by_kind)
        there = dice.one_of(kind.outward)
        writer.write(a, b, there=there, back=dice.one_of(kind.inward or (0,)))
    inside = [
        (north, NORTHERN_PARTNERS_OF_NORTH, NORTH_PLACES),
        (south, SOUTHERN_PARTNERS_OF_SOUTH, SOUTH_PLACES),
    ]
    for members, counts, places in inside:
        for a, b in _pair(members, members, counts, attraction, dice):
            both = dice.one_of(places)
            writer.write(a, b, there=both, back=both)
    for school in schools:
        if dice.is_below(VIRTUAL_PERCENT):
            writer.write_virtual(school)
    return tuple(writer.agreements)


def _pair(
    seekers: list[School],
    sought: list[School],
    counts: tuple[int, ...],
    attraction: Mapping[str, int],
    dice: Dice,
) -> Iterator[tuple[School, School]]:
    """Let every school seek partners; no pair twice, none with itself."""
    seen: set[frozenset[str]] = set()
    for seeker in seekers:
        weights = {
            school: 1 + attraction[school.hei_id]
            for school in sought
            if school != seeker
            and frozenset((school.hei_id, seeker.hei_id)) not in seen
        }
        for school in dice.ranked(weights, dice.one_of(counts)):
            seen.add(frozenset((school.hei_id, seeker.hei_id)))
            yield seeker, school


def write_partnerships(
    schools: tuple[School, ...], agreements: tuple[Agreement, ...], seed: int
) -> tuple[Partnership, ...]:
    """Return a partnership for every North-South agreement, by pair of schools.

    Hosts welcome at most two a year without return; R20 is where two a year come from.
    """
    dice = Dice(seed, "tolerance")
    block = {school.hei_id: school.block for school in schools}
    return tuple(
        Partnership(
            north=agreement.institution_a,
            south=agreement.institution_b,
            tolerance=dice.one_of((0, 0, 1, 2)),
            asks=dice.one_of((0, 1, 2, 2)),
        )
        for agreement in agreements
        if block[agreement.institution_a] != block[agreement.institution_b]
    )
