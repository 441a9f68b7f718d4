"""How often a student gains by a false list: sampled, counted, with its interval.

A false list is one swap of two wishes, a list cut short, or a list padded with an offer
that she did not rank. Everybody else stays honest. Source of the kinds: Featherstone
(rank efficiency, 2020) and Feizi 2024 on how rank optimisers are gamed.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import inf
from multiprocessing import get_context
from typing import NamedTuple

from solver.false_lists import FalseList, misreport, sample_false_lists
from solver.instance import Instance, Student
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.registry import run_mechanism
from solver.metrics import Placements
from solver.optimise import solve
from solver.policy import Policy

EXAMPLES = 3


@dataclass(frozen=True)
class Rule:
    """A way to place: a mechanism, or optimising under a policy."""

    mechanism: str
    policy: Policy | None

    def place(self, instance: Instance) -> Placements:
        """Return the placements that the rule gives.

        Raises
        ------
        NotApplicable
            When the mechanism is not defined for the instance.
        InvalidPolicy
            When the policy does not fit the instance.
        """
        if self.policy is None:
            return run_mechanism(self.mechanism, instance).placements
        return solve(instance, self.policy).placements


@dataclass(frozen=True)
class Gain:
    """A false list that pays, and what it changes; None is no place."""

    lie: FalseList
    honest: str | None
    got: str | None


@dataclass(frozen=True)
class Manipulability:
    """What a rule's sample showed.

    Attributes
    ----------
    tried, gained
        False lists by kind, and those that gave the student a better true rank.
    undefined
        False lists under which the mechanism was not applicable; they count as tried.
    reasons
        Why the mechanism is not applicable even to honest lists; nothing was tried.
    """

    rule: Rule
    tried: Counter[str]
    gained: Counter[str]
    undefined: int
    examples: tuple[Gain, ...]
    reasons: tuple[str, ...] = ()


def find_manipulability(
    instance: Instance,
    rules: Sequence[Rule],
    samples: int,
    seed: int,
    processes: int | None = None,
) -> list[Manipulability]:
    """Return how often sampled false lists pay under each rule, the same for all.

    Parameters
    ----------
    samples
        How many false lists; each is of one student drawn at random.
    seed
        Same instance, samples and seed: the same false lists.
    processes
        How many work at the same time; None for one per processor.
    """
    lies = sample_false_lists(instance, samples, seed)
    bench = _Bench(instance, rules)
    with _hire(bench, processes or os.cpu_count() or 1) as work:
        honest = list(work([(number, None) for number in range(len(rules))]))
        rows = []
        for number, (rule, answer) in enumerate(zip(rules, honest, strict=True)):
            tried = [] if answer.reasons else lies
            answers = work([(number, lie) for lie in tried])
            told = zip(tried, answers, strict=True)
            rows.append(_count(instance, rule, answer, told))
    return rows


def _count(
    instance: Instance,
    rule: Rule,
    honest: "Answer",
    answers: Iterable[tuple[FalseList, "Answer"]],
) -> Manipulability:
    students = {student.id: student for student in instance.students}
    tried, gained = Counter[str](), Counter[str]()
    undefined, examples = 0, []
    for lie, answer in answers:
        tried[lie.kind] += 1
        undefined += bool(answer.reasons)
        had, got = (
            honest.placements.get(lie.student),
            answer.placements.get(lie.student),
        )
        student = students[lie.student]
        if true_rank(student, got) < true_rank(student, had):
            gained[lie.kind] += 1
            examples.append(Gain(lie, had, got))
    chosen = tuple(examples[:EXAMPLES])
    return Manipulability(rule, tried, gained, undefined, chosen, honest.reasons)


def true_rank(student: Student, offer: str | None) -> float:
    """Return the rank of an outcome by the true list: no place is worse than any.

    An offer that she did not rank is worse still: she would not take it.
    """
    if offer is None:
        return inf
    ranks = {choice.offer: choice.rank for choice in student.choices}
    return ranks.get(offer, inf)


class Answer(NamedTuple):
    """What a rule gives, or why it is not applicable."""

    placements: Placements
    reasons: tuple[str, ...] = ()


Job = tuple[int, FalseList | None]
"""A rule's number, and who reports falsely, if anybody."""
Work = Callable[[Sequence[Job]], Iterable[Answer]]


class _Bench:
    """An instance with the rules to try on it."""

    def __init__(self, instance: Instance, rules: Sequence[Rule]) -> None:
        self.instance, self.rules = instance, rules

    def do(self, job: Job) -> Answer:
        """Return what a rule gives: all of it, or to who reports falsely."""
        number, lie = job
        instance = self.instance if lie is None else misreport(self.instance, lie)
        try:
            placements = self.rules[number].place(instance)
        except NotApplicable as refusal:
            return Answer({}, refusal.problems)
        if lie is None:
            return Answer(dict(placements))
        own = placements.get(lie.student)
        return Answer({} if own is None else {lie.student: own})


@contextmanager
def _hire(bench: _Bench, workers: int) -> Iterator[Work]:
    """Give the jobs to as many processes; one worker is this process."""
    if workers == 1:
        yield partial(map, bench.do)
        return
    context = get_context("spawn")  # the optimiser's threads do not survive a fork
    with ProcessPoolExecutor(workers, context, _keep, (bench,)) as pool:
        yield partial(pool.map, _do, chunksize=4)


_kept: list[_Bench] = []
"""What a process of the pool works on, given once at its start."""


def _keep(bench: _Bench) -> None:
    _kept.append(bench)


def _do(job: Job) -> Answer:
    return _kept[0].do(job)
