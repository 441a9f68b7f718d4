"""One entry's prices in a stage, and what they say of every option.

All numbers are integers over the entry's denominator, in the entry's own unit.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from solver.explain.reading import StageView
from solver.verify.bound import Bound, PricedOptions
from solver.verify.certificate import LevelProof, Prices, Split
from solver.verify.costs import is_moved

TERMS = ("unplaced", "rank", "carbon", "equity", "moved", "balance", "other")
"""What an option costs by itself; what others need of it is the price of its places."""

Terms = dict[str, int]
"""Cost by term, only those that are not 0."""


@dataclass(frozen=True, slots=True)
class Item:
    """A priced capacity: ``kind`` is "offer" or "quota", ``number`` its position."""

    kind: str
    number: int
    price: int


class StagePrices:
    """The prices that explain an entry.

    Without a tree they are the root's. With one they are those of the leaf that holds
    the placement, without its branch rows: prices too, that prove a little less.

    Parameters
    ----------
    view
        The stage.
    number
        Position of the entry.

    Attributes
    ----------
    gap
        Value minus what the prices prove. No student's option costs her more than this
        beyond her cheapest one, so at 0 everything said is exact.
    """

    def __init__(self, view: StageView, number: int) -> None:
        self.view, self.number = view, number
        self.world, self.options, self.ledger = (
            view.world,
            view.ledger.options,
            view.ledger,
        )
        proof = view.read_proof(number)
        self.denominator = proof.denominator
        self.prices = _find_leaf(view, proof)
        limits = [claim.limit for claim in view.claim.levels[:number]]
        self._bound = Bound(view.rows, number, proof, limits)
        priced = PricedOptions(self._bound, self.prices)
        self.totals = priced.totals
        proven = priced.minimum - self._bound.constants(self.prices, [])
        self.gap = view.claim.levels[number].value * proof.denominator - proven

    @cached_property
    def _quotas_of_option(self) -> dict[int, list[int]]:
        """Priced quotas by option that they name singly."""
        found: dict[int, list[int]] = {}
        for quota in self.prices.quotas:
            for option in self.view.rows.singles(quota):
                found.setdefault(option, []).append(quota)
        return found

    @cached_property
    def _quotas_of_offer(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for quota in self.prices.quotas:
            for offer in self.world.quotas.offers[quota]:
                found.setdefault(offer, []).append(quota)
        return found

    def items(self, option: int) -> Iterator[Item]:
        """Yield the capacities with a price that an option uses."""
        offer = self.options.offer[option]
        price = self.prices.offers.get(offer, 0)
        if price:
            yield Item("offer", offer, price)
        quotas = [
            *self._quotas_of_offer.get(offer, ()),
            *self._quotas_of_option.get(option, ()),
        ]
        for quota in quotas:
            if self.prices.quotas[quota]:
                yield Item("quota", quota, self.prices.quotas[quota])

    def places(self, option: int) -> int:
        """Return the price of the places that an option uses."""
        return sum(item.price for item in self.items(option))

    def lane_price(self, option: int) -> int:
        """Return what an option's lane costs, below 0 for the way back."""
        lane = self.options.lane[option]
        price = self.prices.partnerships.get(abs(lane) - 1, 0) if lane else 0
        return price if lane > 0 else -price

    def terms(self, option: int) -> Terms:
        """Return what an option costs by itself, term by term."""
        terms: Counter[str] = Counter({"balance": self.lane_price(option)})
        for number, weight in self._bound.weights(self.prices):
            for term, cost in self._split(number, option):
                terms[term] += weight * cost
        return {term: terms[term] for term in TERMS if terms[term]}

    def _split(self, number: int, option: int) -> Iterator[tuple[str, int]]:
        """Yield an entry's cost of an option, term by term; they add up to it."""
        entry, ledger = self.ledger.entries[number], self.ledger
        cost = ledger.costs(number)[option]
        weights = entry.level.weights
        rank = self.options.rank[option]
        student = bisect_right(self.options.first, option) - 1
        if entry.kind != "sum":
            yield "other", cost
            return
        if not rank:
            yield "unplaced", weights.get("unplaced", 0)
        else:
            table = ledger.policy.cost(ledger.largest_rank)
            yield "rank", weights.get("rank", 0) * table[rank - 1]
        if "carbon_per_tonne" in weights:
            is_charged = entry.level is self.view.stage.carbon_level()
            rate = ledger.carbon_rate if is_charged else weights["carbon_per_tonne"]
            grams = self.options.emissions_g[option]
            yield "carbon", (grams * rate + 500_000) // 1_000_000
        if rank and "equity" in weights and ledger.bonuses:
            yield "equity", -ledger.bonuses[student] * (ledger.largest_rank + 1 - rank)
        if is_moved(self.world, student, self.options.choice[option]):
            yield "moved", weights.get("moved", 0)

    @cached_property
    def competitors(self) -> Counter[tuple[str, int]]:
        """Students by priced capacity: those in it or who would rather be in it."""
        counts: Counter[tuple[str, int]] = Counter()
        ranks = self.options.rank
        for student, taken in enumerate(self.view.taken):
            items = set()
            for option in self.options.of(student):
                is_wanted = not ranks[taken] or ranks[option] < ranks[taken]
                if ranks[option] and (is_wanted or option == taken):
                    items |= {(item.kind, item.number) for item in self.items(option)}
            counts.update(items)
        return counts

    @cached_property
    def travellers(self) -> Counter[int]:
        """Students by partnership through which a choice of theirs leads."""
        counts: Counter[int] = Counter()
        for student in range(len(self.view.taken)):
            lanes = {abs(self.options.lane[o]) for o in self.options.of(student)}
            counts.update(lane - 1 for lane in lanes if lane)
        return counts


def _find_leaf(view: StageView, proof: LevelProof) -> Prices:
    """Return the prices of the leaf that the placement lies in, branches left out."""
    if not proof.tree:
        return proof.root
    taken = set(view.taken)
    node = proof.tree[0]
    while isinstance(node, Split):
        row = view.rows.row(node.kind, node.number)
        total = sum(sign for option, sign in row if option in taken)
        node = proof.tree[node.low if total <= node.at else node.high]
    found = proof.root.plus(node)
    found.branches = []
    return found
