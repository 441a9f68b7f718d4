"""A snapshot becomes an instance that the solver accepts."""

from typing import Any

import pytest
from frozen_world import ALICE, PSEUDONYMS, make_facts

from mobility.rounds.draw import new_secret, to_commitment, to_seed
from mobility.rounds.snapshot import build, decode, encode
from mobility.rounds.translate import NO_SEED, to_instance
from solver.instance_reader import parse_instance


def snapshot(**changes: object) -> dict[str, Any]:
    return decode(encode(build(make_facts(**changes), PSEUDONYMS))[0])  # type: ignore[arg-type]  # fields of Facts


def test_the_solver_reads_every_part_of_it() -> None:
    instance = parse_instance(to_instance(snapshot()))
    assert instance.id == "2027-spring"
    assert [student.id for student in instance.students] == ["s-aa", "s-bb", "s-cc"]
    alice = instance.students[0]
    assert [choice.offer for choice in alice.choices] == ["uu-spring", "lyon-spring"]
    assert alice.floor_g == 1_805_000
    assert {i.id: i.block for i in instance.institutions}["uu.se"] == "north"
    assert instance.partnerships[0].carried == 2
    assert instance.forbidden == {("s-cc", "uu-spring")}
    assert instance.seed == NO_SEED


def test_a_quota_over_pairs_counts_only_pairs_that_are_choices() -> None:
    instance = parse_instance(to_instance(snapshot()))
    quotas = {quota.id: quota for quota in instance.quotas}
    assert quotas["level"].choices == (("s-aa", "uu-spring"),)
    assert quotas["hosts"].offers == ("lyon-spring", "uu-spring")


def test_a_pinned_student_stays_pinned() -> None:
    instance = parse_instance(to_instance(snapshot(pins=((ALICE, "lyon-spring"),))))
    assert instance.pins == {"s-aa": "lyon-spring"}


def test_an_empty_world_is_an_instance() -> None:
    empty = dict.fromkeys(
        (
            "institutions",
            "offers",
            "quotas",
            "students",
            "partnerships",
            "journeys",
            "forbidden",
        ),
        (),
    )
    instance = parse_instance(to_instance(snapshot(**empty)))
    assert instance.students == ()


def test_the_seed_is_of_snapshot_policy_and_all_secrets_in_any_order() -> None:
    value = snapshot()
    first, second = new_secret(), new_secret()
    seed = to_seed(value, "a" * 64, [first, second])
    assert seed == to_seed(value, "a" * 64, [second, first])
    others = {
        to_seed(value, "b" * 64, [first, second]),
        to_seed(value, "a" * 64, [first]),
        to_seed(snapshot(pins=((ALICE, "uu-spring"),)), "a" * 64, [first, second]),
    }
    assert seed not in others
    assert len(others) == 3


def test_a_commitment_is_of_its_secret_alone() -> None:
    secret = new_secret()
    assert to_commitment(secret) == to_commitment(secret)
    assert to_commitment(secret) != to_commitment(new_secret())


@pytest.mark.parametrize("seed", ["a" * 64])
def test_the_seed_given_is_the_instance_s(seed: str) -> None:
    assert to_instance(snapshot(), seed)["seed"] == seed
