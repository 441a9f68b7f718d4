"""What everybody may read without an account: the method, its sources, statistics."""

from collections.abc import Iterator
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
from mobility.db import unit
from mobility.web.public_method import EXAMPLES
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


def test_only_the_mechanism_that_exists_is_named(visitor: Visitor) -> None:
    page = visitor.get("/method").text
    assert "One mechanism is in use" in page
    assert "dictatorship" not in page
    assert "trading cycles" not in page


@pytest.mark.parametrize(("number", "ends"), list(enumerate(EXAMPLES)))
def test_the_example_is_what_the_programme_computes(
    visitor: Visitor, number: int, ends: tuple[str, str]
) -> None:
    page = visitor.get(f"/method/emissions?example={number}").text
    method = Method()
    pair = (parse_place(ends[0]), parse_place(ends[1]))
    found = footprints([pair], method, load_factor_set(method.factor_set))[0]
    assert f"<strong>{found.total_g:,}</strong>" in page
    for leg in found.chosen.legs:
        for factor in leg.rate.factors:
            assert f"#{factor.id}" in page


def test_an_example_that_is_not_there_is_the_first(visitor: Visitor) -> None:
    first = visitor.get("/method/emissions").text
    for asked in ("99", "-1", "x"):
        page = visitor.get(f"/method/emissions?example={asked}").text
        assert "<strong>Nairobi, KE" in page
        assert "<strong>Nairobi, KE" in first


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
