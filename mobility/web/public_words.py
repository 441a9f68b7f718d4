"""Sentences of the method pages, with the numbers that the programme works with."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from mobility.carbon import (
    air,
    air_rates,
    airports,
    exposure,
    flights,
    pairs,
    places,
    rail,
    road,
)
from mobility.carbon.method import Method
from mobility.web.present import NOTHING

METRES = 1000
TIMES_OR_BY = "\N{MULTIPLICATION SIGN}/\N{DIVISION SIGN} "


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


def judgements(method: Method) -> list[str]:
    """Return the numbers that were chosen by judgement, not measured."""
    return [*_judgements_of_ways(method), *_judgements_of_reckoning()]


def _judgements_of_ways(method: Method) -> list[str]:
    large, medium = (_km(metres) for _size, metres in airports.TIERS)
    return [
        _(
            "An airport counts when it is large and within %(large)s km, else of medium"
            " size within %(medium)s km; beyond, the nearest within %(most)s km is"
            " assumed and said.",
            large=large,
            medium=medium,
            most=_km(airports.FURTHEST_M),
        ),
        _(
            "Flights between large airports of up to %(km)s km are taken as non-stop;"
            " all others are made %(percent)s %% longer for a stop.",
            km=_km(flights.NON_STOP_M),
            percent=flights.STOPOVER_PERCENT - 100,
        ),
        _(
            "Cities nearer than %(km)s km to each other count as one, with %(bus)s km"
            " of local bus.",
            km=_km(pairs.SAME_CITY_M),
            bus=_km(road.CITY_M),
        ),
        _(
            "Two places of one name further apart than %(km)s km are ambiguous and are"
            " asked about.",
            km=_km(places.AMBIGUOUS_M),
        ),
    ]


def _speeds(method: Method) -> list[str]:
    return [
        _(
            "Rails are %(percent)s %% longer than the straight way over land, at"
            " %(speed)s km/h, for at most %(hours)s hours.",
            percent=rail.DETOUR_PERCENT - 100,
            speed=_km(rail.METRES_PER_HOUR),
            hours=method.rail_cap_h,
        ),
        _(
            "Roads are %(percent)s %% longer, at %(speed)s km/h, for at most %(hours)s"
            " hours; a car carries %(people)s people.",
            percent=road.DETOUR_PERCENT - 100,
            speed=_km(road.METRES_PER_HOUR),
            hours=method.coach_cap_h,
            people=format_decimal(method.car_occupancy_tenths / 10),
        ),
    ]


def _judgements_of_reckoning() -> list[str]:
    return [
        _(
            "A journey by air takes %(hours)s hours at airports and flies at %(speed)s"
            " km/h; this decides nothing but the hours shown.",
            hours=air.AIRPORT_SECONDS // air.SECONDS_PER_HOUR,
            speed=_km(air.METRES_PER_HOUR),
        ),
    ]


def _uncertainties() -> list[str]:
    return [
        _(
            "Uncertainty, as 95 %% factors: flights %(short)s (short), %(medium)s, "
            "%(long)s (long); rail %(rail)s; coach, bus and car %(coach)s; supply"
            " %(supply)s; detours %(detour)s.",
            short=_bound(exposure.AIR_SHORT),
            medium=_bound(exposure.AIR_MEDIUM),
            long=_bound(exposure.AIR_LONG),
            rail=_bound(exposure.BOUND_BY_MODE["rail"]),
            coach=_bound(exposure.BOUND_BY_MODE["coach"]),
            supply=_bound(exposure.WTT),
            detour=_bound(exposure.DETOUR),
        ),
        _("The multiplier for non-CO2 effects lies between 1 and 3, most likely 1.7."),
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


def _km(metres: int) -> str:
    return str(format_decimal(metres // METRES))


def _bound(bound: tuple[int, int]) -> str:
    return "\N{MULTIPLICATION SIGN}/\N{DIVISION SIGN} " + str(
        format_decimal(bound[0] / bound[1])
    )
