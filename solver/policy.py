"""What a round wants, declared before it runs: stages, guards, levels, exchange rates.

``solver.policy_reader`` makes policies from TOML; the presets stand in
``solver/policies``. Meaning of every key: ``solver/README.md``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

FORMAT = "mobility-policy/1"
RANK_COST = (0, 1000, 3000, 6000, 10000, 15000)

ALONE = ("emissions_g", "worst_rank", "rank_maximal", "lottery")
"""Terms that make up a level by themselves."""

VALUE = ("rank", "carbon_per_tonne", "one_way", "equity")
"""Terms counted in msteps, thousandths of a rank step."""

TERMS = ("unplaced", "moved", *VALUE, *ALONE)

HOLDS = "holds"
"""What the guard of a first stage protects: ``from = "holds"``."""


@dataclass(frozen=True)
class Level:
    """One step of an objective: a weighted sum of terms that is minimised.

    ``weights`` holds positive integers only; at most one of ``slack_absolute`` and
    ``slack_percent`` is not 0. ``one_way_second`` is (above, rate) or None.
    """

    name: str
    say: str
    weights: Mapping[str, int]
    slack_absolute: int
    slack_percent: int
    one_way_second: tuple[int, int] | None

    @property
    def counts_msteps(self) -> bool:
        """Whether its value is in msteps."""
        return any(term in self.weights for term in VALUE)

    def limit(self, best: int) -> int:
        """Return the largest value that later levels may leave this level with."""
        return best + self.slack_absolute + self.slack_percent * abs(best) // 100


@dataclass(frozen=True)
class Guard:
    """Who is protected from losing by a stage, and by how many ranks she may move.

    ``from_holds``: from what she holds by the instance, where that still stands, and
    not from the stage before; so it is in the first stage, and only there.
    """

    everyone: bool
    blocks: tuple[str, ...]
    steps: int
    steps_protected: int
    remote_kg: int | None
    keep_outward: bool
    no_virtual: bool
    from_holds: bool = False


@dataclass(frozen=True)
class Stage:
    """A complete list of levels, solved in order, within the guard of the stage."""

    name: str
    say: str
    guard: Guard | None
    levels: tuple[Level, ...]
    carbon_budget_kg: int | None
    max_carbon_per_tonne: int | None

    @property
    def carbon_rate(self) -> int:
        """The declared rate of the last level that weighs carbon, 0 without one."""
        rates = [level.weights.get("carbon_per_tonne", 0) for level in self.levels]
        return next((rate for rate in reversed(rates) if rate), 0)


@dataclass(frozen=True)
class Equity:
    """Attributes to be levelled, with a tolerance in percent, and the price ceiling."""

    attributes: Mapping[str, int]
    max_price: int
    min_group: int


@dataclass(frozen=True)
class Policy:
    """The declared list of stages. ``rank_cost`` is in msteps."""

    name: str
    rank_cost: tuple[int, ...]
    equity: Equity | None
    stages: tuple[Stage, ...]

    def levels(self) -> Iterator[tuple[Stage, Level]]:
        """Yield every level with its stage."""
        for stage in self.stages:
            for level in stage.levels:
                yield stage, level

    @cached_property
    def weighs_equity(self) -> bool:
        """Whether any level weighs equity."""
        return any("equity" in level.weights for _, level in self.levels())

    def cost(self, rank: int) -> int:
        """Return the cost of a rank (1 or more) in msteps."""
        table = self.rank_cost
        if rank <= len(table):
            return table[rank - 1]
        beyond = rank - len(table)
        last = table[-1] - table[-2] if len(table) > 1 else 0
        return table[-1] + beyond * last + 1000 * beyond * (beyond + 1) // 2

    def warnings(self) -> tuple[str, ...]:
        """Return what a coordinator should know before using a valid policy."""
        found = []
        for stage in self.stages:
            weighed = [set(level.weights) for level in stage.levels]
            if not any("lottery" in terms for terms in weighed):
                found.append(f'stage "{stage.name}": no lottery level, ties are open')
            if not any(terms - {"unplaced", "lottery"} for terms in weighed):
                found.append(f'stage "{stage.name}": only the lottery decides')
        return tuple(found)


def to_json(policy: Policy) -> dict[str, object]:
    """Return the normal form: defaults filled in, absent things and zeros absent."""
    value: dict[str, object] = {
        "format": FORMAT,
        "name": policy.name,
        "rank_cost": list(policy.rank_cost),
        "stages": [_stage_to_json(stage) for stage in policy.stages],
    }
    if policy.equity:
        value["equity"] = {
            "attributes": dict(policy.equity.attributes),
            "max_price": policy.equity.max_price,
            "min_group": policy.equity.min_group,
        }
    return value


def _stage_to_json(stage: Stage) -> dict[str, object]:
    value: dict[str, object] = {
        "name": stage.name,
        "say": stage.say,
        "levels": [_level_to_json(level) for level in stage.levels],
    }
    if stage.guard:
        value["guard"] = _guard_to_json(stage.guard)
    if stage.carbon_budget_kg is not None:
        value["carbon_budget_kg"] = stage.carbon_budget_kg
        value["max_carbon_per_tonne"] = stage.max_carbon_per_tonne
    return value


def _guard_to_json(guard: Guard) -> dict[str, object]:
    value: dict[str, object] = {
        "everyone": guard.everyone,
        "blocks": list(guard.blocks),
        "steps": guard.steps,
        "steps_protected": guard.steps_protected,
        "keep_outward": guard.keep_outward,
        "no_virtual": guard.no_virtual,
    }
    if guard.from_holds:
        value["from"] = HOLDS
    return value if guard.remote_kg is None else value | {"remote_kg": guard.remote_kg}


def _level_to_json(level: Level) -> dict[str, object]:
    kind = "percent" if level.slack_percent else "absolute"
    value: dict[str, object] = {
        "name": level.name,
        "say": level.say,
        "weights": dict(level.weights),
        "slack": {kind: level.slack_percent or level.slack_absolute},
    }
    if level.one_way_second:
        above, rate = level.one_way_second
        value["one_way_second"] = {"above": above, "rate": rate}
    return value
