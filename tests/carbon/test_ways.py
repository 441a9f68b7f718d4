"""Which way a journey goes: land, links, barriers, caps, airports."""

import numpy as np
import pytest
from travel import CITIES, at, factors, travel, travel_between

from mobility.carbon.airports import find_candidates
from mobility.carbon.assets import read_table
from mobility.carbon.batch import footprints
from mobility.carbon.distances import distance_m, distances_m, to_arrays
from mobility.carbon.footprint import NoFeasibleMode
from mobility.carbon.land_routes import find_land_routes, load_links
from mobility.carbon.landmass import find_landmasses, nearest_country
from mobility.carbon.method import Method
from mobility.carbon.mix import rail_share_permille
from mobility.carbon.pairs import to_pairs, to_sites
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place
from mobility.carbon.rail_network import countries_joined_to
from mobility.carbon.rates import find_rate, has_rate


def test_geopy_and_pyproj_agree_to_the_metre() -> None:
    longitudes, latitudes = to_arrays(CITIES)
    count = len(CITIES)
    one, two = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    many = distances_m(longitudes[one], latitudes[one], longitudes[two], latitudes[two])
    for first, second, metres in zip(one, two, many, strict=True):
        assert abs(distance_m(CITIES[first], CITIES[second]) - metres) <= 1


def test_a_known_distance_is_found() -> None:
    """London Heathrow to New York JFK is 5,554.5 km."""
    heathrow, kennedy = at(51.4706, -0.461941, "GB"), at(40.639447, -73.779317, "US")
    assert abs(distance_m(heathrow, kennedy) - 5_554_500) < 1_000


def test_an_airport_across_the_water_is_not_used() -> None:
    """Dar es Salaam has the large airport near Zanzibar, but on the mainland."""
    zanzibar = at(-6.16394, 39.19793, "TZ", "Zanzibar")
    flight = travel_between(zanzibar, CITIES[1]).by_mode("air")
    assert any("(ZNZ)" in leg.origin for leg in flight.legs)


def test_a_far_town_uses_the_nearest_airport_and_says_so() -> None:
    """Maradi has no large airport within 250 km and no medium one within 150 km."""
    maradi = parse_place("Maradi, NE")
    candidates = find_candidates(to_sites([maradi]))[0]
    assert len(candidates) == 1
    assert candidates[0].is_imputed
    notes = travel_between(maradi, CITIES[2]).by_mode("air").notes
    assert any("the nearest is assumed" in note for note in notes)


def test_a_flight_between_small_airports_has_an_assumed_stop() -> None:
    air = travel("Mbarara, UG", "Uppsala, SE").by_mode("air")
    direct = travel("Nairobi, KE", "Uppsala, SE").by_mode("air")
    kinds = [leg.distance_kind for leg in direct.legs if leg.mode == "air"]
    assert kinds == ["geodesic"]
    far = travel("London, GB", "Auckland, NZ").by_mode("air")
    (flight,) = [leg for leg in far.legs if leg.mode == "air"]
    assert (flight.distance_kind, flight.tier) == ("geodesic x 1.05", "default")
    assert air.feasible


def test_flights_over_3700_km_are_long_haul() -> None:
    def band(home: str, host: str, **settings: object) -> str:
        method = Method.from_json(settings)
        legs = travel(home, host, method).by_mode("air").legs
        return next(leg.rate.activity for leg in legs if leg.mode == "air")

    assert band("Nairobi, KE", "Uppsala, SE") == "air.long-haul.economy"
    assert band("Uppsala, SE", "Lisbon, PT") == "air.short-haul.economy"
    assert band("Glasgow, GB", "London, GB") == "air.domestic.average"
    strict = {"band_rule": "desnz_strict"}
    assert band("Nairobi, KE", "Uppsala, SE", **strict) == "air.international.economy"
    assert band("Nairobi, KE", "London, GB", **strict) == "air.long-haul.economy"


def test_paris_to_lyon_goes_by_rail() -> None:
    footprint = travel("Paris, FR", "Lyon, FR")
    assert footprint.chosen_mode == "rail"
    (leg,) = footprint.chosen.legs
    assert [factor.id for factor in leg.rate.factors] == ["rail.FR.wtw"]


def test_no_train_goes_from_palma_to_barcelona() -> None:
    rail = travel("Palma, ES", "Barcelona, ES").by_mode("rail")
    assert not rail.feasible
    assert "different landmasses" in rail.reason


@pytest.mark.parametrize(
    ("home", "host", "reason"),
    [
        ("Nairobi, KE", "Uppsala, SE", "railways of KE and SE are not joined"),
        ("Kampala, UG", "Nairobi, KE", "no passenger railway is listed in UG"),
        ("Zanzibar, TZ", "Dar es Salaam, TZ", "different landmasses"),
        ("Dublin, IE", "London, GB", "different landmasses"),
        ("Lisbon, PT", "Berlin, DE", "over the cap of 24 h"),
        ("Stockholm, SE", "Tallinn, EE", "crosses the Gulf of"),
        ("Cape Town, ZA", "Johannesburg, ZA", "no rail factor for ZA"),
    ],
)
def test_rail_is_refused_with_its_reason(home: str, host: str, reason: str) -> None:
    rail = travel(home, host).by_mode("rail")
    assert not rail.feasible
    assert reason in rail.reason


@pytest.mark.parametrize(
    ("home", "host", "reason"),
    [
        ("Paris, FR", "Rome, IT", "over the cap of 14 h"),
        ("Tangier, MA", "Sevilla, ES", "over the cap of 14 h"),
        ("Panamá, PA", "Medellín, CO", "different landmasses"),
        ("Helsinki, FI", "Stockholm, SE", "crosses the Gulf of"),
        ("Beirut, LB", "Tel Aviv, IL", "crosses the closed border of Israel"),
        ("Lahore, PK", "Amritsar, IN", "crosses the closed border of India"),
        ("Cairo, EG", "Beirut, LB", "over the cap of 14 h"),
    ],
)
def test_the_coach_is_refused_with_its_reason(
    home: str, host: str, reason: str
) -> None:
    for mode in ("coach", "car"):
        result = travel(home, host).by_mode(mode)
        assert not result.feasible
        assert reason in result.reason


def test_the_caps_are_the_rounds() -> None:
    short = Method(rail_cap_h=5, coach_cap_h=5)
    footprint = travel("Paris, FR", "Lyon, FR", short)
    assert footprint.chosen_mode == "air"
    assert "over the cap of 5 h" in footprint.by_mode("coach").reason


@pytest.mark.parametrize(
    ("home", "host", "straight", "through"),
    [
        ((51.51, -0.13, "GB"), (48.85, 2.35, "FR"), 344, (370, 400)),
        ((55.68, 12.57, "DK"), (53.55, 10.0, "DE"), 289, (380, 450)),
        ((55.68, 12.57, "DK"), (59.33, 18.07, "SE"), 522, (520, 580)),
        ((35.69, 139.69, "JP"), (43.06, 141.35, "JP"), 831, (831, 880)),
    ],
)
def test_a_fixed_link_joins_landmasses(
    home: tuple[float, float, str],
    host: tuple[float, float, str],
    straight: int,
    through: tuple[int, int],
) -> None:
    pairs = to_pairs([(at(*home), at(*host))])
    routes = find_land_routes(pairs, "rail")
    assert abs(int(pairs.geodesics[0]) // 1000 - straight) <= 2
    assert through[0] <= int(routes.metres[0]) // 1000 <= through[1]
    assert not routes.is_straight[0]


def test_the_channel_part_takes_the_international_factor() -> None:
    legs = travel("London, GB", "Paris, FR").by_mode("rail").legs
    activities = [leg.rate.activity for leg in legs]
    assert activities == ["rail.GB", "rail.international", "rail.FR"]


def test_the_parts_of_a_train_ride_follow_the_countries() -> None:
    legs = travel("Paris, FR", "Berlin, DE").by_mode("rail").legs
    assert {leg.note for leg in legs} >= {"in FR", "in DE"}
    assert sum(leg.distance_m for leg in legs) == pytest.approx(
        879_000 * 1.25, rel=0.01
    )


def test_a_country_without_a_factor_takes_the_mean_of_the_ends() -> None:
    legs = travel("Berlin, DE", "Warsaw, PL").by_mode("rail").legs
    polish = next(leg for leg in legs if leg.is_imputed)
    assert polish.rate.activity == "rail.DE"
    assert polish.tier == "default"
    assert polish.note.endswith("mean of DE")


def test_without_a_factor_at_either_end_the_highest_of_the_network_stands_in() -> None:
    footprint = travel("Warsaw, PL", "Prague, CZ")
    (leg,) = footprint.by_mode("rail").legs
    assert leg.rate.activity == "rail.DE"
    assert leg.tier == "default"
    assert leg.note == (
        "no factor for PL and CZ: DE, the highest of their railway network"
    )
    european = [
        find_rate(factors(), Method(), f"rail.{code}").total
        for code in countries_joined_to("PL", "CZ")
        if has_rate(factors(), f"rail.{code}")
    ]
    assert leg.rate.total == max(european)
    assert len(european) > 10


def test_every_link_joins_two_different_landmasses() -> None:
    links = load_links("road")
    rail = load_links("rail")
    assert len({*links.names, *rail.names}) == len(read_table("land/fixed_links.csv"))
    for found in (links, rail):
        for number, name in enumerate(found.names):
            one, two = found.landmasses[2 * number : 2 * number + 2]
            assert one != two, name


def test_islands_are_apart_from_the_mainland() -> None:
    points = [(39.57, 2.65), (41.39, 2.16), (-6.16, 39.2), (-6.8, 39.28)]
    latitudes, longitudes = np.array(points).T
    palma, barcelona, zanzibar, dar = find_landmasses(longitudes, latitudes)
    assert palma != barcelona
    assert zanzibar != dar


def test_an_island_without_an_airport_or_road_has_no_feasible_mode() -> None:
    """Tristan da Cunha is 2,400 km from the nearest airport."""
    island = Place("Edinburgh of the Seven Seas", "SH", -37_067_000, -12_311_000)
    footprint = travel_between(island, CITIES[0])
    assert footprint.chosen_mode == ""
    assert footprint.to_json()["total_g"] is None
    with pytest.raises(NoFeasibleMode, match="no scheduled airport within 500 km"):
        _ = footprint.total_g


@pytest.mark.parametrize(
    ("kilometres", "share"),
    [(0, 1000), (500, 1000), (1250, 500), (2000, 0), (9000, 0)],
)
def test_the_threshold_falls_from_500_to_2000_km(kilometres: int, share: int) -> None:
    assert rail_share_permille(kilometres * 1000) == share


def test_the_threshold_mixes_train_and_flight() -> None:
    method = Method(mode_policy="threshold")
    footprint = travel("Paris, FR", "Berlin, DE", method)
    rail, air = footprint.by_mode("rail"), footprint.by_mode("air")
    share = rail_share_permille(879_000) / 1000
    expected = share * rail.total_g + (1 - share) * air.total_g
    assert footprint.chosen_mode == "mix"
    assert footprint.total_g == pytest.approx(expected, rel=0.002)
    island = travel("Palma, ES", "Lyon, FR", method)
    assert island.total_g == island.by_mode("air").total_g
    near = travel("Paris, FR", "Lyon, FR", method)
    assert near.total_g == near.by_mode("rail").total_g


def test_the_map_knows_the_country_of_a_point() -> None:
    for city in CITIES:
        longitude, latitude = city.longitude_udeg / 1e6, city.latitude_udeg / 1e6
        assert nearest_country(longitude, latitude) == city.country
    assert nearest_country(-30.0, -30.0) == ""


def test_places_far_over_the_date_line_are_computed() -> None:
    fiji = at(-18.14161, 178.44149, "FJ", "Suva")
    samoa = at(-13.83333, -171.76666, "WS", "Apia")
    air = footprints([(fiji, samoa)], Method(), factors())[0].by_mode("air")
    flight = next(leg for leg in air.legs if leg.mode == "air")
    assert 1_000_000 < flight.distance_m < 1_400_000


def test_nobody_flies_from_paris_to_versailles() -> None:
    near = travel("Paris, FR", "Versailles, FR", Method(mode_policy="air"))
    assert "longer than the journey" in near.by_mode("air").reason
    assert near.chosen_mode == "rail"
    across = travel("Zanzibar, TZ", "Dar es Salaam, TZ")
    assert across.by_mode("air").feasible
    assert travel("Paris, FR", "Lyon, FR").by_mode("air").feasible
