"""Publishing a run with a second pair of eyes, and what comes back."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict
from mobility.reading.network import (
    RunView,
    is_policy_setter,
    list_moves,
    read_row,
    read_settings_of,
    view_run,
)
from mobility.reading.rounds import view_round
from mobility.reporting.runs import run_facts
from mobility.reporting.waterfall import describe, to_waterfall
from mobility.rounds.publish import publish as publish_run
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.network_forms import PublishForm
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
    is_valid = form.is_sent()
    if not _is_second(key) and not form.is_alone.data:
        told = _(
            "You are the last to have set the policy: somebody else publishes, or you"
            " confirm that there is nobody else."
        )
        form.refuse([told], "is_alone")
        is_valid = False
    if not is_valid:
        return _page(key, run, form, UNPROCESSABLE)
    try:
        units.transact(
            lambda unit: publish_run(unit, key, run, by=session.actor(unit), at=now())
        )
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return _page(key, run, form, refused(refusal))
    return _published(key)


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
    is_second = _is_second(key)
    if is_second:
        del form.is_alone
    return page(
        "network_publish/preview.html",
        status,
        row=row,
        run=view,
        settings=settings,
        form=form,
        told=told,
        summary=describe(labels(), to_waterfall(facts)) if facts else "",
        problems=_problems(row.state, view),
        is_second=is_second,
        gap=steps(view.gap_msteps or 0),
    )


def _problems(state: str, view: RunView) -> list[str]:
    """Return what speaks against publishing a run, as far as it is known before."""
    found = []
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
