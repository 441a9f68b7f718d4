"""What the mechanisms promise, held to brute force in tiny worlds."""

from random import Random
from typing import Any

import pytest
from complaints import Definitions, Placement
from mechanism_worlds import (
    list_false_worlds,
    list_placements,
    make_exchange_world,
    make_nested_world,
    make_strict,
    rank_of,
    report,
)
from tiny_worlds import make_world

from solver.envy import measure_envy
from solver.instance_reader import parse_instance
from solver.mechanisms.balanced_exchange import count_net
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.registry import MECHANISMS, run_mechanism
from solver.mechanisms.shares import apportion, share_out

Table = dict[str, Any]


def place(name: str, world: Table) -> Placement:
    return dict(run_mechanism(name, parse_instance(world)).placements)


def try_to_place(name: str, world: Table) -> Placement | None:
    """Return the placement, None where the mechanism is not applicable."""
    try:
        return place(name, world)
    except NotApplicable:
        return None


def make_any_world(random: Random) -> Table:
    return make_world(random, 4)


def make_small_exchange_world(random: Random) -> Table:
    return make_exchange_world(random, 4)


HONEST = {
    "serial_dictatorship": make_any_world,
    "deferred_acceptance": make_nested_world,
    "balanced_exchange": make_small_exchange_world,
}
"""The strategy-proof mechanisms with the worlds that they are defined for."""


def find_gains(name: str, world: Table) -> list[str]:
    """Return every false report of one student by which she gains."""
    found = []
    honest = try_to_place(name, world)
    for number, student in enumerate(world["students"] if honest is not None else ()):
        own = rank_of(student, (honest or {}).get(student["id"]))
        for lie in list_false_worlds(world, number):
            placement = try_to_place(name, lie)
            got = None if placement is None else placement.get(student["id"])
            if rank_of(student, got) < own:
                wishes = [c["offer"] for c in lie["students"][number]["choices"]]
                found.append(f"{student['id']} gets {got} by reporting {wishes}")
    return found


@pytest.mark.parametrize("name", HONEST)
def test_nobody_gains_by_a_false_list(name: str) -> None:
    for seed in range(2):
        assert find_gains(name, HONEST[name](Random(seed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("block", range(4))
def test_nobody_gains_by_a_false_list_in_hundreds_of_worlds(
    name: str, block: int
) -> None:
    for seed in range(1000 + 60 * block, 1060 + 60 * block):
        assert (seed, find_gains(name, HONEST[name](Random(seed)))) == (seed, [])


def check_feasible(name: str, seed: int) -> None:
    world = make_world(Random(seed), 5)
    placement = try_to_place(name, world)
    if placement is not None:
        chosen = {
            (s["id"], c["offer"]) for s in world["students"] for c in s["choices"]
        }
        forbidden = {tuple(pair) for pair in world["forbidden"]}
        assert placement.items() <= chosen - forbidden
        assert Definitions(world, {}).is_feasible(placement)


@pytest.mark.parametrize("name", MECHANISMS)
def test_pins_quotas_and_forbidden_pairs_are_kept(name: str) -> None:
    for seed in range(40):
        check_feasible(name, seed)


def find_stable(world: Table) -> list[Placement]:
    """Return every stable placement, nobody where she is not acceptable."""
    priority = world["priority"]
    pins = {student for student, _ in world["pins"]}
    offers = [offer["id"] for offer in world["offers"]]
    stable = []
    for placement in list_placements(world):
        own = Definitions(world, placement)
        if (
            all(s in priority.get(o, (s,)) or s in pins for s, o in placement.items())
            and not any(own.envies(s, t) for s in own.students for t in own.students)
            and not any(own.wastes(s, o) for s in own.students for o in offers)
            and not is_blocked_across(world, own)
        ):
            stable.append(placement)
    return stable


def is_blocked_across(world: Table, own: Definitions) -> bool:
    """Return whether somebody could take a place of a quota from a lower student."""
    quotas = [quota for quota in world["quotas"] if quota.get("offers")]
    offers = quotas[0]["offers"] if quotas else []
    order = world["priority"].get(offers[0]) if offers else None
    if order is None:
        by_merit = sorted(world["students"], key=lambda s: -s["merit"])
        order = [student["id"] for student in by_merit]
    for other in own.placement.keys() - own.pinned:
        if own.placement[other] not in offers:
            continue
        for student in order[: order.index(other)]:
            rest = own.placement.items()
            left = {s: o for s, o in rest if s not in (student, other)}
            for offer in offers:
                is_room = own.is_feasible(left | {student: offer})
                if is_room and own.prefers(student, offer):
                    return True
    return False


def check_student_optimal(seed: int) -> None:
    world = make_nested_world(Random(seed))
    placement = place("deferred_acceptance", world)
    stable = find_stable(world)
    assert placement in stable, seed
    for student in world["students"]:
        best = min(rank_of(student, other.get(student["id"])) for other in stable)
        assert rank_of(student, placement.get(student["id"])) == best, seed
    assert {frozenset(other) for other in stable} == {frozenset(placement)}, seed


def test_deferred_acceptance_gives_every_student_her_best_stable_place() -> None:
    for seed in range(20):
        check_student_optimal(seed)


@pytest.mark.slow
def test_deferred_acceptance_is_student_optimal_in_many_worlds() -> None:
    for seed in range(1000, 2000):
        check_student_optimal(seed)


def check_efficient(seed: int) -> None:
    random = Random(seed)
    world = make_world(random, 5)
    make_strict(random, world)
    placement = place("serial_dictatorship", world)
    ranks = [rank_of(s, placement.get(s["id"])) for s in world["students"]]
    for other in list_placements(world):
        others = [rank_of(s, other.get(s["id"])) for s in world["students"]]
        is_better = all(o <= r for o, r in zip(others, ranks, strict=True))
        assert not is_better or others == ranks, (seed, other)


def test_nothing_is_better_for_some_and_worse_for_none_than_serial_dictatorship() -> (
    None
):
    for seed in range(20):
        check_efficient(seed)


@pytest.mark.slow
def test_serial_dictatorship_is_efficient_in_many_worlds() -> None:
    for seed in range(1000, 2000):
        check_efficient(seed)


def check_exchange(seed: int, world: Table) -> bool:
    """Check a balanced exchange; return whether the pins allow for one."""
    instance = parse_instance(world)
    tolerance = {i.id: i.exchange_tolerance for i in instance.institutions}
    net = count_net(instance, instance.pins)
    breaks_by_pins = [name for name in tolerance if abs(net[name]) > tolerance[name]]
    if breaks_by_pins:
        with pytest.raises(NotApplicable, match=breaks_by_pins[0]):
            run_mechanism("balanced_exchange", instance)
        return False
    placement = run_mechanism("balanced_exchange", instance).placements
    net = count_net(instance, placement)
    over = [name for name in tolerance if abs(net[name]) > tolerance[name]]
    assert over == [], seed
    sender = {student.id: student.sending for student in instance.students}
    virtual = {offer.id for offer in instance.offers if offer.mode == "virtual"}
    for student, offer, holder in measure_envy(share_out(instance), placement).examples:
        is_of_one_sender = holder is not None and sender[student] == sender[holder]
        assert not is_of_one_sender or offer in virtual, seed
    return True


def test_exchange_is_balanced_within_tolerance_and_respects_each_senders_order() -> (
    None
):
    outcomes = [
        check_exchange(seed, make_world(Random(seed), 6)) for seed in range(100)
    ]
    assert sum(outcomes) > 50


@pytest.mark.slow
def test_exchange_is_balanced_within_tolerance_in_thousands_of_worlds() -> None:
    for seed in range(1000, 4000):
        random = Random(seed)
        check_exchange(seed, make_exchange_world(random, 9))


def test_tolerance_lets_an_institution_send_without_receiving() -> None:
    world = {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": [{"id": "lund.se", "country": "SE"}, make_host(0)],
        "offers": [{"id": "nairobi", "receiving": "uonbi.ac.ke", "capacity": 5}],
        "students": [make_student(name, ["nairobi"]) for name in ("alice", "astrid")],
    }
    world["institutions"][0]["exchange_tolerance"] = 1
    assert place("balanced_exchange", world) == {}
    world["institutions"][1] = make_host(3)
    assert list(place("balanced_exchange", world).values()) == ["nairobi"]


def make_host(tolerance: int) -> Table:
    return {"id": "uonbi.ac.ke", "country": "KE", "exchange_tolerance": tolerance}


def make_student(name: str, wishes: list[str], merit: int = 0) -> Table:
    choices = [{"offer": offer} for offer in wishes]
    return {"id": name, "sending": "lund.se", "merit": merit, "choices": choices}


def test_immediate_acceptance_rewards_a_false_list() -> None:
    # Alice's first wish goes to Astrid, and her second to Anna, who put it first
    world = {
        "format": "mobility-instance/1",
        "id": "2027-spring",
        "institutions": [{"id": "lund.se", "country": "SE"}],
        "offers": [
            {"id": offer, "receiving": "lund.se", "capacity": 1}
            for offer in ("lyon", "ghent")
        ],
        "students": [
            make_student("alice", ["lyon", "ghent"], merit=2),
            make_student("anna", ["ghent"], merit=1),
            make_student("astrid", ["lyon"], merit=3),
        ],
    }
    assert "alice" not in place("immediate_acceptance", world)
    cunning = report(world, 0, ["ghent", "lyon"])
    assert place("immediate_acceptance", cunning)["alice"] == "ghent"
    assert place("deferred_acceptance", world)["alice"] == "ghent"


def test_shares_sum_up_to_what_is_shared() -> None:
    assert apportion(5, [3, 3, 1]) == [2, 2, 1]
    assert apportion(2, [1, 1, 1]) == [1, 1, 0]
    assert apportion(4, [0, 0]) == [0, 0]
