"""Build the whole demo world from a seed: pure, the same on every machine."""

from collections import defaultdict
from dataclasses import dataclass

from mobility.demo.choices import Taste, is_beginner, may_rank
from mobility.demo.dice import Dice
from mobility.demo.offers import write_offers, write_quotas
from mobility.demo.partners import (
    draw_attraction,
    write_agreements,
    write_partnerships,
)
from mobility.demo.people import (
    draw_students,
    name_alice,
    name_cast,
    places_by_home,
)
from mobility.demo.schools import choose_schools, read_schools
from mobility.demo.term import DEFAULT_TERM, Term
from mobility.demo.world import (
    NOTICE,
    Agreement,
    Application,
    Condition,
    Offer,
    Quota,
    Round,
    School,
    Student,
    World,
)

SEED = 12

HOME, HOST = "mak.ac.ug", "uu.se"
"""Alice's and Bob's school, and Henry's, where the world has them."""

DECLINE_PERCENT = 5
REASONS = ("visa", "money", "money", "family")
CERTIFIED_PERCENT = 70
"""Of the settled round's students, and of the open round's. Judgement."""

BEGINNERS = 2
"""How many students with the least command of its language a host takes on."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the world is: schools, and students of the three rounds."""

    schools: int
    settled: int
    published: int
    open: int


WHOLE = Size(schools=60, settled=400, published=1200, open=90)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rounds of a world share."""

    seed: int
    schools: tuple[School, ...]
    agreements: tuple[Agreement, ...]
    taste: Taste
    conditions: dict[tuple[str, str], Condition]


def build_world(
    seed: int = SEED, size: Size = WHOLE, term: Term = DEFAULT_TERM
) -> World:
    """Return the world of a seed.

    Parameters
    ----------
    seed
        Any integer; the same seed, size and term give the same world.
    size
        Number of schools (2 to 60) and of students in each round.
    term
        Half-year of the round that is published: the settled round is two half-years
        before it, the open one the half-year after.
    """
    frame = _frame(seed, size.schools, term)
    plans = [
        ("settled", term.shifted(-2), size.settled),
        ("published", term, size.published),
        ("open", term.shifted(1), size.open),
    ]
    students: list[Student] = []
    rounds: list[Round] = []
    for reaches, its_term, count in plans:
        cohort, a_round = _build_round(frame, its_term, reaches, count)
        students += cohort
        rounds.append(a_round)
    return _cast(frame, tuple(students), tuple(rounds))


def _frame(seed: int, count: int, term: Term) -> Frame:
    schools = choose_schools(read_schools(), count)
    attraction = draw_attraction(schools, seed)
    agreements = write_agreements(schools, attraction, seed, term)
    by_id = {school.hei_id: school for school in schools}
    conditions = {
        (agreement.iia_id, condition.key): condition
        for agreement in agreements
        for condition in agreement.conditions
    }
    return Frame(seed, schools, agreements, Taste(by_id, attraction), conditions)


def _build_round(
    frame: Frame, term: Term, reaches: str, count: int
) -> tuple[tuple[Student, ...], Round]:
    def dice(purpose: str) -> Dice:
        # by what the round is for, not by its year: the world is the same every year
        return Dice(frame.seed, f"{purpose}/{reaches}")

    offers = write_offers(frame.agreements, term, dice("offers"))
    places = places_by_home(offers)
    students = draw_students(frame.schools, places, count, term.key, dice("students"))
    rankings = _draw_rankings(frame, students, offers, dice("rankings"))
    quotas = write_quotas(offers, term, dice("quotas"))
    a_round = Round(
        key=term.key,
        name=f"Clinical electives, {term.season} {term.year}",
        academic_year_id=term.academic_year_id,
        reaches=reaches,
        policy="students-first" if reaches == "settled" else "balanced",
        offers=offers,
        quotas=(*quotas, *_beginner_quotas(frame, students, rankings, offers)),
        applications=_apply(rankings, reaches, dice("applications")),
    )
    return students, a_round


def _draw_rankings(
    frame: Frame, students: tuple[Student, ...], offers: tuple[Offer, ...], dice: Dice
) -> dict[str, tuple[str, ...]]:
    """Return every student's ranking by her key."""
    by_home: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_home[offer.sending].append(offer)
    rankings = {}
    for student in students:
        open_to_her = [
            offer
            for offer in by_home[student.sending]
            if may_rank(student, frame.conditions[offer.iia_id, offer.condition])
        ]
        rankings[student.key] = frame.taste.draw_ranking(student, open_to_her, dice)
    return rankings


def _apply(
    rankings: dict[str, tuple[str, ...]], reaches: str, dice: Dice
) -> tuple[Application, ...]:
    """Return the applications; in the open round some are drafts still."""
    return tuple(
        Application(
            student=student,
            ranking=ranking,
            is_certified=reaches != "open" or dice.is_below(CERTIFIED_PERCENT),
            declines=dice.one_of(REASONS) if dice.is_below(DECLINE_PERCENT) else "",
        )
        for student, ranking in rankings.items()
        if ranking
    )


def _beginner_quotas(
    frame: Frame,
    students: tuple[Student, ...],
    rankings: dict[str, tuple[str, ...]],
    offers: tuple[Offer, ...],
) -> list[Quota]:
    """Cap, per host, the pairs of an offer and a student new to its language."""
    offer_by_key = {offer.key: offer for offer in offers}
    pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for student in students:
        for key in rankings[student.key]:
            offer = offer_by_key[key]
            condition = frame.conditions[offer.iia_id, offer.condition]
            if is_beginner(student, condition):
                pairs[offer.receiving].append((student.key, key))
    return [
        Quota(f"beginners:{host}", "level", BEGINNERS, pairs=tuple(members))
        for host, members in sorted(pairs.items())
        if len(members) > BEGINNERS
    ]


def _cast(
    frame: Frame, students: tuple[Student, ...], rounds: tuple[Round, ...]
) -> World:
    """Add the cast; Alice has ranked nothing yet in the open round."""
    home = _find_school(frame.schools, HOME, "south")
    host = _find_school(frame.schools, HOST, "north")
    alice = name_alice(home, rounds[-1].key)
    return World(
        seed=frame.seed,
        notice=NOTICE,
        schools=frame.schools,
        agreements=frame.agreements,
        partnerships=write_partnerships(frame.schools, frame.agreements, frame.seed),
        students=(*students, alice),
        rounds=rounds,
        cast=name_cast(home, host, alice, audited=rounds[1].key),
    )


def _find_school(schools: tuple[School, ...], wanted: str, block: str) -> School:
    members = [school for school in schools if school.block == block]
    return next((s for s in members if s.hei_id == wanted), members[0])
