"""At hundreds of students the optimiser agrees with an exact integer program."""

from random import Random

import pytest
from exact_model import ExactModel, make_medium_policy, make_medium_world
from solving import solve_world
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.verify import verify

pytestmark = pytest.mark.slow  # another solver finds all levels anew


@pytest.mark.parametrize("seed", range(1, 13))
def test_crossing_quotas_flows_and_equity_agree_with_an_exact_model(seed: int) -> None:
    random = Random(seed)
    world = make_medium_world(random, students=random.randint(200, 400))
    result = solve_world(world, make_medium_policy())
    verdict = verify(to_bytes(world), to_canonical(result), every=True)
    assert verdict.facts == ()
    assert result["status"] == "optimal"
    prices = result["stages"][0]["equity_prices"]
    assert prices["income"]["low"] > 0
    model = ExactModel(world, prices)
    for level in result["stages"][0]["levels"]:
        assert level["best"] == model.minimise(level["name"]), level["name"]
