"""Whole results with certificates, made by brute force: no optimiser needed.

The certificate of a level is a branch tree whose leaves fix every choice. There the
bound is the level's exact value; a leaf that breaks a cap or an earlier limit prices it
so high that it cannot be the least.
"""

import hashlib
from typing import Any

from brute_force import BruteForce, Placement, Reached
from naive_figures import count_metrics, count_terms
from tiny_worlds import to_bytes

from solver.fileio import to_canonical

Table = dict[str, Any]
HIGH = 10**8
"""More than any value of a tiny world: the price of a broken cap or limit."""
FIXED = 4 * 10**15
"""More than any choice costs at such prices: it fixes a row of the path."""


def make_result(instance: Table, policy: Table, prices: Table | None = None) -> Table:
    """Return a valid result; ``prices`` are the equity prices, all 0 unless given."""
    world = BruteForce(instance, policy)
    prices = prices if prices is not None else zero_prices(world)
    stages, proofs = [], []
    before: Placement | None = None
    for stage in policy["stages"]:
        claim, proof = _make_stage(world, stage, before, prices)
        stages.append(claim)
        proofs.append(proof)
        before = claim["placements"]
    gaps = [0]
    return {
        "format": "mobility-result/1",
        "status": "optimal",
        "gap_msteps": max(gaps),
        "placements": before,
        "policy": policy,
        "stages": stages,
        "certificate": {
            "format": "mobility-certificate/1",
            "instance_digest": hashlib.sha256(to_bytes(instance)).hexdigest(),
            "policy_digest": hashlib.sha256(to_canonical(policy)).hexdigest(),
            "stages": proofs,
        },
        "notes": {},
        "versions": {},
    }


def zero_prices(world: BruteForce) -> Table:
    """Return a price of 0 for every group that is priced."""
    levels = [v for stage in world.policy["stages"] for v in stage["levels"]]
    if not any("equity" in level["weights"] for level in levels):
        return {}
    prices: Table = {}
    for name in world.policy["equity"]["attributes"]:
        labels = {world.label(s, name) for s in world.cohort} - {None}
        least = world.policy["equity"]["min_group"]
        prices[name] = {
            label: 0 for label in labels if len(world.group(name, label)) >= least
        }
    return prices


def _make_stage(
    world: BruteForce, stage: Table, before: Placement | None, prices: Table
) -> tuple[Table, Table]:
    weights = [level["weights"].get("carbon_per_tonne", 0) for level in stage["levels"]]
    rate = next((weight for weight in reversed(weights) if weight), 0)
    reached, kept = world.solve_stage(stage, before or {}, prices, rate)
    entries = world.entries(stage, prices, rate)
    placement = min(kept, key=entries[-1][2])
    outcomes = list(_outcomes(world, stage, before or {}))
    levels, proofs = [], []
    for number, (name, _, value) in enumerate(entries):
        goal = reached[number]
        levels.append(
            {
                "name": name,
                "best": goal.best,
                "bound": goal.best,
                "limit": goal.limit,
                "value": value(placement),
            }
        )
        proof = _prove(world, outcomes, entries, reached[:number])
        if value(placement) != goal.best:
            proof["witness"] = _find_witness(
                world, stage, before or {}, entries, reached[: number + 1]
            )
        proofs.append(proof)
    claim = {
        "name": stage["name"],
        "placements": placement,
        "levels": levels,
        "equity_prices": prices,
        "carbon_rate": rate,
        "terms": count_terms(world, placement),
        "metrics": count_metrics(world, placement, before),
    }
    return claim, {"levels": proofs}


def _find_witness(
    world: BruteForce,
    stage: Table,
    before: Placement,
    entries: list[Any],
    reached: list[Reached],
) -> Placement:
    for placement in world.placements(stage.get("guard"), before):
        values = [value(placement) for _, _, value in entries[: len(reached)]]
        limits = [goal.limit for goal in reached[:-1]] + [reached[-1].best]
        if all(v <= limit for v, limit in zip(values, limits, strict=True)):
            return placement
    raise AssertionError("brute force found a best that nothing reaches")


def _outcomes(world: BruteForce, stage: Table, before: Placement) -> list[Any]:
    """Return each student's offers, and whether she may stay unplaced."""
    rows = []
    for student in world.students:
        offers = world.allowed(student, stage.get("guard"), before)
        some = [offer for offer in offers if offer is not None]
        rows.append((student, some, None in offers))
    return rows


def _prove(
    world: BruteForce, outcomes: list[Any], entries: list[Any], earlier: list[Reached]
) -> Table:
    tree: list[Table] = []
    own = entries[len(earlier)][1]

    def grow(student: int, offer: int, path: list[int], placement: Placement) -> int:
        """Add the nodes below a path and return the number of the first."""
        number = len(tree)
        tree.append({})
        if student == len(outcomes):
            tree[number] = {
                "prices": _leaf(world, placement, path, own, entries, earlier)
            }
            return number
        name, offers, may_stay = outcomes[student]
        if offer == len(offers):
            if may_stay:
                tree.pop()
                return grow(student + 1, 0, path, placement)
            tree[number] = {"prices": {"branches": path}}
            return number
        node: Table = {"row": {"choice": [name, offers[offer]]}, "at": 0}
        node["low"] = grow(student, offer + 1, [*path, FIXED], placement)
        taken = placement | {name: offers[offer]}
        node["high"] = grow(student + 1, 0, [*path, FIXED], taken)
        tree[number] = node
        return number

    grow(0, 0, [], {})
    return {"denominator": 1, "root": {}, "tree": tree}


def _leaf(
    world: BruteForce,
    placement: Placement,
    path: list[int],
    own: Table,
    entries: list[Any],
    earlier: list[Reached],
) -> Table:
    """Return the prices that make the bound exact where everything is fixed."""
    prices: Table = {"branches": path}
    if not world.fits(placement):
        prices["offers"] = dict.fromkeys(world.offers, HIGH)
        quotas = world.instance.get("quotas", [])
        prices["quotas"] = {quota["id"]: HIGH for quota in quotas}
        return _only_broken(world, placement, prices)
    weights = {}
    for (name, _, value), goal in zip(entries, earlier, strict=False):
        if value(placement) > goal.limit:
            weights[name] = HIGH
    prices["levels"] = weights
    levels = [(own, 1)] + [
        (level, HIGH) for name, level, _ in entries if name in weights
    ]
    prices["partnerships"] = [
        [a, b, slope]
        for (a, b) in world.excess(placement)
        if (slope := _slope(world, placement, (a, b), levels))
    ]
    return prices


def _only_broken(world: BruteForce, placement: Placement, prices: Table) -> Table:
    """Keep the price of caps that are broken: the others would pay for nothing."""
    full = BruteForce(world.instance, world.policy)
    for name in list(prices["offers"]):
        full.instance = {"quotas": []}
        full.offers = {name: world.offers[name]}
        if full.fits(placement):
            del prices["offers"][name]
    full.offers = {}
    for quota in world.instance.get("quotas", []):
        full.instance = {"quotas": [quota]}
        if full.fits(placement):
            del prices["quotas"][quota["id"]]
    return prices


def _slope(
    world: BruteForce,
    placement: Placement,
    pair: tuple[str, str],
    levels: list[tuple[Table, int]],
) -> int:
    """Return a slope of the one-way cost of a pair at its difference."""
    excess, slope = world.excess(placement)[pair], 0
    for level, weight in levels:
        rate = level["weights"].get("one_way", 0)
        second = level.get("one_way_second", {"above": 0, "rate": rate})
        if excess > second["above"]:
            slope += weight * second["rate"]
        elif excess > 0:
            slope += weight * rate
    return slope
