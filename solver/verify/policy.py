"""Read the policy that a result carries.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from itertools import pairwise

from solver.fileio import LARGEST_INTEGER
from solver.verify.instance import BLOCKS
from solver.verify.levels import ALONE, VALUE, Guard, Level, Policy, Stage
from solver.verify.shapes import Shape, Table

FORMAT = "mobility-policy/1"
WEIGHTS = ("unplaced", "moved", *VALUE, *ALONE)
GUARD_FLAGS = ("everyone", "keep_outward", "no_virtual")


def read_policy(value: object, largest_rank: int) -> tuple[Policy | None, list[str]]:
    """Return the policy of a result and what is wrong with it.

    Parameters
    ----------
    value
        The parsed JSON of ``policy``.
    largest_rank
        R of the instance: equity prices must stay below the steps of its rank costs.
    """
    reader = _Reader()
    policy = reader.read(value)
    if policy is not None and not reader.problems:
        reader.check_fit(policy, largest_rank)
    return policy, reader.problems


class _Reader(Shape):
    """Reads a policy, part by part."""

    def read(self, value: object) -> Policy | None:
        required = ("format", "name", "rank_cost", "stages")
        table = self.table(value, "policy", required, ("equity",))
        if self.problems:
            return None
        if table["format"] != FORMAT:
            self.say(f"policy: format must be {FORMAT!r}")
        self.name(table["name"], "policy: name")
        costs = self._read_costs(table["rank_cost"])
        equity = table.get("equity")
        attributes, max_price, min_group = {}, 0, 0
        if "equity" in table:
            name, keys = "policy: equity", ("attributes", "max_price", "min_group")
            equity = self.table(equity, name, keys)
            attributes = self.mapping(equity.get("attributes", {}), name, self._natural)
            max_price = self._natural(equity.get("max_price", 0), f"{name}: max_price")
            min_group = self._natural(equity.get("min_group", 0), f"{name}: min_group")
        items = self.items(table["stages"], "policy: stages")
        stages = tuple(
            self._read_stage(item, place) for place, item in enumerate(items)
        )
        if not stages:
            self.say("policy: needs a stage")
        if len({stage.name for stage in stages}) < len(stages):
            self.say("policy: two stages have one name")
        return Policy(costs, attributes, max_price, min_group, stages)

    def _natural(self, value: object, name: str) -> int:
        return self.integer(value, name, 0)

    def _read_costs(self, value: object) -> tuple[int, ...]:
        items = self.items(value, "policy: rank_cost")
        costs = [self._natural(item, "policy: rank_cost") for item in items]
        if not costs or costs != sorted(costs):
            self.say("policy: rank_cost must hold a cost and never fall")
        return tuple(costs)

    def _read_stage(self, value: object, place: int) -> Stage:
        optional = ("guard", "carbon_budget_kg", "max_carbon_per_tonne")
        table = self.table(
            value, "policy: a stage", ("name", "say", "levels"), optional
        )
        if not table:
            return Stage("", None, None, ())
        title = self.name(table["name"], "policy: a stage")
        name = f"stage {title}"
        self.text(table["say"], f"{name}: say")
        guard = self._read_guard(table["guard"], name) if "guard" in table else None
        if guard is not None and place == 0 and not guard.from_holds:
            self.say(f"{name}: the first stage has no guard but one from holds")
        elif guard is not None and place > 0 and guard.from_holds:
            self.say(f"{name}: a guard from holds stands in the first stage")
        items = self.items(table["levels"], f"{name}: levels")
        levels = tuple(self._read_level(item, name) for item in items)
        if not levels:
            self.say(f"{name}: needs a level")
        if any("lottery" in level.weights for level in levels[:-1]):
            self.say(f"{name}: the lottery must be the last level")
        if len({level.name for level in levels}) < len(levels):
            self.say(f"{name}: two levels have one name")
        stage = Stage(title, guard, None, levels)
        return Stage(stage.name, guard, self._read_budget(table, name, stage), levels)

    def _read_budget(
        self, table: Table, name: str, stage: Stage
    ) -> tuple[int, int] | None:
        if "carbon_budget_kg" not in table and "max_carbon_per_tonne" not in table:
            return None
        level = stage.carbon_level()
        if level is None:
            self.say(f"{name}: a carbon budget needs a level that weighs carbon")
        least = level.weights["carbon_per_tonne"] if level else 0
        budget = table.get("carbon_budget_kg")
        highest = table.get("max_carbon_per_tonne")
        return (
            self._natural(budget, f"{name}: carbon_budget_kg"),
            self.integer(highest, f"{name}: max_carbon_per_tonne", least),
        )

    def _read_guard(self, value: object, name: str) -> Guard | None:
        name = f"{name}: guard"
        required = ("blocks", "steps", "steps_protected", *GUARD_FLAGS)
        table = self.table(value, name, required, ("remote_kg", "from"))
        if not table:
            return None
        items = self.items(table["blocks"], f"{name}: blocks")
        blocks = [self.word(item, f"{name}: blocks", BLOCKS) for item in items]
        remote = None
        if "remote_kg" in table:
            remote = self._natural(table["remote_kg"], f"{name}: remote_kg")
        if "from" in table:
            self.word(table["from"], f"{name}: from", ("holds",))
        everyone, keep_outward, no_virtual = (
            self.flag(table[key], f"{name}: {key}") for key in GUARD_FLAGS
        )
        return Guard(
            everyone,
            frozenset(blocks),
            self._natural(table["steps"], f"{name}: steps"),
            self._natural(table["steps_protected"], f"{name}: steps_protected"),
            remote,
            keep_outward,
            no_virtual,
            "from" in table,
        )

    def _read_level(self, value: object, stage: str) -> Level:
        required = ("name", "say", "weights", "slack")
        table = self.table(value, f"{stage}: a level", required, ("one_way_second",))
        if not table:
            return Level("", {}, 0, 0, None)
        level = self.name(table["name"], f"{stage}: a level")
        name = f"{stage}, level {level}"
        self.text(table["say"], f"{name}: say")
        weights = self._read_weights(table["weights"], name)
        slack = self.table(
            table["slack"], f"{name}: slack", (), ("absolute", "percent")
        )
        if len(slack) != 1:
            self.say(f"{name}: slack needs either absolute or percent")
        absolute = self._natural(slack.get("absolute", 0), f"{name}: slack")
        percent = self._natural(slack.get("percent", 0), f"{name}: slack")
        if absolute + percent and weights.keys() & set(ALONE[1:]):
            self.say(f"{name}: sub-levels have no slack")
        second = None
        if "one_way_second" in table:
            second = self._read_second(table["one_way_second"], name, weights)
        return Level(level, weights, absolute, percent, second)

    def _read_weights(self, value: object, name: str) -> dict[str, int]:
        table = self.table(value, f"{name}: weights", (), WEIGHTS)
        weights = {}
        for key, item in table.items():
            high = 1 if key == "equity" or key in ALONE else LARGEST_INTEGER
            weights[key] = self.integer(item, f"{name}: weight {key}", 1, high)
        alone = [key for key in weights if key in ALONE]
        if alone and len(weights) > 1:
            self.say(f"{name}: {alone[0]} must stand alone")
        return weights

    def _read_second(
        self, value: object, name: str, weights: dict[str, int]
    ) -> tuple[int, int]:
        name = f"{name}: one_way_second"
        table = self.table(value, name, ("above", "rate"))
        above = self._natural(table.get("above", 0), f"{name}: above")
        least = weights.get("one_way", 0)
        return above, self.integer(table.get("rate", least), f"{name}: rate", least)

    def check_fit(self, policy: Policy, largest_rank: int) -> None:
        """Check the rules that tie parts of a policy, and policy and instance."""
        for stage in policy.stages:
            names = [entry.name for entry in stage.entries(largest_rank)]
            if len(set(names)) < len(names):
                self.say(f"stage {stage.name}: two levels' entries have one name")
        if policy.weighs_equity():
            self._check_prices(policy, largest_rank)

    def _check_prices(self, policy: Policy, largest_rank: int) -> None:
        if not policy.attributes:
            self.say("policy: a level weighs equity, and no attributes are declared")
        costs = policy.cost(largest_rank)
        step = min(
            (later - earlier for earlier, later in pairwise(costs)), default=None
        )
        most = policy.max_price * len(policy.attributes)
        if step is not None and most >= step:
            self.say(
                f"policy: equity prices of {policy.max_price} over "
                f"{len(policy.attributes)} attributes must stay below {step}, "
                "the least difference of two rank costs"
            )
