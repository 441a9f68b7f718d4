"""A verified result's stages as the verifier reads them, ready to be explained."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from solver.errors import InvalidResult
from solver.verify.certificate import LevelProof, read_proof
from solver.verify.costs import Cohort, Ledger
from solver.verify.instance import read_instance
from solver.verify.levels import VALUE, Entry, Stage
from solver.verify.options import Rules, find_taken
from solver.verify.policy import read_policy
from solver.verify.result import StageClaim, read_result
from solver.verify.rows import Rows
from solver.verify.world import World

Read = TypeVar("Read")


@dataclass(frozen=True)
class StageView:
    """A stage with its options, costs, outcome and proofs.

    Attributes
    ----------
    taken
        Each student's option.
    proofs
        The certificate's levels as JSON, one per entry.
    """

    claim: StageClaim
    stage: Stage
    rules: Rules
    ledger: Ledger
    taken: list[int]
    proofs: list[Any]

    @property
    def world(self) -> World:
        """The instance."""
        return self.ledger.world

    @cached_property
    def rows(self) -> Rows:
        """The options of offers, quotas and partnerships."""
        return Rows(self.ledger)

    @property
    def entries(self) -> list[Entry]:
        """The stage's entries in order."""
        return self.ledger.entries

    def counts_msteps(self, number: int) -> bool:
        """Say whether an entry's value is in thousandths of a rank step."""
        return not self.entries[number].level.weights.keys().isdisjoint(VALUE)

    @cached_property
    def deciding(self) -> int | None:
        """The entry whose prices explain: the last in msteps, else before the lottery.

        None where only the lottery decides.
        """
        weighed = [n for n, e in enumerate(self.entries) if e.kind != "lottery"]
        in_msteps = [number for number in weighed if self.counts_msteps(number)]
        return max(in_msteps or weighed, default=None)

    def read_proof(self, number: int) -> LevelProof:
        """Return an entry's prices.

        Raises
        ------
        InvalidResult
            When they are not in the certificate's form.
        """
        earlier = {entry.name: n for n, entry in enumerate(self.entries[:number])}
        name = f"stage {self.stage.name}, level {self.entries[number].name}"
        return _take(read_proof(self.proofs[number], self.world, earlier, name))


def read_stages(instance: object, result: object) -> list[StageView]:
    """Return the stages of a verified result.

    Parameters
    ----------
    instance, result
        Their parsed JSON.

    Raises
    ------
    InvalidResult
        When they have not the form that the verifier asks for, or do not go together.
    """
    if isinstance(result, dict) and "mechanism" in result:
        name = result["mechanism"]
        raise InvalidResult(f"{name} weighs nothing against anything: it has no prices")
    claims = _take(read_result(result))
    world = _take(read_instance(instance))
    policy = _take(read_policy(claims.policy, world.largest_rank()))
    if policy is None or len(policy.stages) != len(claims.stages):
        raise InvalidResult("the result's stages are not those of its policy")
    cohort = Cohort(world, policy.attributes)
    views: list[StageView] = []
    before: list[int] = []
    parts = zip(policy.stages, claims.stages, claims.certificate, strict=False)
    for stage, claim, proofs in parts:
        rules = Rules(world, stage.guard, before)
        options = rules.options()
        taken = _take(find_taken(rules, options, claim.placements))
        rate, prices = claim.carbon_rate, claim.prices
        ledger = Ledger(cohort, policy, stage, options, prices, rate)
        if not len(proofs) == len(claim.levels) == len(ledger.entries):
            raise InvalidResult(f"stage {stage.name}: a level has no proof")
        views.append(StageView(claim, stage, rules, ledger, taken, proofs))
        before = [options.choice[option] for option in taken]
    return views


def _take(found: tuple[Read, list[str]]) -> Read:
    value, problems = found
    if problems:
        raise InvalidResult(problems)
    return value
