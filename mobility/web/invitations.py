"""Where a link leads by which a person sets her password."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.records.invitations import (
    Invitee,
    VoidInvitation,
    accept_invitation,
    find_invitee,
)
from mobility.records.passwords import to_password_hash
from mobility.web import session, units
from mobility.web.access import ANYONE, needs
from mobility.web.auth_forms import NewPasswordForm

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")


@blueprint.errorhandler(VoidInvitation)
def void(_refusal: VoidInvitation) -> ResponseReturnValue:
    """Say that a link does not hold; why, is nobody's to know."""
    return make_response(render_template("invitations/void.html"), HTTPStatus.GONE)


@blueprint.get("/<string:token>")
@needs(ANYONE)
def invitation(token: str) -> ResponseReturnValue:
    """Ask for a password; the link stays as it is."""
    return _page(_find(token), NewPasswordForm(formdata=None), HTTPStatus.OK)


@blueprint.post("/<string:token>")
@needs(ANYONE)
def accept(token: str) -> ResponseReturnValue:
    """Set the password and begin a session."""
    invitee, form = _find(token), NewPasswordForm()
    if not form.is_sent():
        return _page(invitee, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        kept = to_password_hash(form.password.data, email=invitee.email)
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "password")
        return _page(invitee, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    session.enter(
        units.transact(lambda unit: accept_invitation(unit, token, kept, at=now()))
    )
    flash(_("Your password is set, and you are signed in."), "done")
    return redirect(url_for("front.home"), HTTPStatus.SEE_OTHER)


def _find(token: str) -> Invitee:
    with units.read() as unit:
        return find_invitee(unit, token, at=now())


def _page(
    invitee: Invitee, form: NewPasswordForm, status: HTTPStatus
) -> ResponseReturnValue:
    page = render_template("invitations/invitation.html", invitee=invitee, form=form)
    return make_response(page, status)
