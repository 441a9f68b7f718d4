"""Check a result against its instance, with the standard library and own arithmetic.

Imports only the standard library, ``solver.fileio`` and ``solver.errors``, so that
``python3 -S -m solver verify`` runs where nothing is installed; shares no arithmetic
with the optimiser. Not checked, because no proof rests on it: how the equity prices
were found, that a carbon rate is the smallest that meets its budget, and the result's
``notes`` and ``versions``.
"""

import argparse
import gc
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from solver.errors import InvalidFile
from solver.fileio import parse_json, read_bytes, to_canonical, to_digest
from solver.verify.costs import Cohort
from solver.verify.instance import read_instance
from solver.verify.levels import VALUE, Policy
from solver.verify.mechanisms import check_mechanism
from solver.verify.policy import read_policy
from solver.verify.result import Claims, read_result
from solver.verify.stage import StageCheck
from solver.verify.world import World


@dataclass(frozen=True)
class Verdict:
    """What verification found.

    Attributes
    ----------
    facts
        Broken facts in the order of the proof; the first alone unless all were asked
        for. None means that the result holds.
    is_readable
        False when a file is not strict JSON.
    summary
        One line: what is proven; empty for a result that does not hold.
    """

    facts: tuple[str, ...]
    is_readable: bool = True
    summary: str = ""

    @property
    def holds(self) -> bool:
        """Return whether every claim of the result is true."""
        return not self.facts


def verify(
    instance_bytes: bytes, result_bytes: bytes, *, every: bool = False
) -> Verdict:
    """Return whether a result's claims about an instance are true.

    Parameters
    ----------
    instance_bytes
        The instance file. Its digest is taken over these bytes.
    result_bytes
        The result file: it carries the policy and the certificate.
    every
        Collect all broken facts instead of stopping at the first.
    """
    was_enabled = gc.isenabled()
    gc.disable()  # millions of small objects, none of them in a cycle
    try:
        check = _Verification(instance_bytes, result_bytes)
        facts = check.facts()
        broken = tuple(facts if every else islice(facts, 1))
        summary = "" if broken else check.summary()
        return Verdict(broken, is_readable=check.is_readable, summary=summary)
    finally:
        if was_enabled:
            gc.enable()


class _Verification:
    """One run over a result; ``facts`` fills what ``summary`` tells."""

    def __init__(self, instance_bytes: bytes, result_bytes: bytes) -> None:
        self.instance_bytes = instance_bytes
        self.result_bytes = result_bytes
        self.is_readable = True
        self.claims = Claims()
        self.students = 0

    def facts(self) -> Iterator[str]:
        """Yield the broken facts."""
        try:
            instance = parse_json(self.instance_bytes, "instance")
            result = parse_json(self.result_bytes, "result")
        except InvalidFile as error:
            self.is_readable = False
            yield from error.problems
            return
        self.claims, problems = read_result(result)
        yield from problems
        if problems:
            return
        if self.claims.instance_digest != to_digest(self.instance_bytes):
            yield "certificate: instance_digest is of another instance"
        world, problems = read_instance(instance)
        yield from problems
        if problems:
            return
        self.students = len(world.students.ids)
        policy, problems = read_policy(self.claims.policy, world.largest_rank())
        yield from problems
        if policy is None or problems:
            return
        if self.claims.policy_digest != to_digest(to_canonical(self.claims.policy)):
            yield "certificate: policy_digest is of another policy"
        if self.claims.mechanism:
            yield from check_mechanism(world, policy, self.claims)
            return
        yield from self._stage_facts(world, policy)
        yield from self._total_facts(policy)

    def _stage_facts(self, world: World, policy: Policy) -> Iterator[str]:
        claims = self.claims
        names = [stage.name for stage in policy.stages]
        claimed = [stage.name for stage in claims.stages]
        if claimed != names:
            yield f"the stages are {', '.join(claimed)}, not {', '.join(names)}"
            return
        if len(claims.certificate) != len(names):
            yield f"certificate: {len(claims.certificate)} stages, needs {len(names)}"
            return
        cohort = Cohort(world, policy.attributes)
        before: list[int] = []
        parts = zip(policy.stages, claims.stages, claims.certificate, strict=True)
        for stage, claim, proofs in parts:
            check = StageCheck(cohort, policy, stage, claim, proofs, before)
            yield from check.facts()
            if claim.prices != claims.stages[0].prices:
                yield f"stage {stage.name}: equity prices differ from the first stage's"
            if check.held is None:
                return
            before = check.held

    def _total_facts(self, policy: Policy) -> Iterator[str]:
        """Yield what does not follow from the stages."""
        claims = self.claims
        if claims.stages and claims.placements != claims.stages[-1].placements:
            yield "result: placements are not those of the last stage"
        weighed = {
            (stage.name, level.name)
            for stage in policy.stages
            for level in stage.levels
            if level.weights.keys() & set(VALUE)
        }
        levels = [
            (stage.name, item) for stage in claims.stages for item in stage.levels
        ]
        gaps = [i.best - i.bound for name, i in levels if (name, i.name) in weighed]
        gap = max(gaps, default=0)
        if claims.gap_msteps != gap:
            yield f"result: gap_msteps is {claims.gap_msteps}, the levels' is {gap}"
        is_proven = all(level.bound == level.best for _, level in levels)
        status = "optimal" if is_proven else "bounded"
        if claims.status != status:
            yield f"result: status is {claims.status}, the levels' is {status}"

    def summary(self) -> str:
        """Return what was proven, in one line."""
        claims = self.claims
        if claims.mechanism:
            return (
                f"verified: what {claims.mechanism} gives, "
                f"{len(claims.placements)} of {self.students} students placed"
            )
        levels = sum(len(stage.levels) for stage in claims.stages)
        return (
            f"verified: {claims.status}, gap {claims.gap_msteps} msteps, "
            f"{len(claims.stages)} stages, {levels} levels, "
            f"{len(claims.placements)} of {self.students} students placed"
        )


def main(argv: Sequence[str]) -> int:
    """Verify a result and say so; the command ``python -m solver verify``.

    Parameters
    ----------
    argv
        What follows ``verify`` on the command line.

    Returns
    -------
    int
        0 when the result holds, 1 when not, 2 when a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m solver verify")
    parser.add_argument("instance", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--all", action="store_true", help="name all broken facts")
    arguments = parser.parse_args(argv)
    try:
        instance = read_bytes(arguments.instance)
        result = read_bytes(arguments.result)
    except InvalidFile as error:
        sys.stderr.write(f"{error}\n")
        return 2
    verdict = verify(instance, result, every=arguments.all)
    if verdict.holds:
        sys.stdout.write(f"{verdict.summary}\n")
        return 0
    sentences = "".join(f"{fact}\n" for fact in verdict.facts)
    (sys.stdout if verdict.is_readable else sys.stderr).write(sentences)
    return 1 if verdict.is_readable else 2
