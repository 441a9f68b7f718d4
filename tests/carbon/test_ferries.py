"""Ferries: where they go, when one is taken, what it costs."""

import numpy as np
import pytest
from travel import factors, travel

from mobility.carbon.batch import footprints
from mobility.carbon.factors import load_factor_set
from mobility.carbon.ferry import load_ferries
from mobility.carbon.journey import total_micrograms
from mobility.carbon.land_routes import find_land_routes
from mobility.carbon.method import Method
from mobility.carbon.pairs import join, to_sites
from mobility.carbon.places import check_coordinates, parse_place
from mobility.carbon.rates import find_rate


def test_no_two_ports_of_a_route_are_joined_straight_over_land() -> None:
    ferries = load_ferries()
    sites = to_sites(ferries.ports)
    count = len(ferries.ports)
    pairs = join(sites, np.arange(0, count, 2), np.arange(1, count, 2))
    straight = find_land_routes(pairs, "road").is_straight
    names = [ferries.ports[2 * route].name for route in np.flatnonzero(straight)]
    assert names == []
    assert len(ferries.lengths) == count // 2 > 50


def test_every_port_lies_in_its_country() -> None:
    problems = [
        problem
        for port in load_ferries().ports
        for problem in check_coordinates(
            port.name, port.country, port.latitude_udeg, port.longitude_udeg
        )
    ]
    assert problems == []


def test_a_foot_passenger_crosses_from_stockholm_to_tallinn() -> None:
    ferry = travel("Stockholm, SE", "Tallinn, EE").by_mode("ferry")
    (leg,) = ferry.legs
    rate = find_rate(factors(), Method(), "ferry.foot")
    assert (leg.origin, leg.destination) == ("Stockholm, SE", "Tallinn, EE")
    assert rate.total == 18_710 + 4_240
    assert ferry.total_g == round(2 * leg.distance_m * rate.total / 1e6)
    assert 10 < ferry.duration_s / 3600 < 14


def test_the_way_to_the_port_is_part_of_the_journey() -> None:
    ferry = travel("Uppsala, SE", "Turku, FI").by_mode("ferry")
    assert [leg.mode for leg in ferry.legs] == ["bus", "coach", "ferry"]
    assert 0 < ferry.access_g < ferry.total_g
    assert total_micrograms(ferry.legs) // 1_000_000 in {
        ferry.total_g - 1,
        ferry.total_g,
    }


def test_there_and_back_by_ferry_emit_the_same() -> None:
    ends = parse_place("Dublin, IE"), parse_place("Paris, FR")
    there, back = footprints([ends, ends[::-1]], Method(), factors())
    assert there.by_mode("ferry").total_g == back.by_mode("ferry").total_g


def test_of_all_routes_the_one_with_the_least_emissions_is_taken() -> None:
    """Dublin to London: by Liverpool, although Holyhead is the shorter crossing."""
    ferry = travel("Dublin, IE", "London, GB").by_mode("ferry")
    crossing = next(leg for leg in ferry.legs if leg.mode == "ferry")
    ends = load_ferries()
    assert crossing.destination == "Liverpool, GB"
    others = {port.name for port in ends.ports}
    assert "Holyhead" in others


@pytest.mark.parametrize(
    ("home", "host", "reason"),
    [
        ("Paris, FR", "Lyon, FR", "a straight way over land joins them"),
        ("Nairobi, KE", "Uppsala, SE", "no listed ferry joins"),
        ("Athens, GR", "Rome, IT", "14 h by coach and 24 h in all"),
        ("Suva, FJ", "Apia, WS", "no listed ferry joins Suva, FJ and Apia, WS"),
    ],
)
def test_without_a_ferry_the_reason_is_told(home: str, host: str, reason: str) -> None:
    ferry = travel(home, host).by_mode("ferry")
    assert not ferry.feasible
    assert reason in ferry.reason


def test_the_caps_hold_for_the_way_with_the_ferry() -> None:
    method = Method(coach_cap_h=1)
    assert not travel("Dublin, IE", "London, GB", method).by_mode("ferry").feasible
    short = Method(rail_cap_h=8)
    assert not travel("Stockholm, SE", "Tallinn, EE", short).by_mode("ferry").feasible


def test_a_set_without_ferries_says_so() -> None:
    ends = parse_place("Palma, ES"), parse_place("Barcelona, ES")
    method = Method(factor_set="ademe-2026")
    found = footprints([ends], method, load_factor_set("ademe-2026"))[0]
    assert "has no factor for ferries" in found.by_mode("ferry").reason
    assert found.chosen_mode == "air"
