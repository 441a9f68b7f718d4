"""The auditor's first page: the rounds that she may read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs
from mobility.web.scopes import own

blueprint = Blueprint("auditor", __name__, url_prefix="/auditor")


@blueprint.get("")
@needs("home.auditor", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("auditor/home.html")
