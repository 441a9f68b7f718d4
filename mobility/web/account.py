"""A person's own account: her password, and an end to all her sessions."""

from http import HTTPStatus

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.records.accounts import (
    account_of,
    begin_session,
    change_password,
    revoke_sessions,
)
from mobility.records.passwords import is_password, to_password_hash
from mobility.records.throttle import forgive, reserve_attempt
from mobility.records.viewers import Viewer
from mobility.web import session, units
from mobility.web.access import SIGNED_IN, needs
from mobility.web.auth_forms import ChangePasswordForm
from mobility.web.forms import require_known_fields

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@needs(SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show what she can change."""
    return _page(ChangePasswordForm(formdata=None), HTTPStatus.OK)


@blueprint.post("/password")
@needs(SIGNED_IN)
def password() -> ResponseReturnValue:
    """Set another password; all sessions but this one end."""
    form, viewer = ChangePasswordForm(), session.require_viewer()
    if not form.is_sent():
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not _knows_password(viewer, form.current.data):
        form.refuse([_("This is not your present password.")], "current")
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        kept = to_password_hash(form.password.data, email=viewer.email)
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "password")
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    session.enter(units.transact(lambda unit: _change(unit, viewer, kept)))
    flash(_("Your password is another, and you are signed in here alone."), "done")
    return redirect(url_for("account.account"), HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out-everywhere")
@needs(SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End all her sessions, this one included."""
    require_known_fields(())
    viewer = session.require_viewer()
    units.transact(
        lambda unit: revoke_sessions(unit, account_of(unit, viewer.person_id), at=now())
    )
    session.leave()
    return redirect(url_for("front.front"), HTTPStatus.SEE_OTHER)


def _knows_password(viewer: Viewer, given: str) -> bool:
    """Say whether she knows her password; guessing it is slowed down as at the door."""
    where = request.remote_addr or ""
    units.transact(lambda unit: reserve_attempt(unit, viewer.email, where, at=now()))
    with units.read() as unit:
        kept = account_of(unit, viewer.person_id).password_hash
    if not is_password(kept, given):
        return False
    units.transact(lambda unit: forgive(unit, viewer.email, where, at=now()))
    return True


def _change(unit: units.Unit, viewer: Viewer, kept: str) -> str:
    row = account_of(unit, viewer.person_id)
    change_password(unit, row, kept, at=now())
    return begin_session(unit, row, at=now())


def _page(form: ChangePasswordForm, status: HTTPStatus) -> ResponseReturnValue:
    return make_response(render_template("account/account.html", form=form), status)
