"""What each student may end up with in a stage, and whether placements respect it.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solver.verify.holds import find_standing
from solver.verify.levels import Guard
from solver.verify.world import UNPLACED, World


@dataclass
class Options:
    """Every student's surviving choices, and last, where allowed, to stay unplaced.

    Those of student s are first[s]..first[s + 1]. Staying unplaced has choice
    ``UNPLACED``, the number of offers as its offer, rank 0 and lane 0.
    """

    first: list[int] = field(default_factory=lambda: [0])
    choice: list[int] = field(default_factory=list)
    offer: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    emissions_g: list[int] = field(default_factory=list)
    lane: list[int] = field(default_factory=list)

    def of(self, student: int) -> range:
        """Return a student's options."""
        return range(self.first[student], self.first[student + 1])

    def find(self, student: int, choice: int) -> int:
        """Return the option that is this choice, -1 where it did not survive."""
        for option in self.of(student):
            if self.choice[option] == choice:
                return option
        return -1


@dataclass(frozen=True)
class Owed:
    """What a guard owes one student."""

    held: int
    most: int
    """The largest rank she may get."""
    outward: bool
    present: bool
    """Whether a virtual place of a larger rank is ruled out."""


class Rules:
    """What a stage allows: pins, forbidden pairs and its guard.

    Parameters
    ----------
    world
        The instance.
    guard
        The stage's guard, if any.
    before
        Choice of each student in the stage before, ``UNPLACED`` for none; empty in the
        first stage, whose guard looks at what students hold.
    """

    def __init__(self, world: World, guard: Guard | None, before: list[int]) -> None:
        self.world = world
        self.owed: dict[int, Owed] = {}
        self.source = "had a place in the stage before"
        if guard is not None and guard.from_holds:
            self.source = "holds a place that stands"
            before = find_standing(world)
        if guard is not None:
            for student, held in enumerate(before):
                steps = None if held < 0 else _steps(world, guard, student)
                if steps is not None:
                    self.owed[student] = _owe(world, guard, student, held, steps)

    def options(self) -> Options:
        """Return what each student may end up with."""
        world, options = self.world, Options()
        choices, first = world.choices, world.students.first
        offers = len(world.offers.ids)
        for student in range(len(world.students.ids)):
            start, end = first[student], first[student + 1]
            kept = self._survivors(student, start, end)
            if kept is None:
                options.choice += range(start, end)
                options.offer += choices.offer[start:end]
                options.rank += choices.rank[start:end]
                options.emissions_g += choices.emissions_g[start:end]
                options.lane += choices.lane[start:end]
            else:
                options.choice += kept
                options.offer += [choices.offer[choice] for choice in kept]
                options.rank += [choices.rank[choice] for choice in kept]
                options.emissions_g += [choices.emissions_g[choice] for choice in kept]
                options.lane += [choices.lane[choice] for choice in kept]
            if self.may_stay(student):
                options.choice.append(UNPLACED)
                options.offer.append(offers)
                options.rank.append(0)
                options.emissions_g.append(0)
                options.lane.append(0)
            options.first.append(len(options.choice))
        return options

    def may_stay(self, student: int) -> bool:
        """Return whether a student may stay unplaced."""
        return student not in self.owed and student not in self.world.pins

    def _survivors(self, student: int, start: int, end: int) -> list[int] | None:
        """Return a student's surviving choices, None for all of them."""
        world, owed = self.world, self.owed.get(student)
        if owed is None and not world.pins and not world.forbidden:
            return None
        kept = range(start, end)
        if student in world.pins:
            kept = range(world.pins[student], world.pins[student] + 1)
        return [
            choice
            for choice in kept
            if choice not in world.forbidden
            and (owed is None or not self._is_breach(student, owed, choice))
        ]

    def _is_breach(self, student: int, owed: Owed, choice: int) -> bool:
        if self.world.choices.rank[choice] > owed.most:
            return True
        if owed.outward and not _is_outward(self.world, student, choice):
            return True
        return owed.present and self._is_worse_virtual(owed, choice)

    def _is_worse_virtual(self, owed: Owed, choice: int) -> bool:
        choices = self.world.choices
        virtual = self.world.offers.virtual[choices.offer[choice]]
        return virtual and choices.rank[choice] > choices.rank[owed.held]

    def explain(self, student: int, choice: int) -> str:
        """Return why a choice is not among a student's options."""
        world, owed = self.world, self.owed.get(student)
        name = f"student {world.students.ids[student]}"
        offers = world.offers.ids
        offer = offers[world.choices.offer[choice]]
        if choice in world.forbidden:
            return f"{name} holds offer {offer}, which is forbidden"
        if student in world.pins:
            pinned = offers[world.choices.offer[world.pins[student]]]
            return f"{name} holds offer {offer} and is pinned to {pinned}"
        if owed is None:
            return f"{name} may not hold offer {offer}"
        name = f"the guard is broken: {name} holds offer {offer}"
        rank = world.choices.rank[choice]
        if rank > owed.most:
            return f"{name} of rank {rank}, worse than rank {owed.most}"
        if owed.outward and not _is_outward(world, student, choice):
            return f"{name}, and had a place outside her block"
        return f"{name}, a virtual one of a worse rank than her place before"

    def explain_unplaced(self, student: int) -> str:
        """Return why a student must have a place."""
        name = f"student {self.world.students.ids[student]}"
        if student in self.world.pins:
            pinned = self.world.choices.offer[self.world.pins[student]]
            return (
                f"{name} has no place and is pinned to {self.world.offers.ids[pinned]}"
            )
        return f"the guard is broken: {name} {self.source} and has none"


def _steps(world: World, guard: Guard, student: int) -> int | None:
    """Return how many ranks a student may fall, None where she is not guarded."""
    protected = world.block_of(student) in guard.blocks
    if not guard.everyone:
        return guard.steps if protected else None
    floor = world.students.floor_g[student]
    if guard.remote_kg is not None and floor > 1000 * guard.remote_kg:
        protected = True
    return guard.steps_protected if protected else guard.steps


def _owe(world: World, guard: Guard, student: int, held: int, steps: int) -> Owed:
    protected = world.block_of(student) in guard.blocks
    outward = guard.keep_outward and protected and _is_outward(world, student, held)
    virtual = world.offers.virtual[world.choices.offer[held]]
    most = world.choices.rank[held] + steps
    return Owed(held, most, outward, guard.no_virtual and not virtual)


def _is_outward(world: World, student: int, choice: int) -> bool:
    """Return whether a choice is not virtual and leads out of the student's block."""
    offer = world.choices.offer[choice]
    if world.offers.virtual[offer]:
        return False
    return world.block[world.offers.receiving[offer]] != world.block_of(student)


def find_taken(
    rules: Rules, options: Options, placements: dict[str, str]
) -> tuple[list[int], list[str]]:
    """Return the option that each student takes and what makes placements infeasible.

    Parameters
    ----------
    rules, options
        The stage's.
    placements
        Offer by placed student, as claimed.

    Returns
    -------
    tuple
        The options are complete only when the list of facts is empty.
    """
    world, facts = rules.world, []
    held = [UNPLACED] * len(world.students.ids)
    for student, offer in placements.items():
        number = world.students.index.get(student, -1)
        if number < 0:
            facts.append(f"student {student} is placed and unknown")
        elif offer not in world.offers.index:
            facts.append(f"student {student} holds offer {offer}, which is unknown")
        else:
            choice = world.find_choice(number, world.offers.index[offer])
            if choice < 0:
                facts.append(f"student {student} holds offer {offer}, not her choice")
            held[number] = choice
    taken = []
    for number, choice in enumerate(held):
        option = options.find(number, choice)
        if option < 0 and choice >= 0:
            facts.append(rules.explain(number, choice))
        elif option < 0:
            facts.append(rules.explain_unplaced(number))
        taken.append(option)
    facts += _overfull(world, held)
    return taken, facts


def _overfull(world: World, held: list[int]) -> Iterator[str]:
    """Yield the offers and quotas that hold more students than they may."""
    counts = [0] * len(world.offers.ids)
    taken = {choice for choice in held if choice >= 0}
    for choice in taken:
        counts[world.choices.offer[choice]] += 1
    for offer, count in enumerate(counts):
        if count > world.offers.capacity[offer]:
            name, most = world.offers.ids[offer], world.offers.capacity[offer]
            yield f"offer {name}: {count} students placed, capacity {most}"
    quotas = world.quotas
    for number, name in enumerate(quotas.ids):
        count = sum(counts[offer] for offer in quotas.offers[number])
        count += sum(choice in taken for choice in quotas.choices[number])
        if count > quotas.capacity[number]:
            most = quotas.capacity[number]
            yield f"quota {name}: {count} students placed, capacity {most}"
