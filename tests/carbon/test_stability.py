"""Do published placements keep their place under other assumptions?"""

import pytest
from travel import CITIES

from mobility.carbon.method import Method
from mobility.carbon.stability import (
    Case,
    find_stability,
    find_totals,
    make_variants,
)
from mobility.errors import InvalidInput

NAIROBI, UPPSALA, PARIS, LYON = CITIES[:4]
TOTALS = {
    "declared": {("h", "near"): 100, ("h", "far"): 200, ("h", "mid"): 150},
    "m = 3": {("h", "near"): 400, ("h", "far"): 300, ("h", "mid"): 350},
}
CHOICES = {offer: ("h", offer) for offer in ("near", "far", "mid")}


def test_a_row_counts_who_kept_her_place_and_who_stays_least() -> None:
    cases = [Case("s-1", "near", CHOICES), Case("s-2", "mid", CHOICES)]
    declared, other = find_stability(cases, TOTALS)
    assert (declared.persons, declared.total_g, declared.change_permille) == (2, 250, 0)
    assert (declared.kept_place, declared.moved) == (2, ())
    assert (other.total_g, other.change_permille) == (750, 2000)
    assert (other.kept_place, other.moved) == (1, ("s-1",))
    assert (other.were_least, other.stay_least) == (1, 0)


def test_a_fall_is_told_as_one() -> None:
    cases = [Case("s-1", "far", CHOICES)]
    fallen = {"declared": TOTALS["m = 3"], "other": TOTALS["declared"]}
    assert find_stability(cases, fallen)[1].change_permille == -333


def test_equal_emissions_are_no_move() -> None:
    level = dict.fromkeys(TOTALS["declared"], 5)
    cases = [Case("s-1", "near", CHOICES)]
    assert find_stability(cases, {"declared": level, "x": level})[1].kept_place == 1


def test_every_multiplier_and_year_is_tried_once() -> None:
    labels = [variant.label for variant in make_variants(Method())]
    assert labels == ["declared", "m = 1", "m = 3", "desnz-2024", "desnz-2025"]
    old = Method(factor_set="desnz-2024", rf_multiplier_tenths=30)
    labels = [variant.label for variant in make_variants(old)]
    assert labels == ["declared", "m = 1", "m = 1.7", "desnz-2025", "desnz-2026"]


@pytest.mark.slow
def test_real_journeys_are_computed_under_every_variant() -> None:
    """Alice might go to Uppsala, Paris or Lyon; she goes to Lyon from Paris."""
    pairs = [(PARIS, LYON), (PARIS, UPPSALA), (PARIS, NAIROBI)]
    totals = find_totals(pairs, make_variants(Method()))
    choices = {host.name: (PARIS.key, host.key) for _, host in pairs}
    rows = find_stability([Case("s-1", "Lyon", choices)], totals)
    assert [row.label for row in rows] == list(totals)
    assert all(row.stay_least == row.were_least == 1 for row in rows)
    far = find_stability([Case("s-1", "Nairobi", choices)], totals)
    by_label = {row.label: row for row in far}
    assert by_label["m = 1"].total_g < by_label["declared"].total_g
    assert by_label["m = 3"].total_g > by_label["declared"].total_g
    assert by_label["desnz-2024"].change_permille > 300


def test_what_cannot_be_compared_is_refused_by_name() -> None:
    cases = [Case("s-1", "moon", CHOICES), Case("s-2", "near", {"near": ("h", "x")})]
    with pytest.raises(InvalidInput) as refusal:
        find_stability(cases, TOTALS)
    assert refusal.value.problems == (
        "student s-1: offer moon is not one of her choices",
        "student s-2, offer near: no journey under declared",
        "student s-2, offer near: no journey under m = 3",
    )


def test_nobody_placed_is_no_row_of_errors() -> None:
    assert [row.persons for row in find_stability([], TOTALS)] == [0, 0]
