"""A policy in plain sentences: what is weighed, who is guarded, what is worth what.

Generated from the policy alone, so that no page says anything else than what runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from solver.policy import Guard, Level, Policy, Stage
from solver.policy_reader import parse_policy

MSTEPS = 1000
"""Thousandths of a rank step in one."""

EXAMPLES_KG = (500, 1500, 3000)
"""Return journeys that both charges are worked out for."""


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage: its own sentence, what it does in order, whom it guards."""

    name: str
    say: str
    levels: tuple[str, ...]
    guards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """A policy for people.

    Parameters
    ----------
    rates
        What a step of a wish is worth against emissions and one-way places.
    charges
        Rows of a table: a journey, its charge for emissions, for one-way, both.
    """

    name: str
    stages: tuple[StageWords, ...]
    ranks: str
    rates: tuple[str, ...]
    equity: tuple[str, ...]
    charges: tuple[tuple[str, str, str, str], ...]
    warnings: tuple[str, ...]


def to_words(value: dict[str, Any]) -> PolicyWords:
    """Return the sentences of a policy's value."""
    policy = parse_policy(value)
    return PolicyWords(
        name=policy.name,
        stages=tuple(_stage(stage) for stage in policy.stages),
        ranks=_ranks(policy),
        rates=tuple(_rates(policy)),
        equity=tuple(_equity(policy)),
        charges=tuple(_charges(policy)),
        warnings=tuple(_warnings(policy)),
    )


def steps(msteps: int | Fraction) -> str:
    """Return thousandths of a rank step as "0.4 rank steps"."""
    number = Fraction(msteps) / MSTEPS
    text = format_decimal(float(number), "#,##0.##")
    if number == 1:
        return str(_("%(number)s rank step", number=text))
    return str(_("%(number)s rank steps", number=text))


def _stage(stage: Stage) -> StageWords:
    return StageWords(
        name=stage.name,
        say=stage.say,
        levels=tuple(_level(level) for level in stage.levels),
        guards=tuple(_guards(stage.guard)) if stage.guard else (),
    )


def _level(level: Level) -> str:
    terms = {
        "unplaced": _("students without a place"),
        "rank": _("rank steps away from first choices"),
        "one_way": _("one-way places from North to South"),
        "carbon_per_tonne": _("emissions of journeys"),
        "equity": _("how far groups fall behind"),
        "moved": _("students moved from the place they hold"),
        "emissions_g": _("grams of emissions"),
        "worst_rank": _("students at the lowest choices"),
        "rank_maximal": _("students who miss the highest choices"),
    }
    said = level.say
    if not said:
        weighed = [str(terms[term]) for term in level.weights if term in terms]
        what = ", ".join(weighed) or _("what the lottery draws")
        said = _("As little as possible of: %(what)s.", what=what)
    if level.slack_absolute or level.slack_percent:
        slack = (
            f"{level.slack_percent} %" if level.slack_percent else level.slack_absolute
        )
        more = _("Later steps may give up %(slack)s of it.", slack=slack)
        said = f"{said} {more}"
    return str(said)


def _guards(guard: Guard) -> Iterator[str]:
    blocks = _blocks(guard.blocks)
    who = _("Everyone") if guard.everyone else _("A student of %(who)s", who=blocks)
    yield ngettext(
        "%(who)s who has a place before this stage keeps one, at most %(num)s rank"
        " lower.",
        "%(who)s who has a place before this stage keeps one, at most %(num)s ranks"
        " lower.",
        guard.steps,
        who=who,
    )
    if guard.everyone and guard.steps_protected != guard.steps:
        yield from _protected(guard, blocks)
    if guard.keep_outward and blocks:
        yield _(
            "A student of %(who)s who was to go to the other side still goes there.",
            who=blocks,
        )
    if guard.no_virtual:
        yield _("Nobody is moved from a real place to a virtual one she ranked lower.")


def _protected(guard: Guard, blocks: str) -> Iterator[str]:
    if blocks:
        yield ngettext(
            "A student of %(who)s moves down by at most %(num)s rank.",
            "A student of %(who)s moves down by at most %(num)s ranks.",
            guard.steps_protected,
            who=blocks,
        )
    if guard.remote_kg is not None:
        yield ngettext(
            "A remote student, whose least journey emits more than %(kg)s kg CO₂e,"
            " moves down by at most %(num)s rank.",
            "A remote student, whose least journey emits more than %(kg)s kg CO₂e,"
            " moves down by at most %(num)s ranks.",
            guard.steps_protected,
            kg=format_decimal(guard.remote_kg),
        )


def _blocks(blocks: Iterable[str]) -> str:
    names = {"north": _("the North"), "south": _("the South")}
    return str(_(" or ")).join(str(names[block]) for block in blocks)


def _ranks(policy: Policy) -> str:
    costs = [steps(policy.cost(rank + 1) - policy.cost(rank)) for rank in (1, 2, 3)]
    return str(
        _(
            "Down from the first to the second choice costs %(first)s, from the second"
            " to the third %(second)s, from the third to the fourth %(third)s.",
            first=costs[0],
            second=costs[1],
            third=costs[2],
        )
    )


def _rates(policy: Policy) -> Iterator[str]:
    step = policy.cost(2) - policy.cost(1)
    carbon, one_way = _rate(policy, "carbon_per_tonne"), _rate(policy, "one_way")
    if carbon:
        yield _(
            "Moving a student from first to second choice is worth %(kg)s kg CO₂e.",
            kg=format_decimal(round(Fraction(step * 1000, carbon))),
        )
    if one_way:
        yield _(
            "One one-way place fewer is worth %(steps)s: as much as moving students"
            " from first to second choice %(times)s times.",
            steps=steps(one_way),
            times=format_decimal(one_way / step if step else 0, "#,##0.##"),
        )
    for stage, level in policy.levels():
        if level.one_way_second:
            above, rate = level.one_way_second
            yield _(
                "In stage %(stage)s, one-way places beyond %(above)s of a partnership"
                " cost %(steps)s each.",
                stage=stage.name,
                above=above,
                steps=steps(rate),
            )
    if not carbon:
        yield _("Emissions are not weighed.")
    if not one_way:
        yield _("One-way places are not weighed.")
    yield from _budgets(policy)


def _budgets(policy: Policy) -> Iterator[str]:
    for stage in policy.stages:
        if stage.carbon_budget_kg is not None:
            yield _(
                "Stage %(stage)s raises the charge for emissions, up to %(most)s a"
                " tonne, until they are at most %(kg)s kg CO₂e.",
                stage=stage.name,
                most=steps(stage.max_carbon_per_tonne or 0),
                kg=format_decimal(stage.carbon_budget_kg),
            )


def _rate(policy: Policy, term: str) -> int:
    """Return the highest rate at which any stage weighs a term, in msteps."""
    return max((level.weights.get(term, 0) for _, level in policy.levels()), default=0)


def _equity(policy: Policy) -> Iterator[str]:
    if policy.equity is None or not policy.weighs_equity:
        yield _("Groups are reported; none is lifted.")
        return
    named = [
        _("%(name)s (up to %(percent)s %% behind)", name=name, percent=percent)
        for name, percent in policy.equity.attributes.items()
    ]
    yield _(
        "Groups that fall behind are lifted, by: %(names)s.", names=", ".join(named)
    )
    yield _(
        "One benefit step of such a group counts at most %(steps)s more (the ceiling"
        " of its price); what it counted is printed with the result.",
        steps=steps(policy.equity.max_price),
    )
    yield ngettext(
        "Groups of fewer than %(num)s student are reported, not lifted.",
        "Groups of fewer than %(num)s students are reported, not lifted.",
        policy.equity.min_group,
    )


def _charges(policy: Policy) -> Iterator[tuple[str, str, str, str]]:
    carbon, one_way = _rate(policy, "carbon_per_tonne"), _rate(policy, "one_way")
    if not carbon and not one_way:
        return
    for kg in EXAMPLES_KG:
        charge = Fraction(kg * carbon, 1000)
        journey = _("%(kg)s kg CO₂e", kg=format_decimal(kg))
        yield journey, steps(charge), steps(one_way), steps(charge + one_way)


def _warnings(policy: Policy) -> Iterator[str]:
    yield from policy.warnings()
    weighs = any(
        term in level.weights
        for _, level in policy.levels()
        for term in ("carbon_per_tonne", "one_way")
    )
    if weighs and not any(stage.guard for stage in policy.stages):
        yield _(
            "Emissions and one-way places are weighed without guards: they can decide"
            " who gets a place. Publish such a policy only for a reason."
        )
