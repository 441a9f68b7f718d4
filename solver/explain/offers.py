"""What one more place at an offer, or in a quota, can bring at most.

By weak duality: with capacity q raised by one, an entry whose prices prove N over the
denominator D is proven at N - v_q. So the entry gains at most its best value minus that
bound, rounded up to the entry's unit. The least is taken over the leaves of its tree.
"""

from dataclasses import dataclass

from solver.explain.reading import StageView
from solver.verify.bound import Bound

Key = tuple[str, int]
"""("offer" or "quota", position)."""


@dataclass(frozen=True)
class Worth:
    """An entry's price of one capacity, and the most that one more place brings it.

    ``price`` is the root's, over ``denominator``; ``most`` is in the entry's own unit:
    students, msteps or grams.
    """

    entry: str
    price: int
    denominator: int
    most: int


def explain_offers(view: StageView) -> list[dict[str, object]]:
    """Return every capacity of a stage at which one more place might bring something.

    Those that may bring the most to the earliest entries come first. The entries are in
    order; while those before it gain nothing, an entry gains at most ``at_most``. That
    holds with the rest as it is: the stage before, the equity prices and the carbon
    rate. What comes after an entry that gains may become worse or better. What is not
    listed brings an entry at most the gap between its best value and its bound.
    """
    worths = find_worths(view)
    names = [entry.name for entry in view.entries]

    def by_most(item: tuple[Key, list[Worth]]) -> tuple[list[int], Key]:
        most = {worth.entry: worth.most for worth in item[1]}
        return [-most.get(name, 0) for name in names], item[0]

    return [
        {
            kind: _ids(view, kind)[number],
            "capacity": _capacities(view, kind)[number],
            "worth": [
                {
                    "level": worth.entry,
                    "price": [worth.price, worth.denominator],
                    "at_most": worth.most,
                }
                for worth in found
            ],
        }
        for (kind, number), found in sorted(worths.items(), key=by_most)
    ]


def find_worths(view: StageView) -> dict[Key, list[Worth]]:
    """Return the entries, but for the lottery, by capacity that they price."""
    worths: dict[Key, list[Worth]] = {}
    for number, entry in enumerate(view.entries):
        if entry.kind != "lottery":
            for key, worth in _price_entry(view, number).items():
                worths.setdefault(key, []).append(worth)
    return worths


def _price_entry(view: StageView, number: int) -> dict[Key, Worth]:
    proof, claim = view.read_proof(number), view.claim.levels[number]
    limits = [earlier.limit for earlier in view.claim.levels[:number]]
    leaves = [
        (bound, _by_key(prices.offers, prices.quotas))
        for prices, bound in Bound(view.rows, number, proof, limits).leaf_bounds()
    ]
    unit = view.ledger.unit(number)
    root = _by_key(proof.root.offers, proof.root.quotas)
    found = {}
    for key in sorted({key for _, prices in leaves for key in prices}):
        least = min(bound - prices.get(key, 0) for bound, prices in leaves)
        bound = -(-least // (proof.denominator * unit)) * unit
        most = max(0, claim.best - bound)
        price = root.get(key, 0)
        found[key] = Worth(claim.name, price, proof.denominator, most)
    return {key: worth for key, worth in found.items() if worth.price or worth.most}


def _by_key(offers: dict[int, int], quotas: dict[int, int]) -> dict[Key, int]:
    prices: dict[Key, int] = {("offer", n): price for n, price in offers.items()}
    prices |= {("quota", n): price for n, price in quotas.items()}
    return prices


def _ids(view: StageView, kind: str) -> list[str]:
    return view.world.offers.ids if kind == "offer" else view.world.quotas.ids


def _capacities(view: StageView, kind: str) -> list[int]:
    table = view.world.offers if kind == "offer" else view.world.quotas
    return table.capacity
