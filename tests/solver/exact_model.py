"""A medium instance as a CP-SAT model, one constraint per sentence of the README."""

import hashlib
import json
from random import Random
from typing import Any

from ortools.sat.python import cp_model

Table = dict[str, Any]

PLACED, VALUE, FIRST, SECOND = "placed", "value", "lottery/1", "lottery/2"


def make_medium_world(random: Random, students: int) -> Table:
    """Return an instance with crossing quotas and partnerships.

    Students of low income wish for the first offers, which are the scarce ones: without
    a price they fall behind.
    """
    names = [f"north{n}" for n in range(4)] + [f"south{n}" for n in range(4)]
    institutions = [{"id": name, "country": "SE", "block": name[:-1]} for name in names]
    offers = [
        {
            "id": f"o{n}",
            "receiving": random.choice(names),
            "capacity": random.randint(1, students // (30 if n < 15 else 12)),
            "mode": random.choice(("physical", "physical", "physical", "virtual")),
        }
        for n in range(40)
    ]
    keys = [offer["id"] for offer in offers]
    return {
        "format": "mobility-instance/1",
        "id": "medium",
        "institutions": institutions,
        "offers": offers,
        "quotas": [
            {
                "id": f"q{n}",
                "capacity": random.randint(2, students // 9),
                "offers": random.sample(keys, random.randint(2, 6)),
            }
            for n in range(25)
        ],
        "students": [_make_student(random, n, names, keys) for n in range(students)],
        "partnerships": [
            {"north": "north0", "south": "south0", "carried": 2},
            {"north": "north1", "south": "south2", "tolerance": 1, "inbound_known": 1},
        ],
        "seed": f"{random.getrandbits(256):064x}",
    }


def _make_student(
    random: Random, number: int, names: list[str], keys: list[str]
) -> Table:
    income = random.choice(("low", "middle", "high"))
    wished = keys[:15] if income == "low" else keys
    return {
        "id": f"s{number}",
        "sending": random.choice(names),
        "groups": {"income": income},
        "choices": [
            {"offer": offer, "emissions_g": random.randint(0, 3_000_000)}
            for offer in random.sample(wished, random.randint(2, 7))
        ],
    }


def make_medium_policy() -> Table:
    slack = {"absolute": 0}
    weights = {"rank": 1, "one_way": 2000, "carbon_per_tonne": 1000, "equity": 1}
    levels = [
        {"name": PLACED, "say": "", "weights": {"unplaced": 1}, "slack": slack},
        {"name": VALUE, "say": "", "weights": weights, "slack": slack},
        {"name": "lottery", "say": "", "weights": {"lottery": 1}, "slack": slack},
    ]
    return {
        "format": "mobility-policy/1",
        "name": "medium",
        "rank_cost": [0, 1000, 3000, 6000, 10_000],
        "equity": {
            "attributes": {"income": 5, "block": 5},
            "max_price": 400,
            "min_group": 30,
        },
        "stages": [{"name": "only", "say": "", "levels": levels}],
    }


class ExactModel:
    """The levels of ``make_medium_policy`` as one model, minimised in turn.

    ``prices`` are the equity prices of the result, {attribute: {group: msteps}}.
    """

    def __init__(self, world: Table, prices: Table) -> None:
        self.world = world
        self.bonuses = self._find_bonuses(prices)
        self.model = cp_model.CpModel()
        self.taken = {
            (student["id"], choice["offer"]): self.model.new_bool_var("")
            for student in world["students"]
            for choice in student["choices"]
        }
        self._limit()
        self.goals = {PLACED: 0, VALUE: 0, FIRST: 0, SECOND: 0}
        for student in world["students"]:
            self._charge(student)
        self.goals[VALUE] += 2000 * sum(self._excesses())

    def _limit(self) -> None:
        by_offer: dict[str, list[Any]] = {o["id"]: [] for o in self.world["offers"]}
        by_student: dict[str, list[Any]] = {}
        for (student, offer), variable in self.taken.items():
            by_offer[offer].append(variable)
            by_student.setdefault(student, []).append(variable)
        for variables in by_student.values():
            self.model.add(sum(variables) <= 1)
        for offer in self.world["offers"]:
            self.model.add(sum(by_offer[offer["id"]]) <= offer["capacity"])
        for quota in self.world["quotas"]:
            inside = [v for offer in quota["offers"] for v in by_offer[offer]]
            self.model.add(sum(inside) <= quota["capacity"])

    def _charge(self, student: Table) -> None:
        table = [0, 1000, 3000, 6000, 10_000, 15_000, 21_000]
        placed, benefit = 0, max(len(s["choices"]) for s in self.world["students"])
        for cost, choice in zip(table, student["choices"], strict=False):
            variable = self.taken[student["id"], choice["offer"]]
            placed += variable
            carbon = (choice["emissions_g"] + 500) // 1000
            lifted = self.bonuses[student["id"]] * benefit
            benefit -= 1
            self.goals[VALUE] += (cost + carbon - lifted) * variable
            first, second = self._draw(student["id"], choice["offer"])
            self.goals[FIRST] += first * variable
            self.goals[SECOND] += second * variable
        self.goals[PLACED] += 1 - placed

    def _find_bonuses(self, prices: Table) -> dict[str, int]:
        """Return what a benefit step of each student counts more; all have a choice."""
        labels = {
            s["id"]: [("income", s["groups"]["income"]), ("block", s["sending"][:-1])]
            for s in self.world["students"]
        }
        own = {
            name: sum(prices[attribute][label] for attribute, label in rows)
            for name, rows in labels.items()
        }
        return {
            name: worth - sum(own.values()) // len(own) for name, worth in own.items()
        }

    def _draw(self, student: str, offer: str) -> tuple[int, int]:
        row = [self.world["seed"], self.world["id"], student, offer]
        text = json.dumps(row, separators=(",", ":")).encode()
        digest = hashlib.sha256(text).hexdigest()
        return int(digest[11:16], 16), int(digest[27:32], 16)

    def _excesses(self) -> list[Any]:
        """Return a variable for the excess of every pair of a North and a South."""
        hosts = {
            o["id"]: o["receiving"]
            for o in self.world["offers"]
            if o["mode"] != "virtual"
        }
        homes = {s["id"]: s["sending"] for s in self.world["students"]}
        listed = {(p["north"], p["south"]): p for p in self.world["partnerships"]}
        excesses = []
        for north in [f"north{n}" for n in range(4)]:
            for south in [f"south{n}" for n in range(4)]:
                terms = listed.get((north, south), {})
                start = terms.get("carried", 0) - terms.get("tolerance", 0)
                start -= terms.get("inbound_known", 0)
                lanes = {(north, south): 1, (south, north): -1}
                flow = sum(
                    lanes.get((homes[s], hosts.get(o, "")), 0) * variable
                    for (s, o), variable in self.taken.items()
                )
                excess = self.model.new_int_var(0, 1000, "")
                self.model.add(excess >= flow + start)
                excesses.append(excess)
        return excesses

    def minimise(self, name: str) -> int:
        """Return the least value of a goal, which then holds for those after it."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        self.model.minimize(self.goals[name])
        status = solver.solve(self.model)
        assert status == cp_model.OPTIMAL
        best = round(solver.objective_value)
        self.model.add(self.goals[name] <= best)
        self.model.clear_hints()
        for variable in self.taken.values():
            self.model.add_hint(variable, solver.value(variable))
        return best
