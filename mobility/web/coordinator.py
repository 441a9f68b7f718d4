"""The coordinator's first page: her university in the rounds."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs
from mobility.web.scopes import own

blueprint = Blueprint("coordinator", __name__, url_prefix="/coordinator")


@blueprint.get("")
@needs("home.coordinator", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("coordinator/home.html")
