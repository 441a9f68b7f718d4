"""Journeys over given stops: what a stop costs, what is told, what is refused."""

import functools
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from travel import CITIES, factors, travel_between

from mobility.carbon.factors import load_factor_set
from mobility.carbon.footprint import ModeResult
from mobility.carbon.journey import InvalidJourney, Leg, total_micrograms
from mobility.carbon.method import Method
from mobility.carbon.places import parse_place
from mobility.carbon.rates import find_rate
from mobility.carbon.route import MIXED, travel_route, with_visits

METHOD = Method()
SETTINGS = (METHOD, factors())


def route(*stops: str, mode: str = "air") -> ModeResult:
    places = [parse_place(stop) for stop in stops]
    return travel_route(places, [mode] * (len(places) - 1), SETTINGS)


@functools.cache
def over(numbers: tuple[int, ...], name: str) -> int:
    """Return the micrograms of a flight over cities by their numbers."""
    stops = [CITIES[number] for number in numbers]
    method = Method(factor_set=name)
    settled = (method, load_factor_set(name))
    return total_micrograms(
        travel_route(stops, ["air"] * (len(stops) - 1), settled).legs
    )


def test_a_route_without_stops_is_the_direct_journey() -> None:
    home, host = CITIES[0], CITIES[4]
    for mode in ("air", "rail"):
        ends = (home, host) if mode == "air" else (CITIES[2], CITIES[3])
        direct = travel_between(*ends).by_mode(mode)
        assert travel_route(ends, [mode], SETTINGS).total_g == direct.total_g


def test_over_amsterdam_is_more_than_straight_to_london() -> None:
    direct = route("Nairobi, KE", "London, GB")
    stopping = route("Nairobi, KE", "Amsterdam, NL", "London, GB")
    flights = [leg for leg in stopping.legs if leg.mode == "air"]
    assert [leg.destination[-4:-1] for leg in flights] == ["AMS", "LGW"]
    assert stopping.total_g > direct.total_g
    assert stopping.duration_s > direct.duration_s
    assert stopping.access_g == direct.access_g


@pytest.mark.slow
@given(
    st.lists(st.integers(0, len(CITIES) - 1), min_size=3, max_size=4, unique=True),
    st.sampled_from(["desnz-2026", "desnz-2024", "affine-air", "ademe-2026"]),
)
@settings(deadline=None, max_examples=25)
def test_a_stop_never_makes_a_flight_less(numbers: list[int], name: str) -> None:
    try:
        stopping = over(tuple(numbers), name)
    except InvalidJourney:
        return  # two stops share an airport
    assert stopping >= over((numbers[0], numbers[-1]), name)


def test_a_stop_over_the_edge_of_a_band_gains_nothing() -> None:
    """Uppsala to Tenerife is short-haul; the hop over Dakar would be long-haul."""
    direct = route("Uppsala, SE", "Agadir, MA")
    stopping = route("Uppsala, SE", "Nouakchott, MR", "Agadir, MA")
    assert stopping.total_g > direct.total_g
    rates = {leg.rate.activity for leg in stopping.legs if leg.mode == "air"}
    assert rates == {"air.short-haul.economy"}


def test_a_train_ride_over_a_stop_is_the_sum_of_its_legs() -> None:
    parts = [
        total_micrograms(route(one, two, mode="rail").legs)
        for one, two in itertools.pairwise(["Bristol, GB", "Reading, GB", "London, GB"])
    ]
    whole = route("Bristol, GB", "Reading, GB", "London, GB", mode="rail")
    assert total_micrograms(whole.legs) == sum(parts)


def test_a_told_journey_of_several_modes_is_primary_data() -> None:
    """Alice took the train to Munich and a coach from there."""
    stops = [parse_place(text) for text in ("Graz, AT", "Munich, DE", "Heidelberg, DE")]
    told = travel_route(stops, ["rail", "coach"], SETTINGS, is_told=True)
    assert told.mode == MIXED
    assert {leg.mode for leg in told.legs} == {"rail", "coach"}
    assert next(leg for leg in told.legs if leg.mode == "coach").tier == "primary"
    assert told.total_g == round(total_micrograms(told.legs) / 1e6)


def test_each_visit_home_is_the_journey_once_more() -> None:
    result = travel_between(CITIES[2], CITIES[3]).by_mode("rail")
    twice = with_visits(result, 1, METHOD)
    assert total_micrograms(twice.legs) == 2 * total_micrograms(result.legs)
    assert with_visits(result, 0, METHOD).total_g == result.total_g
    with pytest.raises(InvalidJourney, match="visits home are -1"):
        with_visits(result, -1, METHOD)


@pytest.mark.parametrize(
    ("stops", "modes", "sentence"),
    [
        (["Paris, FR"], [], "two places or more"),
        (["Paris, FR", "Lyon, FR", "Paris, FR"], ["rail", "rail"], "a loop is not one"),
        (["Paris, FR", "Lyon, FR"], ["boat"], "mode 'boat' is unknown"),
        (["Paris, FR", "Lyon, FR"], ["rail", "air"], "2 modes are given for 1 hops"),
        (["Palma, ES", "Lyon, FR"], ["rail"], "different landmasses"),
        (["Uppsala, SE", "59.84,17.65"], ["air"], "are in one city"),
        (
            ["Nairobi, KE", "Amsterdam, NL", "Leiden, NL", "Oslo, NO"],
            ["air", "air", "air"],
            "share the airport Amsterdam",
        ),
    ],
)
def test_a_journey_that_nobody_can_make_is_refused(
    stops: list[str], modes: list[str], sentence: str
) -> None:
    places = [parse_place(stop) for stop in stops]
    with pytest.raises(InvalidJourney, match=sentence):
        travel_route(places, modes, SETTINGS)


def test_a_loop_of_an_unknown_mode_has_both_problems_named() -> None:
    stops = [parse_place(text) for text in ("Paris, FR", "Lyon, FR", "Paris, FR")]
    with pytest.raises(InvalidJourney) as refusal:
        travel_route(stops, ["boat", "rail"], SETTINGS)
    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"distance_m": -1}, "distance is -1 m, must be 0 or more"),
        ({"times": 0}, "travelled 0 times, must be 1 or more"),
        ({"share_permille": 1001}, "share is 1001, must be 0 to 1000"),
    ],
)
def test_a_leg_that_cannot_be_is_refused(
    changed: dict[str, int], sentence: str
) -> None:
    rate = find_rate(factors(), METHOD, "rail.GB")
    given_values = {"distance_m": 1000, "times": 2, "share_permille": 1000} | changed
    distance = given_values.pop("distance_m")
    with pytest.raises(InvalidJourney, match=sentence):
        Leg("rail", "main", "a", "b", distance, "given", rate, **given_values)
