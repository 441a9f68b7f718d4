"""The bound of a level from its prices, by weak duality.

Part of the verifier: standard library and ``solver.fileio`` only. For any prices in
range the bound holds: every feasible placement costs at least as much. So nothing here
needs a tolerance, and nothing trusts the optimiser.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from solver.verify.certificate import LevelProof, Prices, Split
from solver.verify.costs import one_way_cost
from solver.verify.rows import Rows

LARGEST_HASH = 2**20 - 1


class Bound:
    """The bound of one entry.

    Parameters
    ----------
    rows
        The stage's rows.
    number
        Position of the entry in its stage.
    proof
        The certificate's prices and tree for it.
    limits
        The limits of the earlier entries.
    """

    def __init__(
        self, rows: Rows, number: int, proof: LevelProof, limits: list[int]
    ) -> None:
        self.rows = rows
        self.ledger = rows.ledger
        self.options = rows.options
        self.world = rows.world
        self.number = number
        self.proof = proof
        self.limits = limits
        self.problems: list[str] = []

    def least(self) -> int | None:
        """Return the bound; None where no placement is possible.

        Every value is a multiple of the entry's unit, so it is rounded up to one.

        ``problems`` names the prices out of range; with any, the bound proves nothing.
        """
        if any(start == end for start, end in pairwise(self.options.first)):
            return None
        bounds = [bound for _, bound in self.leaf_bounds()]
        unit = self.ledger.unit(self.number)
        return -(-min(bounds) // (self.proof.denominator * unit)) * unit

    def leaf_bounds(self) -> Iterator[tuple[Prices, int]]:
        """Yield every leaf's prices, the root's added, and what they prove.

        The bound is over the denominator and not yet rounded.
        """
        root = self.proof.root
        at_root: PricedOptions | None = None
        for prices, path in self._leaves():
            total = root.plus(prices)
            self._check(total)
            if prices.levels:
                leaf = PricedOptions(self, total)
                changed = Prices(branches=prices.branches)
            else:  # a few rows change: the students they touch are looked at again
                at_root = at_root or PricedOptions(self, root)
                leaf, changed = at_root, prices
            students = leaf.minimum + leaf.change(changed, path)
            yield total, students - self.constants(total, path)

    def _leaves(self) -> Iterator[tuple[Prices, list[tuple[Split, bool]]]]:
        """Yield every leaf's own prices with the splits above it, root first."""
        if not self.proof.tree:
            yield Prices(), []
            return
        path: list[tuple[Split, bool]] = []
        waiting: list[tuple[int, int, tuple[Split, bool] | None]] = [(0, 0, None)]
        while waiting:
            number, depth, step = waiting.pop()
            if step is not None:
                del path[depth - 1 :]
                path.append(step)
            node = self.proof.tree[number]
            if isinstance(node, Split):
                waiting.append((node.high, depth + 1, (node, True)))
                waiting.append((node.low, depth + 1, (node, False)))
            else:
                if len(node.branches) > len(path):
                    self._say(f"node {number} prices more rows than its path has")
                yield node, path[: len(node.branches)]

    def _say(self, problem: str) -> None:
        self.problems.append(f"certificate, {self._title()}: {problem}")

    def _title(self) -> str:
        entry = self.ledger.entries[self.number].name
        return f"stage {self.ledger.stage.name}, level {entry}"

    def weights(self, prices: Prices) -> list[tuple[int, int]]:
        """Return every entry in play with its weight, this one's the denominator."""
        weights = [(self.number, self.proof.denominator)]
        return weights + [(i, weight) for i, weight in prices.levels.items() if weight]

    def _check(self, prices: Prices) -> None:
        """Note the prices that are below 0 or above what a one-way excess can cost."""
        names = (
            (prices.offers, "offer", self.world.offers.ids),
            (prices.quotas, "quota", self.world.quotas.ids),
            (prices.levels, "level", [entry.name for entry in self.ledger.entries]),
        )
        for table, what, ids in names:
            for key, price in table.items():
                if price < 0:
                    self._say(f"the price of {what} {ids[key]} is {price}, below 0")
        top = sum(
            weight * self.ledger.one_way(i)[2] for i, weight in self.weights(prices)
        )
        for key, price in prices.partnerships.items():
            if not 0 <= price <= top:
                pair = " - ".join(self.world.partnerships.pairs[key])
                self._say(
                    f"the price of partnership {pair} is {price}, not in 0..{top}"
                )

    def constants(self, prices: Prices, path: list[tuple[Split, bool]]) -> int:
        """Return what is taken off the students' minima."""
        offers, quotas = self.world.offers.capacity, self.world.quotas.capacity
        off = sum(price * offers[key] for key, price in prices.offers.items())
        off += sum(price * quotas[key] for key, price in prices.quotas.items())
        off += sum(price * self.limits[key] for key, price in prices.levels.items())
        off += self._conjugates(prices)
        for price, (split, is_high) in zip(prices.branches, path, strict=False):
            off += price * (-(split.at + 1) if is_high else split.at)
        weights = self.weights(prices)
        return off - sum(weight * self.ledger.constant(i) for i, weight in weights)

    def _conjugates(self, prices: Prices) -> int:
        """Return the sum of max over breakpoints t of z t - F(t), over partnerships."""
        if not any(prices.partnerships.values()):
            return 0
        rates = [(self.ledger.one_way(i), w) for i, w in self.weights(prices)]
        points = {0} | {above for (_, above, _), _ in rates}
        curve = [
            (point, sum(weight * one_way_cost(rate, point) for rate, weight in rates))
            for point in points
        ]
        allowance = self.world.partnerships.allowance
        return sum(
            max(price * (allowance[key] + point) - cost for point, cost in curve)
            for key, price in prices.partnerships.items()
        )


class PricedOptions:
    """Every student's least cost at given prices, without rows of branches."""

    def __init__(self, bound: Bound, prices: Prices) -> None:
        self.rows = bound.rows
        self.options = bound.options
        self.world = bound.world
        self.prices = prices
        self.weights = [0, 0]
        self.totals = self._sum(bound)
        pairs = enumerate(pairwise(self.options.first))
        if any(self.weights):
            self.least = [self._draw(s, a, self.totals[a:b]) for s, (a, b) in pairs]
        else:
            self.least = [min(self.totals[a:b]) for _, (a, b) in pairs]
        self.minimum = sum(self.least)

    def _sum(self, bound: Bound) -> list[int]:
        """Return every option's cost at the prices, the lottery's hashes left out."""
        ledger, totals = bound.ledger, [0] * len(self.options.choice)
        for number, weight in bound.weights(self.prices):
            entry = ledger.entries[number]
            if entry.kind == "lottery":
                self.weights[entry.number - 1] += weight
            else:
                costs = ledger.costs(number)
                totals = [a + weight * b for a, b in zip(totals, costs, strict=True)]
        by_offer = self._offer_prices()
        if any(by_offer):
            offers = zip(totals, self.options.offer, strict=True)
            totals = [cost + by_offer[offer] for cost, offer in offers]
        by_lane = self._lane_prices()
        if any(by_lane):
            lanes = zip(totals, self.options.lane, strict=True)
            totals = [cost + by_lane[lane] for cost, lane in lanes]
        for quota, price in self.prices.quotas.items():
            for option in self.rows.singles(quota):
                totals[option] += price
        return totals

    def _offer_prices(self) -> list[int]:
        """Return the prices that an offer's choices pay; the last is for staying."""
        prices = [0] * (len(self.world.offers.ids) + 1)
        for offer, price in self.prices.offers.items():
            prices[offer] += price
        for quota, price in self.prices.quotas.items():
            for offer in self.world.quotas.offers[quota]:
                prices[offer] += price
        return prices

    def _lane_prices(self) -> list[int]:
        """Return z by lane: the list is as long as a lane inward, -(p + 1), needs."""
        prices = [0] * (2 * len(self.world.partnerships.pairs) + 1)
        for number, price in self.prices.partnerships.items():
            prices[number + 1] = price
            prices[-number - 1] = -price
        return prices

    def _draw(self, student: int, start: int, totals: list[int]) -> int:
        """Return a student's least cost with the lottery: few options need a hash."""
        first, second = self.weights
        least = min(totals) + (first + second) * LARGEST_HASH
        for option, total in enumerate(totals, start):
            if total <= least:
                choice = self.options.choice[option]
                if choice >= 0:
                    one, two = self.world.lottery(student, choice)
                    total += first * one + second * two
                least = min(least, total)
        return least

    def change(self, prices: Prices, path: list[tuple[Split, bool]]) -> int:
        """Return by how much further prices change the sum of the least costs."""
        extra: dict[int, int] = {}
        for kind, number, price in _priced_rows(prices, path):
            for option, sign in self.rows.row(kind, number):
                extra[option] = extra.get(option, 0) + sign * price
        first, change = self.options.first, 0
        for student in {bisect_right(first, option) - 1 for option in extra}:
            options = self.options.of(student)
            totals = [self.totals[option] + extra.get(option, 0) for option in options]
            if any(self.weights):
                least = self._draw(student, options.start, totals)
            else:
                least = min(totals)
            change += least - self.least[student]
        return change


def _priced_rows(
    prices: Prices, path: list[tuple[Split, bool]]
) -> Iterator[tuple[str, int, int]]:
    """Yield the rows that a leaf prices beyond the root: kind, number, price."""
    tables = (
        ("offer", prices.offers),
        ("quota", prices.quotas),
        ("partnership", prices.partnerships),
    )
    for kind, table in tables:
        for number, price in table.items():
            yield kind, number, price
    for price, (split, is_high) in zip(prices.branches, path, strict=False):
        yield split.kind, split.number, -price if is_high else price
