"""Keeping people, their roles and their ways in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("")
@needs("home.admin")
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("admin/home.html")
