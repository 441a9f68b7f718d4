"""Students of the viewer's universities and their invitations."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.reading.rounds import list_rounds
from mobility.reading.students import StudentRow, list_students, view_student
from mobility.records.student_invitations import invite_student
from mobility.web import coordinator_words as words
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_page import done, page, reach
from mobility.web.coordinator_scopes import of_student
from mobility.web.forms import require_known_fields
from mobility.web.scopes import own
from mobility.web.tables import Column, make_table

blueprint = Blueprint(
    "coordinator_students", __name__, url_prefix="/coordinator/students"
)


@blueprint.get("")
@needs("student.read", scope=own)
def students() -> ResponseReturnValue:
    """Show the students of the viewer's universities."""
    reached = reach("student.read")
    with units.read() as unit:
        rows = list_students(unit, reached)
    return page(
        "coordinator_students/students.html",
        table=make_table(_columns(), rows, sort="name"),
        uninvited=sum(row.account is None for row in rows),
    )


def _columns() -> list[Column[StudentRow]]:
    return [
        Column("name", _("Student"), lambda row: row.name),
        Column("email", _("E-mail address"), lambda row: row.email),
        Column("home", _("University"), lambda row: row.home.name),
        Column("field", _("Field of study"), lambda row: row.isced_f_code),
        Column("level", _("Level (EQF)"), lambda row: row.eqf_level, is_number=True),
        Column("account", _("Way in"), lambda row: words.account(row.account)),
    ]


@blueprint.get("/<int:student_id>")
@needs("student.read", scope=of_student)
def student(student_id: int) -> ResponseReturnValue:
    """Show what is kept of a student."""
    with units.read() as unit:
        view, rounds = view_student(unit, student_id), list_rounds(unit)
    return page("coordinator_students/student.html", view=view, rounds=rounds)


@blueprint.post("/<int:student_id>/invite")
@needs("student.invite", scope=of_student)
def invite(student_id: int) -> ResponseReturnValue:
    """Have a link mailed to a student; an account is made where there is none."""
    require_known_fields(())
    units.transact(
        lambda unit: invite_student(unit, student_id, by=session.actor(unit), at=now())
    )
    sentence = _("A link waits in the outbox for her: it opens her account.")
    return done(sentence, ".student", student_id=student_id)
