"""One stage of a result: feasible, guarded, valued, proven, counted.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections.abc import Iterator
from typing import Any

from solver.verify.bound import Bound
from solver.verify.certificate import LevelProof, read_proof
from solver.verify.costs import Cohort, Ledger
from solver.verify.figures import Figures
from solver.verify.levels import Policy, Stage
from solver.verify.options import Rules, find_taken
from solver.verify.result import LevelClaim, StageClaim
from solver.verify.rows import Rows
from solver.verify.shapes import differences
from solver.verify.world import World


class StageCheck:
    """Checks what a result claims of one stage.

    Parameters
    ----------
    cohort, policy, stage
        What was declared.
    claim, proofs
        What the result says of the stage, and the certificate's levels as JSON.
    before
        Choice of every student in the stage before; empty in the first.

    Attributes
    ----------
    held
        Choice of every student once ``facts`` has run; None if the placements are
        infeasible, and nothing of this stage or a later one can be checked.
    """

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy,
        stage: Stage,
        claim: StageClaim,
        proofs: list[Any],
        before: list[int],
    ) -> None:
        self.cohort = cohort
        self.world: World = cohort.world
        self.policy = policy
        self.stage = stage
        self.claim = claim
        self.proofs = proofs
        self.before = before
        self.name = f"stage {stage.name}"
        self.held: list[int] | None = None

    def facts(self) -> Iterator[str]:
        """Yield the broken facts, in the order of the proof."""
        rules = Rules(self.world, self.stage.guard, self.before)
        options = rules.options()
        taken, broken = find_taken(rules, options, self.claim.placements)
        yield from (f"{self.name}: {fact}" for fact in broken)
        if broken:
            return
        self.held = [options.choice[option] for option in taken]
        broken = [*self._check_prices(), *self._check_rate()]
        yield from broken
        if not broken:
            rate, prices = self.claim.carbon_rate, self.claim.prices
            ledger = Ledger(self.cohort, self.policy, self.stage, options, prices, rate)
            yield from _LevelCheck(self, rules, ledger, taken).facts()
        figures = Figures(self.cohort, self.policy, self.held)
        terms = figures.terms()
        yield from differences(self.claim.terms, terms, f"{self.name}: terms")
        metrics = figures.metrics(self.before)
        yield from differences(self.claim.metrics, metrics, f"{self.name}: metrics")

    def _check_prices(self) -> Iterator[str]:
        """Yield what is wrong with the equity prices: which groups, which range."""
        name, prices = f"{self.name}: equity prices", self.claim.prices
        sizes = self.cohort.sizes if self.policy.weighs_equity() else {}
        for attribute in prices:
            if attribute not in sizes:
                yield f"{name}: attribute {attribute} is not priced by the policy"
        for attribute, table in sizes.items():
            claimed = prices.get(attribute, {})
            least = self.policy.min_group
            priced = {group for group, size in table.items() if size >= least}
            for group in sorted(priced - claimed.keys()):
                yield f"{name}: group {group} of {attribute} has no price"
            for group, price in claimed.items():
                if group not in priced:
                    yield f"{name}: group {group} of {attribute} is not to be priced"
                if not 0 <= price <= self.policy.max_price:
                    most = self.policy.max_price
                    yield f"{name}: {group} of {attribute}: {price} is not in 0..{most}"

    def _check_rate(self) -> Iterator[str]:
        level, rate = self.stage.carbon_level(), self.claim.carbon_rate
        least = level.weights["carbon_per_tonne"] if level else 0
        name = f"{self.name}: carbon_rate"
        if self.stage.budget is None:
            if rate != least:
                yield f"{name} is {rate}, the policy's is {least}"
            return
        budget_kg, most = self.stage.budget
        grams = self.world.choices.emissions_g
        emissions = sum(grams[choice] for choice in self.held or () if choice >= 0)
        if not least <= rate <= most:
            yield f"{name} is {rate}, not in {least}..{most}"
        elif rate < most and emissions > 1000 * budget_kg:
            yield (
                f"{name} is {rate}, and the emissions of {emissions} g exceed the "
                f"budget of {budget_kg} kg: it must be {most}"
            )


class _LevelCheck:
    """Checks the levels of a stage whose placements are feasible."""

    def __init__(
        self, stage: StageCheck, rules: Rules, ledger: Ledger, taken: list[int]
    ) -> None:
        self.stage = stage
        self.rules = rules
        self.ledger = ledger
        self.taken = taken
        self.claims = stage.claim.levels
        self.rows = Rows(ledger)

    def facts(self) -> Iterator[str]:
        """Yield the broken facts of all levels."""
        name = self.stage.name
        expected = [entry.name for entry in self.ledger.entries]
        claimed = [claim.name for claim in self.claims]
        if claimed != expected:
            yield (
                f"{name}: the levels are {', '.join(claimed)}; the policy's are "
                f"{', '.join(expected)}"
            )
            return
        if len(self.stage.proofs) != len(expected):
            count = len(self.stage.proofs)
            yield f"{name}: the certificate has {count} levels, needs {len(expected)}"
            return
        for number in range(len(expected)):
            yield from self._check_value(number)
            yield from self._check_proof(number)

    def _title(self, number: int) -> str:
        return f"{self.stage.name}, level {self.claims[number].name}"

    def _check_value(self, number: int) -> Iterator[str]:
        claim, title = self.claims[number], self._title(number)
        value = self.ledger.value(number, self.taken)
        limit = self.ledger.entries[number].level.limit(claim.best)
        if claim.value != value:
            yield f"{title}: value is {claim.value}, counted {value}"
        if claim.limit != limit:
            yield f"{title}: limit is {claim.limit}, best and slack give {limit}"
        if value < claim.best:
            yield f"{title}: value {value} is below the best, {claim.best}"
        if value > limit:
            yield f"{title}: value {value} is above the limit, {limit}"

    def _check_proof(self, number: int) -> Iterator[str]:
        claim, title = self.claims[number], self._title(number)
        names = [item.name for item in self.claims[:number]]
        earlier = {name: place for place, name in enumerate(names)}
        proof, problems = read_proof(
            self.stage.proofs[number], self.rules.world, earlier, title
        )
        if problems:
            yield from problems
            return
        yield from self._check_witness(number, proof)
        limits = [item.limit for item in self.claims[:number]]
        bound = Bound(self.rows, number, proof, limits)
        least = bound.least()
        if bound.problems:
            yield from dict.fromkeys(bound.problems)
        elif least is None:
            yield f"{title}: no placement is possible"
        elif least != claim.bound:
            yield f"{title}: bound is {claim.bound}, the prices prove {least}"

    def _check_witness(self, number: int, proof: LevelProof) -> Iterator[str]:
        """Yield why the best is not known to be reached."""
        claim: LevelClaim = self.claims[number]
        title = self._title(number)
        if claim.value == claim.best:
            if proof.witness is not None:
                yield f"{title}: a witness is given where the value is the best"
            return
        if proof.witness is None:
            yield f"{title}: no witness reaches the best, {claim.best}"
            return
        options = self.ledger.options
        taken, broken = find_taken(self.rules, options, proof.witness)
        yield from (f"{title}: witness: {fact}" for fact in broken)
        if broken:
            return
        value = self.ledger.value(number, taken)
        if value != claim.best:
            yield f"{title}: the witness reaches {value}, not the best, {claim.best}"
        for place, earlier in enumerate(self.claims[:number]):
            value = self.ledger.value(place, taken)
            if value > earlier.limit:
                yield (
                    f"{title}: the witness has {value} at level {earlier.name}, above "
                    f"its limit, {earlier.limit}"
                )
