"""The verifier follows a mechanism's rule by itself and tells what differs."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from mechanism_worlds import choose_some, make_exchange_world, make_nested_world
from tiny_worlds import make_policy, make_world, to_bytes

from solver.fileio import to_canonical
from solver.instance_reader import parse_instance
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.registry import MECHANISMS, run_mechanism
from solver.mechanisms.writing import to_json
from solver.policy_reader import parse_policy
from solver.verify import verify

Table = dict[str, Any]


def make_result(world: Table, name: str, policy: Table) -> Table:
    instance = parse_instance(world)
    outcome = run_mechanism(name, instance)
    return to_json(outcome, instance, parse_policy(policy), to_bytes(world))


def find_facts(world: Table, result: Table) -> tuple[str, ...]:
    return verify(to_bytes(world), to_canonical(result), every=True).facts


def make_joined_world(random: Random) -> Table:
    """Return a nested world whose joined lists may leave the order open, or clash."""
    world = make_nested_world(random, 5)
    for student in world["students"]:
        student["merit"] = random.randint(0, 2)
    names = [student["id"] for student in world["students"]]
    is_agreed = random.random() < 0.7
    for offer in world["priority"]:
        some = choose_some(random, names)
        shuffled = random.sample(some, len(some))
        world["priority"][offer] = some if is_agreed else shuffled
    return world


def make_any_world(random: Random) -> Table:
    return make_world(random, 6)


WORLDS = (make_any_world, make_exchange_world, make_nested_world, make_joined_world)


def count_agreements(
    make: Callable[[Random], Table], name: str, seeds: range
) -> dict[str, int]:
    """Check each result; return how often the mechanism gave one, and how often not."""
    counts = {"placed": 0, "refused": 0}
    for seed in seeds:
        random = Random(seed)
        world = make(random)
        try:
            result = make_result(world, name, make_policy(random))
        except NotApplicable:
            counts["refused"] += 1
            # a placement of another rule may not be passed off as this one's
            result = make_result(world, "serial_dictatorship", make_policy(random))
            result["mechanism"] = result["stages"][0]["name"] = name
            facts = find_facts(world, result)
            assert any("not applicable here" in fact for fact in facts), seed
        else:
            counts["placed"] += 1
            assert (seed, find_facts(world, result)) == (seed, ())
    return counts


@pytest.mark.parametrize("name", MECHANISMS)
def test_what_a_mechanism_gives_is_verified(name: str) -> None:
    for make in WORLDS:
        assert count_agreements(make, name, range(12))["placed"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("make", WORLDS)
def test_what_a_mechanism_gives_is_verified_in_many_worlds(
    name: str, make: Callable[[Random], Table]
) -> None:
    counts = count_agreements(make, name, range(1000, 1600))
    assert counts["placed"] > 100


@pytest.mark.slow
def test_clashing_lists_are_refused_by_both() -> None:
    counts = count_agreements(
        make_joined_world, "deferred_acceptance", range(2000, 3000)
    )
    assert counts["refused"] > 20


def make_case() -> tuple[Table, Table]:
    """Return a world where Alice has more merit than Astrid, and its placement."""
    students = [
        {
            "id": name,
            "sending": "lund.se",
            "merit": merit,
            "choices": [{"offer": "lyon"}, {"offer": "ghent"}],
        }
        for name, merit in (("alice", 2), ("astrid", 1))
    ]
    offers = [
        {"id": offer, "receiving": "lund.se", "capacity": 1}
        for offer in ("ghent", "lyon")
    ]
    world = {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": [{"id": "lund.se", "country": "SE"}],
        "offers": offers,
        "students": students,
    }
    policy = {
        "format": "mobility-policy/1",
        "name": "places",
        "rank_cost": [0],
        "levels": [{"name": "placed", "weights": {"unplaced": 1}}],
    }
    return world, make_result(world, "serial_dictatorship", policy)


def forge(change: Callable[[Table, Table], None]) -> tuple[str, ...]:
    """Return the broken facts of a result changed by ``change(result, stage)``."""
    world, result = make_case()
    forged = deepcopy(result)
    change(forged, forged["stages"][0])
    return find_facts(world, forged)


def swap(result: Table, stage: Table) -> None:
    stage["placements"] = {"alice": "ghent", "astrid": "lyon"}
    result["placements"] = stage["placements"]


def claim_optimum(result: Table, _: Table) -> None:
    result["status"] = "optimal"


def forget_the_mechanism(result: Table, _: Table) -> None:
    del result["mechanism"]


def name_another(result: Table, stage: Table) -> None:
    result["mechanism"] = stage["name"] = "fairest"


def claim_a_level(_: Table, stage: Table) -> None:
    stage["levels"] = [
        {"name": "placed", "best": 0, "bound": 0, "limit": 0, "value": 0}
    ]


def count_wrongly(_: Table, stage: Table) -> None:
    stage["metrics"]["placed"] = 1


def overfill(result: Table, stage: Table) -> None:
    stage["placements"] = result["placements"] = {"alice": "lyon", "astrid": "lyon"}


def leave_one_out(result: Table, _: Table) -> None:
    result["placements"] = {"alice": "lyon"}


FORGERIES = {
    swap: (
        "stage serial_dictatorship: student alice has offer ghent, the rule gives "
        "her offer lyon"
    ),
    claim_optimum: "result: status: 'optimal' must be one of mechanism",
    forget_the_mechanism: "result: status: 'mechanism' must be one of optimal, bounded",
    name_another: "result: mechanism 'fairest' is unknown",
    claim_a_level: "result: a mechanism has no levels, equity prices or carbon rate",
    count_wrongly: "stage serial_dictatorship: metrics: placed is 1, counted 2",
    overfill: "stage serial_dictatorship: offer lyon: 2 students placed, capacity 1",
    leave_one_out: "result: placements are not those of the last stage",
}


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
def test_a_forged_result_of_a_mechanism_is_refused(
    change: Callable[[Table, Table], None],
) -> None:
    assert forge(change)[0] == FORGERIES[change]


def test_a_result_of_a_mechanism_holds_for_its_own_instance_alone() -> None:
    world, result = make_case()
    assert find_facts(world, result) == ()
    assert find_facts(world | {"id": "2027-autumn"}, result)[0] == (
        "certificate: instance_digest is of another instance"
    )
