"""Properties of journeys between any cities of the world."""

import functools
import itertools
import random

import pytest
from travel import factors

from mobility.carbon.batch import footprints
from mobility.carbon.countries import load_countries
from mobility.carbon.draws import Draws
from mobility.carbon.exposure import expose
from mobility.carbon.factors import factor_set_names, load_factor_set
from mobility.carbon.footprint import CHOSEN_FROM, Footprint
from mobility.carbon.gazetteer import load_names
from mobility.carbon.journey import InvalidJourney, to_grams, total_micrograms
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.route import travel_route

pytestmark = pytest.mark.slow

COUNT = 400
SETS = ("desnz-2026", "desnz-2024", "affine-air", "ademe-2026")


@functools.cache
def draw_pairs() -> list[tuple[Place, Place]]:
    cities = [
        city
        for code in sorted(load_countries())
        for same in load_names(code).primary.values()
        for city in same
    ]
    drawn = random.Random(11).sample(cities, 2 * COUNT)
    places = [
        Place(city.name, city.country, city.latitude_udeg, city.longitude_udeg)
        for city in drawn
    ]
    near = sorted(places, key=lambda place: (place.country, place.latitude_udeg))
    return [*zip(places[::2], places[1::2], strict=True), *itertools.pairwise(near)]


@functools.cache
def made(name: str = "desnz-2026", **settings: object) -> list[Footprint]:
    method = Method.from_json({**settings, "factor_set": name})
    return footprints(draw_pairs(), method, load_factor_set(name))


def chosen(found: list[Footprint]) -> list[Footprint]:
    kept = [footprint for footprint in found if footprint.chosen_mode]
    assert len(kept) > COUNT
    return kept


@pytest.mark.parametrize("name", SETS)
def test_every_total_is_the_sum_of_its_legs_and_of_its_parts(name: str) -> None:
    for found in made(name):
        for result in found.modes:
            if result.feasible:
                assert result.total_g == to_grams(total_micrograms(result.legs))
                parts = (result.ttw_g, result.wtt_g, result.non_co2_g)
                assert sum(parts) == result.total_g > 0
                assert result.duration_s > 0
            else:
                assert result.reason
                assert result.total_g == 0


@pytest.mark.parametrize("name", SETS)
def test_there_and_back_is_twice_one_way(name: str) -> None:
    for found in chosen(made(name)):
        one_way = sum(leg.distance_m * leg.rate.total for leg in found.chosen.legs)
        assert total_micrograms(found.chosen.legs) == 2 * one_way


@pytest.mark.parametrize("name", SETS)
def test_the_interval_holds_the_value(name: str) -> None:
    for found in chosen(made(name)):
        low, high = found.interval_g
        assert 0 < low < found.total_g < high
    draws = Draws()
    for found in chosen(made(name))[:60]:
        low, high = draws.interval_g(expose(found.chosen.legs))
        assert 0 < low < found.total_g < high


def test_the_way_back_emits_the_same_within_two_percent() -> None:
    back = footprints([pair[::-1] for pair in draw_pairs()], Method(), factors())
    for one, other in zip(made(), back, strict=True):
        assert one.chosen_mode == other.chosen_mode
        if one.chosen_mode:
            assert abs(one.total_g - other.total_g) <= 0.02 * one.total_g


def test_rows_in_another_order_have_the_same_totals() -> None:
    numbers = random.Random(5).sample(range(len(draw_pairs())), len(draw_pairs()))
    pairs = [draw_pairs()[number] for number in numbers]
    for number, other in zip(
        numbers, footprints(pairs, Method(), factors()), strict=True
    ):
        assert made()[number].to_json() == other.to_json()


def test_supply_and_a_better_seat_are_never_free() -> None:
    business = made(cabin="business")
    for one, other in zip(made(), business, strict=True):
        air, better = one.by_mode("air"), other.by_mode("air")
        if air.feasible:
            assert air.wtt_g > 0
            flight = next(leg for leg in air.legs if leg.mode == "air")
            is_domestic = flight.rate.activity.startswith("air.domestic")
            assert air.total_g == better.total_g or not is_domestic
            assert air.total_g < better.total_g or is_domestic


def test_a_higher_multiplier_never_emits_less() -> None:
    by_multiplier = [made(rf_multiplier_tenths=tenths) for tenths in (10, 17, 30)]
    for low, headline, high in zip(*by_multiplier, strict=True):
        totals = [found.by_mode("air").total_g for found in (low, headline, high)]
        assert totals == sorted(totals)


def test_the_least_feasible_mode_is_chosen_and_never_the_car() -> None:
    for found in chosen(made()):
        allowed = [
            found.by_mode(mode).total_g
            for mode in CHOSEN_FROM
            if found.by_mode(mode).feasible
        ]
        assert found.total_g == min(allowed)


def test_a_stop_never_makes_a_flight_less() -> None:
    stops = [pair[0] for pair in draw_pairs()[:COUNT]]
    tried = 0
    settled = (Method(), factors())
    for found, stop in zip(made()[:60], reversed(stops), strict=False):
        if not found.by_mode("air").feasible:
            continue
        way = [found.home, stop, found.host]
        try:
            over = travel_route(way, ["air", "air"], settled)
        except InvalidJourney:
            continue
        tried += 1
        direct = total_micrograms(found.by_mode("air").legs)
        assert total_micrograms(over.legs) >= direct
    assert tried > 30


def test_no_number_of_any_set_is_missing_or_not_a_number() -> None:
    for name in factor_set_names():
        for found in made(name):
            for result in found.modes:
                for leg in result.legs:
                    assert leg.distance_m > 0
                    assert leg.total_ug > 0
                    assert leg.rate.factors
