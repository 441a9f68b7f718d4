"""Signing in as one of the demo's cast, by a button. Only a demo has this page."""

from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mobility.clock import now
from mobility.records.accounts import begin_session
from mobility.records.viewers import find_open_account
from mobility.web import session, units
from mobility.web.access import ANYONE, needs
from mobility.web.forms import require_known_fields
from mobility.web.paths import own_path_or

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post("/sign-in")
@needs(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in as one of the cast: an account that has no password."""
    require_known_fields(("email", "next"))
    email = request.form.get("email", "")
    token = units.transact(
        lambda unit: begin_session(unit, find_open_account(unit, email), at=now())
    )
    session.enter(token)
    return redirect(own_path_or(url_for("front.home")), HTTPStatus.SEE_OTHER)
