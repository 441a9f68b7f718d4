"""`mobility factors`: Carol looks at sets, and at what a swap of sets does."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from travel import travel

from mobility.carbon.batch import footprints
from mobility.carbon.diff import compare_sets, reprice
from mobility.carbon.factors import factor_set_names, load_factor_set
from mobility.carbon.journey import to_grams, total_micrograms
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place
from mobility.cli.factors import command
from mobility.errors import InvalidInput, Refused

RUNNER = CliRunner()
JOURNEYS = """from,to
"Paris, FR","Lyon, FR"
"Nairobi, KE","Uppsala, SE"
"Palma, ES","Barcelona, ES"
"""


def call(*arguments: str) -> Result:
    return RUNNER.invoke(command, arguments)


def told(*arguments: str) -> dict[str, object]:
    result = call(*arguments, "--json")
    assert result.exception is None, result.exception
    document: dict[str, object] = json.loads(result.stdout)
    return document


@pytest.fixture
def journeys(tmp_path: Path) -> str:
    path = tmp_path / "journeys.csv"
    path.write_text(JOURNEYS, encoding="utf-8")
    return str(path)


def test_every_set_is_listed_with_its_use() -> None:
    listed = json.loads(call("list", "--json").stdout)
    assert [row["name"] for row in listed] == factor_set_names()
    assert {row["use"] for row in listed} == {"rounds", "cross-check"}
    table = call("list").stdout
    assert all(name in table for name in factor_set_names())


@pytest.mark.parametrize("name", factor_set_names())
def test_every_row_of_a_set_is_shown_with_its_source(name: str) -> None:
    document = told("show", name)
    factors = load_factor_set(name)
    assert document["digest"] == factors.digest
    rows = document["factors"]
    assert isinstance(rows, list)
    assert [row["id"] for row in rows] == list(factors.factors)
    assert all(row["source_row_id"] for row in rows)
    assert factors.digest in call("show", name).stdout


def test_two_sets_are_compared_factor_by_factor() -> None:
    document = told("diff", "desnz-2024", "desnz-2025")
    rows = document["factors"]
    assert isinstance(rows, list)
    by_id = {row["id"]: row for row in rows}
    economy = by_id["air.long-haul.economy.ttw_with_rf"]
    assert (economy["old"], economy["new"]) == ("0.20011", "0.11704")
    assert economy["change_permille"] == -415
    assert by_id["rail.FR.wtw"]["change_permille"] == 0
    assert "journeys" not in document
    only = told("diff", "desnz-2026", "ademe-2026")["factors"]
    assert isinstance(only, list)
    assert any(row["old"] is None for row in only)
    assert any(row["new"] is None for row in only)


def test_over_journeys_only_the_factors_differ(journeys: str) -> None:
    document = told("diff", "desnz-2024", "desnz-2026", "--journeys", journeys)
    found = document["journeys"]
    assert isinstance(found, dict)
    rows = found["rows"]
    assert [row["mode"] for row in rows] == ["rail", "air", "ferry"]
    assert rows[2]["old_g"] == rows[2]["new_g"]
    declared = travel("Nairobi, KE", "Uppsala, SE").total_g
    assert rows[1]["new_g"] == declared < rows[1]["old_g"]
    assert found["total"]["old_g"] == sum(row["old_g"] for row in rows)
    assert found["total"]["new_g"] == sum(row["new_g"] for row in rows)
    assert sum(part["journeys"] for part in found["by_mode"].values()) == 3
    plain = call("diff", "desnz-2024", "desnz-2026", "--journeys", journeys).stdout
    assert "all of the change is the factors'" in plain


@pytest.mark.slow
def test_a_set_against_itself_changes_nothing(journeys: str) -> None:
    document = told("diff", "desnz-2026", "desnz-2026", "--journeys", journeys)
    found = document["journeys"]
    assert isinstance(found, dict)
    assert found["total"]["change_permille"] == 0
    assert found["other_choice"] == 0


@pytest.mark.slow
def test_the_legs_stay_where_they_were_although_another_set_would_fly_elsewhere() -> (
    None
):
    """Airports are chosen by emissions; the comparison keeps those of the first set."""
    pairs = [
        (parse_place(home), parse_place("Nairobi, KE"))
        for home in ("Leuven, BE", "Heidelberg, DE", "Oxford, GB", "Coimbra, PT")
    ]
    old, new = load_factor_set("desnz-2024"), load_factor_set("desnz-2025")
    found = compare_sets(old, new, Method(), pairs)
    for row, before in zip(
        found.journeys, footprints(pairs, Method(), old), strict=True
    ):
        legs = [reprice(leg, Method(), new) for leg in before.chosen.legs]
        assert [leg.distance_m for leg in legs] == [
            leg.distance_m for leg in before.chosen.legs
        ]
        assert row.new_g == to_grams(total_micrograms(legs)) < row.old_g


@pytest.mark.slow
def test_journeys_that_a_set_cannot_price_are_left_out_by_name(journeys: str) -> None:
    result = call("diff", "desnz-2026", "ademe-2026", "--journeys", journeys)
    assert "left out: Palma, ES to Barcelona, ES by ferry" in result.stdout
    assert "no factor ferry.foot" in result.stdout
    document = told("diff", "desnz-2026", "ademe-2026", "--journeys", journeys)
    found = document["journeys"]
    assert isinstance(found, dict)
    assert found["total"]["journeys"] == 2


def test_unknown_sets_and_bad_files_are_refused(journeys: str, tmp_path: Path) -> None:
    for arguments in (
        ("show", "desnz-1999"),
        ("diff", "desnz-2026", "desnz-1999"),
        ("diff", "desnz-2026", "desnz-2025", "--journeys", str(tmp_path / "none.csv")),
    ):
        assert isinstance(call(*arguments).exception, Refused)


def test_a_journey_that_nobody_can_make_is_refused() -> None:
    """Tristan da Cunha is 2,400 km from the nearest airport."""
    factors = load_factor_set("desnz-2026")
    island = Place("Edinburgh of the Seven Seas", "SH", -37_067_000, -12_311_000)
    pairs = [(island, parse_place("Paris, FR"))]
    with pytest.raises(InvalidInput, match="no feasible mode with desnz-2026"):
        compare_sets(factors, factors, Method(), pairs)
