"""Signing in as one of the demo's cast, by a button. Only a demo has this page."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from mobility.clock import now
from mobility.records.accounts import begin_session
from mobility.records.viewers import find_open_account
from mobility.web import units
from mobility.web.access import ANYONE, needs
from mobility.web.auth import welcome
from mobility.web.forms import require_known_fields

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post("/sign-in")
@needs(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in as one of the cast: an account that has no password."""
    require_known_fields(("email", "next", "kept"))
    email = request.form.get("email", "")
    token = units.transact(
        lambda unit: begin_session(unit, find_open_account(unit, email), at=now())
    )
    return welcome(token, request.form.get("kept"))
