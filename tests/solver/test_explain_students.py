"""What students are told follows from the prices, and tells of nobody else."""

from random import Random
from typing import Any

import pytest
from brute_force import BruteForce
from contest import make_contest
from rich_worlds import make_case
from solving import solve_world

from solver.errors import InvalidResult
from solver.explain.prices import StagePrices
from solver.explain.reading import StageView, read_stages
from solver.explain.students import FEWEST, explain_all
from solver.explain.words import say_all
from solver.policy import to_json
from solver.policy_reader import read_policy

Table = dict[str, Any]
STUDENTS_FIRST = to_json(read_policy("students-first"))


def tell(world: Table, policy: Table, student: str) -> list[str]:
    explained = explain_all(world, solve_world(world, policy))
    return say_all(explained[student], str.capitalize)


def test_alice_is_told_what_lyon_was_worth_to_others_and_to_her() -> None:
    assert tell(make_contest(), STUDENTS_FIRST, "alice") == [
        "Your outcome is Ghent.",
        (
            "You ranked Lyon first. The only place at Lyon is taken. A place there was "
            "worth 3.0 rank steps more to others than Ghent; to you 1.0 rank steps. At "
            "these prices Ghent left you better off."
        ),
    ]


def test_a_student_without_a_place_is_told_what_leaving_her_out_counts() -> None:
    world = make_contest()
    world["offers"][3]["capacity"] = 2
    explained = explain_all(world, solve_world(world, STUDENTS_FIRST))
    left_out = next(each for each in explained.values() if each["offer"] is None)
    sentences = say_all(left_out, str.capitalize)
    assert sentences[0] == "Your outcome is no place."
    assert "where leaving a student without a place counts" in sentences[1]


def test_nothing_is_told_of_fewer_than_three_rivals() -> None:
    (choice,) = explain_all(
        make_contest(2), solve_world(make_contest(2), STUDENTS_FIRST)
    )["alice"]["choices"]
    assert choice == {"offer": "lyon", "rank": 1, "emissions_g": 0, "case": "few"}


def test_a_level_that_counts_no_rank_steps_is_told_without_them() -> None:
    said = tell(make_contest(), to_json(read_policy("generous")), "alice")
    assert said[1] == (
        "You ranked Lyon first. The only place at Lyon is taken. Others needed a place "
        "there more."
    )


def test_alice_is_told_what_was_ruled_out_before_the_run() -> None:
    world = make_contest()
    world["forbidden"] = [["alice", "lyon"]]
    assert tell(world, STUDENTS_FIRST, "alice")[1] == (
        "Lyon was not open to you: the pair was ruled out before the run."
    )


def test_a_mechanism_has_no_prices_to_explain_with() -> None:
    result = solve_world(make_contest(), STUDENTS_FIRST)
    result["mechanism"] = "serial_dictatorship"
    with pytest.raises(InvalidResult, match="it has no prices"):
        explain_all(make_contest(), result)


def count_rivals(view: StageView, world: Table, policy: Table, offer: str) -> int:
    """Return who holds an offer or would rather have it, counted from the files."""
    oracle, held = BruteForce(world, policy), view.claim.placements
    options, ids = view.ledger.options, view.world.students.ids
    is_open = {
        (ids[s], view.world.offers.ids[options.offer[o]])
        for s in range(len(ids))
        for o in options.of(s)
        if options.rank[o]
    }
    rank = {pair: choice["rank"] for pair, choice in oracle.choices.items()}
    return sum(
        held.get(s) == o or s not in held or rank[s, o] < rank[s, held[s]]
        for s, o in is_open
        if o == offer
    )


def find_price_faults(view: StageView) -> list[str]:
    """Return where a stage's prices do not add up, or leave somebody worse off."""
    if view.deciding is None:
        return []
    prices, faults = StagePrices(view, view.deciding), []
    for option, total in enumerate(prices.totals):
        parts = sum(prices.terms(option).values()) + prices.places(option)
        if parts != total:
            faults.append(f"option {option}: {parts} is not {total}")
    for student, taken in enumerate(view.taken):
        least = min(prices.totals[o] for o in prices.options.of(student))
        if not 0 <= prices.totals[taken] - least <= prices.gap:
            faults.append(f"student {student} pays more than the gap")
    return faults


def find_faults(world: Table, policy: Table) -> list[str]:
    """Return where an explanation breaks what its prices promise."""
    result = solve_world(world, policy)
    views = read_stages(world, result)
    faults = [fault for view in views for fault in find_price_faults(view)]
    for name, each in explain_all(world, result).items():
        say_all(each, str)
        for choice in each["choices"]:
            if "price" not in choice:
                continue
            rest = choice["price"] - choice["own_price"] - choice["worth"]
            if rest < -each["within"]:
                faults.append(f"{name} would rather have {choice['offer']}")
            others = count_rivals(views[-1], world, policy, choice["offer"]) - 1
            for item in choice["full"]:
                if "offer" in item and others != item["others"]:
                    faults.append(f"{choice['offer']}: {others} rivals")
                if item["others"] < FEWEST:
                    faults.append(f"{name} is told of {item}")
    return faults


def check_seeds(seeds: range, students: int) -> None:
    for seed in seeds:
        world, policy = make_case(Random(seed), students)
        assert find_faults(world, policy) == [], seed


def test_terms_add_up_and_nobody_would_rather_have_another_place() -> None:
    check_seeds(range(6), students=5)


@pytest.mark.slow
def test_terms_add_up_and_nobody_would_rather_in_many_worlds() -> None:
    check_seeds(range(1000, 1200), students=8)
