"""Whether quotas nest: any two share no choice, or one holds all of the other's.

Each capacity is a set of choices. An offer counts as a whole, whoever ranked it, so
that nobody's report decides whether quotas over offers nest; a quota that names single
choices is the set of those that are left (forbidden pairs are gone, a pinned student
has one choice).
"""

from dataclasses import dataclass
from functools import cached_property

from solver.instance import Instance
from solver.mechanisms.outcome import NotApplicable
from solver.mechanisms.wishes import wishes_of
from solver.room import Pair

NONE = -1
Atom = str | Pair
"""An offer (what no quota names of it choice by choice), or a choice named so."""


@dataclass(frozen=True)
class Forest:
    """The nested capacities, numbered as in ``Room``: offers, then quotas.

    Attributes
    ----------
    parent
        The smallest capacity around each, ``NONE`` around the outermost.
    around_offer, around_pair
        The innermost capacity of an offer's choices, of a choice named one by one.
    """

    parent: tuple[int, ...]
    around_offer: dict[str, int]
    around_pair: dict[Pair, int]

    def chain(self, student: str, offer: str) -> list[int]:
        """Return the capacities that count a choice, innermost first."""
        if not self.around_pair:
            return self._chains[offer]
        number = self.around_pair.get((student, offer), self.around_offer[offer])
        return self._climb(number)

    @cached_property
    def _chains(self) -> dict[str, list[int]]:
        """The capacities around each offer."""
        return {offer: self._climb(n) for offer, n in self.around_offer.items()}

    def _climb(self, number: int) -> list[int]:
        chain = []
        while number != NONE:
            chain.append(number)
            number = self.parent[number]
        return chain

    def root(self, number: int) -> int:
        """Return the outermost capacity around one."""
        while self.parent[number] != NONE:
            number = self.parent[number]
        return number


def nest(instance: Instance) -> Forest:
    """Return how the capacities nest.

    Raises
    ------
    NotApplicable
        When some cross, naming every quota that does and a choice on each side.
    """
    sets = _collect_atoms(instance)
    names = [f"offer {offer.id}" for offer in instance.offers]
    names += [f"quota {quota.id}" for quota in instance.quotas]
    owner: dict[Atom, int] = {}
    parent, problems = [NONE] * len(sets), []
    # of equal sets the quota lies around the offer, the later quota around the earlier
    for number in sorted(range(len(sets)), key=lambda n: (-len(sets[n]), -n)):
        owners = {owner.get(atom, NONE) for atom in sets[number]}
        if len(owners) > 1:
            other = next(n for n in owners if n >= 0 and not sets[number] <= sets[n])
            problems.append(_tell(names, sets, number, other))
            continue
        parent[number] = owners.pop() if owners else NONE
        owner |= dict.fromkeys(sets[number], number)
    if problems:
        raise NotApplicable(sorted(problems))
    around_pair = {atom: n for atom, n in owner.items() if isinstance(atom, tuple)}
    around_offer = {atom: n for atom, n in owner.items() if isinstance(atom, str)}
    return Forest(tuple(parent), around_offer, around_pair)


def _collect_atoms(instance: Instance) -> list[set[Atom]]:
    """Return each capacity's choices; offers that no quota takes apart are one atom."""
    left = _list_left(instance)
    wholes, singles = [], []
    for quota in instance.quotas:
        whole = set(quota.offers)
        pairs = {p for p in quota.choices if p in left[p[1]] and p[1] not in whole}
        whole |= {o for _, o in pairs if left[o] <= pairs}  # all of them, one by one
        wholes.append(whole)
        singles.append({pair for pair in pairs if pair[1] not in whole})
    parts: dict[str, set[Atom]] = {offer.id: {offer.id} for offer in instance.offers}
    for pair in {pair for single in singles for pair in single}:
        parts[pair[1]].add(pair)
    sets = list(parts.values())
    for whole, single in zip(wholes, singles, strict=True):
        atoms: set[Atom] = set(single)
        sets.append(atoms.union(*(parts[offer] for offer in whole)))
    return sets


def _list_left(instance: Instance) -> dict[str, set[Pair]]:
    """Return the choices left of each offer that a quota names choice by choice."""
    apart = {offer for quota in instance.quotas for _, offer in quota.choices}
    left: dict[str, set[Pair]] = {offer: set() for offer in apart}
    if apart:
        for student in instance.students:
            for offer in apart.intersection(wishes_of(instance, student)):
                left[offer].add((student.id, offer))
    return left


def _tell(names: list[str], sets: list[set[Atom]], number: int, other: int) -> str:
    """Return a sentence about two capacities that cross."""
    first, second = sorted((number, other))
    return (
        f"{names[second]} and {names[first]} cross: both count "
        f"{_name(sets[first] & sets[second])}, only {names[second]} counts "
        f"{_name(sets[second] - sets[first])}, only {names[first]} counts "
        f"{_name(sets[first] - sets[second])}"
    )


def _name(atoms: set[Atom]) -> str:
    atom = min(atoms, key=str)
    if isinstance(atom, str):
        return f"choices of {atom}"
    return f"{atom[0]}'s choice of {atom[1]}"
