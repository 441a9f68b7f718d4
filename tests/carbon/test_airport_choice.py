"""Which airports a journey uses: not the nearest field, but the least in all."""

import itertools

import pytest
from travel import factors, travel_between

from mobility.carbon.air_rates import find_air_rate
from mobility.carbon.airports import Airport, find_candidates, load_airports
from mobility.carbon.distances import distance_m
from mobility.carbon.footprint import ModeResult
from mobility.carbon.method import Method
from mobility.carbon.pairs import to_sites
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place
from mobility.carbon.rates import find_rate
from mobility.carbon.road import BUS, COACH, access_micrograms

MISLEADING = {
    "Oxford, GB": "OXF",
    "Cambridge, GB": "CBG",
    "56.33871,-2.79902": "ADX",
    "Princeton, New Jersey, US": "PCT",
    "Lund, SE": "MMX",
    "Heidelberg, DE": "MHG",
    "Göttingen, DE": "KSF",
    "Leuven, BE": "ANR",
    "Leiden, NL": "RTM",
    "Padova, IT": "TSF",
    "Coimbra, PT": "VSE",
    "Tartu, EE": "TAY",
    "Mbarara, UG": "MBQ",
    "Ithaca, US": "ITH",
}
"""University towns and the nearest field with an IATA code (package airportsdata)."""
WITHOUT_SERVICE = {"OXF", "CBG", "ADX", "PCT", "MBQ"}
HELPFUL = {"Uppsala, SE": "ARN", "Pisa, IT": "PSA", "Stellenbosch, ZA": "CPT"}
NAIROBI = "Nairobi, KE"
METHOD = Method()


def flight_of(town: str, other: str = NAIROBI) -> ModeResult:
    return travel_between(parse_place(town), parse_place(other)).by_mode("air")


def first_airport(result: ModeResult) -> str:
    flight = next(leg for leg in result.legs if leg.mode == "air")
    return flight.origin[-4:-1]


def brute_force(town: str, other: str) -> list[tuple[int, str, str]]:
    """Return every pair of airports by what access and flight emit, least first."""
    home, host = parse_place(town), parse_place(other)
    airports = load_airports()
    bus, coach = (find_rate(factors(), METHOD, name) for name in (BUS, COACH))
    countries = (home.country, host.country)
    rate = find_air_rate(factors(), METHOD, distance_m(home, host), countries)
    near, far = find_candidates(to_sites([home, host]))
    found = []
    for one, two in itertools.product(near, far):
        start, stop = airports[one.airport], airports[two.airport]
        metres = distance_m(to_place(start), to_place(stop))
        if {start.size, stop.size} != {"large"} or metres > 9_000_000:
            metres = (metres * 105 + 50) // 100
        access = sum(access_micrograms(c.distance_m, bus, coach) for c in (one, two))
        found.append((access + metres * rate.total, start.iata, stop.iata))
    return sorted(found)


def to_place(airport: Airport) -> Place:
    position = (airport.latitude_udeg, airport.longitude_udeg)
    return Place(airport.name, airport.country, *position)


@pytest.mark.slow
@pytest.mark.parametrize("town", MISLEADING)
def test_fourteen_towns_do_not_use_the_field_next_to_them(town: str) -> None:
    airports = load_airports()
    candidates = find_candidates(to_sites([parse_place(town)]))[0]
    codes = {airports[candidate.airport].iata for candidate in candidates}
    sizes = {airports[candidate.airport].size for candidate in candidates}
    assert MISLEADING[town] not in codes
    assert sizes == {"large"}
    assert all(candidate.distance_m <= 250_000 for candidate in candidates)
    assert not any(candidate.is_imputed for candidate in candidates)
    assert first_airport(flight_of(town)) in codes


def test_fields_without_scheduled_service_are_not_even_listed() -> None:
    assert len(MISLEADING) == 14
    assert not WITHOUT_SERVICE & {airport.iata for airport in load_airports()}


@pytest.mark.parametrize("town", HELPFUL)
def test_the_nearest_is_used_where_it_is_the_least(town: str) -> None:
    assert first_airport(flight_of(town)) == HELPFUL[town]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("town", "other"),
    [
        ("Oxford, GB", NAIROBI),
        ("Leuven, BE", "Singapore, SG"),
        ("Heidelberg, DE", "Lima, PE"),
        ("Graz, AT", "Uppsala, SE"),
        ("Tartu, EE", "Coimbra, PT"),
    ],
)
def test_of_all_pairs_of_airports_the_least_is_taken_and_the_next_recorded(
    town: str, other: str
) -> None:
    result = flight_of(town, other)
    (_, start, stop), second = brute_force(town, other)[:2]
    flight = next(leg for leg in result.legs if leg.mode == "air")
    assert (flight.origin[-4:-1], flight.destination[-4:-1]) == (start, stop)
    assert f"second choice of airports: {second[1]} to {second[2]}" in result.notes
