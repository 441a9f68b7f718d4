"""Publishing a run with a second pair of eyes, and what comes back."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput
from mobility.models import RoundState
from mobility.reading.network import (
    RunView,
    is_policy_setter,
    list_moves,
    read_row,
    read_settings_of,
    view_run,
)
from mobility.reading.rounds import RoundRow, view_round
from mobility.reporting.runs import run_facts
from mobility.reporting.waterfall import describe, to_waterfall
from mobility.rounds.answer_deadline import default_until, set_answers_until
from mobility.rounds.publish import Terms
from mobility.rounds.publish import publish as publish_run
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.network_forms import AnswersForm, PublishForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page, refused
from mobility.web.network_policy_words import steps
from mobility.web.network_told import preview_of
from mobility.web.scopes import in_round

blueprint = Blueprint("network_publish", __name__, url_prefix="/network/rounds")


@blueprint.get("/<string:key>/runs/<int:run>/publish")
@needs("round.publish", scope=in_round)
def preview(key: str, run: int) -> ResponseReturnValue:
    """Show what publishing a run would tell, and whom."""
    return _page(key, run, PublishForm(formdata=None), OK)


@blueprint.post("/<string:key>/runs/<int:run>/publish")
@needs("round.publish", scope=in_round)
def publish(key: str, run: int) -> ResponseReturnValue:
    """Publish a run."""
    form = PublishForm()
    with units.read() as unit:
        view = view_run(unit, key, run)
    if view.is_published:  # pressed twice: it is done already
        return _published(key)
    if not form.is_sent():
        return _page(key, run, form, UNPROCESSABLE)
    terms = Terms(form.answers_until.data, _needs_second())
    status = _try(
        form,
        lambda unit: publish_run(
            unit, key, run, by=session.actor(unit), at=now(), terms=terms
        ),
    )
    return _published(key) if status == OK else _page(key, run, form, status)


@blueprint.get("/<string:key>/answers/until")
@needs("round.change", scope=in_round)
def answers_until(key: str) -> ResponseReturnValue:
    """Show until when places are answered, to be changed."""
    row = _read_answering(key)
    form = AnswersForm(formdata=None, answers_until=_local(row, row.answers_until))
    return page("network_publish/answers_until.html", row=row, form=form)


@blueprint.post("/<string:key>/answers/until")
@needs("round.change", scope=in_round)
def set_until(key: str) -> ResponseReturnValue:
    """Set another last moment for answers."""
    row, form = _read_answering(key), AnswersForm()
    template = "network_publish/answers_until.html"
    if not form.is_sent():
        return page(template, UNPROCESSABLE, row=row, form=form)
    time = form.answers_until.data
    status = _try(
        form,
        lambda unit: set_answers_until(
            unit, key, time, by=session.actor(unit), at=now()
        ),
    )
    if status != OK:
        return page(template, status, row=row, form=form)
    told = _("The last moment for answers is set.")
    return done(told, "network_publish.answers", key=key)


def _try(form: AnswersForm, work: Callable[[units.Unit], object]) -> int:
    """Do a unit of work; return OK, or the status of the refusal that is shown now."""
    try:
        units.transact(work)
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "answers_until")
        return UNPROCESSABLE
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return refused(refusal)
    return OK


def _read_answering(key: str) -> RoundRow:
    with units.read() as unit:
        row = read_row(unit, key)
    if row.state != RoundState.PUBLISHED:
        told = _("Round %(key)s takes no answers now.", key=key)
        raise Conflict(told)
    return row


def _local(row: RoundRow, until: datetime | None) -> str:
    """Return an instant as a field for local times takes it."""
    if until is None:
        return ""
    return until.astimezone(ZoneInfo(row.deadline_zone)).strftime("%Y-%m-%dT%H:%M")


def _needs_second() -> bool:
    return bool(current_app.config["SECOND_PERSON_TO_PUBLISH"])


@blueprint.get("/<string:key>/answers")
@needs("home.network", scope=in_round)
def answers(key: str) -> ResponseReturnValue:
    """Show what was published, and the answers so far."""
    with units.read() as unit:
        view, moves = view_round(unit, key), list_moves(unit, key)
    if view.published_run is None:
        raise Conflict(
            _("Round %(key)s is not published: nobody answers yet.", key=key)
        )
    act = next((move for move in moves if move.action == "round:publish"), None)
    return page("network_publish/answers.html", view=view, act=act)


def _is_second(key: str) -> bool:
    """Say whether somebody else than the viewer was the last to set the policy."""
    person = session.require_viewer().person_id
    with units.read() as unit:
        return not is_policy_setter(unit, key, person)


def _published(key: str) -> ResponseReturnValue:
    told = _("Round %(key)s is published. The students are being told.", key=key)
    return done(told, "network_publish.answers", key=key)


def _page(key: str, run: int, form: PublishForm, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        row, view = read_row(unit, key), view_run(unit, key, run)
        settings = read_settings_of(unit, key)
        told = facts = None
        if view.is_verified:
            told = preview_of(unit, run, view.result_digest or "")
            facts = run_facts(unit, run)
    if form.answers_until.data is None:
        until = default_until(row.deadline_zone, now())
        form.answers_until.data = _local(row, until)
    is_second = _is_second(key)
    is_barred = _needs_second() and not is_second
    return page(
        "network_publish/preview.html",
        status,
        row=row,
        run=view,
        settings=settings,
        form=form,
        told=told,
        summary=describe(labels(), to_waterfall(facts)) if facts else "",
        problems=_problems(row.state, view, is_barred=is_barred),
        is_second=is_second,
        gap=steps(view.gap_msteps or 0),
    )


def _problems(state: str, view: RunView, *, is_barred: bool) -> list[str]:
    """Return what speaks against publishing a run, as far as it is known before.

    Parameters
    ----------
    is_barred
        The viewer set the policy, and a second person is asked for.
    """
    found = []
    if is_barred:
        found.append(
            _("You are the last to have set the policy: a second person publishes it.")
        )
    if state != "frozen":
        found.append(_("The round is not frozen."))
    if view.is_scenario:
        found.append(_("The run is a scenario; scenarios are never published."))
    if not view.is_verified:
        found.append(_("The run has no verified result."))
    if not view.is_of_present_freeze:
        found.append(_("The run is of an earlier freeze."))
    found += [
        _("The lottery's secret of %(who)s is not revealed.", who=who)
        for who in view.missing_secrets
    ]
    if view.is_before_reveal:
        found.append(
            _("Secrets of the lottery were revealed after it had begun: run it again.")
        )
    return found
