"""What a student is told about her place."""

from dataclasses import replace

import pytest

from mobility.rounds.reasons import Choices, Held, explain, to_ordinal, to_steps
from solver.policy import to_json
from solver.policy_reader import read_policy

BALANCED = to_json(read_policy("balanced"))
CHOICES = Choices(
    rank_by_offer={"uu": 1, "lyon": 2, "ghent": 3},
    name_by_offer={"uu": "Uppsala", "lyon": "Lyon", "ghent": "Ghent"},
)


def held(wishes: str | None, balance: str | None, carbon: str | None) -> list[Held]:
    return [Held("wishes", wishes), Held("balance", balance), Held("carbon", carbon)]


def test_a_place_that_no_stage_moved_is_one_sentence() -> None:
    text = explain(held("uu", "uu", "uu"), CHOICES, BALANCED)
    assert text == "You have your first choice, Uppsala."


def test_a_move_by_carbon_names_both_places_and_what_carbon_may_not_do() -> None:
    assert explain(held("uu", "uu", "lyon"), CHOICES, BALANCED) == (
        "You have your second choice, Lyon. The carbon stage moved you one step, from "
        "your first choice, Uppsala, to your second choice, Lyon. Carbon never decides "
        "whether you get a place."
    )


def test_a_move_by_balance_does_not_speak_of_carbon() -> None:
    text = explain(held("uu", "ghent", "ghent"), CHOICES, BALANCED)
    assert "The balance stage moved you two steps" in text
    assert "Carbon" not in text


def test_a_move_up_is_said_to_be_one() -> None:
    assert "moved you up one step" in explain(
        held("lyon", "uu", "uu"), CHOICES, BALANCED
    )


def test_places_found_and_lost_by_a_stage_are_named() -> None:
    found = explain(held(None, "lyon", "lyon"), CHOICES, BALANCED)
    assert "The balance stage found your second choice, Lyon" in found
    lost = explain(held("lyon", None, None), CHOICES, BALANCED)
    assert lost.startswith("You have no place in this round")
    assert "Before the balance stage you held your second choice, Lyon." in lost


def test_a_choice_is_named_by_its_number_on_her_own_list() -> None:
    """Her second wish was not open to her: the third is one step below the first."""
    choices = replace(CHOICES, wish_by_offer={"uu": 1, "oslo": 2, "lyon": 3})
    assert explain(held("uu", "uu", "lyon"), choices, BALANCED).startswith(
        "You have your third choice (the second of those open to you), Lyon. "
        "The carbon stage moved you one step, from your first choice, Uppsala, to "
    )


def test_without_an_eligible_choice_the_list_is_named_as_the_reason() -> None:
    text = explain(held(None, None, None), Choices({}, {}), BALANCED)
    assert text == "You have no place: no offer on your list is open to you."


def test_an_unguarded_policy_promises_nothing_about_carbon() -> None:
    value = to_json(read_policy("balanced"))
    for stage in value["stages"]:  # type: ignore[attr-defined]  # a list of objects
        stage.pop("guard", None)
    text = explain(held("uu", "uu", "lyon"), CHOICES, value)
    assert "Carbon never decides" not in text


@pytest.mark.parametrize(
    ("rank", "word"),
    [(1, "first"), (6, "6th"), (11, "11th"), (22, "22nd"), (23, "23rd")],
)
def test_ranks_are_said_as_ordinals(rank: int, word: str) -> None:
    assert to_ordinal(rank) == word


def test_steps_are_said_in_words() -> None:
    assert [to_steps(1), to_steps(2), to_steps(12)] == [
        "one step",
        "two steps",
        "12 steps",
    ]
