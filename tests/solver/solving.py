"""The optimiser as the tests see it: an instance and a policy in, a result out."""

from typing import Any

from brute_force import BruteForce, Placement
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.instance_reader import parse_instance
from solver.optimise import solve
from solver.policy_reader import parse_policy
from solver.result import to_json
from solver.verify import verify

Table = dict[str, Any]


def solve_world(world: Table, policy: Table) -> Table:
    """Return the result as its file would hold it."""
    result = solve(parse_instance(world), parse_policy(policy))
    return to_json(result, to_bytes(world))


def find_disagreements(world: Table, policy: Table) -> list[str]:
    """Return where result, verifier and brute force disagree; none is expected."""
    return check_world(world, policy)[1]


def check_world(world: Table, policy: Table) -> tuple[Table, list[str]]:
    """Return the result, and where verifier and brute force disagree with it."""
    result = solve_world(world, policy)
    facts = verify(to_bytes(world), to_canonical(result), every=True).facts
    found = [f"not verified: {fact}" for fact in facts]
    if result["status"] != "optimal":
        found.append(f"status is {result['status']}")
    before: Placement | None = None
    for claim, stage in zip(result["stages"], policy["stages"], strict=True):
        found += _compare(world, policy, stage, claim, before)
        before = claim["placements"]
    return result, found


def _compare(
    world: Table, policy: Table, stage: Table, claim: Table, before: Placement | None
) -> list[str]:
    oracle = BruteForce(world, policy)
    prices, rate = claim["equity_prices"], claim["carbon_rate"]
    reached, kept = oracle.solve_stage(stage, before or {}, prices, rate)
    expected = [(goal.name, goal.best, goal.limit) for goal in reached]
    claimed = [(v["name"], v["best"], v["limit"]) for v in claim["levels"]]
    found = []
    if claimed != expected:
        found.append(f"stage {stage['name']}: {claimed}, brute force {expected}")
    if claim["placements"] not in kept:
        found.append(f"stage {stage['name']}: the placements are not the best")
    if "carbon_budget_kg" in stage:
        found += _check_budget(oracle, stage, claim, before or {})
    return found


def _check_budget(
    oracle: BruteForce, stage: Table, claim: Table, before: Placement
) -> list[str]:
    """Return why the rate is not the least of its neighbours that meets the budget."""
    budget, rate = 1000 * stage["carbon_budget_kg"], claim["carbon_rate"]
    weights = [v["weights"].get("carbon_per_tonne", 0) for v in stage["levels"]]
    if rate == max(weights):
        return []
    prices = claim["equity_prices"]
    _, kept = oracle.solve_stage(stage, before, prices, rate - 1)
    if len(kept) == 1 and oracle.emissions(kept[0]) <= budget:
        return [f"stage {stage['name']}: a lower rate meets the budget"]
    return []
