"""The numbers of the carbon method that are design judgement, each with its reason.

The numbers are read from the modules that compute with them, so that the page cannot
say another one.
"""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from mobility.carbon import (
    air,
    airports,
    exposure,
    ferry,
    flights,
    landmass,
    mix,
    pairs,
    places,
    rail,
    road,
)
from mobility.carbon.draws import DRAWS, MULTIPLIER
from mobility.carbon.method import Method

METRES = 1000


@dataclass(frozen=True, slots=True)
class Judgement:
    """A number that was chosen, what it is now, and why it was chosen so."""

    name: str
    value: str
    why: str


def judgements(method: Method) -> list[Judgement]:
    """Return every number that was chosen by judgement, not measured."""
    return [
        *_of_places(),
        *_of_flights(),
        *_of_land(method),
        *_of_policies(),
        *_of_uncertainty(),
    ]


def _of_places() -> list[Judgement]:
    return [
        Judgement(
            _("Two places of one name are ambiguous when further apart than"),
            _km(places.AMBIGUOUS_M),
            _("Nearer, they are parts of one city and the journey hardly changes."),
        ),
        Judgement(
            _("Cities count as one when nearer than"),
            _km(pairs.SAME_CITY_M),
            _("Such a journey is a day's commuting, by local bus."),
        ),
        Judgement(
            _("Local bus within a city"),
            _km(road.CITY_M),
            _("A long way across a large city: too much rather than too little."),
        ),
        Judgement(
            _("A point may lie outside its country's coarse border by"),
            _("%(degrees)s°", degrees=format_decimal(landmass.COAST_DEGREES)),
            _("Small islands and harbours are cut off by the map's resolution."),
        ),
    ]


def _of_flights() -> list[Judgement]:
    large, medium = (_km(metres) for _size, metres in airports.TIERS)
    return [
        Judgement(
            _("Airports that count"),
            _(
                "large within %(large)s, else medium within %(medium)s",
                large=large,
                medium=medium,
            ),
            _("Students fly where scheduled flights are, not from the nearest field."),
        ),
        Judgement(
            _("Where there is none, the nearest within"),
            _km(airports.FURTHEST_M),
            _("Remote towns have one all the same; the leg is said to be assumed."),
        ),
        Judgement(
            _("An airport across water counts within"),
            _km(airports.ACROSS_WATER_M),
            _("Beyond, there is no road to it."),
        ),
        Judgement(
            _("Flights are non-stop between large airports up to"),
            _km(flights.NON_STOP_M),
            _("Longer flights are rarely direct, and no timetable is asked."),
        ),
        Judgement(
            _("All other flights are longer by"),
            _percent(flights.STOPOVER_PERCENT),
            _("A stop is rarely on the straight way."),
        ),
        Judgement(
            _("Flights may be a roundabout way between cities nearer than"),
            _km(air.NEAR_M),
            _("There, airports may lie further off than the journey is long."),
        ),
        Judgement(
            _("Time at airports, speed in the air"),
            _(
                "%(hours)s h, %(speed)s per hour",
                hours=air.AIRPORT_SECONDS // air.SECONDS_PER_HOUR,
                speed=_km(air.METRES_PER_HOUR),
            ),
            _("It decides nothing but the hours that are shown."),
        ),
    ]


def _of_land(method: Method) -> list[Judgement]:
    return [
        Judgement(
            _("Rails are longer than the straight way over land by"),
            _percent(rail.DETOUR_PERCENT),
            _("Measured routes lie between 8 and 50 percent."),
        ),
        Judgement(
            _("Trains: speed, and the longest journey"),
            _speed(rail.METRES_PER_HOUR, method.rail_cap_h),
            _("Long-distance trains with their changes; a day and a night at most."),
        ),
        Judgement(
            _("Roads are longer than the straight way over land by"),
            _percent(road.DETOUR_PERCENT),
            _("The usual relation of road to straight line; ways to airports too."),
        ),
        Judgement(
            _("Coach and car: speed, and the longest journey"),
            _speed(road.METRES_PER_HOUR, method.coach_cap_h),
            _("With rests; longer is seldom chosen."),
        ),
        Judgement(
            _("People in a car"),
            str(format_decimal(method.car_occupancy_tenths / 10)),
            _("A car is shown and never counted, so that little hangs on it."),
        ),
        Judgement(
            _("Ferries: speed, and time of boarding"),
            _(
                "%(speed)s per hour, %(minutes)s minutes",
                speed=_km(ferry.METRES_PER_HOUR),
                minutes=ferry.BOARDING_SECONDS // 60,
            ),
            _("Ordinary car ferries; it decides only whether a journey is too long."),
        ),
    ]


def _of_policies() -> list[Judgement]:
    return [
        Judgement(
            _("Under the policy “threshold”, all by train up to, none from"),
            _("%(low)s, %(high)s", low=_km(mix.ALL_RAIL_M), high=_km(mix.NO_RAIL_M)),
            _("For rounds that expect trains on short ways only: a share, not a jump."),
        ),
        Judgement(
            _("Digital estimate of a virtual offer"),
            _("%(grams)s g", grams=format_decimal(0)),
            _("Small beside any journey, and no figure is agreed on: left out, said."),
        ),
    ]


def _of_uncertainty() -> list[Judgement]:
    bounds = {
        _("flights, short"): exposure.AIR_SHORT,
        _("flights, medium"): exposure.AIR_MEDIUM,
        _("flights, long"): exposure.AIR_LONG,
        _("trains"): exposure.BOUND_BY_MODE["rail"],
        _("coach, bus, car"): exposure.BOUND_BY_MODE["coach"],
        _("ferries"): exposure.BOUND_BY_MODE["ferry"],
        _("supply of fuel"): exposure.WTT,
        _("detours over land"): exposure.DETOUR,
    }
    why = _(
        "Wide enough for what published models and tables differ by; wider where"
        " sources are few."
    )
    low, likely, high = (format_decimal(value) for value in MULTIPLIER)
    return [
        *(
            Judgement(
                _("95 %% factor: %(what)s", what=what),
                "\N{MULTIPLICATION SIGN}/\N{DIVISION SIGN} "
                + str(format_decimal(top / bottom)),
                why,
            )
            for what, (top, bottom) in bounds.items()
        ),
        Judgement(
            _("Multiplier of flights: least, likeliest, greatest"),
            f"{low}, {likely}, {high}",
            _(
                "From CO2 alone to the upper estimates of contrails; %(draws)s draws.",
                draws=format_decimal(DRAWS),
            ),
        ),
    ]


def _km(metres: int) -> str:
    number = str(format_decimal(metres // METRES))
    return str(_("%(number)s km", number=number))


def _percent(percent: int) -> str:
    return str(_("%(percent)s %%", percent=percent - 100))


def _speed(metres_per_hour: int, hours: int) -> str:
    speed = _km(metres_per_hour)
    return str(_("%(speed)s per hour, %(hours)s h", speed=speed, hours=hours))
