"""What a policy wants, by trying every placement: slow, simple, shares no code.

Equity prices and the carbon rate are taken as given: they are frozen in the result.
"""

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Table = dict[str, Any]
Placement = dict[str, str]


@dataclass(frozen=True)
class Reached:
    """One entry: its name, the least value and the limit for later entries."""

    name: str
    best: int
    limit: int


class BruteForce:
    """An instance and a policy, looked at in the simplest way."""

    def __init__(self, instance: Table, policy: Table) -> None:
        self.instance = instance
        self.policy = policy
        self.students = {s["id"]: s for s in instance["students"]}
        self.offers = {o["id"]: o for o in instance["offers"]}
        self.blocks = {i["id"]: i.get("block") for i in instance["institutions"]}
        self.choices = {
            (s["id"], c["offer"]): {"rank": position, "emissions_g": 0} | c
            for s in instance["students"]
            for position, c in enumerate(s["choices"], 1)
        }
        ranks = [choice["rank"] for choice in self.choices.values()]
        self.largest_rank = max(ranks, default=0)
        self.cohort = [s for s in instance["students"] if s["choices"]]

    # What is allowed

    def allowed(
        self, student: str, guard: Table | None, before: Placement
    ) -> list[Any]:
        """Return the offers a student may get, None among them if she may get none."""
        pins = dict(self.instance.get("pins", []))
        if student in pins:
            return [pins[student]]
        if guard and guard.get("from") == "holds":
            before = self.standing()
        forbidden = [tuple(pair) for pair in self.instance.get("forbidden", [])]
        offers = [o for s, o in self.choices if s == student]
        offers = [o for o in offers if (student, o) not in forbidden]
        if not self.is_guarded(student, guard, before):
            return [*offers, None]
        return [o for o in offers if self.may_move(student, before[student], o, guard)]

    def standing(self) -> Placement:
        """Return the pins, and what is held by others where there is room for all."""
        pins = dict(self.instance.get("pins", []))
        holds = self.instance.get("holds", {})
        barred = self.instance.get("forbidden", [])
        held = {s: o for s, o in holds.items() if [s, o] not in barred} | pins
        lost = [
            pair
            for inside, capacity in self.usages(held)
            if len(inside) > capacity
            for pair in inside
        ]
        return {s: o for s, o in held.items() if s in pins or (s, o) not in lost}

    def is_guarded(self, student: str, guard: Table | None, before: Placement) -> bool:
        if guard is None or student not in before:
            return False
        return guard["everyone"] or self.block(student) in guard["blocks"]

    def may_move(self, student: str, held: str, offer: str, guard: Table) -> bool:
        protected = self.block(student) in guard["blocks"]
        remote = guard["everyone"] and "remote_kg" in guard
        remote = remote and (
            self.students[student].get("floor_g", 0) > 1000 * guard["remote_kg"]
        )
        steps = guard["steps"]
        if guard["everyone"] and (protected or remote):
            steps = guard["steps_protected"]
        old, new = self.choices[student, held], self.choices[student, offer]
        if new["rank"] > old["rank"] + steps:
            return False
        was_outward = protected and self.is_outward(student, held)
        keeps_out = guard["keep_outward"] and was_outward
        if keeps_out and not self.is_outward(student, offer):
            return False
        was_present = guard["no_virtual"] and not self.is_virtual(held)
        is_worse = new["rank"] > old["rank"]
        return not (was_present and self.is_virtual(offer) and is_worse)

    def block(self, student: str) -> str | None:
        return self.blocks[self.students[student]["sending"]]

    def is_virtual(self, offer: str) -> bool:
        return self.offers[offer].get("mode") == "virtual"

    def is_outward(self, student: str, offer: str) -> bool:
        host = self.blocks[self.offers[offer]["receiving"]]
        return not self.is_virtual(offer) and host != self.block(student)

    def placements(
        self, guard: Table | None = None, before: Placement | None = None
    ) -> Iterator[Placement]:
        """Yield every feasible placement."""
        names = list(self.students)
        lists = [self.allowed(name, guard, before or {}) for name in names]
        for outcome in itertools.product(*lists):
            pairs = zip(names, outcome, strict=True)
            placement = {s: o for s, o in pairs if o is not None}
            if self.fits(placement):
                yield placement

    def fits(self, placement: Placement) -> bool:
        return all(len(inside) <= most for inside, most in self.usages(placement))

    def usages(
        self, placement: Placement
    ) -> Iterator[tuple[list[tuple[str, str]], int]]:
        """Yield what of a placement every offer and quota holds, and may hold."""
        for name, offer in self.offers.items():
            inside = [(s, o) for s, o in placement.items() if o == name]
            yield inside, offer["capacity"]
        for quota in self.instance.get("quotas", []):
            pairs = [tuple(pair) for pair in quota.get("choices", [])]
            inside = [
                (s, o)
                for s, o in placement.items()
                if o in quota.get("offers", []) or (s, o) in pairs
            ]
            yield inside, quota["capacity"]

    # What it costs

    def cost(self, rank: int) -> int:
        table = list(self.policy["rank_cost"])
        last = table[-1] - table[-2] if len(table) > 1 else 0
        while len(table) < rank:
            last += 1000
            table.append(table[-1] + last)
        return table[rank - 1]

    def excess(self, placement: Placement) -> dict[tuple[str, str], int]:
        """Return the excess of every pair that is a partnership."""
        allowance = {
            (p["north"], p["south"]): p.get("tolerance", 0)
            - p.get("carried", 0)
            + p.get("inbound_known", 0)
            for p in self.instance.get("partnerships", [])
        }
        norths = [name for name, block in self.blocks.items() if block == "north"]
        souths = [name for name, block in self.blocks.items() if block == "south"]
        for pair in itertools.product(norths, souths):
            allowance.setdefault(pair, 0)
        lanes = self.lanes(placement)
        return {
            (a, b): max(0, lanes.count((a, b)) - lanes.count((b, a)) - free)
            for (a, b), free in allowance.items()
        }

    def lanes(self, placement: Placement) -> list[tuple[str, str]]:
        return [
            (self.students[s]["sending"], self.offers[o]["receiving"])
            for s, o in placement.items()
            if not self.is_virtual(o)
        ]

    def label(self, student: Table, attribute: str) -> str | None:
        if attribute == "sending":
            return student["sending"]
        if attribute == "block":
            return self.blocks[student["sending"]]
        return student.get("groups", {}).get(attribute)

    def group(self, attribute: str, label: str) -> list[Table]:
        return [s for s in self.cohort if self.label(s, attribute) == label]

    def bonus(self, student: Table, prices: Table) -> int:
        mine, mean = 0, Fraction(0)
        for attribute, table in prices.items():
            for label, price in table.items():
                members = self.group(attribute, label)
                mean += Fraction(price * len(members), len(self.cohort))
                mine += price if student in members else 0
        return mine - math.floor(mean)

    def benefit(self, student: str, placement: Placement) -> int:
        if student not in placement:
            return 0
        return self.largest_rank + 1 - self.choices[student, placement[student]]["rank"]

    def is_moved(self, student: str, held: str, placement: Placement) -> bool:
        if student not in placement:
            return True
        new = placement[student]
        ranks = self.choices[student, new]["rank"], self.choices[student, held]["rank"]
        return new != held and ranks[0] >= ranks[1]

    def level_value(
        self, level: Table, placement: Placement, prices: Table, rate: int
    ) -> int:
        """Return a level's weighted sum; ``rate`` stands for its carbon weight."""
        weights, taken = level["weights"], [self.choices[p] for p in placement.items()]
        value = weights.get("unplaced", 0) * (len(self.students) - len(placement))
        value += weights.get("rank", 0) * sum(self.cost(c["rank"]) for c in taken)
        for choice in taken:
            tonnes = Fraction(choice["emissions_g"], 1_000_000)
            value += math.floor(tonnes * rate + Fraction(1, 2))
        first = weights.get("one_way", 0)
        second = level.get("one_way_second", {"above": 0, "rate": first})
        for excess in self.excess(placement).values():
            for unit in range(1, excess + 1):
                value += second["rate"] if unit > second["above"] else first
        if weights.get("equity"):
            for student in self.cohort:
                worth = self.benefit(student["id"], placement)
                value -= self.bonus(student, prices) * worth
        for student, held in self.instance.get("holds", {}).items():
            moved = self.is_moved(student, held, placement)
            value += weights.get("moved", 0) * moved
        return value

    def draw(self, placement: Placement, start: int) -> int:
        total = 0
        for student, offer in placement.items():
            seed = self.instance.get("seed", "0" * 64)
            row = [seed, self.instance["id"], student, offer]
            text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            digest = hashlib.sha256(text.encode()).hexdigest()
            total += int(digest[2 * start : 2 * start + 16], 16) & 0xFFFFF
        return total

    def count_rank(self, placement: Placement, rank: int) -> int:
        return sum(self.choices[p]["rank"] == rank for p in placement.items())

    def entries(
        self, stage: Table, prices: Table, rate: int
    ) -> list[tuple[str, Table, Callable[[Placement], int]]]:
        """Return every entry's name, level and value."""
        found: list[tuple[str, Table, Callable[[Placement], int]]] = []
        weighing = [v for v in stage["levels"] if "carbon_per_tonne" in v["weights"]]
        for level in stage["levels"]:
            name, weights = level["name"], level["weights"]
            if "lottery" in weights:
                found += [
                    (f"{name}/{n}", level, lambda p, n=n: self.draw(p, 8 * n - 8))
                    for n in (1, 2)
                ]
            elif "worst_rank" in weights:
                found += [
                    (f"{name}/{r}", level, lambda p, r=r: self.count_rank(p, r))
                    for r in range(self.largest_rank, 1, -1)
                ]
            elif "rank_maximal" in weights:
                found += [
                    (
                        f"{name}/{r}",
                        level,
                        lambda p, r=r: len(self.cohort) - self.count_rank(p, r),
                    )
                    for r in range(1, self.largest_rank + 1)
                ]
            elif "emissions_g" in weights:
                found.append((name, level, self.emissions))
            else:
                own = weights.get("carbon_per_tonne", 0)
                used = rate if weighing and level is weighing[-1] else own
                found.append(
                    (
                        name,
                        level,
                        lambda p, v=level, c=used: self.level_value(v, p, prices, c),
                    )
                )
        return found

    def emissions(self, placement: Placement) -> int:
        return sum(self.choices[p]["emissions_g"] for p in placement.items())

    def solve_stage(
        self, stage: Table, before: Placement, prices: Table, rate: int
    ) -> tuple[list[Reached], list[Placement]]:
        """Return what every entry reaches, and the placements that keep all limits."""
        kept = list(self.placements(stage.get("guard"), before))
        reached = []
        for name, level, value in self.entries(stage, prices, rate):
            values = [value(placement) for placement in kept]
            best = min(values)
            slack = level["slack"].get("absolute", 0)
            slack += level["slack"].get("percent", 0) * abs(best) // 100
            reached.append(Reached(name, best, best + slack))
            pairs = zip(kept, values, strict=True)
            kept = [placement for placement, v in pairs if v <= best + slack]
        return reached, kept
