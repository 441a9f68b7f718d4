"""The network coordinator's first page: the rounds."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs
from mobility.web.scopes import own

blueprint = Blueprint("network", __name__, url_prefix="/network")


@blueprint.get("")
@needs("home.network", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("network/home.html")
