"""What is frozen of a round, as plain values: no row, no session. Pure.

`rounds.collect` makes these from the tables, `rounds.snapshot` turns them into the
canonical value. Texts, integers and tuples only, so that equal worlds are equal values.
"""

from dataclasses import dataclass, field
from typing import Any

from mobility.eligibility import Applicant, Terms


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round's own settings.

    Parameters
    ----------
    deadline_at, frozen_at
        Instants in UTC as "2026-11-15T22:59:00Z".
    freeze
        1 for the round's first freeze, then 2, 3, ...: no two are the same value.
    policy
        The declared policy's canonical value.
    """

    key: str
    name: str
    academic_year: str
    is_dry_run: bool
    deadline_at: str
    deadline_zone: str
    frozen_at: str
    freeze: int
    balance_years: int
    policy: dict[str, Any]
    policy_digest: str


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """A university: where it is (1e-6 degrees) and which block it belongs to."""

    hei_id: str
    name: str
    city: str
    country: str
    latitude_udeg: int
    longitude_udeg: int
    block: str | None
    block_source: str | None
    block_date: str | None
    exchange_tolerance: int

    @property
    def place(self) -> str:
        """Return the key of its place, as the table of journeys has it."""
        return f"{self.latitude_udeg},{self.longitude_udeg},{self.country}"


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer with the terms of its condition; `days` 0 or more, dates ISO."""

    key: str
    receiving: str
    capacity: int
    mode: str
    starts_on: str
    ends_on: str
    days: int
    iia_id: str
    condition_key: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """A cap over whole offers or over single (student, offer) pairs."""

    key: str
    kind: str
    capacity: int
    offers: tuple[str, ...] = ()
    pairs: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student with the list she certified.

    Parameters
    ----------
    student
        Row id; it does not leave the office: the snapshot holds a pseudonym.
    groups
        Pairs of attribute and coded value.
    certified
        Pairs of offer and rank, ranks 1, 2, ... in order.
    receipt, salt
        Hexadecimal, as given to her when she certified.
    """

    student: int
    applicant: Applicant
    merit: int
    groups: tuple[tuple[str, str], ...]
    number: int
    receipt: str
    salt: str
    certified: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PartnershipFacts:
    """One North-South pair; `carried` is out minus in of earlier rounds."""

    north: str
    south: str
    carried: int
    inbound_known: int
    tolerance: int


@dataclass(frozen=True, slots=True)
class JourneyFacts:
    """The return journey between two places as the round's method has it.

    Parameters
    ----------
    home, host
        Keys of the places (`InstitutionFacts.place`).
    mode
        The mode that the round's mode policy chose.
    total_g
        Grams CO2e there and back, rounded once.
    detail
        The journey to the leg, integers and texts only.
    """

    home: str
    host: str
    mode: str
    total_g: int
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the name by which a choice refers to its journey."""
        return f"{self.home}>{self.host}"


@dataclass(frozen=True, slots=True)
class CarbonFacts:
    """By which factors and which method the journeys were counted."""

    factor_set: str
    factor_set_digest: str
    method_digest: str
    settings: dict[str, object]
    factors: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """A lottery committer's promise: the hash of a secret revealed later."""

    committer: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is frozen of one round. Tuples are in no promised order.

    `names` are the pinned students' names for the sentences of a refusal; they are not
    frozen.
    """

    round: RoundFacts
    carbon: CarbonFacts
    institutions: tuple[InstitutionFacts, ...] = ()
    offers: tuple[OfferFacts, ...] = ()
    quotas: tuple[QuotaFacts, ...] = ()
    students: tuple[StudentFacts, ...] = ()
    partnerships: tuple[PartnershipFacts, ...] = ()
    journeys: tuple[JourneyFacts, ...] = ()
    pins: tuple[tuple[int, str], ...] = ()
    forbidden: tuple[tuple[int, str], ...] = ()
    commitments: tuple[Commitment, ...] = ()
    names: dict[int, str] = field(default_factory=dict)
