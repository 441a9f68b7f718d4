"""Weak duality: whatever prices a certificate names, its bound is never too high."""

from random import Random
from typing import Any

import pytest
from brute_force import BruteForce, Placement
from tiny_worlds import make_policy, make_staged_policy, make_world

from solver.verify.bound import Bound
from solver.verify.certificate import read_proof
from solver.verify.costs import Cohort, Ledger
from solver.verify.instance import read_instance
from solver.verify.options import Rules
from solver.verify.policy import read_policy
from solver.verify.rows import Rows
from solver.verify.world import World

Table = dict[str, Any]


def make_prices(random: Random, world: Table, names: list[str], low: int) -> Table:
    """Return any prices; those of partnerships are cut to range by ``cut``."""
    offers = random.sample(world["offers"], random.randint(0, 2))
    quotas = world["quotas"][: random.randint(0, 2)]
    institutions = [i["id"] for i in world["institutions"]]
    pairs = [(a, b) for a in institutions[:2] for b in institutions[2:4]]
    some = random.sample(pairs, random.randint(0, 3))
    return {
        "offers": {offer["id"]: random.randint(low, 9000) for offer in offers},
        "quotas": {quota["id"]: random.randint(low, 9000) for quota in quotas},
        "partnerships": [[a, b, random.randint(low, 4000)] for a, b in some],
        "levels": {name: random.randint(low, 3000) for name in names},
    }


def make_tree(
    random: Random, world: Table, names: list[str], *, depth: int
) -> list[Table]:
    """Return a random tree of at most this depth, every row once in a while."""
    tree: list[Table] = []

    def grow(left: int, above: int) -> int:
        number = len(tree)
        tree.append({})
        if left == 0 or random.random() < 0.3:
            kept = random.sample(names, random.randint(0, len(names)))
            prices = make_prices(random, world, kept, random.choice((0, 0, -500)))
            path = random.randint(0, above)
            prices["branches"] = [random.randint(0, 5000) for _ in range(path)]
            tree[number] = {"prices": prices}
        else:
            row, at = make_row(random, world)
            node: Table = {"row": row, "at": at}
            node["low"] = grow(left - 1, above + 1)
            node["high"] = grow(left - 1, above + 1)
            tree[number] = node
        return number

    grow(depth, 0)
    return tree


def make_row(random: Random, world: Table) -> tuple[Table, int]:
    pairs = [[s["id"], c["offer"]] for s in world["students"] for c in s["choices"]]
    kind = random.choice(("choice", "student", "offer", "quota"))
    if kind == "choice" and pairs:
        return {"choice": random.choice(pairs)}, 0
    if kind == "quota" and world["quotas"]:
        return {"quota": random.choice(world["quotas"])["id"]}, random.randint(0, 2)
    if kind == "student":
        return {"student": random.choice(world["students"])["id"]}, 0
    listed = world["partnerships"]
    if listed and random.random() < 0.5:
        pair = [listed[0]["north"], listed[0]["south"]]
        return {"partnership": pair}, random.randint(-1, 1)
    return {"offer": random.choice(world["offers"])["id"]}, random.randint(0, 1)


def forget_unknown(world: Table, prices: Table, known: set[tuple[str, str]]) -> None:
    rows = prices.get("partnerships", [])
    prices["partnerships"] = [row for row in rows if (row[0], row[1]) in known]


def count_bounds(seed: int, *, staged: bool) -> int:
    """Check every entry of a random world under random prices; return how many."""
    random = Random(seed)
    table = make_world(random, students=4)
    policy_table = (make_staged_policy if staged else make_policy)(random)
    world, problems = read_instance(table)
    assert problems == []
    policy, problems = read_policy(policy_table, world.largest_rank())
    assert policy is not None
    assert problems == []
    oracle = BruteForce(table, policy_table)
    prices = {}
    if policy.weighs_equity():
        cohort = Cohort(world, policy.attributes)
        prices = {
            name: {label: random.randint(0, 400) for label in sizes}
            for name, sizes in cohort.sizes.items()
        }
    checked, before = 0, {}
    for place, stage in enumerate(policy.stages):
        declared = policy_table["stages"][place]
        level = stage.carbon_level()
        rate = level.weights["carbon_per_tonne"] if level else 0
        reached, kept = oracle.solve_stage(declared, before, prices, rate)
        held = hold(world, before) if place else []
        rules = Rules(world, stage.guard, held)
        cohort = Cohort(world, policy.attributes)
        ledger = Ledger(cohort, policy, stage, rules.options(), prices, rate)
        rows, names = Rows(ledger), [goal.name for goal in reached]
        limits = [goal.limit for goal in reached]
        for number, goal in enumerate(reached):
            known = set(world.partnerships.index)
            proof = make_proof(random, table, names[:number], known)
            earlier = {name: i for i, name in enumerate(names[:number])}
            parsed, problems = read_proof(proof, world, earlier, goal.name)
            assert problems == []
            bound = Bound(rows, number, parsed, limits[:number])
            least = bound.least()
            if not bound.problems:
                assert least is not None
                assert least <= goal.best, (seed, goal, proof)
                checked += 1
        before = kept[0]
    return checked


def make_proof(
    random: Random, world: Table, names: list[str], known: set[tuple[str, str]]
) -> Table:
    kept = random.sample(names, random.randint(0, len(names)))
    root = make_prices(random, world, kept, 0)
    forget_unknown(world, root, known)
    proof = {"denominator": random.choice((1, 7, 1000)), "root": root}
    if random.random() < 0.6:
        proof["tree"] = make_tree(random, world, names, depth=4)
        for node in proof["tree"]:
            forget_unknown(world, node.get("prices", {}), known)
            partnership = node.get("row", {}).get("partnership")
            if partnership and tuple(partnership) not in known:
                node["row"] = {"offer": world["offers"][0]["id"]}
    if random.random() < 0.7:  # most random prices of partnerships are above their rate
        parts = [root] + [n["prices"] for n in proof.get("tree", []) if "prices" in n]
        for prices in parts:
            prices["partnerships"] = []
    return proof


def hold(world: World, before: Placement) -> list[int]:
    held = [-1] * len(world.students.ids)
    for student, offer in before.items():
        number = world.students.index[student]
        held[number] = world.find_choice(number, world.offers.index[offer])
    return held


@pytest.mark.parametrize("staged", [False, True])
def test_the_bound_of_any_prices_is_at_most_what_brute_force_reaches(
    *, staged: bool
) -> None:
    checked = sum(count_bounds(seed, staged=staged) for seed in range(70))
    assert checked > 250


@pytest.mark.slow
@pytest.mark.parametrize("staged", [False, True])
def test_the_bound_of_any_prices_is_at_most_the_optimum_of_thousands_of_worlds(
    *, staged: bool
) -> None:
    checked = sum(count_bounds(seed, staged=staged) for seed in range(1000, 2500))
    assert checked > 5_000
