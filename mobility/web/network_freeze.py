"""Freezing a round: what blocks it, the act, and what was frozen."""

from collections.abc import Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict
from mobility.reading.network import list_moves, read_settings_of
from mobility.reading.rounds import RoundView, view_round
from mobility.rounds import freeze as rounds_freeze
from mobility.rounds.problems import Problem
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.forms import require_known_fields
from mobility.web.network_page import OK, done, page, refused
from mobility.web.problem_links import address_of
from mobility.web.scopes import in_round

blueprint = Blueprint("network_freeze", __name__, url_prefix="/network/rounds")

BEFORE = ("draft", "open", "closed")
FEWEST_COMMITTERS = 2


@blueprint.get("/<string:key>/freeze")
@needs("home.network", scope=in_round)
def check(key: str) -> ResponseReturnValue:
    """Show what would be frozen, or what was."""
    return _page(key, None, OK)


@blueprint.post("/<string:key>/freeze/check")
@needs("round.freeze", scope=in_round)
def look(key: str) -> ResponseReturnValue:
    """List what blocks the freeze; journeys that nobody asked for yet are computed."""
    require_known_fields(())
    with units.read() as unit:
        state = view_round(unit, key).round.state
    if state not in BEFORE:
        raise Conflict(_("Round %(key)s is %(state)s already.", key=key, state=state))
    problems = units.transact(
        lambda unit: rounds_freeze.list_problems(
            unit, key, by=session.actor(unit), at=now()
        )
    )
    return _page(key, problems, OK)


@blueprint.post("/<string:key>/freeze")
@needs("round.freeze", scope=in_round)
def freeze(key: str) -> ResponseReturnValue:
    """Freeze a closed round."""
    require_known_fields(())
    with units.read() as unit:
        view = view_round(unit, key)
    told = _("Round %(key)s is frozen.", key=key)
    if view.round.state == "frozen":  # pressed twice: it is done already
        return done(told, "network_freeze.check", key=key)
    try:
        units.transact(
            lambda unit: rounds_freeze.freeze(
                unit, key, by=session.actor(unit), at=now()
            )
        )
    except rounds_freeze.Blocked as refusal:
        return _page(key, refusal.findings, refused(refusal))
    return done(told, "network_freeze.check", key=key)


def _page(
    key: str, problems: Sequence[Problem] | None, status: int
) -> ResponseReturnValue:
    with units.read() as unit:
        view = view_round(unit, key)
        settings = read_settings_of(unit, key)
        moves = list_moves(unit, key)
    frozen = next((move for move in moves if move.action == "round:freeze"), None)
    is_before = view.round.state in BEFORE
    return page(
        "network_freeze/freeze.html",
        status,
        view=view,
        settings=settings,
        problems=problems,
        address_of=address_of,
        frozen=None if is_before else frozen,
        weaknesses=_weaknesses(view),
        is_before=is_before,
    )


def _weaknesses(view: RoundView) -> list[str]:
    """Return what a reader of the result will be told; nothing of it blocks."""
    found = []
    if not view.committers:
        found.append(_("Nobody committed to a secret: the lottery's seed is zeros."))
    elif len(view.committers) < FEWEST_COMMITTERS:
        who = view.committers[0].committer
        told = _("The lottery's seed stands on one committer alone: %(who)s.", who=who)
        found.append(told)
    if view.certified < view.applications:
        count = view.applications - view.certified
        told = _("%(count)s students have begun and not certified a list.", count=count)
        found.append(told)
    return found
