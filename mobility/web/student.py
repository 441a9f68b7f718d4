"""The student's first page: what to do next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.web.access import needs
from mobility.web.scopes import own

blueprint = Blueprint("student", __name__, url_prefix="/student")


@blueprint.get("")
@needs("home.student", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    return render_template("student/home.html")
