"""What everybody may read without an account: the method, its sources, statistics."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from audited_world import OTHER, Audited, open_audit
from round_world import KEY
from sqlmodel import select
from visitors import Visitor

from mobility import models as m
from mobility.carbon.batch import footprints
from mobility.carbon.factors import factor_set_names, load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.places import parse_place
from mobility.carbon.worked_example import EXAMPLES, work_out
from mobility.db import unit
from mobility.web.mechanism_words import OPTIMISE, mechanism_names
from solver.mechanism_table import read_properties
from solver.policy_reader import preset_names, read_policy


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Audited]:
    audited = open_audit(sqlite_template, tmp_path)
    yield audited
    audited.engine.dispose()


@pytest.mark.parametrize("name", preset_names())
def test_every_policy_is_told_in_its_own_sentences(visitor: Visitor, name: str) -> None:
    page = visitor.get(f"/method/policies/{name}").text.replace("&#39;", "'")
    says = [stage.say for stage in read_policy(name).stages if stage.say]
    says += [level.say for _, level in read_policy(name).levels() if level.say]
    assert says
    assert [say for say in says if say not in page] == []


def test_the_method_page_says_what_is_not_guaranteed(visitor: Visitor) -> None:
    page = visitor.get("/method").text
    assert "No method that optimises ranks is" in page
    for name in preset_names():
        assert name in page


def test_the_method_page_tells_what_every_mechanism_promises(visitor: Visitor) -> None:
    page = unescape(visitor.get("/method").text)
    assert "What is published comes from one mechanism, optimisation" in page
    assert {row.name for row in read_properties()} == {*mechanism_names()}
    for row in read_properties():
        if row.name != OPTIMISE:
            says = [row.say, *(promise.say for promise in row.promises.values())]
            assert mechanism_names()[row.name] in page
            assert [say for say in says if say not in page] == []


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_the_examples_are_what_the_programme_computes_line_by_line(
    visitor: Visitor, kind: str
) -> None:
    page = unescape(visitor.get("/method/emissions").text)
    method = Method()
    factors = load_factor_set(method.factor_set)
    pair = (parse_place(EXAMPLES[kind][0]), parse_place(EXAMPLES[kind][1]))
    found = footprints([pair], method, factors)[0].by_mode(kind)
    worked = work_out(found, method, factors)
    assert f"<strong>{found.total_g:,}</strong>" in page
    assert f"{worked.exact_ug / 1e6:,.6f}" in page
    for line in worked.lines:
        assert f"{line.product_ug / 1e6:,.6f}" in page
        assert f"{line.rate_ug_per_m:,}" in page
        for factor in line.factors:
            assert f"#{factor.id}" in page
            assert f"{factor.value} {factor.unit}" in page


def test_every_judgement_is_marked_with_its_number_and_its_reason(
    visitor: Visitor,
) -> None:
    page = unescape(visitor.get("/method/emissions").text)
    assert "D 1." in page
    for value in (
        "25 km",
        "large within 250 km, else medium within 150 km",
        "9,000 km",
        "5 %",
        "90 km per hour, 24 h",
        "1, 1.7, 3",
        "\N{DIVISION SIGN} 1.6",
    ):
        assert value in page


def test_a_change_of_factors_is_told_apart_from_travel(visitor: Visitor) -> None:
    page = visitor.get("/method/factor-changes/desnz-2024/desnz-2025").text
    row = page[page.index(">air.long-haul.economy.ttw_with_rf<") :][:400]
    assert "-41.5" in row or "-41.4" in row
    assert "every metre the same" in page
    assert visitor.get("/method/factor-changes/desnz-2024/none").status_code == 404


@pytest.mark.parametrize("name", factor_set_names())
def test_any_two_sets_can_be_compared(visitor: Visitor, name: str) -> None:
    page = visitor.get(f"/method/factor-changes/{name}/desnz-2026")
    assert page.status_code == 200


@pytest.mark.parametrize("name", factor_set_names())
def test_every_factor_stands_on_its_sets_page_with_its_source(
    visitor: Visitor, name: str
) -> None:
    page = visitor.get(f"/method/factors/{name}").text
    factors = load_factor_set(name).factors.values()
    assert [row.id for row in factors if f'id="{row.id}"' not in page] == []
    assert [row.id for row in factors if row.source_row_id not in page] == []


def test_whose_data_it_is_and_under_which_licence_is_said(visitor: Visitor) -> None:
    page = visitor.get("/method/sources").text
    for words in (
        "Open Government Licence v3.0",
        "GeoNames",
        "CC BY 4.0",
        "OurAirports",
        "Natural Earth",
        "ADEME Impact CO2",
        "myclimate",
    ):
        assert words in page


@pytest.mark.parametrize(
    "address",
    ["/method/policies/none", "/method/factors/none", "/statistics/none"],
)
def test_what_is_not_there_is_not_found(visitor: Visitor, address: str) -> None:
    assert visitor.get(address).status_code == 404


def test_without_a_published_round_there_are_no_figures_yet(visitor: Visitor) -> None:
    assert "No round is published yet" in visitor.get("/statistics").text


def test_a_round_of_three_students_tells_nothing_of_them(site: Audited) -> None:
    visitor = Visitor(site.app.test_client())
    page = visitor.get(f"/statistics/{KEY}")
    assert page.status_code == 200
    assert "Too few students took part" in page.text
    assert "choice 1" not in page.text


def test_rounds_that_are_not_published_are_no_statistics(site: Audited) -> None:
    visitor = Visitor(site.app.test_client())
    assert f"/statistics/{KEY}" in visitor.get("/statistics").text
    assert visitor.get(f"/statistics/{OTHER}").status_code == 404


def test_a_test_round_is_no_statistics(site: Audited) -> None:
    with unit(site.engine) as session:
        session.exec(select(m.Round).where(m.Round.key == KEY)).one().is_dry_run = True
    visitor = Visitor(site.app.test_client())
    assert f"/statistics/{KEY}" not in visitor.get("/statistics").text
    assert visitor.get(f"/statistics/{KEY}").status_code == 404
