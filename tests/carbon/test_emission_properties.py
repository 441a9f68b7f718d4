"""What must hold for every journey, whatever the numbers are."""

import functools
import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from travel import CITIES, at, factors, travel_between

from mobility.carbon.air import flight_leg
from mobility.carbon.airports import load_airports
from mobility.carbon.batch import footprints
from mobility.carbon.distances import distance_m
from mobility.carbon.footprint import Footprint, ModeResult, add_up
from mobility.carbon.intervals import interval_grams
from mobility.carbon.journey import Leg, split_grams, to_grams, total_micrograms
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.rates import find_rate
from mobility.carbon.road import access_legs, access_micrograms
from solver.fileio import to_canonical

METHOD = Method()
PAIRS = list(itertools.permutations(CITIES, 2))
METHODS = [
    METHOD,
    Method(rf_multiplier_tenths=10),
    Method(rf_multiplier_tenths=30),
    Method(wtt_mode="physical"),
    Method(band_rule="desnz_strict"),
    Method(mode_policy="threshold"),
    Method(mode_policy="air"),
    Method(cabin="business"),
]


@functools.cache
def all_results(method: Method) -> list[ModeResult]:
    found = footprints(PAIRS, method, factors())
    return [result for one in found for result in one.modes if result.feasible]


@pytest.fixture(scope="module")
def found() -> list[Footprint]:
    return footprints(PAIRS, METHOD, factors())


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.digest[:6])
def test_components_and_legs_add_up_to_the_gram(method: Method) -> None:
    for result in all_results(method):
        assert result.ttw_g + result.wtt_g + result.non_co2_g == result.total_g
        assert result.total_g == to_grams(total_micrograms(result.legs))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.digest[:6])
def test_the_interval_holds_the_value(method: Method) -> None:
    for result in all_results(method):
        assert 0 <= result.interval_low_g <= result.total_g <= result.interval_high_g
        assert result.interval_low_g < result.interval_high_g


def test_a_leg_is_metres_times_trips_times_rate(found: list[Footprint]) -> None:
    """Carol recomputes every leg from what the report says."""
    for footprint in found:
        for result in footprint.modes:
            for leg in result.legs:
                told = leg.to_json()
                metres = leg.distance_m * leg.times
                assert told["ttw_ug"] == metres * leg.rate.ttw
                assert told["wtt_ug"] == metres * leg.rate.wtt
                assert told["non_co2_ug"] == metres * leg.rate.non_co2
                assert told["factor_ids"]


def test_there_and_back_is_twice_one_way(found: list[Footprint]) -> None:
    for footprint in found:
        for result in footprint.modes:
            one_way = sum(leg.distance_m * leg.rate.total for leg in result.legs)
            assert all(leg.times == 2 for leg in result.legs)
            assert total_micrograms(result.legs) == 2 * one_way


def test_a_journey_and_its_reverse_emit_the_same(found: list[Footprint]) -> None:
    total_by_ends = {(f.home.key, f.host.key): f for f in found}
    for footprint in found:
        back = total_by_ends[footprint.host.key, footprint.home.key]
        assert back.chosen_mode == footprint.chosen_mode
        assert abs(back.total_g - footprint.total_g) <= 0.02 * footprint.total_g


def test_with_supply_is_more_than_without(found: list[Footprint]) -> None:
    for footprint in found:
        air = footprint.by_mode("air")
        assert air.wtt_g > 0
        assert air.total_g > air.ttw_g + air.non_co2_g


def test_business_is_more_than_economy(found: list[Footprint]) -> None:
    business = footprints(PAIRS, Method(cabin="business"), factors())
    for one, other in zip(found, business, strict=True):
        assert one.by_mode("air").total_g < other.by_mode("air").total_g


def test_the_multiplier_moves_flights_alone(found: list[Footprint]) -> None:
    low = footprints(PAIRS, Method(rf_multiplier_tenths=10), factors())
    for one, other in zip(found, low, strict=True):
        assert one.by_mode("air").total_g > other.by_mode("air").total_g
        assert other.by_mode("air").non_co2_g == 0
        for mode in ("rail", "coach", "car"):
            assert one.by_mode(mode).total_g == other.by_mode(mode).total_g


def test_totals_do_not_depend_on_the_order_of_rows(found: list[Footprint]) -> None:
    shuffled = random.Random(1).sample(PAIRS, len(PAIRS))
    other = footprints(shuffled, METHOD, factors())
    told = {(f.home.key, f.host.key): f.to_json() for f in other}
    assert [told[f.home.key, f.host.key] for f in found] == [f.to_json() for f in found]


@pytest.mark.slow
def test_one_pair_alone_is_the_same_as_among_many(found: list[Footprint]) -> None:
    for footprint in found[:12]:
        alone = travel_between(footprint.home, footprint.host)
        assert alone.to_json() == footprint.to_json()


def test_a_pair_that_appears_twice_is_answered_twice() -> None:
    twice = footprints([PAIRS[0], PAIRS[1], PAIRS[0]], METHOD, factors())
    assert twice[0] is twice[2]
    assert twice[1].host == PAIRS[1][1]


def test_no_pairs_have_no_footprints() -> None:
    assert footprints([], METHOD, factors()) == []


def test_what_is_frozen_holds_integers_and_texts_only(found: list[Footprint]) -> None:
    for footprint in found:
        data = to_canonical(footprint.to_json())
        assert json.loads(data)["method_digest"] == METHOD.digest


def test_the_chosen_mode_is_the_least_of_those_that_may_be_chosen(
    found: list[Footprint],
) -> None:
    for footprint in found:
        allowed = [
            result.total_g
            for result in footprint.modes
            if result.feasible and result.mode != "car"
        ]
        assert footprint.total_g == min(allowed)
        assert footprint.chosen_mode != "car"


def test_the_air_policy_counts_the_flight() -> None:
    for footprint in footprints(PAIRS, Method(mode_policy="air"), factors()):
        assert footprint.chosen_mode == "air"


def test_a_flight_with_a_stop_emits_more_than_the_direct_one() -> None:
    by_code = {airport.iata: airport for airport in load_airports()}

    def total(*codes: str) -> int:
        legs = []
        for one, two in itertools.pairwise(by_code[code] for code in codes):
            ends = [
                Place(a.name, a.country, a.latitude_udeg, a.longitude_udeg)
                for a in (one, two)
            ]
            metres = distance_m(*ends)
            legs.append(flight_leg(one, two, metres, (METHOD, factors())))
        return total_micrograms(legs)

    assert total("NBO", "AMS", "LHR") > total("NBO", "LHR")
    assert total("LAX", "JFK", "LHR") > total("LAX", "LHR")


@given(st.integers(0, 300_000), st.integers(0, 50_000))
@settings(deadline=None, max_examples=60)
def test_a_longer_way_to_the_airport_is_never_less(metres: int, more: int) -> None:
    bus = find_rate(factors(), METHOD, "bus.local")
    coach = find_rate(factors(), METHOD, "coach.coach")
    shorter = access_micrograms(metres, bus, coach)
    longer = access_micrograms(metres + more, bus, coach)
    assert shorter <= longer
    legs = access_legs(("a", "b"), metres, (bus, coach))
    assert total_micrograms(legs) == 2 * shorter


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rail.FR", "rail.GB", "coach.coach", "bus.local"]),
            st.integers(0, 2_000_000),
            st.integers(0, 1000),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(deadline=None, max_examples=100)
def test_rounding_happens_once(drawn: list[tuple[str, int, int]]) -> None:
    legs = [
        Leg(
            activity.partition(".")[0], "main", "a", "b", metres, "geodesic x 1.3",
            find_rate(factors(), METHOD, activity), share_permille=share,
        )
        for activity, metres, share in drawn
    ]  # fmt: skip
    exact = total_micrograms(legs)
    assert sum(split_grams(legs).values()) == (exact + 500_000) // 1_000_000
    low, high = interval_grams(legs, 17)
    assert low <= to_grams(exact) <= high


def test_a_train_ride_by_parts_is_the_sum_of_the_parts() -> None:
    rate = find_rate(factors(), METHOD, "rail.GB")
    first = Leg("rail", "main", "Bristol", "Reading", 120_000, "given", rate)
    second = Leg("rail", "main", "Reading", "London", 58_000, "given", rate)
    both = add_up("rail", [first, second], METHOD, 0)
    whole = Leg("rail", "main", "Bristol", "London", 178_000, "given", rate)
    assert both.total_g == add_up("rail", [whole], METHOD, 0).total_g


def test_one_city_takes_the_local_bus() -> None:
    home, host = at(59.8588, 17.6389, "SE"), at(59.84, 17.65, "SE", "Ultuna")
    footprint = travel_between(home, host)
    assert footprint.chosen_mode == "coach"
    (leg,) = footprint.chosen.legs
    assert (leg.mode, leg.distance_m) == ("bus", 20_000)
    assert not footprint.by_mode("air").feasible
    assert not footprint.by_mode("rail").feasible
