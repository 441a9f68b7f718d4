"""Every word of pictures and tables, and English ways to write numbers.

The one place where they stand in English: `make_labels` takes a language's gettext and
its numbers. The names of stages are those of the shipped policies; an office's own
stage keeps the name it was given.
"""

from collections.abc import Callable
from fractions import Fraction
from types import MappingProxyType

from mobility.reporting.labels import Labels, Numbers

Gettext = Callable[[str], str]


def make_labels(language: str, gettext: Gettext, numbers: Numbers) -> Labels:
    """Return the labels of a language.

    Parameters
    ----------
    language
        Its code, as "pt"; pictures are cached by it.
    gettext
        Translates a text; it must leave places like %(stage)s alone.
    """
    words = {
        **_measures(gettext),
        **_sentences(gettext),
        **_headings(gettext),
        **_captions(gettext),
    }
    names = {f"name:{code}": word for code, word in _names(gettext).items()}
    return Labels(language, numbers, MappingProxyType({**words, **names}))


def _measures(gettext: Gettext) -> dict[str, str]:
    return {
        "placed": gettext("students placed"),
        "mean_rank": gettext("mean choice"),
        "emissions": gettext("emissions, CO₂e"),
        "one_way_excess": gettext("one-way excess"),
        "south_to_north": gettext("South to North"),
        "north_to_south": gettext("North to South"),
        "gained_place": gettext("gained a place"),
        "better": gettext("to a higher choice"),
        "same_rank": gettext("to an equal choice"),
        "worse": gettext("to a lower choice"),
        "lost_place": gettext("lost the place"),
    }


def _sentences(gettext: Gettext) -> dict[str, str]:
    return {
        "none": gettext("-"),
        "tonnes": gettext("%(number)s t"),
        "below": gettext("%(change)s below %(stage)s"),
        "above": gettext("%(change)s above %(stage)s"),
        "same_as": gettext("same as %(stage)s"),
        "placed_of": gettext("%(placed)s of %(students)s students have a place"),
        "lost_nobody": gettext("Nobody lost a place"),
        "lost_some": gettext("%(count)s lost their place"),
        "one_scale": gettext(
            "One scale for all: from line to line %(step)s of %(stage)s"
        ),
        "nobody_moved": gettext("nobody moved"),
        "counted": gettext("%(count)s %(what)s"),
        "empty": gettext("Nothing to show: no student is in this round yet"),
        "empty_lanes": gettext(
            "Nothing to show: nobody is placed at another university"
        ),
        "places_back": gettext("%(count)s places"),
        "everyone": gettext("everyone"),
        "group_name": gettext("%(attribute)s: %(value)s"),
        "choice": gettext("choice %(rank)s"),
        "choice_or_later": gettext("choice %(rank)s or lower"),
        "lanes_told": gettext(
            "%(lanes)s lanes, %(students)s students; from North to South %(alone)s"
            " with nobody coming back"
        ),
        "first_choice_told": gettext(
            "%(first)s of %(students)s students have their first choice,"
            " %(unplaced)s have no place"
        ),
        "lowest_told": gettext("%(share)s placed; lowest: %(name)s, %(lowest)s"),
        "spread_told": gettext(
            "Half of the journeys emit at most %(median)s, nine of ten at most %(p90)s"
        ),
        "empty_journeys": gettext("Nothing to show: nobody travels"),
        "median": gettext("median %(tonnes)s"),
        "p90": gettext("9 of 10 below %(tonnes)s"),
        "per_journey": gettext("tonnes CO₂e per return journey"),
        "with_interval": gettext("Share placed, with its 95-percent interval"),
        "ring": gettext("after the first stage"),
        "key_lane": gettext("%(name)s: %(count)s"),
        "key_taper": gettext("Wide at home, narrow at the host; width is students"),
        "key_width": gettext("students: %(count)s"),
    }


def _headings(gettext: Gettext) -> dict[str, str]:
    return {
        "measure": gettext("figure"),
        "group": gettext("group"),
        "stage": gettext("stage"),
        "students": gettext("students"),
        "unplaced": gettext("not placed"),
        "home": gettext("home"),
        "host": gettext("host"),
        "north_school": gettext("university in the North"),
        "south_school": gettext("university in the South"),
        "out": gettext("out"),
        "in": gettext("in"),
        "net": gettext("net"),
        "carried": gettext("carried"),
        "excess": gettext("excess"),
        "inbound_known": gettext("known to have come"),
        "tolerance": gettext("welcomed without return"),
        "return_offer": gettext("return offer"),
        "no_return_offer": gettext("no return offer at all"),
        "share": gettext("share"),
        "low": gettext("at least (95 percent)"),
        "high": gettext("at most (95 percent)"),
        "ratio": gettext("against the best placed group"),
        "four_fifths": gettext("at least four fifths"),
        "yes": gettext("yes"),
        "no": gettext("no"),
        "offers_open": gettext("eligible offers per student"),
        "places_open": gettext("places in them per student"),
        "places_per_student": gettext("places open to the group, per student"),
        "mode": gettext("travels by"),
        "tonnes_total": gettext("tonnes"),
        "tonnes_each": gettext("tonnes each"),
        "kg_per_day": gettext("kg per day abroad"),
        "non_co2": gettext("of it not CO₂, tonnes"),
        "from_tonnes": gettext("tonnes, from"),
        "to_tonnes": gettext("to below"),
        "index": gettext("index"),
        "outcome": gettext("outcome"),
        "placements": gettext("placements"),
        "before_after": gettext("before, down; after, across"),
        "from_north": gettext("other lanes from the North"),
        "from_south": gettext("from the South"),
        "from_other": gettext("from elsewhere"),
        "from_north_alone": gettext("North to South, nobody comes back"),
    }


def _captions(gettext: Gettext) -> dict[str, str]:
    return {
        "caption_waterfall": gettext("Figures after each stage"),
        "caption_scopes": gettext("Figures after each stage, by block and group"),
        "caption_lanes": gettext("Lanes between universities"),
        "caption_partnerships": gettext("Partnerships between North and South"),
        "caption_ranks": gettext("Students by the choice they got"),
        "caption_moves": gettext("Who moved: from %(before)s to %(after)s"),
        "caption_equity": gettext("Share placed, by group"),
        "caption_opportunity": gettext("Opportunity before the match"),
        "caption_indices": gettext("How evenly benefit and flows are spread"),
        "caption_emissions": gettext("Emissions of return journeys"),
        "caption_totals": gettext("Emissions after each stage"),
        "gini": gettext("Gini (0 is even)"),
        "theil": gettext("Theil (0 is even)"),
        "atkinson": gettext("Atkinson (0 is even)"),
        "jain": gettext("Jain (1 is even)"),
        "reciprocity": gettext("reciprocity of lanes (1 is both ways alike)"),
        "imbalance": gettext("imbalance of universities (0 is out as in)"),
        "median_each": gettext("median journey"),
        "p90_each": gettext("9 of 10 journeys below"),
    }


def _names(gettext: Gettext) -> dict[str, str]:
    return {
        "wishes": gettext("wishes"),
        "balance": gettext("balance"),
        "carbon": gettext("carbon"),
        "north": gettext("North"),
        "south": gettext("South"),
        "": gettext("neither"),
        "block": gettext("block"),
        "air": gettext("air"),
        "rail": gettext("rail"),
        "coach": gettext("coach"),
        "car": gettext("car"),
        "ferry": gettext("ferry"),
        "virtual": gettext("no journey (virtual)"),
        "income": gettext("income"),
        "low": gettext("low"),
        "middle": gettext("middle"),
        "high": gettext("high"),
        "first_generation": gettext("first generation"),
        "yes": gettext("yes"),
        "no": gettext("no"),
    }


ENGLISH_NUMBERS = Numbers(
    count=lambda number: f"{number:,}",
    decimal=lambda number, digits: f"{_round(number, digits):,.{digits}f}",
    percent=lambda share: f"{_round(share * 100, 0):.0f} %",
)
"""For documents in English and for where nobody's language is known."""


def _round(number: Fraction, digits: int) -> float:
    """Return a number rounded half up, as a float that prints so."""
    scale = 10**digits
    return float(Fraction(int(number * scale + Fraction(1, 2)), scale))


ENGLISH = make_labels("en", str, ENGLISH_NUMBERS)
