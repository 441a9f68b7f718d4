"""What must be put right before a round can be frozen. Pure.

All problems are found at once, each a sentence that names the thing and the rule.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mobility.eligibility import VIRTUAL, assess
from mobility.rounds.facts import Facts, OfferFacts, StudentFacts


def find_problems(facts: Facts) -> list[str]:
    """Return every problem that blocks the freeze, in a stable order."""
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


def _block_problems(facts: Facts) -> Iterator[str]:
    if not needs_blocks(facts.round.policy):
        return
    name = facts.round.policy["name"]
    for heis in facts.institutions:
        if heis.block is None or heis.block_source is None:
            yield (
                f"{heis.name} ({heis.hei_id}) has no block with a source and a date; "
                f"policy {name} needs one for every university"
            )


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


def _journey_problems(facts: Facts) -> Iterator[str]:
    places = {heis.hei_id: heis.place for heis in facts.institutions}
    known = {journey.key for journey in facts.journeys}
    for home, host in needed_journeys(facts):
        if f"{places[home]}>{places[host]}" not in known:
            yield f"the journey from {home} to {host} has no emissions"


def _pin_problems(facts: Facts) -> Iterator[str]:
    students = {student.student: student for student in facts.students}
    offers = {offer.key: offer for offer in facts.offers}
    forbidden = set(facts.forbidden)
    for student, key in facts.pins:
        name = facts.names.get(student, f"student {student}")
        where = f"{name} is pinned to {key}, but"
        if (student, key) in forbidden:
            yield f"{where} the same pair is forbidden"
        if student not in students:
            yield f"{where} has no certified ranking"
        else:
            yield from _choice_problems(students[student], offers[key], where, facts)


def _choice_problems(
    student: StudentFacts, offer: OfferFacts, where: str, facts: Facts
) -> Iterator[str]:
    if offer.key not in dict(student.certified):
        yield f"{where} did not rank it"
    found = assess(student.applicant, offer.terms, facts.round.academic_year)
    for reason in found.reasons:
        yield f"{where} is not eligible: {reason.text}"


def _capacity_problems(facts: Facts) -> Iterator[str]:
    pinned = Counter(offer for _, offer in facts.pins)
    for offer in facts.offers:
        if pinned[offer.key] > offer.capacity:
            yield (
                f"offer {offer.key} holds {offer.capacity} and "
                f"{pinned[offer.key]} students pinned to it"
            )
    for quota in facts.quotas:
        inside = [
            pin for pin in facts.pins if pin[1] in quota.offers or pin in quota.pairs
        ]
        if len(inside) > quota.capacity:
            yield (
                f"quota {quota.key} holds {quota.capacity} and "
                f"{len(inside)} students pinned under it"
            )
