"""Students and cast. Every name is made up and says so; mail goes to `.example`."""

from collections.abc import Mapping

from mobility.demo.dice import Dice
from mobility.demo.facts import SOUTHERN_STUDENT_PERCENT
from mobility.demo.partners import MASTER, MEDICINE
from mobility.demo.schools import home_language
from mobility.demo.world import Language, Member, Offer, School, Student

GIVEN_NAMES = (
    "Acacia",
    "Amber",
    "Aspen",
    "Basil",
    "Birch",
    "Cedar",
    "Clover",
    "Coral",
    "Delta",
    "Ember",
    "Fern",
    "Flint",
    "Garnet",
    "Hazel",
    "Heron",
    "Indigo",
    "Iris",
    "Jasper",
    "Juniper",
    "Kestrel",
    "Lark",
    "Linden",
    "Maple",
    "Meadow",
    "Nettle",
    "Olive",
    "Opal",
    "Pearl",
    "Plover",
    "Quartz",
    "Raven",
    "Reed",
    "Robin",
    "Rowan",
    "Sage",
    "Sorrel",
    "Teal",
    "Thyme",
    "Willow",
    "Wren",
)
"""Plants, birds and stones: nobody's name."""

INCOME_WEIGHTS = {
    "north": {"low": 20, "middle": 50, "high": 30},
    "south": {"low": 45, "middle": 40, "high": 15},
}
FIRST_GENERATION_PERCENT = {"low": 55, "middle": 25, "high": 10}
UNSTATED_PERCENT = 2
"""Group labels by block. Judgement: no published table covers medical electives."""

ENGLISH_WEIGHTS = {
    "low": {"B2": 75, "C1": 25},
    "middle": {"B2": 60, "C1": 40},
    "high": {"B2": 40, "C1": 60},
}
SECOND_LANGUAGES = {"": 45, "fr": 22, "es": 20, "de": 8, "pt": 5}
SECOND_LEVELS = {"A2": 35, "B1": 45, "B2": 20}
"""What students speak besides their own. Judgement; money buys lessons."""


def draw_students(
    homes: tuple[School, ...],
    places: Mapping[str, int],
    count: int,
    cohort: str,
    dice: Dice,
) -> tuple[Student, ...]:
    """Return `count` students, by block, then by the places their school offers them.

    Parameters
    ----------
    homes
        Schools that send.
    places
        School -> places that its students may rank.
    count
        Number of students, 1 or more.
    cohort
        Key of their round, part of each student's key.
    """
    students: list[Student] = []
    for school, number in share_out(homes, places, count):
        for _ in range(number):
            students.append(_draw_student(school, cohort, len(students) + 1, dice))
    return tuple(students)


def share_out(
    homes: tuple[School, ...], places: Mapping[str, int], count: int
) -> list[tuple[School, int]]:
    """Return how many students each school has, in all `count` (largest remainder)."""
    south = count * SOUTHERN_STUDENT_PERCENT // 100
    shares: list[tuple[School, int]] = []
    for block, wanted in (("north", count - south), ("south", south)):
        members = [home for home in homes if home.block == block]
        weights = [places.get(home.hei_id, 0) + 1 for home in members]
        shares += zip(members, _apportion(weights, wanted), strict=True)
    return shares


def _apportion(weights: list[int], wanted: int) -> list[int]:
    total = sum(weights)
    floors = [weight * wanted // total for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: -(weights[i] * wanted % total))
    for index in by_rest[: wanted - sum(floors)]:
        floors[index] += 1
    return floors


def _draw_student(school: School, cohort: str, number: int, dice: Dice) -> Student:
    given = dice.one_of(GIVEN_NAMES)
    income = dice.weighted(INCOME_WEIGHTS[school.block])
    return Student(
        key=f"{cohort}-{number:04d}",
        name=f"{given} Sample {number:04d}",
        email=f"{given.casefold()}.{number:04d}.{cohort}@{to_mail_host(school.hei_id)}",
        sending=school.hei_id,
        isced_f_code=MEDICINE[0],
        eqf_level=MASTER[0],
        merit=sum(dice.between(5000, 10000) for _ in range(3)) // 3,
        languages=_draw_languages(school, income, dice),
        groups=_draw_groups(income, dice),
    )


def _draw_languages(school: School, income: str, dice: Dice) -> tuple[Language, ...]:
    """Return the home language, English, and for some a third one."""
    own = home_language(school)
    levels = {own: "C2"}
    levels.setdefault("en", dice.weighted(ENGLISH_WEIGHTS[income]))
    third, level = dice.weighted(SECOND_LANGUAGES), dice.weighted(SECOND_LEVELS)
    if third:
        levels.setdefault(third, level)
    return tuple(Language(language, cefr) for language, cefr in levels.items())


def _draw_groups(income: str, dice: Dice) -> tuple[tuple[str, str], ...]:
    is_first = dice.is_below(FIRST_GENERATION_PERCENT[income])
    first = ("first_generation", "yes" if is_first else "no")
    return (first,) if dice.is_below(UNSTATED_PERCENT) else (first, ("income", income))


def to_mail_host(hei_id: str) -> str:
    """Return a mail domain that no one can receive mail at (RFC 2606)."""
    return f"{hei_id.replace('.', '-')}.example"


def places_by_home(offers: tuple[Offer, ...]) -> dict[str, int]:
    """Return how many places the students of each school may rank."""
    places: dict[str, int] = {}
    for offer in offers:
        places[offer.sending] = places.get(offer.sending, 0) + offer.capacity
    return places


def name_alice(home: School, cohort: str) -> Student:
    """Return Alice: of the open round's cohort, with good English."""
    own = Language(home_language(home), "C2")
    english = Language("en", "C1")
    return Student(
        key=f"{cohort}-alice",
        name="Alice Sample",
        email=f"alice@{to_mail_host(home.hei_id)}",
        sending=home.hei_id,
        isced_f_code=MEDICINE[0],
        eqf_level=MASTER[0],
        merit=8320,
        languages=(own,) if own.language == "en" else (own, english),
        groups=(("first_generation", "yes"), ("income", "low")),
    )


def name_cast(
    home: School, host: School, alice: Student, audited: str
) -> tuple[Member, ...]:
    """Return the cast: Alice and Bob of one school, Henry of another, Dana, Carol.

    `audited` is the key of the round that Carol may read.
    """
    at_home, at_host = to_mail_host(home.hei_id), to_mail_host(host.hei_id)
    network = "network.example"
    return (
        Member(alice.name, alice.email, "student", home.hei_id, student=alice.key),
        Member("Bob Sample", f"bob@{at_home}", "coordinator", home.hei_id),
        Member("Dana Sample", f"dana@{network}", "network_coordinator"),
        Member("Carol Sample", f"carol@{network}", "auditor", round_key=audited),
        Member("Henry Sample", f"henry@{at_host}", "host", host.hei_id),
    )
