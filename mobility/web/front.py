"""The way in: the front door, the language, the probes of a load balancer."""

from collections.abc import Callable
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue

from mobility.errors import NotFound
from mobility.web.access import ANYONE, SIGNED_IN, needs
from mobility.web.forms import require_known_fields
from mobility.web.languages import CODES
from mobility.web.navigation import menu
from mobility.web.paths import own_path_or
from mobility.web.session import find_viewer

blueprint = Blueprint("front", __name__)

READY = "mobility-ready"
"""Extension: a function that says whether requests can be served."""


@blueprint.get("/")
@needs(ANYONE)
def front() -> ResponseReturnValue:
    """Show what this is; who is signed in goes to her own first page."""
    if find_viewer() is not None:
        return redirect(url_for("front.home"))
    return render_template("public/front.html")


@blueprint.get("/home")
@needs(SIGNED_IN)
def home() -> ResponseReturnValue:
    """Go to the first page of the viewer's first role."""
    items = menu()
    if items:
        return redirect(url_for(items[0].endpoint))
    return render_template("public/no_role.html")


@blueprint.post("/language")
@needs(ANYONE)
def language() -> ResponseReturnValue:
    """Keep the language that was chosen and go back."""
    require_known_fields(("language", "next"))
    code = request.form.get("language", "")
    if code not in CODES:
        message = f"there is no language {code!r}"
        raise NotFound(message)
    cookie["language"] = code
    return redirect(own_path_or(url_for("front.front")), HTTPStatus.SEE_OTHER)


@blueprint.get("/healthz")
@needs(ANYONE)
def healthz() -> ResponseReturnValue:
    """Say that the process answers, whatever its database does."""
    return _plain("ok", HTTPStatus.OK)


@blueprint.get("/readyz")
@needs(ANYONE)
def readyz() -> ResponseReturnValue:
    """Say whether requests can be served: the tables are there and the newest."""
    is_ready: Callable[[], bool] = current_app.extensions[READY]
    if is_ready():
        return _plain("ready", HTTPStatus.OK)
    return _plain("unavailable", HTTPStatus.SERVICE_UNAVAILABLE)


def _plain(text: str, status: HTTPStatus) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
