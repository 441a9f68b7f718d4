"""A run's snapshot and result, joined once into frozen facts that figures count.

Imported by the modules of figures. Integers as stored: grams, ranks, days; nothing is
rounded here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from mobility.eligibility import VIRTUAL, Applicant, LanguageNeed, Terms

NO_BLOCK = ""


@dataclass(frozen=True, slots=True)
class School:
    """A university that sends or receives; `block` is "" where it has none."""

    hei_id: str
    name: str
    city: str
    country: str
    block: str
    latitude_udeg: int
    longitude_udeg: int


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer as it was frozen; `sending` is whose students may have it."""

    key: str
    sending: str
    receiving: str
    capacity: int
    mode: str
    days: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student under her pseudonym, with the labels that groups are made of."""

    id: str
    applicant: Applicant
    groups: Mapping[str, str]

    @property
    def home(self) -> str:
        """Return her university."""
        return self.applicant.sending


@dataclass(frozen=True, slots=True)
class Partnership:
    """What was carried into the round between a North and a South university."""

    north: str
    south: str
    carried: int
    inbound_known: int
    tolerance: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a student has after a stage.

    Parameters
    ----------
    rank
        1 is her first choice.
    mode
        How she travels ("air", "rail", ...), or "virtual".
    emissions_g, non_co2_g
        Grams CO2e of the journey there and back; the part of it that is not CO2.
    """

    student: str
    home: str
    host: str
    rank: int
    mode: str
    days: int
    emissions_g: int
    non_co2_g: int

    @property
    def is_outward(self) -> bool:
        """Say whether it is a lane: somebody travels to another university."""
        return self.mode != VIRTUAL and self.home != self.host


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage with its places by student and the figures the verifier recomputed."""

    name: str
    say: str
    places: Mapping[str, Place]
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class RunFacts:
    """All that figures of a run are counted from; `digest` is the stored result's."""

    digest: str
    academic_year: str
    policy: str
    schools: Mapping[str, School]
    offers: Mapping[str, OfferFacts]
    students: tuple[StudentFacts, ...]
    partnerships: tuple[Partnership, ...]
    stages: tuple[StageFacts, ...]

    def block(self, hei_id: str) -> str:
        """Return a university's block, "" where it has none."""
        return self.schools[hei_id].block

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Return the attributes that students have labels of, sorted."""
        return tuple(sorted({key for each in self.students for key in each.groups}))

    def label(self, student: StudentFacts, attribute: str) -> str:
        """Return a student's value of "block", "sending" or an attribute, or ""."""
        if attribute == "block":
            return self.block(student.home)
        if attribute == "sending":
            return student.home
        return student.groups.get(attribute, "")


def to_facts(
    digest: str, snapshot: Mapping[str, Any], result: Mapping[str, Any]
) -> RunFacts:
    """Return the facts of a run.

    Parameters
    ----------
    digest
        Of the stored result; what pictures are cached by.
    snapshot, result
        Values of "mobility-snapshot/1" and "mobility-result/1".
    """
    offers = {value["key"]: _offer(value) for value in snapshot["offers"]}
    choices = _places(snapshot, offers)
    says = {each["name"]: each.get("say", "") for each in _stages(result["policy"])}
    stages = tuple(
        StageFacts(
            name=stage["name"],
            say=says.get(stage["name"], ""),
            places=MappingProxyType(
                {
                    student: choices[student, offer]
                    for student, offer in sorted(stage["placements"].items())
                }
            ),
            metrics=stage["metrics"],
        )
        for stage in result["stages"]
    )
    return RunFacts(
        digest=digest,
        academic_year=snapshot["round"]["academic_year"],
        policy=result["policy"]["name"],
        schools={each["hei_id"]: _school(each) for each in snapshot["institutions"]},
        offers=offers,
        students=tuple(map(_student, snapshot["students"])),
        partnerships=tuple(Partnership(**each) for each in snapshot["partnerships"]),
        stages=stages,
    )


def _stages(policy: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    stages: Iterable[Mapping[str, Any]] = policy.get("stages", ())
    return stages


def _school(value: Mapping[str, Any]) -> School:
    kept = ("hei_id", "name", "city", "country", "latitude_udeg", "longitude_udeg")
    return School(**{key: value[key] for key in kept}, block=value["block"] or NO_BLOCK)


def _offer(value: Mapping[str, Any]) -> OfferFacts:
    terms = dict(value["terms"])
    terms["languages"] = tuple(LanguageNeed(**need) for need in terms["languages"])
    for key in ("isced_f_codes", "eqf_levels"):
        terms[key] = tuple(terms[key])
    kept = ("key", "sending", "receiving", "capacity", "mode", "days")
    return OfferFacts(**{key: value[key] for key in kept}, terms=Terms(**terms))


def _student(value: Mapping[str, Any]) -> StudentFacts:
    applicant = Applicant(
        sending=value["sending"],
        isced_f_code=value["isced_f_code"],
        eqf_level=value["eqf_level"],
        languages=tuple((language, cefr) for language, cefr in value["languages"]),
    )
    return StudentFacts(value["id"], applicant, MappingProxyType(value["groups"]))


def _places(
    snapshot: Mapping[str, Any], offers: Mapping[str, OfferFacts]
) -> dict[tuple[str, str], Place]:
    """Return what every choice would be, by student and offer."""
    non_co2 = {
        each["key"]: each["detail"].get("non_co2_g", 0) for each in snapshot["journeys"]
    }
    return {
        (student["id"], choice["offer"]): Place(
            student=student["id"],
            home=student["sending"],
            host=offers[choice["offer"]].receiving,
            rank=choice["rank"],
            mode=choice["mode"],
            days=offers[choice["offer"]].days,
            emissions_g=choice["emissions_g"],
            non_co2_g=non_co2.get(choice["journey"], 0),
        )
        for student in snapshot["students"]
        for choice in student["choices"]
    }
