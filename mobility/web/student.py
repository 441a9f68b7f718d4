"""The student's first page: what to do next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.clock import now
from mobility.reading.student_rounds import list_student_rounds
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.scopes import own
from mobility.web.student_words import init_words

blueprint = Blueprint("student", __name__, url_prefix="/student")
init_words(blueprint)


@blueprint.get("")
@needs("home.student", scope=own)
def home() -> ResponseReturnValue:
    """Show what there is to do."""
    person = session.require_viewer().person_id
    with units.read() as unit:
        rounds = list_student_rounds(unit, person, at=now())
    return render_template("student/home.html", rounds=rounds)
