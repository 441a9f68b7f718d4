"""False lists of one student: what she might report instead of her true wishes."""

import random
from dataclasses import dataclass, replace

from solver.instance import Choice, Instance, Quota, Student

KINDS = ("swap", "truncation", "padding")


@dataclass(frozen=True)
class FalseList:
    """A list that a student reports instead of hers.

    ``fellow`` ranks the offer ``added`` to a padded list and studies at the same
    institution: the new choice has her emissions and stands in the quotas that name
    hers. Both are empty for other kinds.
    """

    student: str
    kind: str
    choices: tuple[Choice, ...]
    added: str = ""
    fellow: str = ""


def sample_false_lists(instance: Instance, samples: int, seed: int) -> list[FalseList]:
    """Return false lists of students drawn at random, as many as asked for.

    Students who are pinned or have no choices report nothing. Fewer, or none, only
    where nobody could report anything false.
    """
    sampler = _Sampler(instance, seed)
    return [sampler.draw() for _ in range(samples)] if sampler.liars else []


def misreport(instance: Instance, lie: FalseList) -> Instance:
    """Return the instance in which a student reports a false list."""
    ranked = {choice.offer for choice in lie.choices}
    students = tuple(
        replace(student, choices=lie.choices) if student.id == lie.student else student
        for student in instance.students
    )
    holds = {
        student: offer
        for student, offer in instance.holds.items()
        if student != lie.student or offer in ranked
    }
    quotas = tuple(_rename(quota, lie, ranked) for quota in instance.quotas)
    return replace(instance, students=students, quotas=quotas, holds=holds)


def _rename(quota: Quota, lie: FalseList, ranked: set[str]) -> Quota:
    """Return a quota that names the choices of the false list, as it named the true."""
    if not quota.choices:
        return quota
    named = set(quota.choices)
    kept = {pair for pair in named if pair[0] != lie.student}
    kept |= {
        (lie.student, offer)
        for offer in ranked
        if (lie.student, offer) in named
        or (offer == lie.added and (lie.fellow, offer) in named)
    }
    return replace(quota, choices=tuple(sorted(kept)))


class _Sampler:
    def __init__(self, instance: Instance, seed: int) -> None:
        self.random = random.Random(f"false lists {seed}")  # noqa: S311 - a sample, not a secret
        self.instance = instance
        self.known: dict[str, dict[str, tuple[str, Choice]]] = {}
        """By sending institution and offer: a student of hers who ranks it, and how."""
        for student in instance.students:
            offers = self.known.setdefault(student.sending, {})
            for choice in student.choices:
                offers.setdefault(choice.offer, (student.id, choice))
        self.liars = [
            student
            for student in instance.students
            if student.choices
            and student.id not in instance.pins
            and self._kinds(student)
        ]

    def _kinds(self, student: Student) -> list[str]:
        kinds = ["swap", "truncation"] if len(student.choices) > 1 else []
        return [*kinds, "padding"] if self._others(student) else kinds

    def _others(self, student: Student) -> list[str]:
        """Return the offers that a student could add, sorted."""
        own = {choice.offer for choice in student.choices}
        return sorted(
            offer
            for offer in self.known[student.sending].keys() - own
            if (student.id, offer) not in self.instance.forbidden
        )

    def draw(self) -> FalseList:
        """Return a false list of a student, each kind open to her as likely."""
        student = self.random.choice(self.liars)
        kind = self.random.choice(self._kinds(student))
        if kind == "padding":
            return self._pad(student)
        choices = list(student.choices)
        if kind == "truncation":
            left = choices[: self.random.randrange(1, len(choices))]
            return FalseList(student.id, kind, tuple(left))
        one, two = sorted(self.random.sample(range(len(choices)), 2))
        first, second = choices[one], choices[two]
        choices[one] = second._replace(rank=first.rank)
        choices[two] = first._replace(rank=second.rank)
        return FalseList(student.id, kind, tuple(choices))

    def _pad(self, student: Student) -> FalseList:
        """Put an offer behind her first wishes, between two ranks or last."""
        fellow, choice = self.known[student.sending][
            self.random.choice(self._others(student))
        ]
        choices = student.choices
        starts = [
            place
            for place in range(1, len(choices))
            if choices[place].rank > choices[place - 1].rank
        ]
        place = self.random.choice([*starts, len(choices)])
        before, after = choices[:place], choices[place:]
        rank = after[0].rank if after else before[-1].rank + 1
        padded = (
            *before,
            choice._replace(rank=rank),
            *(later._replace(rank=later.rank + 1) for later in after),
        )
        return FalseList(student.id, "padding", padded, choice.offer, fellow)
