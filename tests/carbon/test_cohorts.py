"""Cohorts: totals that add up, intervals drawn alike, exports that reconcile."""

import csv
import io
import json
import random

import numpy as np
import pytest
from travel import CITIES, factors

from mobility.carbon.batch import footprints
from mobility.carbon.cohort import Trip, find_figures, quantile
from mobility.carbon.draws import DRAWS, Draws
from mobility.carbon.exposure import AIR_LONG, Exposure, expose
from mobility.carbon.footprint import Footprint
from mobility.carbon.frozen import read_factors, read_legs
from mobility.carbon.journey import split_amounts
from mobility.carbon.ledger import TABLE_COLUMNS, LedgerOf, make_ledger
from mobility.carbon.method import Method

METHOD = Method()
PAIRS = [(home, host) for home in CITIES for host in CITIES if home is not host]


def made() -> list[Footprint]:
    return footprints(PAIRS, METHOD, factors())


def trip_of(found: Footprint, number: int = 0) -> Trip:
    return Trip(
        home=found.home.label,
        host=found.host.label,
        mode=found.chosen_mode,
        total_g=found.total_g,
        legs=found.chosen.legs,
        group="remote" if number % 3 == 0 else "near",
        days=30 + number % 60,
    )


@pytest.fixture(scope="module")
def trips() -> list[Trip]:
    return [trip_of(found, number) for number, found in enumerate(made())]


def test_a_cohorts_parts_add_up_to_its_total(trips: list[Trip]) -> None:
    figures = find_figures(trips, Draws())
    assert figures.total_g == sum(trip.total_g for trip in trips)
    for parts in (figures.by_mode, figures.by_host, figures.by_home, figures.by_group):
        assert sum(part.total_g for part in parts.values()) == figures.total_g
        assert sum(part.persons for part in parts.values()) == figures.persons
    assert figures.p10_g <= figures.median_g <= figures.p90_g
    assert figures.mean_g == round(figures.total_g / len(trips))
    assert abs(sum(figures.grams_by_component.values()) - figures.total_g) < len(trips)
    assert sum(figures.legs_by_tier.values()) == figures.legs
    assert 0 < figures.imputed_legs < figures.legs
    assert figures.coverage_percent == 100
    assert set(figures.by_mode) == {"air", "coach", "ferry", "rail"}


@pytest.mark.slow
def test_the_order_of_rows_changes_nothing(trips: list[Trip]) -> None:
    shuffled = random.Random(3).sample(trips, len(trips))
    assert find_figures(shuffled, Draws()) == find_figures(trips, Draws())


def test_the_interval_of_a_cohort_and_of_its_parts_hold_their_values(
    trips: list[Trip],
) -> None:
    figures = find_figures(trips, Draws())
    low, high = figures.interval_g
    assert low < figures.total_g < high
    for part in figures.by_mode.values():
        assert part.interval_g[0] <= part.total_g <= part.interval_g[1]


def test_many_on_one_factor_are_as_uncertain_as_one(trips: list[Trip]) -> None:
    """A draw is of the factor, not of the student: errors do not cancel out."""
    one = next(trip for trip in trips if trip.mode == "air")
    low, high = find_figures([one], Draws()).interval_g
    many_low, many_high = find_figures([one] * 500, Draws()).interval_g
    assert many_high / many_low == pytest.approx(high / low, rel=0.001)


def test_the_same_seed_draws_the_same_and_another_does_not(trips: list[Trip]) -> None:
    assert find_figures(trips, Draws()) == find_figures(trips, Draws())
    other = find_figures(trips, Draws(seed=7)).interval_g
    assert other != find_figures(trips, Draws()).interval_g


def test_95_of_100_draws_lie_within_the_stated_factor() -> None:
    exposure = Exposure(straight={("air.long-haul.economy", AIR_LONG): 10**12})
    totals = Draws().totals_g(exposure)
    inside = (totals > 1_000_000 / 1.25) & (totals < 1_000_000 * 1.25)
    assert len(totals) == DRAWS
    assert 0.935 < float(np.mean(inside)) < 0.965


@pytest.mark.slow
def test_drawn_and_frozen_intervals_of_one_journey_are_alike() -> None:
    """One by draws, one by whole numbers: neither hides what the other shows."""
    for found in made()[:40]:
        low, high = Draws().interval_g(expose(found.chosen.legs))
        frozen_low, frozen_high = found.interval_g
        assert low == pytest.approx(frozen_low, rel=0.12)
        assert high == pytest.approx(frozen_high, rel=0.12)


def test_a_scenario_of_the_multiplier_is_not_drawn() -> None:
    method = Method(rf_multiplier_tenths=10)
    found = footprints(PAIRS[:1], method, factors())[0]
    exposure = expose(found.chosen.legs)
    assert sum(exposure.forced.values()) == 0
    spread = Draws(rf_multiplier_tenths=10).totals_g(exposure)
    drawn = Draws().totals_g(exposure)
    assert float(np.median(spread)) < float(np.median(drawn))
    low, high = found.interval_g
    assert low < found.total_g < high


def test_nobody_has_no_figures_and_a_virtual_journey_is_nothing() -> None:
    empty = find_figures([], Draws())
    assert (empty.total_g, empty.mean_g, empty.median_g) == (0, 0, 0)
    assert empty.per_day_g is None
    assert empty.coverage_percent == 0
    virtual = find_figures([Trip("a", "b", "virtual", 0)], Draws())
    assert virtual.interval_g == (0, 0)
    assert virtual.by_mode["virtual"].persons == 1


def test_persons_without_a_computed_journey_lower_the_coverage(
    trips: list[Trip],
) -> None:
    assert find_figures(trips[:3], Draws(), expected=4).coverage_percent == 75


def test_per_day_divides_by_the_days_that_are_known() -> None:
    known = Trip("a", "b", "air", 1000, days=10)
    unknown = Trip("a", "c", "air", 5000)
    assert find_figures([known, unknown], Draws()).per_day_g == 100


def test_quantiles_are_interpolated_and_rounded_half_up() -> None:
    assert quantile([1, 2], 50) == 2
    assert quantile([0, 10, 20, 30, 40], 10) == 4
    assert quantile([7], 90) == 7


@pytest.mark.slow
def test_frozen_legs_are_the_legs_that_were_frozen() -> None:
    """Carol computes from the snapshot, not from today's tables."""
    for found in made():
        frozen = json.loads(json.dumps(found.to_json()))
        used = {f for leg in found.chosen.legs for f in leg.rate.factors}
        rows = read_factors(json.loads(json.dumps([f.to_json() for f in used])))
        chosen = next(
            mode for mode in frozen["modes"] if mode["mode"] == found.chosen_mode
        )
        assert read_legs(chosen, rows) == found.chosen.legs


@pytest.mark.slow
def test_a_ledger_reconciles_to_the_gram() -> None:
    """Written to CSV and read back, a journey's rows add up to its frozen total."""
    for number, found in enumerate(made()):
        about = LedgerOf(
            f"j-{number}", found.home, found.host, found.factor_set,
            found.factor_set_digest, METHOD.rf_multiplier_tenths,
        )  # fmt: skip
        rows = make_ledger(about, found.chosen.legs)
        text = io.StringIO()
        writer = csv.DictWriter(text, TABLE_COLUMNS)
        writer.writeheader()
        writer.writerows(row.to_table_row() for row in rows)
        read = list(csv.DictReader(io.StringIO(text.getvalue())))
        exact = sum(int(row["total_ug"]) for row in read)
        assert (exact + 500_000) // 1_000_000 == found.total_g
        grams = split_amounts(
            [
                (int(row["ttw_ug"]), int(row["wtt_ug"]), int(row["non_co2_ug"]))
                for row in read
            ]
        )
        assert grams["wtt"] == found.chosen.wtt_g
        assert {row["factor_set_digest"] for row in read} == {found.factor_set_digest}
        assert all(row["factor_ids"] and row["factor_sources"] for row in read)
        assert all(int(r["low_g"]) <= int(r["high_g"]) for r in read)


def test_a_ledgers_row_says_what_was_typed_and_where_that_is() -> None:
    found = made()[0]
    about = LedgerOf("j", found.home, found.host, "desnz-2026", "d" * 64, 17)
    row = make_ledger(about, found.chosen.legs)[0].to_table_row()
    assert row["from_entered"] == "Nairobi"
    assert row["from_resolved"] == "Nairobi, KE (-1.28333,36.81667, institution)"
    assert list(row) == list(TABLE_COLUMNS)
