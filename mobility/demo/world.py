"""What the demo world consists of: frozen rows, keys as texts, no database.

Schools, coordinates and blocks are real; all else is constructed. The names are those
of the tables, so that loading is a translation without decisions.
"""

from dataclasses import dataclass
from datetime import date

NOTICE = (
    "Constructed: the schools and their cities are real; agreements, places, people, "
    "rankings and balances are made up."
)


@dataclass(frozen=True, slots=True)
class School:
    """A real medical school. Coordinates in millionths of a degree."""

    hei_id: str
    name: str
    city: str
    country: str
    region: str
    latitude_udeg: int
    longitude_udeg: int
    block: str
    block_source: str
    block_date: date
    erasmus_code: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language with a CEFR level; in a condition, required or only advised."""

    language: str
    cefr: str
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One direction of an agreement. The key is unique in the agreement."""

    key: str
    sending: str
    receiving: str
    kind: str
    mobilities_per_year: int
    duration_days: int
    isced_f_codes: tuple[str, ...]
    eqf_levels: tuple[int, ...]
    languages: tuple[Language, ...]
    receiving_first_academic_year_id: str
    receiving_last_academic_year_id: str
    receiving_ounit: str
    mode: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement of two schools, or of one with itself for its virtual offers."""

    iia_id: str
    institution_a: str
    institution_b: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Partnership:
    """A Northern and a Southern school.

    `tolerance` and `asks` (students a year welcomed without return, and wanted back)
    are set by the Southern host.
    """

    north: str
    south: str
    tolerance: int
    asks: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Places at one school in one period of one round, for one home school."""

    key: str
    iia_id: str
    condition: str
    sending: str
    receiving: str
    capacity: int
    starts_on: date
    ends_on: date
    mode: str
    ounit: str


@dataclass(frozen=True, slots=True)
class Quota:
    """A cap over whole offers, or over single (student, offer) pairs."""

    key: str
    kind: str
    capacity: int
    offers: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Student:
    """A constructed student. `groups` are (attribute, value) pairs."""

    key: str
    name: str
    email: str
    sending: str
    isced_f_code: str
    eqf_level: int
    merit: int
    languages: tuple[Language, ...]
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Application:
    """A ranking, offer keys best first.

    `is_certified` False: a draft. `declines`: why she gives her place back, empty if
    she takes it; read in the settled round alone.
    """

    student: str
    ranking: tuple[str, ...]
    is_certified: bool = True
    declines: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A round and how far the demo takes it: settled, published or open."""

    key: str
    name: str
    academic_year_id: str
    reaches: str
    policy: str
    offers: tuple[Offer, ...]
    quotas: tuple[Quota, ...]
    applications: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast; a student's `student` is her key among the students."""

    name: str
    email: str
    role: str
    institution: str = ""
    round_key: str = ""
    student: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The whole demo world."""

    seed: int
    notice: str
    schools: tuple[School, ...]
    agreements: tuple[Agreement, ...]
    partnerships: tuple[Partnership, ...]
    students: tuple[Student, ...]
    rounds: tuple[Round, ...]
    cast: tuple[Member, ...]
