"""Deferred acceptance says why it is not defined, and never approximates."""

from typing import Any

import pytest

from solver.errors import Refused
from solver.instance_reader import parse_instance
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.registry import run_mechanism

Table = dict[str, Any]


def make_world(**parts: Any) -> Table:  # noqa: ANN401 - parts of a JSON file
    """Return three students who want lyon, ghent and turin, in this order."""
    offers = ("lyon", "ghent", "turin")
    return {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": [{"id": "lund.se", "country": "SE"}],
        "offers": [{"id": o, "receiving": "lund.se", "capacity": 1} for o in offers],
        "students": [
            {
                "id": name,
                "sending": "lund.se",
                "merit": merit,
                "choices": [{"offer": offer} for offer in offers],
            }
            for merit, name in enumerate(("anna", "astrid", "alice"))
        ],
    } | parts


def quota(name: str, capacity: int, **parts: list[Any]) -> Table:
    return {"id": name, "capacity": capacity} | parts


def why_not(world: Table) -> tuple[str, ...]:
    """Return why deferred acceptance is not applicable."""
    with pytest.raises(NotApplicable) as refusal:
        run_mechanism("deferred_acceptance", parse_instance(world))
    return refusal.value.problems


def placed(world: Table) -> Table:
    instance = parse_instance(world)
    return dict(run_mechanism("deferred_acceptance", instance).placements)


def test_quotas_that_cross_are_named_with_a_choice_on_each_side() -> None:
    quotas = [
        quota("arts", 1, offers=["lyon", "ghent"]),
        quota("sciences", 1, offers=["ghent", "turin"]),
    ]
    (problem,) = why_not(make_world(quotas=quotas))
    assert problem == (
        "quota sciences and quota arts cross: both count choices of ghent, only quota "
        "sciences counts choices of turin, only quota arts counts choices of lyon"
    )


def test_every_quota_that_crosses_is_named() -> None:
    pairs = [["anna", "lyon"], ["astrid", "ghent"]]
    quotas = [
        quota("arts", 1, offers=["lyon", "ghent"]),
        quota("sciences", 1, offers=["ghent", "turin"]),
        quota("ward", 1, choices=pairs),
    ]
    problems = why_not(make_world(quotas=quotas))
    for name in ("quota arts", "quota sciences", "quota ward"):
        assert name in "\n".join(problems)
    assert any("both count anna's choice of lyon" in problem for problem in problems)


def test_quotas_that_nest_are_kept() -> None:
    pairs = [["alice", "lyon"], ["astrid", "lyon"]]
    quotas = [
        quota("all", 2, offers=["lyon", "ghent", "turin"]),
        quota("arts", 1, offers=["lyon", "ghent"]),
        quota("ward", 0, choices=pairs),
    ]
    found = placed(make_world(quotas=quotas))
    assert found == {"alice": "ghent", "astrid": "turin"}


def test_a_quota_naming_every_choice_of_two_offers_nests_around_them() -> None:
    names = ("alice", "anna", "astrid")
    pairs = [[name, offer] for name in names for offer in ("lyon", "ghent")]
    found = placed(make_world(quotas=[quota("arts", 1, choices=pairs)]))
    assert found == {"alice": "lyon", "astrid": "turin"}


def test_lists_that_contradict_each_other_inside_a_quota_are_named() -> None:
    priority = {"lyon": ["anna", "alice"], "ghent": ["alice", "anna"]}
    quotas = [quota("arts", 1, offers=["lyon", "ghent"])]
    (problem,) = why_not(make_world(quotas=quotas, priority=priority))
    assert problem.startswith("quota arts joins offers whose orders contradict each")
    assert "anna before alice at lyon" in problem
    assert "alice before anna at ghent" in problem


def test_a_list_against_merit_elsewhere_in_the_quota_is_named() -> None:
    quotas = [quota("arts", 1, offers=["lyon", "ghent"])]
    priority = {"lyon": ["anna", "astrid"]}
    (problem,) = why_not(make_world(quotas=quotas, priority=priority))
    assert "anna before astrid at lyon" in problem
    assert "astrid before anna at ghent" in problem


def test_lists_that_agree_inside_a_quota_are_followed() -> None:
    priority = {"lyon": ["anna", "alice"], "ghent": ["astrid", "anna", "alice"]}
    quotas = [quota("arts", 2, offers=["lyon", "ghent"])]
    found = placed(make_world(quotas=quotas, priority=priority))
    assert found == {"anna": "lyon", "astrid": "ghent", "alice": "turin"}


def test_lists_may_differ_where_no_quota_joins_their_offers() -> None:
    priority = {"lyon": ["anna"], "ghent": ["astrid", "alice"], "turin": ["alice"]}
    found = placed(make_world(priority=priority))
    assert found == {"anna": "lyon", "astrid": "ghent", "alice": "turin"}


def test_an_unknown_mechanism_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="no mechanism 'fairest'; there are serial_dict"):
        run_mechanism("fairest", parse_instance(make_world()))
