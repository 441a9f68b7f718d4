"""Published values of other programmes: what agrees, and what does not apply.

Every row of the published table has an entry here, so that a new one is noticed.
"""

from collections.abc import Callable

import pytest
from travel import DEFAULT, at, factors, read_shared, travel

from mobility.carbon.factors import Factor, FactorSet, load_factor_set
from mobility.carbon.journey import Leg, to_grams, total_micrograms
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place
from mobility.carbon.rates import PHYSICAL_WTT, find_rate
from mobility.carbon.route import travel_route

NOT_OURS = {
    "TIM-2": "seats of one aircraft type: our sets have seats, not aircraft",
    "TIM-3": "contrail buckets of single flights: our sets know no single flight",
    "TIM-4": "a median over flights of a timetable: we have no timetables",
    "MYC-2": "needs load factors by ICAO region, which were not published to us",
    "EGU19": "a total over 16,273 people whose origins were not published",
}
ALONE = Method(car_occupancy_tenths=10)
Rows = dict[str, dict[str, str]]


def made(activity: str, value: str, unit: str = "kg/passenger.km") -> FactorSet:
    """Return a set of one factor, use alone."""
    values = {"ttw": round(float(value) * 1e6), "wtt": 0}
    held = {
        f"{activity}.{name}": Factor(
            f"{activity}.{name}", micro, value, unit, name, "", "", 0, "", "", (), ""
        )
        for name, micro in values.items()
    }
    return FactorSet("made", "1", "none", value, "", "", "", "rounds", "bands", held)


def kilograms(
    activity: str, kilometres: int, factors_: FactorSet, times: int = 1
) -> float:
    rate = find_rate(factors_, ALONE, activity)
    mode = activity.partition(".")[0]
    leg = Leg(mode, "main", "a", "b", kilometres * 1000, "given", rate, times=times)
    return total_micrograms([leg]) / 1e9


def fuel(activity: str, kilometres: int) -> float:
    """Return kilograms of the fuel part of ADEME's table."""
    factor = load_factor_set("ademe-2026").find(activity, "wtw")
    return factor.value_ug_per_m * kilometres / 1e6


def numbers(text: str) -> list[float]:
    """Return the numbers of a cell, in order."""
    words = text.replace(";", " ").replace("/", " ").split()
    return [float(word) for word in words if word.replace(".", "", 1).isdigit()]


def tim_supply(row: dict[str, str]) -> None:
    """The whole flight needs its aircraft; its share of supply is our physical one."""
    _, use, supply = numbers(row["expected_kg_or_other"])
    share, whole = PHYSICAL_WTT
    assert round(supply / use, 4) == share / whole


def bloom_car(row: dict[str, str]) -> None:
    each, shared, both_ways = 35.42, 11.8067, 70.84
    assert row["expected_kg_or_other"].startswith(str(each))
    cars = made("car.average", "0.1771", "kg/vehicle.km")
    assert kilograms("car.average", 200, cars) == pytest.approx(each)
    assert kilograms("car.average", 200, cars, times=2) == pytest.approx(both_ways)
    three = find_rate(cars, Method(car_occupancy_tenths=30), "car.average")
    assert three.total * 200_000 / 1e9 == pytest.approx(shared, abs=1e-3)


def bloom_bus(row: dict[str, str]) -> None:
    expected = float(row["expected_kg_or_other"])
    buses = made("bus.local", "0.0725")
    assert kilograms("bus.local", 200, buses) == pytest.approx(expected, abs=1e-3)
    full = find_rate(buses, Method(car_occupancy_tenths=30), "bus.local")
    assert full == find_rate(buses, ALONE, "bus.local")


def ademe(activity: str) -> Callable[[dict[str, str]], None]:
    def check(row: dict[str, str]) -> None:
        expected = float(row["expected_kg_or_other"])
        assert fuel(activity, 100) == pytest.approx(expected, abs=5e-5)

    return check


def ademe_car(row: dict[str, str]) -> None:
    alone, shared = numbers(row["expected_kg_or_other"])
    assert fuel("car.average", 100) == pytest.approx(alone, abs=5e-5)
    assert fuel("car.average", 100) / 4 == pytest.approx(shared, abs=1e-4)
    whole = load_factor_set("ademe-2026")
    four = find_rate(whole, Method(car_occupancy_tenths=40), "car.average").total
    one = find_rate(whole, ALONE, "car.average").total
    assert abs(4 * four - one) <= 2


def long_distance_bus(row: dict[str, str]) -> None:
    expected = float(row["expected_kg_or_other"])
    coaches = made("coach.coach", "0.0474")
    assert kilograms("coach.coach", 549, coaches) == pytest.approx(expected)


LOS_ANGELES = at(33.94251, -118.40897, "US", "Los Angeles")
HEATHROW = at(51.4706, -0.46194, "GB", "Heathrow")
BRISTOL = at(51.4552, -2.5966, "GB", "Bristol")


def there_and_back(_: dict[str, str]) -> None:
    way = travel_route([LOS_ANGELES, HEATHROW], ["air"], (DEFAULT, factors()))
    one_way = sum(leg.distance_m * leg.rate.total for leg in way.legs)
    assert way.total_g == to_grams(2 * one_way)


def over_amsterdam(_: dict[str, str]) -> None:
    nairobi, amsterdam = parse_place("Nairobi, KE"), parse_place("Amsterdam, NL")

    def total(*stops: Place) -> int:
        modes = ["air"] * (len(stops) - 1)
        return travel_route(stops, modes, (DEFAULT, factors())).total_g

    assert total(nairobi, amsterdam, HEATHROW) > total(nairobi, HEATHROW)


def with_supply(_: dict[str, str]) -> None:
    air = travel("Nairobi, KE", "London, GB").by_mode("air")
    assert air.total_g > air.total_g - air.wtt_g > 0
    assert air.wtt_g > 0


def business(_: dict[str, str]) -> None:
    def total(cabin: str) -> int:
        settled = (Method(cabin=cabin), factors())
        return travel_route([BRISTOL, HEATHROW], ["air"], settled).total_g

    assert total("economy") <= total("business")
    assert find_rate(factors(), Method(), "air.short-haul.economy").total < (
        find_rate(factors(), Method(), "air.short-haul.business").total
    )


def rail_by_parts(_: dict[str, str]) -> None:
    stops = [parse_place(text) for text in ("Bristol, GB", "Reading, GB", "London, GB")]
    settled = (DEFAULT, factors())
    whole = total_micrograms(travel_route(stops, ["rail", "rail"], settled).legs)
    parts = [
        total_micrograms(travel_route(stops[n : n + 2], ["rail"], settled).legs)
        for n in (0, 1)
    ]
    assert whole == sum(parts)


def forcing_identity(row: dict[str, str]) -> None:
    left, right = row["expected_kg_or_other"].split("=")
    product, others = left.split("+")
    co2, multiplier = map(float, product.split("*"))
    assert co2 * multiplier + float(others) == pytest.approx(float(right), abs=1e-5)
    found = find_rate(factors(), DEFAULT, "air.short-haul.economy")
    assert found.co2 / 1e6 == pytest.approx(co2, abs=1e-5)
    assert (found.ttw + found.non_co2) / 1e6 == pytest.approx(float(right))


CHECKS: dict[str, Callable[[dict[str, str]], None]] = {
    "TIM-1": tim_supply,
    "BLOOM-car": bloom_car,
    "BLOOM-pt": bloom_bus,
    "ADEME-1": ademe("coach.coach"),
    "ADEME-2": ademe("rail.FR-TER"),
    "ADEME-3": ademe("rail.FR"),
    "ADEME-4": ademe_car,
    "P4F-bus": long_distance_bus,
    "CARBONR-1": there_and_back,
    "CARBONR-2": over_amsterdam,
    "CARBONR-3": with_supply,
    "CARBONR-4": business,
    "CARBONR-5": rail_by_parts,
    "DESNZ-RF": forcing_identity,
}


def test_every_published_case_is_checked_or_said_not_to_apply() -> None:
    rows = read_shared("carbon/test_cases.csv")
    assert {row["id"] for row in rows} == CHECKS.keys() | NOT_OURS.keys()
    assert not CHECKS.keys() & NOT_OURS.keys()


@pytest.mark.parametrize("name", CHECKS)
def test_a_published_case_agrees(name: str) -> None:
    rows = {row["id"]: row for row in read_shared("carbon/test_cases.csv")}
    CHECKS[name](rows[name])
