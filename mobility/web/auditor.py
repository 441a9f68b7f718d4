"""The auditor's first page: the rounds that she may read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.permissions import ROLES_BY_PERMISSION
from mobility.reading.oversight import list_audited
from mobility.web import units
from mobility.web.access import needs
from mobility.web.scopes import own
from mobility.web.session import require_viewer

blueprint = Blueprint("auditor", __name__, url_prefix="/auditor")


@blueprint.get("")
@needs("home.auditor", scope=own)
def home() -> ResponseReturnValue:
    """Show the rounds of her grants."""
    roles = ROLES_BY_PERMISSION["home.auditor"]
    grants = [grant for grant in require_viewer().grants if grant.role in roles]
    limits = {grant.round_id for grant in grants}
    ids = None if None in limits else {number for number in limits if number}
    with units.read() as unit:
        rounds = list_audited(unit, ids)
    until = {grant.round_id: grant.valid_until for grant in grants}
    return render_template("auditor/home.html", rounds=rounds, until=until.get(None))
