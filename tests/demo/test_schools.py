"""The carried-over schools and facts agree with the lists that they come from."""

import csv
import os
from pathlib import Path

import pytest

from mobility.demo.facts import FACTS
from mobility.demo.schools import SCHOOLS, choose_schools, read_schools
from mobility.records.checks import HEI_ID

DATA = Path(__file__).parents[3] / "shared" / "data"


def read(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        reason = "the source lists are not beside this checkout"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def carried_over() -> list[dict[str, str]]:
    with SCHOOLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_names_cities_and_coordinates_are_those_of_the_list() -> None:
    by_number = {
        row["id"]: row for row in read("institutions/medical_schools_seed.csv")
    }
    for row in carried_over():
        source = by_number[row["list_id"]]
        assert (row["name"], row["city"]) == (source["name"], source["city"])
        assert row["country"] == source["country_iso2"]
        assert int(row["latitude_udeg"]) == round(float(source["lat"]) * 10**6)
        assert int(row["longitude_udeg"]) == round(float(source["lon"]) * 10**6)


def test_blocks_agree_with_the_derived_column_of_the_country_table() -> None:
    grouped = {
        row["iso2"]: row["unctad_style_rule_derived"]
        for row in read("geo/country_groups.csv")
    }
    for row in carried_over():
        is_developed = grouped[row["country"]] == "developed"
        assert row["block"] == ("north" if is_developed else "south")


def test_erasmus_codes_and_websites_are_those_of_the_charter_list() -> None:
    websites = {
        row["erasmus_code"]: row["website"]
        for row in read("institutions/hei_eche_europe.csv")
    }
    coded = [row for row in carried_over() if row["erasmus_code"]]
    assert len(coded) > 15
    for row in coded:
        assert row["hei_id"] in websites[row["erasmus_code"]]


def test_ids_are_domains_and_say_where_they_come_from() -> None:
    rows = carried_over()
    assert len({row["hei_id"] for row in rows}) == len(rows)
    for row in rows:
        assert HEI_ID.fullmatch(row["hei_id"])
        from_list = row["hei_id_source"] == "Erasmus charter list, website"
        assert from_list == bool(row["erasmus_code"])


def test_a_few_schools_are_taken_from_both_blocks_alike() -> None:
    few = choose_schools(read_schools(), 7)
    assert sorted(school.block for school in few) == ["north"] * 4 + ["south"] * 3


def test_published_numbers_are_those_of_the_evidence_list() -> None:
    rows = {row["id"]: row for row in read("flows/evidence_reciprocity.csv")}
    both_ways = {
        "R01": ("n_to_from", "n_from_to"),
        "R19": ("n_from_to", "n_to_from"),
    }
    for key, columns in both_ways.items():
        assert FACTS[key].numbers == tuple(int(rows[key][name]) for name in columns)
    out_of, reports = FACTS["R17"].numbers
    assert f"{out_of} of {reports} health reports" in rows["R17"]["statement"]
    (asked,) = FACTS["R20"].numbers
    assert int(rows["R20"]["n_to_from"]) == asked
    assert FACTS.keys() <= rows.keys()
