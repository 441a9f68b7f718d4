"""The lottery of a round: who promised a secret, and who has told it."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, NotFound, Refused
from mobility.reading.rounds import RoundView, view_round
from mobility.rounds.draw import new_secret, to_commitment
from mobility.rounds.lottery import commit, reveal, withdraw
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.forms import Form, choices, require_known_fields
from mobility.web.network_forms import CommitForm, RevealForm, WithdrawForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page, refused
from mobility.web.scopes import in_round

blueprint = Blueprint("network_lottery", __name__, url_prefix="/network/rounds")


@blueprint.get("/<string:key>/lottery")
@needs("home.network", scope=in_round)
def show(key: str) -> ResponseReturnValue:
    """Show the committers."""
    return _page(key, OK)


@blueprint.post("/<string:key>/lottery/draw")
@needs("lottery.commit", scope=in_round)
def draw(key: str) -> ResponseReturnValue:
    """Draw a secret and show it once; nothing is kept."""
    require_known_fields(())
    secret = new_secret()
    form = CommitForm(formdata=None, commitment=to_commitment(secret))
    return _page(key, OK, form, secret)


@blueprint.post("/<string:key>/lottery/commit")
@needs("lottery.commit", scope=in_round)
def promise(key: str) -> ResponseReturnValue:
    """Keep a committer's promise."""
    form = CommitForm()
    if not form.is_sent():
        return _page(key, UNPROCESSABLE, form)
    committer, commitment = form.committer.data.strip(), form.commitment.data
    if (committer, commitment) in _kept(key):  # pressed twice
        return _done(key, _("%(who)s is a committer.", who=committer))
    try:
        units.transact(
            lambda unit: commit(
                unit, key, committer, commitment, by=session.actor(unit), at=now()
            )
        )
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "commitment")
        return _page(key, UNPROCESSABLE, form)
    except Conflict as refusal:
        form.refuse(refusal.problems, "committer")
        return _page(key, refused(refusal), form)
    return _done(key, _("%(who)s is a committer.", who=committer))


@blueprint.post("/<string:key>/lottery/reveal")
@needs("lottery.reveal", scope=in_round)
def tell(key: str) -> ResponseReturnValue:
    """Keep a committer's secret."""
    form = RevealForm()
    form.committer.choices = _names(row.committer for row in _read(key).committers)
    committer = form.committer.data or ""
    if not form.is_sent():
        return _page(key, UNPROCESSABLE, form)
    secret = form.secret.data
    try:
        units.transact(
            lambda unit: reveal(
                unit, key, committer, secret, by=session.actor(unit), at=now()
            )
        )
    except (InvalidInput, Conflict) as refusal:
        form.refuse(refusal.problems, "secret")
        return _page(key, refused(refusal), form)
    return _done(key, _("The secret of %(who)s is revealed.", who=committer))


@blueprint.post("/<string:key>/lottery/withdraw")
@needs("lottery.withdraw", scope=in_round)
def drop(key: str) -> ResponseReturnValue:
    """Drop a promise whose secret is lost."""
    form = WithdrawForm()
    committer = form.committer.data or ""
    if not form.is_sent():
        return _page(key, UNPROCESSABLE, form)
    reason = form.reason.data or ""
    try:
        units.transact(
            lambda unit: withdraw(
                unit, key, committer, reason, by=session.actor(unit), at=now()
            )
        )
    except NotFound:
        # pressed twice: it is dropped already
        return _done(key, _("%(who)s is no committer.", who=committer))
    except Refused as refusal:
        form.refuse(refusal.problems, "reason")
        return _page(key, refused(refusal), form)
    return _done(key, _("%(who)s is no committer any more.", who=committer))


def _kept(key: str) -> set[tuple[str, str]]:
    return {(row.committer, row.commitment) for row in _read(key).committers}


def _read(key: str) -> RoundView:
    with units.read() as unit:
        return view_round(unit, key)


def _done(key: str, sentence: str) -> ResponseReturnValue:
    return done(sentence, "network_lottery.show", key=key)


def _names(committers: Iterable[str]) -> list[Any]:
    return choices((name, name) for name in committers)


def _page(
    key: str, status: int, sent: Form | None = None, secret: str = ""
) -> ResponseReturnValue:
    view = _read(key)
    forms = {
        kind: sent if isinstance(sent, kind) else kind(formdata=None)
        for kind in (CommitForm, RevealForm, WithdrawForm)
    }
    everybody = view.committers
    waiting = (row.committer for row in everybody if not row.is_revealed)
    forms[RevealForm].committer.choices = _names(waiting)
    forms[WithdrawForm].committer.choices = _names(row.committer for row in everybody)
    return page(
        "network_lottery/lottery.html",
        status,
        view=view,
        commit_form=forms[CommitForm],
        reveal_form=forms[RevealForm],
        withdraw_form=forms[WithdrawForm],
        is_before_freeze=view.round.state in ("draft", "open", "closed"),
        secret=secret,
    )
