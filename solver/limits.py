"""What a policy may not ask of an instance, computed before anything runs."""

from itertools import pairwise

from solver.arrays import Arrays
from solver.errors import InvalidPolicy
from solver.fileio import LARGEST_INTEGER
from solver.policy import Level, Policy, Stage


def check_fit(arrays: Arrays, policy: Policy) -> None:
    """Refuse a policy whose values grow too large, or whose equity levels down.

    Raises
    ------
    InvalidPolicy
        Naming every level that could pass 2^53, with the numbers; or the rank cost
        difference that the equity prices reach.
    """
    problems = [
        problem
        for stage, level in policy.levels()
        if (problem := _check_size(arrays, policy, stage, level))
    ]
    if policy.equity and policy.weighs_equity:
        costs = [policy.cost(rank) for rank in range(1, arrays.largest_rank + 1)]
        steps = [after - before for before, after in pairwise(costs)]
        highest = policy.equity.max_price * len(policy.equity.attributes)
        if steps and highest >= min(steps):
            problems.append(
                f"equity: max_price {policy.equity.max_price} x "
                f"{len(policy.equity.attributes)} attributes is {highest}, must be "
                f"below the smallest difference of rank costs, {min(steps)}: else it "
                "pays to give some a worse rank"
            )
    if problems:
        raise InvalidPolicy(problems)


def _check_size(
    arrays: Arrays, policy: Policy, stage: Stage, level: Level
) -> str | None:
    sizes = _sizes(arrays, policy, stage, level)
    most = sum(sizes.values())
    sizes["slack"] = level.limit(most) - most  # its limit is stated in the result
    total = most + sizes["slack"]
    if total <= LARGEST_INTEGER:
        return None
    parts = ", ".join(f"{term} {size}" for term, size in sizes.items() if size)
    return (
        f'stage "{stage.name}", level "{level.name}": its value could reach {total} '
        f"({parts}), must stay below 2^53 = {LARGEST_INTEGER + 1}"
    )


def _sizes(
    arrays: Arrays, policy: Policy, stage: Stage, level: Level
) -> dict[str, int]:
    """Return the largest absolute value that each term of a level could take."""
    students, weights = arrays.students, level.weights
    grams = int(arrays.emissions_g.max()) if len(arrays.emissions_g) else 0
    rate = weights.get("carbon_per_tonne", 0)
    if rate and stage.max_carbon_per_tonne is not None:
        rate = stage.max_carbon_per_tonne
    one_way = max(weights.get("one_way", 0), (level.one_way_second or (0, 0))[1])
    flow = students + sum(abs(int(kink)) for kink in arrays.kink)
    equity = policy.equity
    price = 2 * equity.max_price * len(equity.attributes) if equity else 0
    return {
        "unplaced": weights.get("unplaced", 0) * students,
        "moved": weights.get("moved", 0) * students,
        "rank": weights.get("rank", 0)
        * students
        * policy.cost(arrays.largest_rank or 1),
        "carbon": students * ((grams * rate + 500_000) // 1_000_000),
        "one_way": one_way * flow,
        "equity": weights.get("equity", 0) * students * price * arrays.largest_rank,
        "emissions_g": weights.get("emissions_g", 0) * students * grams,
    }
