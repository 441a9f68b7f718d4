"""Runs of a round: queue one, watch it, cancel it."""

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict
from mobility.reading.network import RunView, read_row, view_run
from mobility.reading.rounds import RunRow, list_runs
from mobility.rounds.runs import cancel_run, queue_run
from mobility.web import network_words, session, units
from mobility.web.access import needs
from mobility.web.forms import require_known_fields
from mobility.web.network_forms import AfterForm, ScenarioForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page, refused
from mobility.web.network_result import result_page
from mobility.web.scopes import in_round
from mobility.web.tables import Column, make_table

blueprint = Blueprint("network_runs", __name__, url_prefix="/network/rounds")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: level `at` of `total`, in the words of its policy."""

    at: int
    total: int
    words: str


@blueprint.get("/<string:key>/runs")
@needs("home.network", scope=in_round)
def home(key: str) -> ResponseReturnValue:
    """Show the runs, and what can be queued."""
    return _page(key, None, OK)


@blueprint.post("/<string:key>/runs")
@needs("run.queue", scope=in_round)
def queue(key: str) -> ResponseReturnValue:
    """Queue the declared policy."""
    return _queue(key, AfterForm(), "")


@blueprint.post("/<string:key>/scenarios")
@needs("run.queue", scope=in_round)
def try_out(key: str) -> ResponseReturnValue:
    """Queue a scenario: another policy, never published."""
    form = ScenarioForm()
    return _queue(key, form, form.policy.data)


@blueprint.get("/<string:key>/runs/<int:run>")
@needs("home.network", scope=in_round)
def run(key: str, run: int) -> ResponseReturnValue:
    """Show a run: how far it is, why it failed, or its result."""
    with units.read() as unit:
        row, view = read_row(unit, key), view_run(unit, key, run)
    if view.is_verified:
        return result_page(row, view)
    progress = find_progress(view) if view.is_under_way else None
    return page("network_runs/run.html", row=row, run=view, progress=progress)


@blueprint.get("/<string:key>/runs/<int:run>/progress")
@needs("home.network", scope=in_round)
def progress(key: str, run: int) -> ResponseReturnValue:
    """Return the part of a run's page that changes, for the script that asks again."""
    with units.read() as unit:
        view = view_run(unit, key, run)
    found = find_progress(view) if view.is_under_way else None
    text = render_template("network_runs/progress.html", run=view, progress=found)
    answer = make_response(text)
    answer.headers["X-Ended"] = "no" if view.is_under_way else "yes"
    return answer


@blueprint.post("/<string:key>/runs/<int:run>/cancel")
@needs("run.cancel", scope=in_round)
def cancel(key: str, run: int) -> ResponseReturnValue:
    """Cancel a run."""
    require_known_fields(())
    with units.read() as unit:
        view = view_run(unit, key, run)
    if not view.is_cancel_requested:
        units.transact(
            lambda unit: cancel_run(unit, run, by=session.actor(unit), at=now())
        )
    told = _("Run %(run)s is being cancelled.", run=run)
    return done(told, "network_runs.run", key=key, run=run)


def _queue(key: str, form: AfterForm, policy: str) -> ResponseReturnValue:
    if not form.is_sent():
        return _page(key, form, UNPROCESSABLE)
    with units.read() as unit:
        known = list_runs(unit, key)
    queued = _pressed_before(known, policy, form.last_run())
    if queued is None:
        try:
            queued = units.transact(
                lambda unit: (
                    queue_run(
                        unit, key, policy=policy, by=session.actor(unit), at=now()
                    ).id
                )
            )
        except Conflict as refusal:
            form.refuse(refusal.problems)
            return _page(key, form, refused(refusal))
        units.wake(queued)
    told = _("Run %(run)s is queued.", run=queued)
    return done(told, "network_runs.run", key=key, run=queued)


def _pressed_before(known: list[RunRow], policy: str, after: int) -> int | None:
    """Return the run that the same form has queued already, if it was sent twice."""
    for row in known:
        is_same = row.policy == policy if policy else not row.is_scenario
        if row.run > after and is_same and row.is_scenario == bool(policy):
            return row.run
    return None


def _page(key: str, sent: AfterForm | None, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        row, runs = read_row(unit, key), list_runs(unit, key)
    columns: list[Column[RunRow]] = [
        Column("run", _("Run"), lambda each: each.run),
        Column("policy", _("Policy"), lambda each: each.policy),
        Column("kind", _("Kind"), lambda each: each.is_scenario),
        Column("state", _("Outcome"), lambda each: network_words.run_state(each)[0]),
        Column("made", _("Queued"), lambda each: each.created_at),
    ]
    latest = runs[0].run if runs else 0
    scenario = sent if isinstance(sent, ScenarioForm) else ScenarioForm(formdata=None)
    scenario.after.data = str(latest)
    return page(
        "network_runs/home.html",
        status,
        row=row,
        table=make_table(columns, runs, sort="-run"),
        scenario=scenario,
        problems=sent.general_errors if sent else [],
        latest=latest,
        done_runs=[each for each in runs if each.verdict == "verified"],
    )


def find_progress(view: RunView) -> Progress:
    """Return how far a run is; the solver says "stage: level" of what it begins."""
    levels = [
        f"{stage['name']}: {level['name']}"
        for stage in view.policy_value["stages"]
        for level in stage["levels"]
    ]
    said = view.progress.strip()
    if view.state == "queued":
        return Progress(0, len(levels), _("Waiting for a worker."))
    if said not in levels:
        return Progress(0, len(levels), said or _("Begun."))
    at = levels.index(said)
    return Progress(at, len(levels), _("Being solved: %(level)s.", level=said))
