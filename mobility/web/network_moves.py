"""Moving a round: open, close, open again, take a freeze back, settle, archive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput
from mobility.models import RoundState
from mobility.reading.rounds import RoundView, view_round
from mobility.rounds.balance import settle as settle_balances
from mobility.rounds.lifecycle import move
from mobility.rounds.lifecycle import unfreeze as take_back
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.network_forms import ReasonForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page, refused
from mobility.web.network_words import state_name
from mobility.web.scopes import in_round

blueprint = Blueprint("network_moves", __name__, url_prefix="/network/rounds")


@dataclass(frozen=True, slots=True)
class Act:
    """A move as its page tells it.

    Parameters
    ----------
    told
        What happens, and who is told.
    """

    endpoint: str
    source: str
    to: RoundState
    title: LazyString
    told: LazyString
    needs_reason: bool = False
    is_dangerous: bool = False


OPEN = Act(
    "open_it",
    "draft",
    RoundState.OPEN,
    later("Open the round"),
    later("Students see their offers and rank until the deadline."),
)
CLOSE = Act(
    "close",
    "open",
    RoundState.CLOSED,
    later("Close the round"),
    later("Nobody can certify a ranking any more; drafts are kept."),
)
REOPEN = Act(
    "reopen",
    "closed",
    RoundState.OPEN,
    later("Open the round again"),
    later("Students can rank again until the deadline, and are told why."),
    needs_reason=True,
)
UNFREEZE = Act(
    "unfreeze",
    "frozen",
    RoundState.CLOSED,
    later("Take the freeze back"),
    later(
        "Runs under way are cancelled, and secrets of the lottery that were revealed"
        " count no more: new ones must be committed. Students are told why."
    ),
    needs_reason=True,
    is_dangerous=True,
)
SETTLE = Act(
    "settle",
    "published",
    RoundState.SETTLED,
    later("Settle the round"),
    later(
        "Places that nobody answered in time have expired, and the balances of"
        " partnerships are written."
    ),
)
ARCHIVE = Act(
    "archive",
    "settled",
    RoundState.ARCHIVED,
    later("Archive the round"),
    later("The round stays readable and is never changed again."),
)


@blueprint.get("/<string:key>/open")
@needs("round.open", scope=in_round)
def open_it(key: str) -> ResponseReturnValue:
    """Show what opening means."""
    return _show(OPEN, key)


@blueprint.post("/<string:key>/open")
@needs("round.open", scope=in_round)
def do_open(key: str) -> ResponseReturnValue:
    """Open a draft."""
    return _move(OPEN, key)


@blueprint.get("/<string:key>/close")
@needs("round.close", scope=in_round)
def close(key: str) -> ResponseReturnValue:
    """Show what closing means; before the deadline it takes a reason."""
    return _show(CLOSE, key)


@blueprint.post("/<string:key>/close")
@needs("round.close", scope=in_round)
def do_close(key: str) -> ResponseReturnValue:
    """Close an open round."""
    return _move(CLOSE, key)


@blueprint.get("/<string:key>/reopen")
@needs("round.reopen", scope=in_round)
def reopen(key: str) -> ResponseReturnValue:
    """Show what opening again means."""
    return _show(REOPEN, key)


@blueprint.post("/<string:key>/reopen")
@needs("round.reopen", scope=in_round)
def do_reopen(key: str) -> ResponseReturnValue:
    """Open a closed round again."""
    return _move(REOPEN, key)


@blueprint.get("/<string:key>/unfreeze")
@needs("round.unfreeze", scope=in_round)
def unfreeze(key: str) -> ResponseReturnValue:
    """Show what taking a freeze back means."""
    return _show(UNFREEZE, key)


@blueprint.post("/<string:key>/unfreeze")
@needs("round.unfreeze", scope=in_round)
def do_unfreeze(key: str) -> ResponseReturnValue:
    """Take a freeze back."""

    def work(unit: units.Unit, reason: str) -> object:
        return take_back(unit, key, reason, by=session.actor(unit), at=now())

    return _move(UNFREEZE, key, work)


@blueprint.get("/<string:key>/settle")
@needs("round.settle", scope=in_round)
def settle(key: str) -> ResponseReturnValue:
    """Show what settling means."""
    return _show(SETTLE, key)


@blueprint.post("/<string:key>/settle")
@needs("round.settle", scope=in_round)
def do_settle(key: str) -> ResponseReturnValue:
    """Settle a published round."""

    def work(unit: units.Unit, _reason: str) -> object:
        return settle_balances(unit, key, by=session.actor(unit), at=now())

    return _move(SETTLE, key, work)


@blueprint.get("/<string:key>/archive")
@needs("round.archive", scope=in_round)
def archive(key: str) -> ResponseReturnValue:
    """Show what archiving means."""
    return _show(ARCHIVE, key)


@blueprint.post("/<string:key>/archive")
@needs("round.archive", scope=in_round)
def do_archive(key: str) -> ResponseReturnValue:
    """Archive a settled round."""
    return _move(ARCHIVE, key)


def _show(act: Act, key: str) -> ResponseReturnValue:
    view = _read(key)
    if view.round.state != act.source:
        raise Conflict(_is_elsewhere(act, view))
    return _page(act, view, ReasonForm(formdata=None), OK)


def _move(
    act: Act, key: str, work: Callable[[units.Unit, str], Any] | None = None
) -> ResponseReturnValue:
    view, form = _read(key), ReasonForm()
    if not form.is_sent():
        return _page(act, view, form, UNPROCESSABLE)
    if view.round.state == act.to:  # pressed twice: it is done already
        return _done(act, key)
    if view.round.state != act.source:
        raise Conflict(_is_elsewhere(act, view))
    reason = (form.reason.data or "").strip()

    def change(unit: units.Unit) -> object:
        by = session.actor(unit)
        return move(unit, key, act.to, by=by, at=now(), reason=reason)

    try:
        units.transact((lambda unit: work(unit, reason)) if work else change)
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "reason")
        return _page(act, view, form, UNPROCESSABLE)
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return _page(act, view, form, refused(refusal))
    return _done(act, key)


def _read(key: str) -> RoundView:
    with units.read() as unit:
        return view_round(unit, key)


def _is_elsewhere(act: Act, view: RoundView) -> str:
    told = _(
        "Round %(key)s is %(state)s: “%(act)s” is for a round that is %(source)s.",
        key=view.round.key,
        state=state_name(view.round.state),
        act=act.title,
        source=state_name(act.source),
    )
    return str(told)


def _done(act: Act, key: str) -> ResponseReturnValue:
    told = _("Round %(key)s is %(state)s now.", key=key, state=state_name(act.to))
    return done(told, "network_round.overview", key=key)


def _page(
    act: Act, view: RoundView, form: ReasonForm, status: int
) -> ResponseReturnValue:
    is_early = act is CLOSE and now() < view.round.deadline_at
    return page(
        "network_moves/move.html",
        status,
        act=act,
        view=view,
        form=form,
        is_early=is_early,
        has_reason=act.needs_reason or is_early,
    )
