"""One flight and one train ride, worked out by hand from published rows to grams.

Rates are the published rows; products and sums were worked out apart from the programme
and stand here as numbers. Distances are checked against another geodesic.
"""

import pytest
from geopy.distance import geodesic
from travel import DEFAULT, factors, read_shared, travel

from mobility.carbon.factors import load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.worked_example import (
    CURVE,
    EXAMPLES,
    FORCED,
    MEAN,
    PER_PERSON,
    PHYSICAL,
    PUBLISHED,
    Example,
    work_out,
)

NAIROBI, NBO = (-1.28333, 36.81667), (-1.31924, 36.9278)
BY_AIR = [
    # leg, component, metres one way, times, rate in ug per m, micrograms
    (1, "ttw", 16_887, 2, 101_510, 3_428_398_740),
    (1, "wtt", 16_887, 2, 26_490, 894_673_260),
    (2, "ttw", 6_960_897, 2, 69_260, 964_223_452_440),
    (2, "wtt", 6_960_897, 2, 24_610, 342_615_350_340),
    (2, "non_co2", 6_960_897, 2, 47_780, 665_183_317_320),
    (3, "ttw", 17_106, 2, 39_480, 1_350_689_760),
    (3, "wtt", 17_106, 2, 6_560, 224_430_720),
    (4, "ttw", 20_000, 2, 101_510, 4_060_400_000),
    (4, "wtt", 20_000, 2, 26_490, 1_059_600_000),
]
BY_RAIL = [
    (1, "ttw", 119_470, 2, 30_920, 7_388_024_800),
    (1, "wtt", 119_470, 2, 8_970, 2_143_291_800),
    (2, "ttw", 149_337, 2, 11_350, 3_389_949_900),
    (2, "wtt", 149_337, 2, 1_170, 349_448_580),
    (3, "ttw", 209_072, 2, 5_800, 2_425_235_200),
]


def example(kind: str, method: Method = DEFAULT) -> Example:
    result = travel(*EXAMPLES[kind], method).by_mode(kind)
    return work_out(result, method, factors())


def lines_of(worked: Example) -> list[tuple[int, str, int, int, int, int]]:
    return [
        (
            line.leg,
            line.component,
            line.distance_m,
            line.times,
            line.rate_ug_per_m,
            line.product_ug,
        )
        for line in worked.lines
    ]


def test_a_flight_agrees_with_the_hand_line_by_line() -> None:
    worked = example("air")
    assert lines_of(worked) == BY_AIR
    assert worked.sum_ug == (973_062_940_940, 344_794_054_320, 665_183_317_320)
    assert worked.exact_ug == 1_983_040_312_580
    assert worked.total_g == 1_983_040
    assert worked.grams == (973_063, 344_794, 665_183)


def test_a_train_ride_agrees_with_the_hand_line_by_line() -> None:
    worked = example("rail")
    assert lines_of(worked) == BY_RAIL
    assert worked.sum_ug == (13_203_209_900, 2_492_740_380, 0)
    assert worked.exact_ug == 15_695_950_280
    assert worked.total_g == 15_696
    assert worked.grams == (13_203, 2_493, 0)


@pytest.mark.parametrize("kind", ["air", "rail"])
def test_every_line_is_a_product_that_a_calculator_can_check(kind: str) -> None:
    worked = example(kind)
    for _, _, metres, times, rate, product in lines_of(worked):
        assert metres * times * rate == product
    assert sum(line.product_ug for line in worked.lines) == worked.exact_ug
    assert sum(worked.grams) == worked.total_g


def test_the_published_rows_behind_the_flight() -> None:
    """Without RF 0.06926, with RF 0.11704; the difference is 0.7 x CO2: 0.04778."""
    by_line = {(line.leg, line.component): line for line in example("air").lines}
    forced = by_line[2, "non_co2"]
    assert forced.derivation == FORCED
    values = [(f.source_row_id, f.value) for f in forced.factors]
    assert values == [("21_316_3171_11_1", "0.06926"), ("21_316_3170_11_1", "0.11704")]
    published = {
        (row["desnz_id"], row["year"]): row["kg_co2e"]
        for row in read_shared("carbon/desnz_factors.csv")
    }
    for line in (*example("air").lines, *example("rail").lines):
        for factor in line.factors:
            if factor.source.startswith("UK DESNZ"):
                key = (factor.source_row_id, str(factor.year))
                assert published[key] == factor.value


def test_the_distances_agree_with_another_geodesic() -> None:
    """City to airport 12.990 km x 1.3 = 16.887 km, all of it by local bus."""
    kilometres = geodesic(NAIROBI, NBO).km
    assert abs(kilometres * 1.3 - 16.887) < 0.01
    metres = [line.distance_m for line in example("rail").lines]
    assert metres[0] + metres[2] + metres[4] == 477_879
    assert 452 * 0.95 < 477.879 < 452 * 1.1  # by rail, measured on a map of tracks


@pytest.mark.slow
def test_how_a_rate_comes_about_is_said() -> None:
    physical = Method(wtt_mode="physical")
    by_component = {
        line.component: line
        for line in example("air", physical).lines
        if line.mode == "air"
    }
    assert by_component["wtt"].derivation == PHYSICAL
    assert by_component["ttw"].derivation == PUBLISHED
    car = travel("London, GB", "Paris, FR").by_mode("car")
    assert {line.derivation for line in work_out(car, DEFAULT, factors()).lines} == {
        PER_PERSON
    }
    sea = travel("Copenhagen, DK", "Stockholm, SE").by_mode("rail")
    derivations = {line.derivation for line in work_out(sea, DEFAULT, factors()).lines}
    assert MEAN in derivations
    affine = load_factor_set("affine-air")
    flight = travel("Paris, FR", "Lyon, FR").by_mode("air")
    curves = {line.derivation for line in work_out(flight, DEFAULT, affine).lines}
    assert CURVE in curves
