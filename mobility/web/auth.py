"""Signing in and out."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mobility.web import session
from mobility.web.access import ANYONE, SIGNED_IN, needs
from mobility.web.auth_forms import SignInForm
from mobility.web.forms import require_known_fields

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
@needs(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail address and password."""
    if session.find_viewer() is not None:
        return redirect(url_for("front.home"))
    form = SignInForm(formdata=None, next=request.args.get("next", ""))
    return render_template("auth/sign_in.html", form=form)


@blueprint.post("/sign-out")
@needs(SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    require_known_fields(())
    session.leave()
    return redirect(url_for("front.front"), HTTPStatus.SEE_OTHER)
