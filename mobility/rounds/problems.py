"""What must be put right before a round can be frozen. Pure.

All problems are found at once, each a sentence that names the thing and the rule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobility.eligibility import VIRTUAL, assess
from mobility.rounds.facts import Facts, OfferFacts, StudentFacts
from mobility.sentences import tell


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that blocks the freeze.

    Parameters
    ----------
    kind
        Where it is mended: `block`, `journey`, `pin`, `offer` or `quota`.
    text
        The sentence.
    institutions
        Ids of the universities that it concerns: others need not be told of it.
    about
        A `hei_id`, the key of an offer or quota; a pinned student's row id.
    """

    kind: str
    text: str
    institutions: tuple[str, ...]
    about: str


def find_problems(facts: Facts) -> list[str]:
    """Return every problem that blocks the freeze as a sentence, in a stable order."""
    return sorted({problem.text for problem in list_findings(facts)})


def list_findings(facts: Facts) -> list[Problem]:
    """Return every problem that blocks the freeze with where it is mended, by kind."""
    return sorted(
        {
            *_block_problems(facts),
            *_journey_problems(facts),
            *_pin_problems(facts),
            *_capacity_problems(facts),
        }
    )


def needs_blocks(policy: dict[str, Any]) -> bool:
    """Say whether a policy treats institutions differently by their block."""
    equity = policy.get("equity", {}).get("attributes", {})
    return "block" in equity or any(
        stage.get("guard", {}).get("blocks")
        or any("one_way" in level["weights"] for level in stage["levels"])
        for stage in policy["stages"]
    )


def _block_problems(facts: Facts) -> Iterator[Problem]:
    if not needs_blocks(facts.round.policy):
        return
    name = facts.round.policy["name"]
    for heis in facts.institutions:
        if heis.block is None or heis.block_source is None:
            sentence = tell(
                "{name} ({institution}) has no block with a source and a "
                "date; policy {policy} needs one for every university",
                name=heis.name,
                institution=heis.hei_id,
                policy=name,
            )
            yield Problem("block", sentence, (heis.hei_id,), heis.hei_id)


def needed_journeys(facts: Facts) -> set[tuple[str, str]]:
    """Return the pairs (home, host) of universities that students may travel between.

    Of every student with a certified list: her home, and the host of each offer of her
    home that is not virtual. The greener offer that she did not rank counts too: it
    may be her least journey.
    """
    homes = {student.applicant.sending for student in facts.students}
    return {
        (offer.terms.sending, offer.receiving)
        for offer in facts.offers
        if offer.mode != VIRTUAL
        and offer.terms.sending in homes
        and offer.receiving != offer.terms.sending
    }


def _journey_problems(facts: Facts) -> Iterator[Problem]:
    places = {heis.hei_id: heis.place for heis in facts.institutions}
    known = {journey.key for journey in facts.journeys}
    for home, host in needed_journeys(facts):
        if f"{places[home]}>{places[host]}" not in known:
            sentence = tell(
                "the journey from {home} to {host} has no emissions",
                home=home,
                host=host,
            )
            yield Problem("journey", sentence, (home, host), host)


def _pin_problems(facts: Facts) -> Iterator[Problem]:
    """Yield what is wrong with each pin; it concerns the home that pinned."""
    homes = {offer.key: offer.terms.sending for offer in facts.offers}
    for pin in facts.pins:
        student, key = pin
        for sentence in _sentences_of_pin(facts, student, key):
            yield Problem("pin", sentence, (homes[key],), str(student))


def _sentences_of_pin(facts: Facts, student: int, key: str) -> Iterator[str]:
    students = {student.student: student for student in facts.students}
    offers = {offer.key: offer for offer in facts.offers}
    name = facts.names.get(student, f"student {student}")
    where = tell("{name} is pinned to {key}, but", name=name, key=key)
    if (student, key) in set(facts.forbidden):
        yield tell("{where} the same pair is forbidden", where=where)
    if student not in students:
        yield tell("{where} has no certified ranking", where=where)
    else:
        yield from _choice_problems(students[student], offers[key], where, facts)


def _choice_problems(
    student: StudentFacts, offer: OfferFacts, where: str, facts: Facts
) -> Iterator[str]:
    if offer.key not in dict(student.certified):
        yield tell("{where} did not rank it", where=where)
    found = assess(student.applicant, offer.terms, facts.round.academic_year)
    for reason in found.reasons:
        yield tell("{where} is not eligible: {reason}", where=where, reason=reason.text)


def _capacity_problems(facts: Facts) -> Iterator[Problem]:
    ends = {o.key: (o.terms.sending, o.receiving) for o in facts.offers}
    pinned = Counter(offer for _, offer in facts.pins)
    for offer in facts.offers:
        if pinned[offer.key] > offer.capacity:
            sentence = tell(
                "offer {offer} holds {capacity} and {pinned} students pinned to it",
                offer=offer.key,
                capacity=offer.capacity,
                pinned=pinned[offer.key],
            )
            yield Problem("offer", sentence, ends[offer.key], offer.key)
    for quota in facts.quotas:
        inside = [
            pin for pin in facts.pins if pin[1] in quota.offers or pin in quota.pairs
        ]
        if len(inside) > quota.capacity:
            sentence = tell(
                "quota {quota} holds {capacity} and {count} students pinned under it",
                quota=quota.key,
                capacity=quota.capacity,
                count=len(inside),
            )
            heis = {hei_id for _, offer in inside for hei_id in ends[offer]}
            yield Problem("quota", sentence, tuple(sorted(heis)), quota.key)
