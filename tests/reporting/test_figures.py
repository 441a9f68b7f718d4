"""Figures say what the result's own metrics say, which the verifier recomputed."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from worlds import YEAR, empty_files, make_run

from mobility.eligibility import assess
from mobility.reporting.emissions import (
    by_mode,
    nearest_rank,
    to_distribution,
    to_stage_emissions,
)
from mobility.reporting.equity import GroupShare, to_opportunity, to_shares
from mobility.reporting.facts import RunFacts, to_facts
from mobility.reporting.lanes import to_lanes, to_partnerships
from mobility.reporting.ranks import to_profiles, to_transitions
from mobility.reporting.waterfall import EVERYONE, Scope, all_scopes, to_waterfall


@pytest.fixture(scope="module", params=[1, 2, 3])
def run(request: pytest.FixtureRequest) -> RunFacts:
    return make_run(students=150, seed=request.param)


def test_the_waterfall_of_everyone_is_the_results_metrics(run: RunFacts) -> None:
    for figures, stage in zip(to_waterfall(run).stages, run.stages, strict=True):
        told = stage.metrics
        assert figures.placed == told["placed"]
        assert figures.rank_total == told["rank_total"]
        assert figures.emissions_g == told["emissions_g"]
        assert figures.one_way_excess == told["one_way_excess"]
        assert figures.south_to_north == told["south_to_north"]
        assert figures.north_to_south == told["north_to_south"]
        moves = {key: getattr(figures.moves, key) for key in told["moves"]}
        assert moves == told["moves"]


def test_the_waterfalls_of_blocks_and_groups_are_the_results_metrics(
    run: RunFacts,
) -> None:
    scopes = [scope for scope in all_scopes(run) if scope != EVERYONE]
    assert {scope.attribute for scope in scopes} >= {"block", "income"}
    for scope in scopes:
        waterfall = to_waterfall(run, scope)
        for figures, stage in zip(waterfall.stages, run.stages, strict=True):
            told = (
                stage.metrics["blocks"]
                if scope.attribute == "block"
                else stage.metrics["groups"][scope.attribute]
            )[scope.value]
            assert waterfall.students == told["students"]
            assert figures.placed == told["placed"]
            assert figures.rank_total == told["rank_total"]
            assert figures.emissions_g == told["emissions_g"]


def test_moves_of_the_blocks_add_up_to_everyones() -> None:
    run = make_run(students=150, seed=4)
    blocks = [to_waterfall(run, s) for s in all_scopes(run) if s.attribute == "block"]
    whole = to_waterfall(run)
    assert len(blocks) == 2
    for at, stage in enumerate(whole.stages):
        assert stage.moves.worse == sum(each.stages[at].moves.worse for each in blocks)
        assert stage.moves.total == sum(each.stages[at].moves.total for each in blocks)


def test_a_place_that_comes_back_in_the_end_is_not_lost() -> None:
    run = make_run()
    there_and_back = replace(run, stages=(*run.stages, run.stages[0]))
    assert to_waterfall(run).lost_place > 0
    assert to_waterfall(there_and_back).lost_place == 0


def test_a_block_has_no_flow_that_starts_in_another() -> None:
    south = to_waterfall(make_run(), Scope("block", "south"))
    assert south.stages[0].north_to_south is None
    assert south.stages[0].one_way_excess is None
    assert south.stages[0].south_to_north is not None


def test_rank_profiles_are_the_results_metrics(run: RunFacts) -> None:
    for profile, stage in zip(to_profiles(run), run.stages, strict=True):
        told = {int(r): count for r, count in stage.metrics["rank_profile"].items()}
        shown = {at: count for at, count in enumerate(profile.counts, 1) if count}
        assert shown == told
        assert profile.unplaced == stage.metrics["unplaced"]


def test_transitions_count_every_student_and_everyone_who_moved(run: RunFacts) -> None:
    for transitions, stage in zip(to_transitions(run), run.stages[1:], strict=True):
        assert sum(transitions.counts.values()) == len(run.students)
        moved = sum(stage.metrics["moves"].values())
        assert sum(transitions.moved.values()) == moved


def test_partnerships_are_the_results_metrics(run: RunFacts) -> None:
    carried = {(each.north, each.south) for each in run.partnerships if each.carried}
    rows = {
        (row.lane.home.hei_id, row.lane.host.hei_id): row
        for row in to_partnerships(run)
    }
    told = {(row[0], row[1]): row[2:] for row in run.stages[-1].metrics["partnerships"]}
    assert rows.keys() == told.keys() | carried
    for pair, figures in told.items():
        lane = rows[pair].lane
        assert [lane.out, lane.back, lane.excess] == figures


def test_lanes_add_up_to_what_universities_send_and_receive(run: RunFacts) -> None:
    sent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for lane in to_lanes(run):
        sent[lane.home.hei_id] += lane.out
        received[lane.host.hei_id] += lane.out
    institutions = run.stages[-1].metrics["institutions"]
    assert +sent == {name: x["out"] for name, x in institutions.items() if x["out"]}
    assert +received == {name: x["in"] for name, x in institutions.items() if x["in"]}


def test_lanes_without_any_return_offer_come_first(run: RunFacts) -> None:
    for_good = [
        lane.is_north_to_south and not lane.has_return_offer for lane in to_lanes(run)
    ]
    assert for_good == sorted(for_good, reverse=True)


def test_one_universitys_lanes_are_those_from_and_to_it(run: RunFacts) -> None:
    school = to_lanes(run)[0].home.hei_id
    own = to_lanes(run, school=school)
    assert own
    assert set(own) == {
        lane for lane in to_lanes(run) if school in {lane.home.hei_id, lane.host.hei_id}
    }


def test_emissions_are_the_results_metrics(run: RunFacts) -> None:
    for figures, stage in zip(to_stage_emissions(run), run.stages, strict=True):
        assert figures.total.emissions_g == stage.metrics["emissions_g"]
        assert figures.median_g == stage.metrics["emissions_median_g"]
        assert figures.p90_g == stage.metrics["emissions_p90_g"]
    rows = by_mode(run)
    assert sum(row.emissions_g for row in rows) == figures.total.emissions_g
    assert sum(row.placements for row in rows) == figures.total.placements


def test_the_distribution_counts_every_journey_once(run: RunFacts) -> None:
    spread = to_distribution(run)
    assert spread is not None
    last = run.stages[-1].places.values()
    virtual = sum(place.mode == "virtual" for place in last)
    assert virtual > 0
    assert sum(spread.last) == len(last) - virtual
    assert len(spread.first) == len(spread.last)


def test_a_virtual_placement_has_no_day_abroad(run: RunFacts) -> None:
    by_key = {row.key: row for row in by_mode(run)}
    assert by_key["virtual"].days == 0
    assert by_key["air"].days > 0


def test_shares_are_the_results_metrics(run: RunFacts) -> None:
    blocks = run.stages[-1].metrics["blocks"]
    shown = {
        share.scope.value: (share.placed, share.students)
        for share in to_shares(run)
        if share.scope.attribute == "block"
    }
    assert shown == {key: (x["placed"], x["students"]) for key, x in blocks.items()}


@pytest.mark.parametrize(
    ("placed", "expected"), [(8, True), (7, False), (10, True), (0, False)]
)
def test_four_fifths_is_tested_in_integers(placed: int, *, expected: bool) -> None:
    share = GroupShare(Scope("income", "low"), 10, placed, placed, 30, 30)
    assert share.is_four_fifths is expected
    assert share.ratio == Fraction(placed, 10)


def test_opportunity_counts_every_eligible_offer(run: RunFacts) -> None:
    pairs = [
        (student, offer)
        for student in run.students
        for offer in run.offers.values()
        if assess(student.applicant, offer.terms, YEAR).is_eligible
    ]
    whole = to_opportunity(run)[0]
    assert 0 < whole.offers_open == len(pairs)
    assert whole.places_open == sum(offer.capacity for _, offer in pairs)
    assert whole.places == sum(
        run.offers[key].capacity for key in {offer.key for _, offer in pairs}
    )


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 20), (90, 40), (1, 10), (100, 40)]
)
def test_percentiles_are_by_nearest_rank(percent: int, expected: int) -> None:
    assert nearest_rank([10, 20, 30, 40], percent) == expected


def test_an_empty_round_has_figures_of_nothing() -> None:
    run = to_facts("empty", *empty_files())
    assert to_waterfall(run).students == 0
    assert to_waterfall(run).stages[0].mean_rank is None
    assert to_lanes(run) == to_partnerships(run) == to_shares(run) == ()
    assert to_distribution(run) is None
    assert to_stage_emissions(run)[0].median_g == 0
