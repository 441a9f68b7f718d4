"""The host's first page: who comes."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs
from mobility.web.scopes import own

blueprint = Blueprint("host", __name__, url_prefix="/host")


@blueprint.get("")
@needs("home.host", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("host/home.html")
