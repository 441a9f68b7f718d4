"""At 150 students, too many to try all, the optimiser agrees with an exact model."""

from random import Random

import pytest
from exact_model import ExactModel, make_medium_policy, make_medium_world
from solving import solve_world
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.verify import verify

pytestmark = pytest.mark.slow  # another solver finds all levels anew


def compare(seed: int) -> None:
    world = make_medium_world(Random(seed))
    result = solve_world(world, make_medium_policy())
    verdict = verify(to_bytes(world), to_canonical(result), every=True)
    assert verdict.facts == ()
    assert result["status"] == "optimal"
    model = ExactModel(world)
    for level in result["stages"][0]["levels"]:
        assert level["best"] == model.minimise(level["name"]), level["name"]


def test_crossing_quotas_and_partnerships_agree_with_an_exact_model() -> None:
    compare(1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_ten_medium_instances_agree_with_an_exact_model(seed: int) -> None:
    compare(seed)
