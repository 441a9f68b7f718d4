"""What every student is told: her outcome stage by stage, and her better choices.

Numbers are withheld where fewer than `FEWEST` other students compete for a place, or
can travel a lane: they would tell of one student what only she should know.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

from solver.explain.prices import Item, StagePrices, Terms
from solver.explain.reading import StageView, read_stages

FEWEST = 3
"""Other students who must compete before a price is told."""

Table = dict[str, Any]


def explain_all(instance: object, result: object) -> dict[str, Table]:
    """Return what there is to say to every student, by her id.

    Parameters
    ----------
    instance, result
        Their parsed JSON; the result has been verified.

    Returns
    -------
    dict
        ``offer`` and ``rank`` of the outcome (None without a place); ``stages``: what
        she held after each and, where one moved her, the ``change`` of her costs;
        ``choices``: those that she ranked above her outcome, best first, with
        ``price`` of a place there and ``own_price`` of hers, what it was ``worth`` to
        her, by ``terms``. Costs and prices are integers over ``denominator``, in
        thousandths of a rank step where ``is_msteps``; ``within`` bounds how far they
        are from a proof, 0 exact.

    Raises
    ------
    InvalidResult
        When a file has not the form that the verifier asks for.
    """
    views = read_stages(instance, result)
    if not views:
        return {}
    stages = [_StageWords(view) for view in views]
    ids = views[-1].world.students.ids
    return {name: _explain(stages, number) for number, name in enumerate(ids)}


def _explain(stages: list["_StageWords"], student: int) -> Table:
    last = stages[-1]
    return {
        **last.held(student),
        "stages": [
            {"stage": stages[0].name, **stages[0].held(student)},
            *(
                {"stage": new.name, **new.held(student), **new.change(old, student)}
                for old, new in pairwise(stages)
            ),
        ],
        **last.scale(),
        "choices": list(last.better(student)),
    }


class _StageWords:
    """One stage's view with the prices that explain it."""

    def __init__(self, view: StageView) -> None:
        self.view, self.world = view, view.world
        self.options = view.ledger.options
        self.name = view.stage.name

    @cached_property
    def prices(self) -> StagePrices | None:
        """The deciding entry's prices; None where only the lottery decides."""
        number = self.view.deciding
        return None if number is None else StagePrices(self.view, number)

    def scale(self) -> Table:
        """Return what the numbers of this stage mean."""
        prices = self.prices
        if prices is None:
            return {"level": None, "is_msteps": False, "denominator": 1, "within": 0}
        return {
            "level": self.view.entries[prices.number].name,
            "is_msteps": self.view.counts_msteps(prices.number),
            "denominator": prices.denominator,
            "within": prices.gap,
        }

    def held(self, student: int) -> Table:
        """Return the offer a student has after the stage."""
        choice = self.options.choice[self.view.taken[student]]
        if choice < 0:
            return {"offer": None, "rank": None, "emissions_g": None}
        return self._name(choice)

    def _name(self, choice: int) -> Table:
        choices = self.world.choices
        return {
            "offer": self.world.offers.ids[choices.offer[choice]],
            "rank": choices.rank[choice],
            "emissions_g": choices.emissions_g[choice],
        }

    def change(self, before: "_StageWords", student: int) -> Table:
        """Return by how much the stage changed a student's costs, if it moved her.

        ``change`` is what she has now minus what she had, at this stage's prices.
        """
        was = before.options.choice[before.view.taken[student]]
        now = self.view.taken[student]
        if was == self.options.choice[now] or self.prices is None:
            return {}
        option = self.options.find(student, was)
        if option < 0:
            return {}
        change = self._difference(option, now, student)
        return {**self.scale(), "change": change} if change is not None else {}

    def _difference(self, old: int, new: int, student: int) -> Terms | None:
        """Return new minus old, term by term; None where too few would be behind it."""
        prices = self.prices
        if prices is None or self._is_few(student, old) or self._is_few(student, new):
            return None
        before, after = prices.terms(old), prices.terms(new)
        before["places"], after["places"] = prices.places(old), prices.places(new)
        names = dict.fromkeys([*before, *after])
        terms = {name: after.get(name, 0) - before.get(name, 0) for name in names}
        return {name: cost for name, cost in terms.items() if cost}

    def _is_few(self, student: int, option: int) -> bool:
        """Say whether too few others stand behind the prices that an option pays."""
        prices = self.prices
        if prices is None:
            return False
        lane = abs(self.options.lane[option]) - 1
        others = [self._others(item) for item in prices.items(option)]
        if prices.lane_price(option):
            others.append(prices.travellers[lane] - 1)
        return min(others, default=FEWEST) < FEWEST

    def _others(self, item: Item) -> int:
        prices = self.prices
        return prices.competitors[item.kind, item.number] - 1 if prices else 0

    def better(self, student: int) -> Iterator[Table]:
        """Yield the choices, as written, that a student ranked above her outcome."""
        ranks, first = self.world.choices.rank, self.world.students.first
        held = self.options.choice[self.view.taken[student]]
        for choice in range(first[student], first[student + 1]):
            if held < 0 or ranks[choice] < ranks[held]:
                yield {**self._name(choice), **self._judge(student, choice)}

    def _judge(self, student: int, choice: int) -> Table:
        """Return why a student has not got a choice."""
        option = self.options.find(student, choice)
        if option < 0:
            return {"case": self._closed(student, choice)}
        if self.prices is None:
            return {"case": "lottery"}
        taken = self.view.taken[student]
        terms = self._difference(taken, option, student)
        if terms is None:
            return {"case": "few"}
        price = self.prices.places(option)
        worth = -sum(cost for term, cost in terms.items() if term != "places")
        return {
            "case": "full" if price else "open",
            "full": [self._item(item) for item in self.prices.items(option)],
            "price": price,
            "own_price": self.prices.places(taken),
            "worth": worth,
            "terms": {term: cost for term, cost in terms.items() if term != "places"},
        }

    def _item(self, item: Item) -> Table:
        table = self.world.offers if item.kind == "offer" else self.world.quotas
        return {
            item.kind: table.ids[item.number],
            "capacity": table.capacity[item.number],
            "used": self._used[item.kind, item.number],
            "price": item.price,
            "others": self._others(item),
        }

    @cached_property
    def _used(self) -> dict[tuple[str, int], int]:
        prices, taken = self.prices, set(self.view.taken)
        if prices is None:
            return {}
        keys = [("offer", number) for number in prices.prices.offers]
        keys += [("quota", number) for number in prices.prices.quotas]
        rows = self.view.rows
        return {key: sum(o in taken for o, _ in rows.row(*key)) for key in keys}

    def _closed(self, student: int, choice: int) -> str:
        if choice in self.world.forbidden:
            return "forbidden"
        return "pinned" if student in self.world.pins else "guarded"
