"""Sentences of the method pages, with the numbers that the programme works with."""

from collections import Counter
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from mobility.carbon import air_rates
from mobility.carbon.factors import FactorSet
from mobility.carbon.method import Method
from mobility.carbon.worked_example import (
    CURVE,
    FORCED,
    MEAN,
    PER_PERSON,
    PHYSICAL,
    PUBLISHED,
)
from mobility.web.present import NOTHING

METRES = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """Data of others: what it is, whose, under which licence, where it is from."""

    what: str
    owner: str
    licence: str
    address: str
    statement: str = ""


def rules(method: Method) -> list[str]:
    """Return what is done to turn a journey into grams."""
    return [
        _(
            "Every journey is counted from the home university's city to the host's and"
            " back: never from a student's own address."
        ),
        _(
            "Flights: great-circle distance on the WGS84 ellipsoid; the published"
            " factor already holds 8 %% for detours. Up to %(km)s km the short-haul"
            " factor counts, beyond it the long-haul factor.",
            km=_km(air_rates.SHORT_HAUL_M),
        ),
        _(
            "The non-CO2 effect of flights is counted with the multiplier %(m)s on CO2"
            " and shown on its own; supply of fuel is shown on its own too.",
            m=format_decimal(method.rf_multiplier_tenths / 10),
        ),
        _(
            "By rail, coach or car only where the land, or a listed tunnel or bridge,"
            " joins both cities; by ferry on listed routes, as a foot passenger."
        ),
        _(
            "What counts is the least of air, rail, coach and ferry that is possible. A"
            " car is shown, never counted."
        ),
        _("A virtual offer has no journey: 0, and no digital estimate is added."),
        _("All sums are exact; the total is rounded to the gram once."),
        _("A missing factor or place stops the freeze; nothing is estimated silently."),
    ]


def sources() -> list[Source]:
    """Return whose data this programme carries."""
    public = _("public domain")
    own = _("written for this project, Apache-2.0")
    return [
        Source(
            _("Emission factors"),
            _("UK Department for Energy Security and Net Zero"),
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "Contains public sector information licensed under the Open Government"
            " Licence v3.0.",
        ),
        Source(
            _("Rail factor of France"),
            "ADEME Impact CO2",
            "MIT",
            "https://github.com/incubateur-ademe/impactco2",
        ),
        Source(
            _("Cities and their names"),
            "GeoNames",
            "CC BY 4.0",
            "https://creativecommons.org/licenses/by/4.0/",
            "Contains data of GeoNames (geonames.org), CC BY 4.0; selected, folded and"
            " joined.",
        ),
        Source(
            _("Airports with scheduled service"),
            "OurAirports",
            public,
            "https://ourairports.com/data/",
        ),
        Source(
            _("Land, countries and the map"),
            "Natural Earth",
            public,
            "https://www.naturalearthdata.com/",
        ),
        Source(
            _("Ferry routes: a short list, each with the text it was read in"),
            NOTHING,
            own,
            "",
        ),
        Source(
            _("Tunnels, bridges, barriers; which countries have trains"),
            NOTHING,
            own,
            "",
        ),
    ]


def derivation(kind: str) -> str:
    """Return how a rate comes from its published factors."""
    words = {
        PUBLISHED: _("as published"),
        PER_PERSON: _("published per vehicle, divided by the people in it"),
        FORCED: _("with radiative forcing less without it, times (m less 1), by 0.7"),
        PHYSICAL: _("0.2027 of the CO2 in use"),
        MEAN: _("mean of both countries"),
        CURVE: _("a curve of fuel burnt over distance"),
    }
    return str(words.get(kind, kind))


def factor_sources(factors: FactorSet) -> list[tuple[str, int]]:
    """Return whose numbers a set holds, and how many rows of each, most first."""
    rows = Counter(factor.source for factor in factors.factors.values())
    return rows.most_common()


def _km(metres: int) -> str:
    return str(format_decimal(metres // METRES))
