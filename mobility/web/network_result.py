"""The result of a run: pictures with their tables, the certificate, comparisons."""

from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.errors import NotFound
from mobility.reading.network import RunView, read_row, view_run
from mobility.reading.rounds import RoundRow, RunRow, list_runs
from mobility.reporting.facts import RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.lanes import (
    Lane,
    partnership_table,
    to_lanes,
    to_partnerships,
)
from mobility.reporting.pictures import (
    emissions_picture,
    equity_picture,
    flow_picture,
    rank_picture,
    waterfall_picture,
)
from mobility.reporting.ranks import moves_table, to_transitions
from mobility.reporting.runs import run_facts
from mobility.reporting.waterfall import (
    MEASURES,
    Scope,
    scopes_table,
    to_waterfall,
    write_value,
)
from mobility.web import units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.limits import row_number
from mobility.web.network_page import page
from mobility.web.network_policy_words import PolicyWords, steps, to_words
from mobility.web.scopes import in_round
from mobility.web.tables import Column, leaf_through, make_table

blueprint = Blueprint("network_result", __name__, url_prefix="/network/rounds")

SOUTH = Scope("block", "south")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two runs that are compared."""

    run: RunView
    facts: RunFacts
    words: PolicyWords


def result_page(row: RoundRow, view: RunView) -> ResponseReturnValue:
    """Return the page of a run with a verified result."""
    with units.read() as unit:
        facts = run_facts(unit, view.run)
    said = labels()
    return page(
        "network_result/result.html",
        row=row,
        run=view,
        waterfall=waterfall_picture(facts, said),
        ranks=rank_picture(facts, said),
        equity=equity_picture(facts, said),
        emissions=emissions_picture(facts, said),
        moves=[moves_table(said, each) for each in to_transitions(facts)],
        scopes=scopes_table(said, facts),
        gap=steps(view.gap_msteps or 0),
    )


@blueprint.get("/<string:key>/runs/<int:run>/flows")
@needs("home.network", scope=in_round)
def flows(key: str, run: int) -> ResponseReturnValue:
    """Show who travels where, lane by lane, and what partnerships owe each other."""
    with units.read() as unit:
        row, view = read_row(unit, key), view_run(unit, key, run)
        facts = run_facts(unit, run)
    said = labels()
    lanes = to_lanes(facts)
    columns: list[Column[Lane]] = [
        Column("home", _("From"), lambda lane: lane.home.name),
        Column("host", _("To"), lambda lane: lane.host.name),
        Column("out", _("Out"), lambda lane: lane.out, is_number=True),
        Column("back", _("Back"), lambda lane: lane.back, is_number=True),
        Column("alone", _("Direction"), lambda lane: lane.is_alone),
    ]
    return page(
        "network_result/flows.html",
        row=row,
        run=view,
        picture=flow_picture(facts, said),
        lanes=make_table(columns, lanes, sort="-out"),
        partnerships=leaf_through(
            partnership_table(said, to_partnerships(facts)), "partnerships"
        ),
    )


@blueprint.get("/<string:key>/runs/<int:run>/compare")
@needs("home.network", scope=in_round)
def compare(key: str, run: int) -> ResponseReturnValue:
    """Show two runs side by side: who loses what, before tonnes; `?with=` names one."""
    with units.read() as unit:
        row, view = read_row(unit, key), view_run(unit, key, run)
        others = _others(list_runs(unit, key), run)
        number = request.args.get("with", type=row_number)
        if number is None and others:
            number = others[0].run
        sides = [_side(unit, view)]
        if number is not None:
            sides.append(_side(unit, view_run(unit, key, number)))
    said = labels()
    pair = tuple(sides) if len(sides) > 1 else None
    return page(
        "network_result/compare.html",
        row=row,
        run=view,
        others=others,
        other=pair[1] if pair else None,
        table=_compare(said, pair[0], pair[1]) if pair else None,
        pictures=[(side, waterfall_picture(side.facts, said)) for side in sides],
        back=url_for("network_runs.run", key=key, run=run),
    )


def _others(runs: list[RunRow], run: int) -> list[RunRow]:
    return [each for each in runs if each.verdict == "verified" and each.run != run]


def _side(unit: units.Unit, view: RunView) -> Side:
    if not view.is_verified:
        message = f"run {view.run} has no verified result"
        raise NotFound(message)
    facts = run_facts(unit, view.run)
    return Side(view, facts, to_words(view.policy_value))


def _compare(said: Labels, left: Side, right: Side) -> list[tuple[str, str, str, str]]:
    """Return rows of a figure, its two values and how the second differs."""
    return [
        (
            name,
            _write(said, measure, a),
            _write(said, measure, b),
            _change(said, measure, a, b),
        )
        for (name, measure, a), (_name, _measure, b) in zip(
            _figures(said, left.facts), _figures(said, right.facts), strict=True
        )
    ]


Figure = tuple[str, str, int | Fraction | None]


def _figures(said: Labels, facts: RunFacts) -> list[Figure]:
    """Return the last stage's figures: who loses what first, tonnes last."""
    everyone, south = to_waterfall(facts), to_waterfall(facts, SOUTH)
    last = everyone.stages[-1]
    first_choice = sum(place.rank == 1 for place in facts.stages[-1].places.values())
    lost = sum(stage.moves.lost_place for stage in everyone.stages[1:])
    worse = sum(stage.moves.worse for stage in everyone.stages[1:])
    figures: list[Figure] = [
        (_("students placed"), "placed", last.placed),
        (_("of the South placed"), "placed", south.stages[-1].placed),
        (_("lost a place after the first stage"), "placed", lost),
        (_("moved to a lower choice after the first stage"), "placed", worse),
        (_("students at their first choice"), "placed", first_choice),
    ]
    rest = [measure for measure in MEASURES if measure not in ("placed", "emissions")]
    figures += [(said[name], name, last.value(name)) for name in rest]
    return [*figures, (said["emissions"], "emissions", last.emissions_g)]


def _write(said: Labels, measure: str, value: int | Fraction | None) -> str:
    return write_value(said, measure, value)


def _change(
    said: Labels, measure: str, was: int | Fraction | None, now: int | Fraction | None
) -> str:
    if was is None or now is None:
        return said["none"]
    change = Fraction(now) - Fraction(was)
    if change == 0:
        return str(_("the same"))
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return sign + write_value(said, measure, abs(change))
