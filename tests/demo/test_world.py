"""The constructed world: its references, its published facts, its determinism."""

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.demo.build import Size, build_world
from mobility.demo.choices import may_rank
from mobility.demo.facts import FACTS
from mobility.demo.term import Term, next_term
from mobility.demo.world import Condition, Offer, Round, World
from solver.fileio import to_canonical, to_digest

NORTH_SOUTH = ("north", "south")
SMALL = Size(schools=6, settled=20, published=40, open=8)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world()


@pytest.fixture(scope="module")
def block(world: World) -> dict[str, str]:
    return {school.hei_id: school.block for school in world.schools}


def digest(world: World) -> str:
    return to_digest(to_canonical(_plain(dataclasses.asdict(world))))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def present(world: World) -> Round:
    return world.rounds[1]


def conditions(world: World) -> dict[tuple[str, str], Condition]:
    return {
        (agreement.iia_id, condition.key): condition
        for agreement in world.agreements
        for condition in agreement.conditions
    }


def places(
    offers: tuple[Offer, ...], block: dict[str, str]
) -> Counter[tuple[str, str]]:
    """Count the places that are not virtual by block of home and host."""
    count: Counter[tuple[str, str]] = Counter()
    for offer in offers:
        if offer.mode != "virtual":
            count[block[offer.sending], block[offer.receiving]] += offer.capacity
    return count


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.demo.test_world import SMALL, digest, build_world;"
        "print(digest(build_world(5, SMALL)))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "3"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest(build_world(5, SMALL))


def test_another_seed_gives_another_world() -> None:
    assert digest(build_world(5, SMALL)) != digest(build_world(6, SMALL))


def check_references(world: World) -> None:
    """Check what every world of any size must hold."""
    schools = {school.hei_id for school in world.schools}
    by_key = conditions(world)
    students = {student.key: student for student in world.students}
    assert len(students) == len(world.students)
    assert len({student.email for student in world.students}) == len(students)
    assert {c.sending for c in by_key.values()} <= schools
    assert {c.receiving for c in by_key.values()} <= schools
    for partnership in world.partnerships:
        assert {partnership.north, partnership.south} <= schools
    for a_round in world.rounds:
        offers = {offer.key: offer for offer in a_round.offers}
        assert len(offers) == len(a_round.offers)
        for offer in offers.values():
            condition = by_key[offer.iia_id, offer.condition]
            assert (offer.sending, offer.receiving) == (
                condition.sending,
                condition.receiving,
            )
            assert 1 <= offer.capacity <= condition.mobilities_per_year
        for quota in a_round.quotas:
            assert set(quota.offers) <= offers.keys()
            assert {student for student, _ in quota.pairs} <= students.keys()
            assert {offer for _, offer in quota.pairs} <= offers.keys()
            assert quota.capacity >= 1
        keys = [quota.key for quota in a_round.quotas]
        assert len(keys) == len(set(keys))
        applicants = [application.student for application in a_round.applications]
        assert len(applicants) == len(set(applicants))
        for application in a_round.applications:
            student = students[application.student]
            assert student.key.startswith(a_round.key)
            assert len(application.ranking) == len(set(application.ranking)) >= 1
            for key in application.ranking:
                offer = offers[key]
                assert may_rank(student, by_key[offer.iia_id, offer.condition])
    for member in world.cast:
        assert member.institution in schools | {""}
        assert member.student in students.keys() | {""}


def test_every_reference_of_the_whole_world_resolves(world: World) -> None:
    check_references(world)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    schools=st.integers(2, 14),
    students=st.integers(1, 60),
)
def test_worlds_of_any_size_and_seed_hold_together(
    seed: int, schools: int, students: int
) -> None:
    size = Size(schools=schools, settled=students, published=students, open=5)
    built = build_world(seed, size)
    check_references(built)
    assert len(built.schools) == schools
    assert len(built.students) == 2 * students + 5 + 1


def test_the_world_has_the_size_that_is_promised(world: World) -> None:
    applications = len(present(world).applications)
    all_places = sum(offer.capacity for offer in present(world).offers)
    assert len(world.schools) == 60
    assert 1180 <= applications <= 1200
    assert 85 * applications <= 100 * all_places <= 95 * applications


def test_every_school_has_a_block_with_source_and_date(world: World) -> None:
    for school in world.schools:
        assert school.block in {"north", "south"}
        assert "UNCTAD" in school.block_source
        assert school.block_date == date(2026, 11, 22)
    blocks = Counter(school.block for school in world.schools)
    assert blocks == {"north": 30, "south": 30}
    assert len({school.region for school in world.schools}) >= 15


def test_the_south_has_the_published_share_of_northern_choices(
    world: World, block: dict[str, str]
) -> None:
    offers = {offer.key: offer for offer in present(world).offers}
    hosts = Counter(
        block[offers[key].receiving]
        for application in present(world).applications
        for key in application.ranking
        if block[offers[key].sending] == "north" and offers[key].mode != "virtual"
    )
    south, all_reports = FACTS["R17"].numbers
    share = hosts["south"] / hosts.total()
    assert share == pytest.approx(south / all_reports, abs=0.04)


def test_places_between_blocks_lie_between_balance_and_the_published_worst(
    world: World, block: dict[str, str]
) -> None:
    out_of_north, out_of_south = FACTS["R19"].numbers
    count = places(present(world).offers, block)
    ratio = count["north", "south"] / count["south", "north"]
    assert 2 <= ratio <= out_of_north / out_of_south


def test_half_of_the_lanes_to_the_south_have_no_return(
    world: World, block: dict[str, str]
) -> None:
    lanes = {(c.sending, c.receiving) for c in conditions(world).values()}
    to_south = {
        lane for lane in lanes if (block[lane[0]], block[lane[1]]) == NORTH_SOUTH
    }
    without = [lane for lane in to_south if (lane[1], lane[0]) not in lanes]
    assert len(without) / len(to_south) == pytest.approx(0.5, abs=0.08)


def test_southern_students_have_fewer_offers_and_put_northern_hosts_first(
    world: World, block: dict[str, str]
) -> None:
    offers = {offer.key: offer for offer in present(world).offers}
    lengths: dict[str, list[int]] = {"north": [], "south": []}
    firsts: Counter[str] = Counter()
    home = {student.key: block[student.sending] for student in world.students}
    for application in present(world).applications:
        lengths[home[application.student]].append(len(application.ranking))
        if home[application.student] == "south":
            firsts[block[offers[application.ranking[0]].receiving]] += 1
    mean = {key: sum(counts) / len(counts) for key, counts in lengths.items()}
    assert mean["south"] < mean["north"]
    assert 4 <= mean["south"] <= mean["north"] <= 8
    assert firsts["north"] > firsts["south"]


def test_agreements_have_mostly_two_to_six_places(world: World) -> None:
    counts = [c.mobilities_per_year for c in conditions(world).values()]
    assert max(counts) <= 6
    assert sum(count >= 2 for count in counts) >= 0.9 * len(counts)


def test_conditions_are_electives_of_four_to_eight_weeks_or_semesters(
    world: World,
) -> None:
    for condition in conditions(world).values():
        assert condition.isced_f_codes == ("0912",)
        assert condition.eqf_levels == (7,)
        if condition.kind == "SMT":
            assert 28 <= condition.duration_days <= 56
    kinds = {condition.kind for condition in conditions(world).values()}
    modes = {condition.mode for condition in conditions(world).values()}
    assert kinds == {"SMT", "SMS"}
    assert modes == {"physical", "blended", "virtual"}


def test_a_virtual_offer_is_a_schools_own(world: World) -> None:
    for offer in present(world).offers:
        assert (offer.mode == "virtual") == (offer.sending == offer.receiving)


def test_quotas_overlap_and_some_of_every_kind_bind(world: World) -> None:
    offers = {offer.key: offer for offer in present(world).offers}
    tight: Counter[str] = Counter()
    caps: Counter[str] = Counter()
    for quota in present(world).quotas:
        caps.update(quota.offers)
        total = sum(offers[key].capacity for key in quota.offers)
        tight[quota.kind] += quota.capacity < total + len(quota.pairs)
    assert set(tight) == {"host", "ward", "faculty", "level"}
    assert min(tight.values()) > 0
    assert max(caps.values()) >= 3


def test_offers_under_a_ward_quota_are_there_at_the_same_time(world: World) -> None:
    offers = {offer.key: offer for offer in present(world).offers}
    for quota in present(world).quotas:
        if quota.kind == "ward":
            members = [offers[key] for key in quota.offers]
            last_start = max(offer.starts_on for offer in members)
            assert last_start < min(offer.ends_on for offer in members)
            assert len({(offer.receiving, offer.ounit) for offer in members}) == 1


def test_nobody_in_it_can_be_taken_for_a_real_person(world: World) -> None:
    assert "Constructed" in world.notice
    for person in (*world.students, *world.cast):
        assert " Sample" in person.name
        assert person.email.endswith(".example")


def test_students_carry_the_groups_and_languages_that_rounds_weigh(
    world: World,
) -> None:
    incomes = Counter(dict(student.groups).get("income") for student in world.students)
    assert set(incomes) == {"low", "middle", "high", None}
    assert incomes[None] < 0.05 * len(world.students)
    for student in world.students:
        assert "first_generation" in dict(student.groups)
        assert 0 <= student.merit <= 10000
        assert student.languages


def test_alice_has_offers_and_has_ranked_nothing_yet(world: World) -> None:
    alice = next(member for member in world.cast if member.role == "student")
    a_round = world.rounds[2]
    offers = [offer for offer in a_round.offers if offer.sending == alice.institution]
    assert a_round.reaches == "open"
    assert len(offers) >= 4
    assert alice.student not in {a.student for a in a_round.applications}


def test_the_cast_has_one_of_each_role(world: World) -> None:
    roles = {member.name.split()[0]: member.role for member in world.cast}
    assert roles == {
        "Alice": "student",
        "Bob": "coordinator",
        "Dana": "network_coordinator",
        "Carol": "auditor",
        "Henry": "host",
    }


@given(today=st.dates(date(2026, 1, 1), date(2034, 12, 31)))
@settings(deadline=None)
def test_last_rounds_stays_are_over_and_this_rounds_lie_ahead(today: date) -> None:
    term = next_term(today)
    last = term.shifted(-2)
    for period in (0, 1):
        assert term.starts_on(period) > today
        assert term.starts_on(period).weekday() == 0
        assert (today - last.starts_on(period)).days >= 56
    assert (today - last.starts_on(0)).days >= 119


def test_a_term_names_its_round_and_its_academic_year() -> None:
    assert Term(2027, "spring").key == "2027-spring"
    assert Term(2027, "spring").academic_year_id == "2026/2027"
    assert Term(2027, "autumn").academic_year_id == "2027/2028"
    assert Term(2027, "spring").shifted(-3) == Term(2025, "autumn")
