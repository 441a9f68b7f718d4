"""Freezing a round: what blocks it, the act, and what was frozen."""

import re
from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict
from mobility.reading.network import list_moves, read_settings_of
from mobility.reading.rounds import RoundView, view_round
from mobility.rounds import freeze as rounds_freeze
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.forms import require_known_fields
from mobility.web.network_page import OK, done, page, refused
from mobility.web.scopes import in_round

blueprint = Blueprint("network_freeze", __name__, url_prefix="/network/rounds")

BEFORE = ("draft", "open", "closed")
FEWEST_COMMITTERS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What blocks the freeze, and where it is put right."""

    sentence: str
    label: str = ""
    address: str = ""


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
    except Conflict as refusal:
        return _page(key, list(refusal.problems), refused(refusal))
    return done(told, "network_freeze.check", key=key)


def _page(key: str, problems: list[str] | None, status: int) -> ResponseReturnValue:
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
        problems=None if problems is None else [_locate(key, p) for p in problems],
        frozen=None if is_before else frozen,
        weaknesses=_weaknesses(view),
        is_before=is_before,
    )


def _locate(key: str, sentence: str) -> Problem:
    """Return a problem with the page that puts it right."""
    places = (
        (r"has no block|policy ", _("Read the policy"), "network_policy.show"),
        (
            r"pinned|forbidden|quota|offer ",
            _("See the round"),
            "network_round.overview",
        ),
        (r"journey|travelling", _("See carbon settings"), "network_round.overview"),
        (r"^round .* is ", _("See the round"), "network_round.overview"),
    )
    for pattern, label, endpoint in places:
        if re.search(pattern, sentence):
            return Problem(sentence, label, url_for(endpoint, key=key))
    return Problem(sentence)


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
