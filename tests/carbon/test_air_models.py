"""Flights of every set against the published comparison of models on sixteen routes."""

import pytest
from travel import factors, read_shared

from mobility.carbon.air_rates import find_air_rate
from mobility.carbon.airports import load_airports
from mobility.carbon.distances import distances_m
from mobility.carbon.factors import UnknownFactor, load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.rates import Rate

KINDS = {
    "dom": ("GB", "GB"),
    "sh": ("GB", "FR"),
    "lh": ("GB", "US"),
    "int": ("DE", "JP"),
}
"""Countries that give the published row of a route under the strict band rule."""
STRICT = Method(band_rule="desnz_strict")
AIRCRAFT_PER_KM, AIRPORTS = 0.00038, 11.68
"""myclimate's life-cycle terms, which our set leaves out."""
DETOUR_KM = 95


def benchmark() -> list[dict[str, str]]:
    return read_shared("carbon/air_cross_model_benchmark.csv")


def rate_of(row: dict[str, str], name: str, method: Method = STRICT) -> Rate:
    metres = round(float(row["gcd_km_wgs84"]) * 1000)
    return find_air_rate(
        load_factor_set(name), method, metres, KINDS[row["desnz_kind"]]
    )


def kilograms(row: dict[str, str], micrograms_per_metre: int) -> float:
    return float(row["gcd_km_wgs84"]) * micrograms_per_metre / 1e6


@pytest.mark.parametrize(
    ("name", "column", "parts"),
    [
        ("desnz-2026", "desnz2026_ttw_noRF", ("ttw",)),
        ("desnz-2026", "desnz2026_ttw_RF", ("ttw", "non_co2")),
        ("desnz-2026", "desnz2026_wtt", ("wtt",)),
        ("desnz-2026", "desnz2026_RF_plus_wtt", ("ttw", "non_co2", "wtt")),
        ("desnz-2024", "desnz2024_ttw_RF", ("ttw", "non_co2")),
        ("affine-air", "myclimate2019_M1_noairport", ("ttw",)),
        (
            "ademe-2026",
            "ademe_impactco2_2026_trails_construction",
            ("ttw", "non_co2", "wtt"),
        ),
    ],
)
def test_sixteen_routes_agree_with_the_published_comparison(
    name: str, column: str, parts: tuple[str, ...]
) -> None:
    rows = benchmark()
    assert len(rows) == 16
    for row in rows:
        rate = rate_of(row, name)
        told = kilograms(row, sum(getattr(rate, part) for part in parts))
        assert abs(told - float(row[column])) <= 0.1, (row, told)


def test_the_curve_with_its_life_cycle_terms_is_the_published_total() -> None:
    """Published: CO2 twice (M = 2), supply, aircraft per km, airports per flight."""
    for row in benchmark():
        rate = rate_of(row, "affine-air")
        kilometres = float(row["gcd_km_wgs84"]) + DETOUR_KM
        told = kilograms(row, 2 * rate.co2 + rate.wtt)
        told += AIRCRAFT_PER_KM * kilometres + AIRPORTS
        assert abs(told - float(row["myclimate2019_M2_incl_preprod"])) <= 0.1, row


def test_the_curve_agrees_with_another_programme() -> None:
    """A public implementation has 345.93744 kg for 2,000 km, detour included."""
    metres = 1_905_000
    rate = find_air_rate(load_factor_set("affine-air"), Method(), metres, ("SE", "IT"))
    told = (2 * rate.co2 + rate.wtt) * metres / 1e9
    told += AIRCRAFT_PER_KM * 2000 + AIRPORTS
    assert abs(told - 345.9374385616095) < 0.01


def test_the_distances_of_the_comparison_are_ours() -> None:
    by_code = {airport.iata: airport for airport in load_airports()}
    for row in benchmark():
        ends = [by_code[row[name]] for name in ("origin", "dest")]
        degrees = [
            [value / 1e6]
            for end in ends
            for value in (end.longitude_udeg, end.latitude_udeg)
        ]
        metres = int(distances_m(*degrees)[0])  # type: ignore[arg-type] # lists do
        assert abs(metres / 1000 - float(row["gcd_km_wgs84"])) < 1.5, row


def test_a_short_flight_costs_more_per_kilometre_where_take_off_counts() -> None:
    affine = load_factor_set("affine-air")
    rates = [
        find_air_rate(affine, Method(), metres, ("FR", "FR")).total
        for metres in (200_000, 500_000, 1_000_000, 1_400_000)
    ]
    assert rates == sorted(rates, reverse=True)
    flat = [
        find_air_rate(factors(), Method(), metres, ("FR", "FR")).total
        for metres in (200_000, 1_000_000)
    ]
    assert flat[0] == flat[1]


@pytest.mark.parametrize("kilometres", [1, 1404, 1405, 1406, 2404, 2405, 2406, 12000])
def test_a_longer_flight_never_emits_less_under_the_curve(kilometres: int) -> None:
    affine = load_factor_set("affine-air")

    def total(metres: int) -> int:
        return (
            find_air_rate(affine, Method(), metres, ("FR", "US")).total
            * metres
            // 10**9
        )

    assert total(kilometres * 1000) <= total((kilometres + 1) * 1000)


def test_the_curve_takes_multiplier_supply_and_seat_as_the_bands_do() -> None:
    affine = load_factor_set("affine-air")

    def rate(**settings: object) -> Rate:
        method = Method.from_json(settings)
        return find_air_rate(affine, method, 5_000_000, ("FR", "US"))

    assert rate(rf_multiplier_tenths=10).non_co2 == 0
    assert rate(rf_multiplier_tenths=30).non_co2 == 2 * rate().co2
    physical = rate(wtt_mode="physical")
    assert abs(physical.wtt - 0.2027 * physical.co2) <= 1
    assert rate(cabin="business").total > rate().total
    with pytest.raises(UnknownFactor, match="no factor for premium"):
        rate(cabin="premium")
