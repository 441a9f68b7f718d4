"""Read one level of a certificate: prices, branch tree, witness.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from dataclasses import dataclass, field

from solver.verify.shapes import Shape, Table
from solver.verify.world import World

LARGEST_PRICE = 2**256
"""Prices over a large denominator pass 2^53; none that means anything passes this."""

PARTS = ("offers", "quotas", "partnerships", "levels", "branches")


@dataclass
class Prices:
    """Prices over the level's denominator, by position; ``levels`` by entry."""

    offers: dict[int, int] = field(default_factory=dict)
    quotas: dict[int, int] = field(default_factory=dict)
    partnerships: dict[int, int] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    branches: list[int] = field(default_factory=list)

    def plus(self, other: "Prices") -> "Prices":
        """Return the sums of both, with the other's branches."""
        return Prices(
            _sums(self.offers, other.offers),
            _sums(self.quotas, other.quotas),
            _sums(self.partnerships, other.partnerships),
            _sums(self.levels, other.levels),
            other.branches,
        )


def _sums(one: dict[int, int], other: dict[int, int]) -> dict[int, int]:
    if not other:
        return one
    sums = dict(one)
    for key, item in other.items():
        sums[key] = sums.get(key, 0) + item
    return sums


@dataclass(frozen=True)
class Split:
    """A node that splits a row's sum: at most ``at`` (low), or more (high)."""

    kind: str
    """``choice``, ``student``, ``offer``, ``quota`` or ``partnership``."""
    number: int
    at: int
    low: int
    high: int


@dataclass
class LevelProof:
    """A level's prices; without a tree, ``root`` is the only leaf."""

    denominator: int = 1
    root: Prices = field(default_factory=Prices)
    tree: list[Split | Prices] = field(default_factory=list)
    witness: dict[str, str] | None = None


def read_proof(
    value: object, world: World, earlier: dict[str, int], name: str
) -> tuple[LevelProof, list[str]]:
    """Return a level's proof and what is wrong with its form.

    Parameters
    ----------
    value
        The parsed JSON.
    earlier
        Position of each earlier entry of the stage by its name.
    name
        What to call the level in sentences.
    """
    reader = _Reader(world, earlier, f"certificate, {name}")
    return reader.read(value), reader.problems


class _Reader(Shape):
    """Reads one level of a certificate, part by part."""

    def __init__(self, world: World, earlier: dict[str, int], name: str) -> None:
        super().__init__()
        self.world = world
        self.earlier = earlier
        self.title = name

    def read(self, value: object) -> LevelProof:
        required = ("denominator", "root")
        table = self.table(value, self.title, required, ("tree", "witness"))
        if not table:
            return LevelProof()
        denominator = table["denominator"]
        proof = LevelProof(
            self._price(denominator, f"{self.title}: denominator", 1),
            self._read_prices(table["root"], f"{self.title}: root"),
        )
        if proof.root.branches:
            self.say(
                f"{self.title}: root prices branches, and no row was split above it"
            )
        if "tree" in table:
            nodes = self.items(table["tree"], f"{self.title}: tree")
            proof.tree = [self._read_node(node, n) for n, node in enumerate(nodes)]
            self._check_tree(proof.tree)
        if "witness" in table:
            witness = table["witness"]
            name = f"{self.title}: witness"
            proof.witness = self.texts(witness, name)
        return proof

    def _price(self, value: object, name: str, low: int = -LARGEST_PRICE) -> int:
        return self.integer(value, name, low, LARGEST_PRICE)

    def _read_prices(self, value: object, name: str) -> Prices:
        table = self.table(value, name, (), PARTS)
        branches = self.items(table.get("branches", []), f"{name}: branches")
        offers, quotas = self.world.offers.index, self.world.quotas.index
        return Prices(
            self._read_part(table, "offers", offers, name),
            self._read_part(table, "quotas", quotas, name),
            self._read_partnerships(table.get("partnerships", []), name),
            self._read_part(table, "levels", self.earlier, name),
            [self._price(item, f"{name}: branches", 0) for item in branches],
        )

    def _read_part(
        self, table: Table, part: str, index: dict[str, int], name: str
    ) -> dict[int, int]:
        """Return the prices of offers, quotas or earlier levels by position."""
        what = {"levels": "earlier level"}.get(part, part[:-1])
        items = self.table(table.get(part, {}), f"{name}: {part}", optional=None)
        return {
            self.known(key, name, index, what): self._price(
                price, f"{name}: {what} {key}"
            )
            for key, price in items.items()
        }

    def _read_partnerships(self, value: object, name: str) -> dict[int, int]:
        prices: dict[int, int] = {}
        for item in self.items(value, f"{name}: partnerships"):
            row = self.row(item, f"{name}: partnerships", 3)
            if row is None:
                continue
            number = self._find_partnership(row[0], row[1], name)
            if number in prices:
                self.say(f"{name}: partnership {row[0]} - {row[1]} is priced twice")
            what = f"{name}: partnership {row[0]} - {row[1]}"
            prices[number] = self._price(row[2], what)
        return prices

    def _find_partnership(self, north: object, south: object, name: str) -> int:
        if isinstance(north, str) and isinstance(south, str):
            number = self.world.partnerships.index.get((north, south), -1)
            if number >= 0:
                return number
        self.say(f"{name}: partnership {north!r} - {south!r} is unknown")
        return -1

    def _read_node(self, value: object, number: int) -> Split | Prices:
        name = f"{self.title}: node {number}"
        if isinstance(value, dict) and "prices" in value:
            leaf = self.table(value, name, ("prices",))
            return self._read_prices(leaf["prices"], name)
        table = self.table(value, name, ("row", "at", "low", "high"))
        if not table:
            return Prices()
        kind, row = self._read_row(table["row"], name)
        if kind == "choice":
            at = self.integer(table["at"], f"{name}: at", 0, 0)
        else:
            at = self.integer(table["at"], f"{name}: at")
        low = self.integer(table["low"], f"{name}: low", number + 1)
        high = self.integer(table["high"], f"{name}: high", number + 1)
        return Split(kind, row, at, low, high)

    def _read_row(self, value: object, name: str) -> tuple[str, int]:
        table = self.table(value, f"{name}: row", optional=None)
        if len(table) != 1:
            self.say(f"{name}: row must name one thing")
            return "offer", -1
        kind, thing = next(iter(table.items()))
        if kind in ("choice", "partnership"):
            return kind, self._find_pair(kind, thing, f"{name}: row")
        index = {
            "student": self.world.students.index,
            "offer": self.world.offers.index,
            "quota": self.world.quotas.index,
        }.get(kind)
        if index is None:
            self.say(f"{name}: row of {kind!r} is unknown")
            return "offer", -1
        return kind, self.known(thing, f"{name}: row", index, kind)

    def _find_pair(self, kind: str, value: object, name: str) -> int:
        row = self.row(value, name, 2)
        if row is None:
            return -1
        if kind == "partnership":
            return self._find_partnership(row[0], row[1], name)
        student = self.known(row[0], name, self.world.students.index, "student")
        offer = self.known(row[1], name, self.world.offers.index, "offer")
        choice = -1
        if min(student, offer) >= 0:
            choice = self.world.find_choice(student, offer)
        if choice < 0:
            self.say(f"{name}: {row[0]} and {row[1]} are no choice")
        return choice

    def _check_tree(self, tree: list[Split | Prices]) -> None:
        """Check that every node but the first is the child of exactly one split."""
        parents = [0] * len(tree)
        for number, node in enumerate(tree):
            for child in (node.low, node.high) if isinstance(node, Split) else ():
                if child >= len(tree):
                    self.say(f"{self.title}: node {number}: branch {child} is missing")
                else:
                    parents[child] += 1
        if not tree:
            self.say(f"{self.title}: tree is empty")
        for number, count in enumerate(parents[1:], 1):
            if count != 1:
                self.say(f"{self.title}: node {number} has {count} parents, needs one")
