"""A round's page: its state, what comes next, its numbers and its history."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.reading.network import (
    MoveRow,
    RoundSettings,
    list_moves,
    read_settings_of,
)
from mobility.reading.rounds import RoundView, RunRow, list_runs, view_round
from mobility.rounds.offers import draw_offers
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.network_forms import OffersForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page
from mobility.web.scopes import in_round

blueprint = Blueprint("network_round", __name__, url_prefix="/network/rounds")


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: a sentence, and the page where it is done."""

    sentence: str
    label: str = ""
    address: str = ""


@blueprint.get("/<string:key>")
@needs("home.network", scope=in_round)
def overview(key: str) -> ResponseReturnValue:
    """Show a round."""
    return _page(key, OffersForm(formdata=None), OK)


@blueprint.post("/<string:key>/offers")
@needs("round.change", scope=in_round)
def offers(key: str) -> ResponseReturnValue:
    """Make the offers of a draft from the agreements in force."""
    form = OffersForm()
    if not form.is_sent():
        return _page(key, form, UNPROCESSABLE)
    starts_on = form.starts_on.data
    made = units.transact(
        lambda unit: draw_offers(unit, key, starts_on, by=session.actor(unit), at=now())
    )
    told = _("%(count)s offers were made from the agreements in force.", count=made)
    return done(told, "network_round.overview", key=key)


def _page(key: str, form: OffersForm, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        view = view_round(unit, key)
        settings = read_settings_of(unit, key)
        runs = list_runs(unit, key)
        moves = list_moves(unit, key)
    return page(
        "network_round/overview.html",
        status,
        view=view,
        settings=settings,
        runs=runs,
        moves=moves,
        form=form,
        next=find_next(view, settings, _current(runs, moves)),
        is_over=now() >= view.round.deadline_at,
        weaknesses=_weaknesses(moves),
    )


def _weaknesses(moves: list[MoveRow]) -> list[str]:
    """Return what the publication said of itself, empty before there is one."""
    acts = (move for move in moves if move.action == "round:publish")
    return next((list(act.detail.get("weaknesses", ())) for act in acts), [])


def _current(runs: list[RunRow], moves: list[MoveRow]) -> list[RunRow]:
    """Return the runs that can still be published: queued since the last reveal."""
    told = [move.at for move in moves if move.action == "lottery:reveal"]
    return [
        run
        for run in runs
        if not run.is_scenario
        and run.is_of_present_freeze
        and (not told or run.created_at >= max(told))
    ]


def find_next(view: RoundView, settings: RoundSettings, runs: list[RunRow]) -> Next:
    """Return the next act on a round; `runs` are those that can be published."""
    key, state = view.round.key, view.round.state
    if state == "draft":
        return _next_of_draft(view, settings)
    if state == "open":
        return _next_of_open(view)
    if state == "frozen":
        return _next_of_frozen(view, runs)
    where = {
        "closed": ("network_freeze.check", _("Check and freeze")),
        "published": ("network_publish.answers", _("See the answers")),
        "settled": ("network_moves.archive", _("Archive the round")),
    }
    sentences = {
        "closed": _("Rankings are in. Check what blocks the freeze, then freeze."),
        "published": _("Students have been told, and answer."),
        "settled": _("Balances are written. Archive the round when nobody needs it."),
    }
    if state not in where:
        return Next(_("The round is over. Nothing waits."))
    endpoint, label = where[state]
    return Next(sentences[state], label, url_for(endpoint, key=key))


def _next_of_draft(view: RoundView, settings: RoundSettings) -> Next:
    key = view.round.key
    if not view.offers:
        return Next(_("The round has no offers yet. Make them from the agreements."))
    if not view.committers:
        return Next(
            _("Nobody has committed to a secret for the lottery yet."),
            _("Add committers"),
            url_for("network_lottery.show", key=key),
        )
    told = _("Read policy %(name)s once more, then open.", name=settings.policy["name"])
    return Next(told, _("Open the round"), url_for("network_moves.open_it", key=key))


def _next_of_open(view: RoundView) -> Next:
    key = view.round.key
    if now() >= view.round.deadline_at:
        close = url_for("network_moves.close", key=key)
        return Next(_("The deadline has passed."), _("Close the round"), close)
    return Next(
        _("Students rank until the deadline. Look early for what blocks the freeze."),
        _("Check what blocks the freeze"),
        url_for("network_freeze.check", key=key),
    )


def _next_of_frozen(view: RoundView, runs: list[RunRow]) -> Next:
    key = view.round.key
    if not all(committer.is_revealed for committer in view.committers):
        return Next(
            _("The lottery's secrets are not all revealed."),
            _("Reveal the secrets"),
            url_for("network_lottery.show", key=key),
        )
    for run in runs:
        if run.state in ("queued", "running"):
            return Next(
                _("The declared policy is being run."),
                _("Watch run %(run)s", run=run.run),
                url_for("network_runs.run", key=key, run=run.run),
            )
        if run.verdict == "verified":
            return Next(
                _("Run %(run)s is verified. Look at it, then publish.", run=run.run),
                _("Publish run %(run)s", run=run.run),
                url_for("network_publish.preview", key=key, run=run.run),
            )
    return Next(
        _("The round is frozen. Run the declared policy."),
        _("Run the declared policy"),
        url_for("network_runs.home", key=key),
    )
