"""Journeys as they were really made: there, back, over a stop."""

import pytest
from travel import CITIES, DEFAULT, factors

from mobility.carbon.actual import Told, travel_as_told
from mobility.carbon.journey import InvalidJourney, to_grams, total_micrograms
from mobility.carbon.places import parse_place
from mobility.carbon.route import travel_route

NAIROBI, UPPSALA, PARIS, LYON = CITIES[:4]
SETTINGS = (DEFAULT, factors())


def test_there_and_back_by_two_modes_is_half_of_each() -> None:
    by_rail, by_air = (
        travel_route((PARIS, LYON), (mode,), SETTINGS) for mode in ("rail", "air")
    )
    both = travel_as_told(PARIS, LYON, Told("rail", "air"), SETTINGS)
    whole = total_micrograms(by_rail.legs) + total_micrograms(by_air.legs)
    assert both.total_g == to_grams(whole // 2)
    assert (both.legs[0].origin, both.legs[-1].destination) == ("Paris, FR",) * 2
    assert {leg.tier for leg in both.legs} <= {"primary", "default"}


def test_the_same_mode_both_ways_is_the_return_journey() -> None:
    told = travel_as_told(PARIS, LYON, Told("rail", "rail"), SETTINGS)
    modelled = travel_route((PARIS, LYON), ("rail",), SETTINGS)
    assert told.total_g == modelled.total_g


def test_a_train_to_the_airport_s_city_and_a_flight_on() -> None:
    told = Told("rail", "rail", PARIS, "air")
    found = travel_as_told(LYON, NAIROBI, told, SETTINGS)
    assert {"rail", "air"} <= {leg.mode for leg in found.legs}


def test_a_long_ride_that_a_round_would_not_model_was_still_made() -> None:
    lisbon = parse_place("Lisbon, PT")
    assert (
        travel_as_told(UPPSALA, lisbon, Told("rail", "rail"), SETTINGS).duration_s
        > DEFAULT.rail_cap_h * 3600
    )


def test_what_nobody_can_have_travelled_is_refused_for_both_ways() -> None:
    with pytest.raises(InvalidJourney) as refusal:
        travel_as_told(NAIROBI, UPPSALA, Told("ferry", "rail", onward="air"), SETTINGS)
    sentences = refusal.value.problems
    assert ["by ferry" in sentences[0], "by rail" in sentences[1]] == [True, True]
    assert "no stop" in sentences[2]
