"""Stages and levels in order, each solved to a proven optimum.

One stage starts from the placement of the one before; guards keep that placement
feasible, so every stage has a solution. No clock stops anything: what a run publishes
depends on the instance and the policy alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from solver.arrays import Arrays, Integers, build_arrays
from solver.bounds import Problem
from solver.branching import Leaf, Node
from solver.certificate import to_placements, write_level
from solver.equity import find_equity_prices
from solver.flow import find_start
from solver.guards import apply_guard, find_standing
from solver.instance import Instance
from solver.leaves import Face, LeafState
from solver.limits import check_fit
from solver.lottery import draw_numbers
from solver.metrics import (
    PlacementFacts,
    Placements,
    measure,
    measure_shortfalls,
    measure_terms,
)
from solver.policy import Level, Policy, Stage
from solver.result import LevelResult, Result, StageResult
from solver.terms import EntryBuilder, EquityPrices
from solver.tree import EntrySolver

Report = Callable[[str], None]
"""Told in a few words what is being solved."""


def solve(
    instance: Instance,
    policy: Policy,
    report: Report | None = None,
    after: tuple[StageResult, ...] = (),
) -> Result:
    """Return placements that are optimal stage by stage, with their certificate.

    Parameters
    ----------
    report
        Told what is being solved.
    after
        The policy's first stages where they have been solved already.

    Raises
    ------
    InvalidPolicy
        When the policy does not fit the instance, before anything is solved.
    """
    arrays = build_arrays(instance)
    check_fit(arrays, policy)
    if any("lottery" in level.weights for s in policy.stages for level in s.levels):
        arrays = replace(arrays, drawn=draw_numbers(arrays))
    tell = report or _say_nothing
    held = find_standing(arrays) if policy.stages[0].guard else _pinned(arrays)
    prices: EquityPrices | None = None
    before: PlacementFacts | None = None
    results = list(after)
    if after:
        before = PlacementFacts(instance, after[-1].placements)
        held = _find_choices(arrays, after[-1].placements)
        done = [level for s in policy.stages[: len(after)] for level in s.levels]
        is_priced = any("equity" in level.weights for level in done)
        prices = after[-1].equity_prices if is_priced else None
    for stage in policy.stages[len(after) :]:
        guarded = apply_guard(arrays, stage.guard, held)
        start = _carry(arrays, held, guarded)
        solver = _StageSolver(guarded, policy, stage, prices, tell)
        outcome = _meet_budget(solver, stage, start)
        prices = outcome.prices
        held = _carry(guarded, outcome.chosen, arrays)
        facts = PlacementFacts(instance, to_placements(guarded, outcome.chosen))
        results.append(_to_stage_result(outcome, facts, before, policy))
        before = facts
    frozen = (prices or {}) if policy.weighs_equity else {}
    stages = tuple(replace(result, equity_prices=frozen) for result in results)
    return Result(instance, policy, stages, {})


def _say_nothing(text: str) -> None:
    del text


def _find_choices(arrays: Arrays, placements: Placements) -> Integers:
    index = arrays.choice_index()
    return np.array(sorted(index[pair] for pair in placements.items()), dtype=np.int64)


def _pinned(arrays: Arrays) -> Integers:
    return np.flatnonzero(arrays.must[arrays.student])


def _carry(source: Arrays, chosen: Integers, target: Arrays) -> Integers:
    """Return the same placement as choice indices of other arrays."""
    offer = np.full(source.students, -1, dtype=np.int64)
    offer[source.student[chosen]] = source.offer[chosen]
    return np.flatnonzero(target.offer == offer[target.student])


@dataclass(frozen=True)
class _Outcome:
    stage: Stage
    chosen: Integers
    levels: tuple[LevelResult, ...]
    proof: list[dict[str, object]]
    prices: EquityPrices | None
    carbon_rate: int
    emissions_g: int


class _StageSolver:
    """Solves the levels of one stage on its guarded arrays."""

    def __init__(
        self,
        arrays: Arrays,
        policy: Policy,
        stage: Stage,
        prices: EquityPrices | None,
        tell: Report,
    ) -> None:
        self.arrays, self.policy, self.stage = arrays, policy, stage
        self.prices, self.tell = prices, tell

    def solve(self, start: Integers, carbon_rate: int | None = None) -> _Outcome:
        """Return the stage solved from a feasible start, at another rate if given."""
        problem = Problem(self.arrays)
        nodes: list[Node] = [Leaf(LeafState((), Face.whole(self.arrays), None, ()))]
        chosen, proofs = self._improve(start, carbon_rate), []
        for level in self.stage.levels:
            charged = _charge(level, carbon_rate)
            if "equity" in charged.weights and self.prices is None:
                self.tell(f"{self.stage.name}: equity prices")
                self.prices = find_equity_prices(
                    self.arrays, self.policy, charged, nodes
                )
            builder = EntryBuilder(self.arrays, self.policy, self.prices or {})
            for entry in builder.build(charged):
                self.tell(f"{self.stage.name}: {entry.name}")
                problem.entries.append(entry)
                solver = EntrySolver(problem, nodes, chosen)
                proof = solver.solve()
                limit = level.limit(proof.best)
                nodes, chosen = solver.next_nodes(limit), proof.chosen
                names = [earlier.name for earlier in problem.entries[:-1]]
                proofs.append((proof, write_level(self.arrays, names, proof.nodes)))
                problem.limits.append(limit)
        levels, written = [], []
        for (proof, certificate), entry, limit in zip(
            proofs, problem.entries, problem.limits, strict=True
        ):
            value = entry.value(self.arrays, chosen)
            if value != proof.best:
                witness = to_placements(self.arrays, proof.chosen)
                certificate["witness"] = witness
            written.append(certificate)
            levels.append(
                LevelResult(
                    name=entry.name,
                    best=proof.best,
                    bound=proof.bound,
                    limit=limit,
                    value=value,
                    counts_msteps=entry.level.counts_msteps,
                )
            )
        rate = self.stage.carbon_rate if carbon_rate is None else carbon_rate
        return _Outcome(
            stage=self.stage,
            chosen=chosen,
            levels=tuple(levels),
            proof=written,
            prices=self.prices,
            carbon_rate=rate,
            emissions_g=int(self.arrays.emissions_g[chosen].sum()),
        )

    def _improve(self, start: Integers, carbon_rate: int | None) -> Integers:
        """Return a start for all levels at once where one flow finds it."""
        builder = EntryBuilder(self.arrays, self.policy, self.prices or {})
        levels = [_charge(level, carbon_rate) for level in self.stage.levels]
        entries = [entry for level in levels for entry in builder.build(level)]
        found = find_start(self.arrays, entries)
        return start if found is None else found


def _charge(level: Level, carbon_rate: int | None) -> Level:
    if carbon_rate is None or "carbon_per_tonne" not in level.weights:
        return level
    return replace(level, weights={**level.weights, "carbon_per_tonne": carbon_rate})


def _meet_budget(solver: _StageSolver, stage: Stage, start: Integers) -> _Outcome:
    """Return the stage at the smallest rate that meets its carbon budget.

    The budget is a price: it never leaves anyone out. Where even the largest rate does
    not meet it, the stage is solved at that rate and the report says so.
    """
    outcome = solver.solve(start)
    if stage.carbon_budget_kg is None or stage.max_carbon_per_tonne is None:
        return outcome
    budget_g = 1000 * stage.carbon_budget_kg
    low, high = stage.carbon_rate, stage.max_carbon_per_tonne
    if outcome.emissions_g <= budget_g or low == high:
        return outcome
    outcome = solver.solve(start, high)
    if outcome.emissions_g > budget_g:
        return outcome
    while high - low > 1:
        middle = (low + high) // 2
        tried = solver.solve(start, middle)
        if tried.emissions_g <= budget_g:
            high, outcome = middle, tried
        else:
            low = middle
    return outcome


def _to_stage_result(
    outcome: _Outcome,
    facts: PlacementFacts,
    before: PlacementFacts | None,
    policy: Policy,
) -> StageResult:
    return StageResult(
        name=outcome.stage.name,
        placements={s.id: choice.offer for s, choice in facts.taken},
        levels=outcome.levels,
        equity_prices=outcome.prices or {},
        carbon_rate=outcome.carbon_rate,
        terms=measure_terms(facts, policy, measure_shortfalls(facts, policy)),
        metrics=measure(facts, before),
        proof=outcome.proof,
    )
