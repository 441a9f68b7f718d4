"""Published facts that the constructed world is built to resemble, with their sources.

Numbers without a source are judgement and say so. Read by the modules of the demo.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fact:
    """A published number.

    Parameters
    ----------
    says
        What was counted.
    numbers
        The counts, in the order in which `says` names them.
    source
        Where it was published.
    """

    says: str
    numbers: tuple[int, ...]
    source: str


FACTS = MappingProxyType(
    {
        "R01": Fact(
            "students from the South and from the North in one balanced programme",
            (27, 19),
            "Mwenda, Education for Health 2012;25:111 (Linkoeping and Moi, 2009-2011)",
        ),
        "R08": Fact(
            "elective reports; Europe most wanted by German-speaking students",
            (856,),
            "Storz, Lederer, Heymann, Globalization and Health 2021;17:90",
        ),
        "R12": Fact(
            "the flow of learners, in words: overwhelmingly one directional",
            (),
            "Arora et al., American Journal of Tropical Medicine and Hygiene 2017",
        ),
        "R13": Fact(
            "students that each of four African schools sent to the others",
            (2, 4),
            "South-South elective pilot, BMC Med Educ 2020, s12909-020-02224-z",
        ),
        "R14": Fact(
            "students on electives inside one African network, all of them returned",
            (107,),
            "Nawagi et al., Frontiers in Education 2023;8:1181382",
        ),
        "R17": Fact(
            "health students' reports from the Global South, of all their reports",
            (92, 166),
            "NTNU travel reports 2016-2023, github.com/Erikseeeeen/utveksling",
        ),
        "R19": Fact(
            "trainees from the North and from the South in a 30-year partnership",
            (1871, 400),
            "Turissini et al., Annals of Global Health 2020;86(1):137 (AMPATH)",
        ),
        "R20": Fact(
            "students a year whom a Southern school asks each partner to host",
            (2,),
            "Stanford Global Health, 22 October 2024 (Moi University)",
        ),
        "R21": Fact(
            "percent of US graduates with global health experience; significantly "
            "fewer opportunities for trainees from low and middle income countries",
            (31,),
            "Turissini et al. 2020, citing AAMC",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of partnership between a Northern and a Southern school.

    Parameters
    ----------
    name
        What the agreement is called.
    weight
        How often it occurs, in percent of the pairs.
    outward
        Places a year from North to South, drawn evenly.
    inward
        Places a year from South to North; empty: nobody comes back.
    """

    name: str
    weight: int
    outward: tuple[int, ...]
    inward: tuple[int, ...]


NORTH_SOUTH_KINDS = (
    # R12 "overwhelmingly one directional", R21. No source counts lanes: half of them
    # without return is judgement, so that all places stand between R19 and balance.
    Kind("one-way", 50, (2, 2, 3, 4), ()),
    # R19: 1,871 out and some 400 back, 4.7 to 1.
    Kind("lopsided", 18, (4, 5, 5), (1,)),
    # R01: 19 out and 27 back; R20: two a year asked for.
    Kind("reciprocal", 32, (2, 2, 3, 4), (2, 2, 3, 4)),
)

NORTH_PLACES = (2, 3, 3)
"""Places a year and direction between Northern schools. Judgement."""

SOUTH_PLACES = (2, 2, 2, 3)
"""Places a year and direction between Southern schools: R13 sent two each."""

SOUTHERN_PARTNERS_OF_NORTH = (4,)
"""How many Southern partners a Northern school seeks, drawn evenly. Judgement."""

NORTHERN_PARTNERS_OF_NORTH = (2,)
"""How many Northern partners a Northern school seeks; others find it, too."""

SOUTHERN_PARTNERS_OF_SOUTH = (2,)
"""How many Southern partners a Southern school seeks. R14 is such a network."""

SOUTHERN_STUDENT_PERCENT = 53
"""Share of the students whose home is in the South. Judgement: they have far fewer
places to choose from (R21), and the figures show it."""
