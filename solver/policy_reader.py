"""TOML or JSON becomes a :class:`Policy`; every rule that is broken is named."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from solver.errors import InvalidFile, InvalidPolicy
from solver.fields import Fields, describe
from solver.fileio import parse_json, read_bytes
from solver.instance import BLOCKS
from solver.policy import (
    ALONE,
    FORMAT,
    HOLDS,
    RANK_COST,
    TERMS,
    VALUE,
    Equity,
    Guard,
    Level,
    Policy,
    Stage,
)

_FOLDER = Path(__file__).parent / "policies"
_POLICY_KEYS = frozenset(
    {"format", "name", "say", "rank_cost", "equity", "stages", "levels"}
)
_EQUITY_KEYS = frozenset({"attributes", "max_price", "min_group"})
_STAGE_KEYS = frozenset(
    {"name", "say", "guard", "levels", "carbon_budget_kg", "max_carbon_per_tonne"}
)
_LEVEL_KEYS = frozenset({"name", "say", "weights", "slack", "one_way_second"})
_GUARD_KEYS = frozenset(
    {"everyone", "blocks", "steps", "steps_protected", "remote_kg", "keep_outward"}
    | {"no_virtual", "from"}
)
_NO_SLACK = ("lottery", "worst_rank", "rank_maximal")


def preset_names() -> tuple[str, ...]:
    """Return the names of the shipped policies in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def read_policy(name: str) -> Policy:
    """Return a preset by its name, or the policy in the TOML or JSON file of that path.

    Raises
    ------
    InvalidFile
        When there is no such preset and the file cannot be read or parsed.
    InvalidPolicy
        When it breaks a rule; every problem is named.
    """
    is_preset = name in preset_names()
    path = _FOLDER / f"{name}.toml" if is_preset else Path(name)
    if not is_preset and not path.exists():
        known = ", ".join(preset_names())
        raise InvalidFile(f"{name} is neither a file nor a preset ({known})")
    return parse_bytes(read_bytes(path), str(path))


def parse_bytes(data: bytes, name: str) -> Policy:
    """Return the policy in a file's bytes: JSON if it is named so, else TOML.

    Raises
    ------
    InvalidFile
        When the bytes cannot be parsed; `name` stands before the reason.
    InvalidPolicy
        When it breaks a rule; every problem is named.
    """
    if name.endswith(".json"):
        return parse_policy(parse_json(data, name))
    try:
        return parse_policy(tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{name}: not UTF-8 at byte {error.start}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidFile(f"{name}: not TOML: {error}") from error


def parse_policy(value: object) -> Policy:
    """Return the policy that a parsed file describes.

    Raises
    ------
    InvalidPolicy
        With every problem found.
    """
    return _Reader().read(value)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def read(self, value: object) -> Policy:
        fields = Fields(value, "policy", _POLICY_KEYS, self.problems)
        fields.need("format")
        if fields.values.get("format", FORMAT) != FORMAT:
            fields.refuse(f"format must be {FORMAT!r}")
        name = fields.text("name")
        if fields.has("levels") == fields.has("stages"):
            fields.refuse("needs either stages or levels")
        policy = Policy(
            name=name,
            rank_cost=self._read_rank_cost(fields),
            equity=self._read_equity(fields) if fields.has("equity") else None,
            stages=self._read_stages(fields, name),
        )
        if policy.weighs_equity and not policy.equity:
            fields.refuse("a level weighs equity, but there is no [equity]")
        if self.problems:
            raise InvalidPolicy(self.problems)
        return policy

    def _read_rank_cost(self, fields: Fields) -> tuple[int, ...]:
        if not fields.has("rank_cost"):
            return RANK_COST
        table = [item for item in fields.items("rank_cost") if type(item) is int]
        if not table or len(table) < len(fields.items("rank_cost")):
            fields.refuse("rank_cost must be a list of one or more integers")
            return RANK_COST
        if table != sorted(table) or table[0] < 0 or table[-1] >= 2**53:
            fields.refuse("rank_cost must be 0 or more, within 2^53, never decreasing")
        return tuple(table)

    def _read_equity(self, fields: Fields) -> Equity:
        inner = Fields(fields.values["equity"], "equity", _EQUITY_KEYS, self.problems)
        attributes = inner.mapping("attributes")
        tolerances = Fields(
            attributes, "equity attributes", frozenset(attributes), self.problems
        )
        if not attributes:
            inner.refuse("attributes must name at least one")
        return Equity(
            attributes={key: tolerances.integer(key) for key in sorted(attributes)},
            max_price=inner.integer("max_price"),
            min_group=inner.integer("min_group", 30, 1),
        )

    def _read_stages(self, fields: Fields, name: str) -> tuple[Stage, ...]:
        if fields.has("levels"):
            stage = {"name": name, "levels": fields.values["levels"]}
            if fields.has("say"):
                stage["say"] = fields.values["say"]
            return (self._read_stage(stage, 0),)
        values = fields.items("stages")
        if not values and fields.has("stages"):
            fields.refuse("stages must not be empty")
        stages = tuple(
            self._read_stage(item, index) for index, item in enumerate(values)
        )
        if len({stage.name for stage in stages}) < len(stages):
            fields.refuse("two stages have the same name")
        return stages

    def _read_stage(self, value: object, index: int) -> Stage:
        fields = Fields(value, f"stage {index + 1}", _STAGE_KEYS, self.problems)
        name = fields.text("name")
        fields.where = f'stage "{name}"'
        has_guard, is_first = fields.has("guard"), index == 0
        guard = self._read_guard(fields, is_first=is_first) if has_guard else None
        levels = tuple(
            self._read_level(item, fields.where, number)
            for number, item in enumerate(fields.items("levels"), start=1)
        )
        self._check_levels(fields, levels)
        budget, ceiling = self._read_budget(fields, levels)
        return Stage(
            name=name,
            say=fields.text("say", ""),
            guard=guard,
            levels=levels,
            carbon_budget_kg=budget,
            max_carbon_per_tonne=ceiling,
        )

    def _read_budget(
        self, fields: Fields, levels: tuple[Level, ...]
    ) -> tuple[int | None, int | None]:
        keys = ("carbon_budget_kg", "max_carbon_per_tonne")
        if not any(fields.has(key) for key in keys):
            return None, None
        budget, ceiling = (fields.integer(key) for key in keys)
        rates = [level.weights.get("carbon_per_tonne", 0) for level in levels]
        if sum(rate > 0 for rate in rates) != 1:
            fields.refuse("a carbon budget needs exactly one level that weighs carbon")
        elif ceiling < max(rates):
            fields.refuse("max_carbon_per_tonne is below the level's carbon_per_tonne")
        return budget, ceiling

    def _read_guard(self, stage: Fields, *, is_first: bool) -> Guard:
        where = f"{stage.where}, guard"
        fields = Fields(stage.values["guard"], where, _GUARD_KEYS, self.problems)
        if fields.has("from"):
            fields.one_of("from", (HOLDS,), None)
        if is_first and not fields.has("from"):
            fields.refuse('the first stage has no guard but one with from = "holds"')
        elif fields.has("from") and not is_first:
            fields.refuse('from = "holds" stands in the first stage only')
        blocks = fields.items("blocks")
        for block in blocks:
            if block not in BLOCKS:
                fields.refuse(f"blocks: {describe(block)} is not one of north, south")
        if len(set(map(str, blocks))) < len(blocks):
            fields.refuse("blocks names one twice")
        steps = fields.integer("steps")
        return Guard(
            everyone=fields.flag("everyone"),
            blocks=tuple(sorted(map(str, blocks))),
            steps=steps,
            steps_protected=fields.integer("steps_protected", steps),
            remote_kg=fields.integer("remote_kg") if fields.has("remote_kg") else None,
            keep_outward=fields.flag("keep_outward"),
            no_virtual=fields.flag("no_virtual"),
            from_holds=fields.has("from"),
        )

    def _read_level(self, value: object, stage: str, number: int) -> Level:
        where = f"{stage}, level {number}"
        fields = Fields(value, where, _LEVEL_KEYS, self.problems)
        name = fields.text("name")
        fields.where = f'{stage}, level "{name}"'
        if "/" in name:
            fields.refuse("the name must not hold a slash: sub-levels are named so")
        weights = self._read_weights(fields)
        absolute, percent = self._read_slack(fields, weights)
        return Level(
            name=name,
            say=fields.text("say", ""),
            weights=weights,
            slack_absolute=absolute,
            slack_percent=percent,
            one_way_second=self._read_second(fields, weights),
        )

    def _read_weights(self, level: Fields) -> Mapping[str, int]:
        level.need("weights")
        given = level.mapping("weights")
        fields = Fields(
            given, f"{level.where}, weights", frozenset(TERMS), self.problems
        )
        weights = {key: fields.integer(key) for key in TERMS if key in given}
        weights = {key: weight for key, weight in weights.items() if weight}
        alone = [key for key in weights if key in ALONE]
        if alone and len(weights) > 1:
            fields.refuse(f"{alone[0]} stands alone in its level")
        if any(weights[key] != 1 for key in (*alone, "equity") if key in weights):
            fields.refuse(f"{', '.join(alone) or 'equity'} weighs 0 or 1")
        return weights

    def _read_slack(self, level: Fields, weights: Mapping[str, int]) -> tuple[int, int]:
        if not level.has("slack"):
            return 0, 0
        known = frozenset({"absolute", "percent"})
        fields = Fields(
            level.values["slack"], f"{level.where}, slack", known, self.problems
        )
        if len(fields.values) != 1:
            fields.refuse("gives either absolute or percent")
        absolute, percent = fields.integer("absolute", 0), fields.integer("percent", 0)
        if (absolute or percent) and any(term in weights for term in _NO_SLACK):
            fields.refuse(f"{', '.join(weights)} cannot have slack")
        return absolute, percent

    def _read_second(
        self, level: Fields, weights: Mapping[str, int]
    ) -> tuple[int, int] | None:
        if not level.has("one_way_second"):
            return None
        where = f"{level.where}, one_way_second"
        known = frozenset({"above", "rate"})
        fields = Fields(level.values["one_way_second"], where, known, self.problems)
        above, rate = fields.integer("above"), fields.integer("rate")
        if rate < weights.get("one_way", 0):
            fields.refuse("rate must be at least one_way: the charge may not fall")
        return above, rate

    def _check_levels(self, stage: Fields, levels: tuple[Level, ...]) -> None:
        if not levels:
            stage.refuse("levels must name at least one")
        names = [level.name for level in levels]
        if len(set(names)) < len(names):
            stage.refuse("two levels have the same name")
        if any("lottery" in level.weights for level in levels[:-1]):
            stage.refuse("the lottery must be the last level")
        self._check_anchor(stage, levels)
        for level, later in zip(levels, _tails(levels), strict=True):
            if "unplaced" in level.weights and _may_be_exploited(level, later):
                stage.refuse(
                    f'level "{level.name}": slack on unplaced needs every later level '
                    "to weigh unplaced, else they use it to leave students out"
                )

    def _check_anchor(self, stage: Fields, levels: tuple[Level, ...]) -> None:
        weighing = [level for level in levels if set(level.weights) - {"lottery"}]
        for level in levels if weighing else ():  # of zeros alone, warnings() tells
            if "unplaced" in level.weights or "rank_maximal" in level.weights:
                return
            if any(term in (*VALUE, *ALONE) for term in level.weights):
                stage.refuse(
                    f'level "{level.name}": placing nobody would win; weigh unplaced '
                    "before it or in it"
                )


def _tails(levels: tuple[Level, ...]) -> list[tuple[Level, ...]]:
    return [levels[index + 1 :] for index in range(len(levels))]


def _may_be_exploited(level: Level, later: tuple[Level, ...]) -> bool:
    """Return whether later levels could use a level's slack to leave students out."""
    if not (level.slack_absolute or level.slack_percent) or not later:
        return False
    weighing = [after for after in later if "lottery" not in after.weights]
    return not weighing or any("unplaced" not in a.weights for a in weighing)
