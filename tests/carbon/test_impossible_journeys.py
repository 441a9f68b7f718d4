"""What cannot be: an error or a stated rule, never a silent zero or NaN.

Names, coordinates and factor rows have tests of their own; here is what is left.
"""

import pytest
from travel import at, factors, travel, travel_between

from mobility.carbon.batch import footprints
from mobility.carbon.distances import distance_m
from mobility.carbon.factors import InvalidFactorSet, UnknownFactor, load_factor_set
from mobility.carbon.footprint import NoFeasibleMode
from mobility.carbon.method import InvalidMethod, Method
from mobility.carbon.place import Place
from mobility.carbon.places import check_coordinates, parse_place


def test_antipodes_have_a_distance_and_a_flight() -> None:
    """Madrid and Weber in New Zealand lie opposite each other on the globe."""
    madrid, weber = at(40.4, -3.7, "ES", "Madrid"), at(-40.4, 176.3, "NZ", "Weber")
    assert 19_990_000 < distance_m(madrid, weber) < 20_004_000
    found = travel_between(madrid, weber)
    assert found.chosen_mode == "air"
    flight = next(leg for leg in found.chosen.legs if leg.mode == "air")
    assert flight.is_imputed
    exact = (
        Place("Here", "ES", 40_000_000, 0),
        Place("There", "NZ", -40_000_000, 180_000_000),
    )
    assert distance_m(*exact) == pytest.approx(20_003_931, abs=2)


@pytest.mark.slow
def test_the_poles_and_the_date_line_are_places() -> None:
    for place in (at(-77.85, 166.67, "AQ", "McMurdo"), at(90.0, 0.0, "NO", "Pole")):
        found = travel_between(place, at(-16.5, 180.0, "FJ", "Taveuni"))
        reasons = [mode.reason for mode in found.modes if not mode.feasible]
        assert all(reasons)


def test_one_and_the_same_place_is_a_ride_within_the_city() -> None:
    paris = parse_place("Paris, FR")
    found = travel_between(paris, paris)
    assert found.chosen_mode == "coach"
    assert found.total_g == round(2 * 20_000 * (101_510 + 26_490) / 1e6)


def test_an_island_without_a_listed_port_goes_by_air_or_says_why_not() -> None:
    found = travel("Longyearbyen, SJ", "Oslo, NO")
    assert found.chosen_mode == "air"
    assert "no listed ferry joins" in found.by_mode("ferry").reason
    tristan = Place("Edinburgh of the Seven Seas", "SH", -37_067_000, -12_311_000)
    stranded = travel_between(tristan, parse_place("Cape Town, ZA"))
    assert stranded.chosen_mode == ""
    assert stranded.to_json()["total_g"] is None
    with pytest.raises(NoFeasibleMode) as refusal:
        _ = stranded.total_g
    assert len(refusal.value.problems) == 5


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"car_occupancy_tenths": 0}, "car_occupancy_tenths: 0 is not a whole number"),
        ({"car_occupancy_tenths": -15}, "from 10 to 90"),
        ({"mode_policy": "teleport"}, "mode_policy: 'teleport' is not one of"),
        ({"cabin": "hold"}, "cabin: 'hold' is not one of"),
        ({"rf_multiplier_tenths": float("nan")}, "rf_multiplier_tenths: nan"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(
    settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidMethod, match=sentence):
        Method.from_json(settings)


def test_an_unknown_set_and_a_seat_without_a_factor_are_refused() -> None:
    with pytest.raises(InvalidFactorSet, match="unknown; known are"):
        load_factor_set("defra-1990")
    ends = [(parse_place("Paris, FR"), parse_place("Lyon, FR"))]
    with pytest.raises(UnknownFactor, match="no factor for premium"):
        footprints(ends, Method(cabin="premium"), load_factor_set("affine-air"))


@pytest.mark.parametrize(
    ("latitude", "longitude", "sentence"),
    [
        (0.0, 0.0, "they seem to be missing"),
        (36.81667, -1.28333, "latitude and longitude are swapped"),
        (95.0, 36.8, "is not in KE"),
        (51.5, 0.1, "did you mean -1.28333,36.81667"),
    ],
)
def test_impossible_coordinates_are_refused_with_a_proposal(
    latitude: float, longitude: float, sentence: str
) -> None:
    position = (round(latitude * 1e6), round(longitude * 1e6))
    (problem,) = check_coordinates("Nairobi", "KE", *position)
    assert sentence in problem


def test_an_unknown_mode_of_a_footprint_is_an_error() -> None:
    with pytest.raises(KeyError):
        travel("Paris, FR", "Lyon, FR").by_mode("boat")
    assert factors().get("boat.fast", "ttw") is None
