"""What a metre costs: the radiative forcing identity, supply, seats, full cars."""

import pytest
from travel import factors

from mobility.carbon.factors import Factor, FactorSet
from mobility.carbon.method import InvalidMethod, Method
from mobility.carbon.rates import Rate, divide, find_rate, mean_rate

SHORT, LONG = "air.short-haul", "air.long-haul"


def rate(activity: str, **settings: object) -> Rate:
    return find_rate(factors(), Method.from_json(settings), activity)


def test_with_forcing_is_without_plus_seven_tenths_of_co2() -> None:
    found = rate(f"{SHORT}.economy")
    co2 = found.non_co2 / 0.7
    others = found.ttw - co2
    assert round(co2) == 73_443
    assert round(co2 * 1.7 + others) == 125_760


@pytest.mark.parametrize(
    "activity", [f"{SHORT}.economy", f"{LONG}.economy", "air.domestic.average"]
)
def test_the_multiplier_applies_to_co2_alone(activity: str) -> None:
    none, headline, high = (
        rate(activity, rf_multiplier_tenths=tenths) for tenths in (10, 17, 30)
    )
    published = factors().find(activity, "ttw_with_rf").value_ug_per_m
    assert none.non_co2 == 0
    assert headline.ttw + headline.non_co2 == published
    assert high.non_co2 == divide(20 * headline.non_co2, 7)
    assert none.ttw == headline.ttw == high.ttw
    assert none.wtt == headline.wtt == high.wtt


def test_the_physical_supply_is_a_share_of_co2() -> None:
    published = rate(f"{LONG}.economy")
    physical = rate(f"{LONG}.economy", wtt_mode="physical")
    assert published.wtt == 24_610
    assert abs(physical.wtt - 0.2027 * published.non_co2 / 0.7) <= 1
    assert physical.ttw == published.ttw


@pytest.mark.parametrize("haul", [SHORT, LONG, "air.international"])
def test_a_business_seat_costs_more_than_an_economy_seat(haul: str) -> None:
    economy, business = rate(f"{haul}.economy"), rate(f"{haul}.business")
    assert economy.ttw < business.ttw
    assert economy.wtt < business.wtt
    assert economy.non_co2 < business.non_co2


def test_a_car_is_divided_by_the_people_in_it() -> None:
    per_car = rate("car.average", car_occupancy_tenths=10)
    for_three = rate("car.average", car_occupancy_tenths=30)
    assert per_car.total == 165_910 + 43_990
    assert abs(for_three.total * 3 - per_car.total) <= 3


def test_a_published_car_journey_agrees() -> None:
    """200 km at 0.1771 kg/km is 35.42 kg, for each of three people 11.8067."""
    values = {"ttw": 177_100, "wtt": 0}
    cars = {
        f"car.average.{boundary}": Factor(
            f"car.average.{boundary}", value, str(value), "kg/vehicle.km", boundary,
            "", "", 0, "", "", (), "",
        )
        for boundary, value in values.items()
    }  # fmt: skip
    made = FactorSet("made", "1", "none", "made", "", "", "", "", "", cars)
    alone = find_rate(made, Method(car_occupancy_tenths=10), "car.average")
    three = find_rate(made, Method(car_occupancy_tenths=30), "car.average")
    assert alone.total * 200_000 == 35_420_000_000
    assert round(three.total * 200_000 / 1e9, 3) == 11.807
    assert alone.total * 200_000 * 2 == 70_840_000_000


def test_french_trains_agree_with_the_published_journey() -> None:
    """100 km by Intercités, fuel only, is 0.58 kg."""
    assert rate("rail.FR").total * 100_000 == 580_000_000


def test_a_whole_value_counts_as_use_with_no_supply() -> None:
    found = rate("rail.SE")
    assert (found.ttw, found.wtt) == (12_900, 0)
    assert "split_unknown" in found.flags


def test_the_mean_of_two_countries_keeps_both_origins() -> None:
    mean = mean_rate("rail.DE-SE", [rate("rail.DE"), rate("rail.SE")])
    assert mean.total == divide(66_800 + 12_900, 2)
    assert [factor.id for factor in mean.factors] == ["rail.DE.wtw", "rail.SE.wtw"]


@pytest.mark.parametrize(
    "settings",
    [
        {"rf_multiplier_tenths": 20},
        {"rf_multiplier_tenths": 1.7},
        {"rf_multiplier_tenths": 17.0},
        {"wtt_mode": ["published"]},
        {"rail_cap_h": -1},
        {"rail_cap_h": True},
        {"coach_cap_h": 24.0},
        {"mode_policy": "cheapest"},
        {"car_occupancy_tenths": 0},
        {"unknown": 1},
    ],
)
def test_settings_outside_the_rules_are_refused_by_name(
    settings: dict[str, object],
) -> None:
    with pytest.raises(InvalidMethod, match=f"carbon setting {next(iter(settings))}"):
        Method.from_json(settings)


def test_every_setting_changes_the_digest_and_nothing_else_does() -> None:
    others = [
        {"factor_set": "other"},
        {"rf_multiplier_tenths": 30},
        {"wtt_mode": "physical"},
        {"band_rule": "desnz_strict"},
        {"mode_policy": "air"},
        {"cabin": "business"},
        {"rail_cap_h": 12},
        {"coach_cap_h": 12},
        {"car_occupancy_tenths": 20},
    ]
    assert len(others) == len(Method().to_json())
    digests = {Method.from_json(settings).digest for settings in others}
    assert len(digests | {Method().digest}) == len(others) + 1
    assert Method.from_json(Method().to_json()).digest == Method().digest
