"""What every option costs at every entry of a stage, and the entries' values.

Part of the verifier: standard library and ``solver.fileio`` only. The arithmetic is its
own: it shares nothing with the optimiser, so that a wrong sign there is not certified.
"""

from collections.abc import Iterable
from itertools import repeat
from math import gcd

from solver.verify.levels import Entry, Policy, Stage
from solver.verify.options import Options
from solver.verify.world import World

PriceTable = dict[str, dict[str, int]]


class Cohort:
    """Students with a choice, and the groups that equity looks at.

    Parameters
    ----------
    world
        The instance, ranks and groups as written.
    attributes
        The policy's attributes.
    """

    def __init__(self, world: World, attributes: Iterable[str]) -> None:
        self.world = world
        self.students = world.cohort()
        self.sizes: dict[str, dict[str, int]] = {name: {} for name in attributes}
        for name, sizes in self.sizes.items():
            for student in self.students:
                label = world.label(student, name)
                if label is not None:
                    sizes[label] = sizes.get(label, 0) + 1

    def bonuses(self, prices: PriceTable) -> list[int]:
        """Return beta of every student: msteps that one benefit step counts more."""
        if not any(price for table in prices.values() for price in table.values()):
            return []
        total = sum(
            price * self.sizes.get(name, {}).get(label, 0)
            for name, table in prices.items()
            for label, price in table.items()
        )
        mean = total // len(self.students)
        bonuses = [-mean] * len(self.world.students.ids)
        for name, table in prices.items():
            for student in self.students:
                label = self.world.label(student, name)
                if label is not None:
                    bonuses[student] += table.get(label, 0)
        return bonuses


class Ledger:
    """A stage's entries with what they cost.

    Parameters
    ----------
    world, policy, stage
        What was declared.
    options
        What each student may end up with in this stage.
    cohort, prices, carbon_rate
        Groups, the claimed equity prices, and the rate that replaces the weight of the
        stage's last level that weighs carbon.
    """

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy,
        stage: Stage,
        options: Options,
        prices: PriceTable,
        carbon_rate: int,
    ) -> None:
        self.world = cohort.world
        self.cohort = cohort
        self.policy = policy
        self.stage = stage
        self.options = options
        self.bonuses = cohort.bonuses(prices)
        self.carbon_rate = carbon_rate
        self.largest_rank = self.world.largest_rank()
        self.entries = stage.entries(self.largest_rank)
        self._costs: dict[int, list[int]] = {}

    def costs(self, number: int) -> list[int]:
        """Return an entry's cost of every option, the lottery's as zeros."""
        if number not in self._costs:
            entry = self.entries[number]
            self._costs[number] = self._count(entry)
        return self._costs[number]

    def _count(self, entry: Entry) -> list[int]:
        if entry.kind == "emissions_g":
            return self.options.emissions_g
        if entry.kind == "worst_rank":
            return [int(rank == entry.number) for rank in self.options.rank]
        if entry.kind == "rank_maximal":
            return [-int(rank == entry.number) for rank in self.options.rank]
        if entry.kind == "lottery":
            return [0] * len(self.options.choice)
        return self._weigh(entry)

    def _weigh(self, entry: Entry) -> list[int]:
        """Return the weighted sum of terms, but for one-way excess."""
        weights, options = entry.level.weights, self.options
        weight = weights.get("rank", 0)
        table = [weight * cost for cost in self.policy.cost(self.largest_rank)]
        table.insert(0, weights.get("unplaced", 0))
        costs = [table[rank] for rank in options.rank]
        rate = weights.get("carbon_per_tonne", 0)
        if rate and entry.level is self.stage.carbon_level():
            rate = self.carbon_rate
        if rate:
            grams = zip(costs, options.emissions_g, repeat(rate))
            costs = [cost + (g * r + 500_000) // 1_000_000 for cost, g, r in grams]
        if "equity" in weights and self.bonuses:
            self._add_equity(costs)
        if "moved" in weights:
            self._add_moved(costs, weights["moved"])
        return costs

    def _add_equity(self, costs: list[int]) -> None:
        ranks, top = self.options.rank, self.largest_rank + 1
        for student, bonus in enumerate(self.bonuses):
            if bonus:
                for option in self.options.of(student):
                    if ranks[option]:
                        costs[option] -= bonus * (top - ranks[option])

    def _add_moved(self, costs: list[int], weight: int) -> None:
        for student in self.world.holds:
            for option in self.options.of(student):
                if is_moved(self.world, student, self.options.choice[option]):
                    costs[option] += weight

    def one_way(self, number: int) -> tuple[int, int, int]:
        """Return an entry's rate, and from how much excess on which other rate."""
        level = self.entries[number].level
        rate = level.weights.get("one_way", 0)
        above, second = level.second or (0, rate)
        return rate, above, second

    def unit(self, number: int) -> int:
        """Return an integer that divides every value of an entry."""
        if self.entries[number].kind == "lottery":
            return 1
        rate, _, second = self.one_way(number)
        return gcd(*self.costs(number), self.constant(number), rate, second) or 1

    def constant(self, number: int) -> int:
        """Return what an entry's value holds whatever is chosen."""
        is_profile = self.entries[number].kind == "rank_maximal"
        return len(self.cohort.students) if is_profile else 0

    def value(self, number: int, taken: list[int]) -> int:
        """Return an entry's value when these options are taken, one per student."""
        entry, options = self.entries[number], self.options
        if entry.kind == "lottery":
            return sum(
                self.world.lottery(student, options.choice[option])[entry.number - 1]
                for student, option in enumerate(taken)
                if options.choice[option] >= 0
            )
        costs = self.costs(number)
        value = self.constant(number) + sum(costs[option] for option in taken)
        if any(self.one_way(number)):
            lanes = [options.lane[option] for option in taken]
            excess = excesses(self.world, lanes)
            value += sum(one_way_cost(self.one_way(number), item) for item in excess)
        return value


def is_moved(world: World, student: int, choice: int) -> bool:
    """Return whether a holder neither keeps her offer nor gets a better one."""
    held = world.holds.get(student)
    if held is None or choice < 0:
        return held is not None
    kept = world.find_choice(student, held)
    better = kept >= 0 and world.choices.rank[choice] < world.choices.rank[kept]
    return choice != kept and not better


def differences_of(world: World, lanes: Iterable[int]) -> list[tuple[int, int]]:
    """Return placements out and in of every partnership."""
    out = [0] * (len(world.partnerships.pairs) + 1)
    back = list(out)
    for lane in lanes:
        if lane > 0:
            out[lane] += 1
        else:
            back[-lane] += 1
    return list(zip(out[1:], back[1:], strict=True))


def excesses(world: World, lanes: Iterable[int]) -> list[int]:
    """Return the one-way excess of every partnership."""
    flows = differences_of(world, lanes)
    allowances = world.partnerships.allowance
    return [
        max(0, out - back - allowance)
        for (out, back), allowance in zip(flows, allowances, strict=True)
    ]


def one_way_cost(rates: tuple[int, int, int], excess: int) -> int:
    """Return the cost of an excess; one below 0 costs nothing."""
    rate, above, second = rates
    return rate * min(max(excess, 0), above) + second * max(0, excess - above)
