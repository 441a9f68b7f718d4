"""Frozen facts become the canonical value that everything later reads. Pure.

No database, no Flask. The value is "mobility-snapshot/1": integers and texts only,
every list sorted by its key, students under pseudonyms; its digest is the SHA-256 of
its RFC 8785 form.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache

from mobility.eligibility import VIRTUAL, Applicant, Assessment, assess
from mobility.rounds.facts import (
    Facts,
    JourneyFacts,
    OfferFacts,
    QuotaFacts,
    StudentFacts,
)
from solver import fileio
from solver.errors import InvalidFile

FORMAT = "mobility-snapshot/1"
DIGITAL_G = 0
"""Emissions of a virtual offer: no journey, and no digital estimate is assumed."""


def build(facts: Facts, pseudonyms: Mapping[int, str]) -> dict[str, object]:
    """Return the snapshot's value.

    Parameters
    ----------
    facts
        Without blocking problems (`rounds.problems`): every journey that a choice needs
        is there, every pin and pair speaks of an offer of the round.
    pseudonyms
        For each student of the facts her random name in this snapshot, each used once.
    """
    rules = _Rules(facts)
    offers = {offer.key for offer in facts.offers}
    return {
        "format": FORMAT,
        "round": asdict(facts.round),
        "carbon": asdict(facts.carbon),
        "institutions": _sorted(map(asdict, facts.institutions), "hei_id"),
        "offers": _sorted(map(_offer_value, facts.offers), "key"),
        "quotas": _sorted((_quota(q, pseudonyms, offers) for q in facts.quotas), "key"),
        "students": _sorted(
            (rules.student(s, pseudonyms[s.student]) for s in facts.students), "id"
        ),
        "partnerships": _sorted(map(asdict, facts.partnerships), "north", "south"),
        "journeys": _sorted(map(_journey_value, facts.journeys), "key"),
        "pins": _pairs(facts.pins, pseudonyms),
        "forbidden": _pairs(facts.forbidden, pseudonyms),
        "commitments": _sorted(
            map(asdict, facts.commitments), "committer", "commitment"
        ),
    }


def encode(value: dict[str, object]) -> tuple[bytes, str]:
    """Return a snapshot's canonical bytes and their digest, 64 hexadecimal digits."""
    data = fileio.to_canonical(value)
    return data, fileio.to_digest(data)


def decode(data: bytes) -> dict[str, object]:
    """Return the value of a snapshot's bytes.

    Raises
    ------
    InvalidFile
        When the bytes are no snapshot of this format.
    """
    value = fileio.parse_json(data, "the snapshot")
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise InvalidFile(f"the snapshot's format is not {FORMAT}")
    return value


class _Rules:
    """The offers and journeys of one round, ready to judge students by them.

    Students of one home, field, level and languages share their answers.
    """

    def __init__(self, facts: Facts) -> None:
        self._year = facts.round.academic_year
        self._offers = {offer.key: offer for offer in facts.offers}
        self._outward: defaultdict[str, list[OfferFacts]] = defaultdict(list)
        for offer in facts.offers:
            if offer.mode != VIRTUAL:
                self._outward[offer.terms.sending].append(offer)
        self._journeys = {journey.key: journey for journey in facts.journeys}
        self._places = {heis.hei_id: heis.place for heis in facts.institutions}
        self.assess = cache(self._assess)
        self.floor_g = cache(self._floor_g)

    def student(self, facts: StudentFacts, pseudonym: str) -> dict[str, object]:
        """Return a student with her list, its eligible part closed up."""
        choices: list[dict[str, object]] = []
        refused: list[dict[str, object]] = []
        ranked = sorted(facts.certified, key=lambda pair: pair[1])
        for key, rank in ranked:
            found = self.assess(facts.applicant, key)
            if found.is_eligible:
                choice = self._choice(facts.applicant, key, len(choices) + 1)
                choices.append(choice)
            else:
                reasons = [asdict(reason) for reason in found.reasons]
                refused.append({"offer": key, "rank": rank, "reasons": reasons})
        return {
            "id": pseudonym,
            **asdict(facts.applicant),
            "merit": facts.merit,
            "groups": dict(facts.groups),
            "number": facts.number,
            "receipt": facts.receipt,
            "salt": facts.salt,
            "certified": [list(pair) for pair in ranked],
            "choices": choices,
            "refused": refused,
            "floor_g": self.floor_g(facts.applicant),
        }

    def _assess(self, applicant: Applicant, key: str) -> Assessment:
        return assess(applicant, self._offers[key].terms, self._year)

    def _choice(self, applicant: Applicant, key: str, rank: int) -> dict[str, object]:
        offer = self._offers[key]
        value: dict[str, object] = {"offer": key, "rank": rank}
        if offer.mode == VIRTUAL:
            return value | {"emissions_g": DIGITAL_G, "journey": None, "mode": VIRTUAL}
        journey = self._journey(applicant, offer)
        return value | {
            "emissions_g": journey.total_g,
            "journey": journey.key,
            "mode": journey.mode,
        }

    def _journey(self, applicant: Applicant, offer: OfferFacts) -> JourneyFacts:
        home, host = self._places[applicant.sending], self._places[offer.receiving]
        return self._journeys[f"{home}>{host}"]

    def _floor_g(self, applicant: Applicant) -> int:
        """Return the least emissions over all offers she may have and travels to.

        Whatever she ranked; blended offers count, their journey is the same. 0 without
        any such offer. Only offers of her own university's agreements can be hers:
        judging all of them took most of a freeze.
        """
        return min(
            (
                self._journey(applicant, offer).total_g
                for offer in self._outward[applicant.sending]
                if self.assess(applicant, offer.key).is_eligible
            ),
            default=0,
        )


def _offer_value(offer: OfferFacts) -> dict[str, object]:
    return asdict(offer) | {"sending": offer.terms.sending}


def _journey_value(journey: JourneyFacts) -> dict[str, object]:
    return {
        "key": journey.key,
        "home": journey.home,
        "host": journey.host,
        "mode": journey.mode,
        "total_g": journey.total_g,
        "detail": journey.detail,
    }


def _quota(
    quota: QuotaFacts, pseudonyms: Mapping[int, str], offers: set[str]
) -> dict[str, object]:
    return {
        "key": quota.key,
        "kind": quota.kind,
        "capacity": quota.capacity,
        "offers": sorted(set(quota.offers) & offers),
        "pairs": _pairs(quota.pairs, pseudonyms),
    }


def _pairs(
    pairs: Iterable[tuple[int, str]], pseudonyms: Mapping[int, str]
) -> list[list[str]]:
    """Return pairs under pseudonyms; a student without a certified list has none."""
    return sorted(
        [pseudonyms[student], offer]
        for student, offer in pairs
        if student in pseudonyms
    )


def _sorted(values: Iterable[dict[str, object]], *keys: str) -> list[dict[str, object]]:
    return sorted(values, key=lambda value: tuple(str(value[key]) for key in keys))
