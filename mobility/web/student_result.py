"""The result of a round for one student, why it is so, and her answer to it."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from mobility.clock import now
from mobility.errors import Conflict, NotFound
from mobility.models import AnswerKind, DeclineReason
from mobility.reading.student_results import view_result
from mobility.reading.student_rounds import ENDED, StudentRound
from mobility.rounds import answers
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.errors import status_of
from mobility.web.forms import Form, choices
from mobility.web.scopes import in_round
from mobility.web.student_pages import read_page, read_round
from mobility.web.student_why import reason_of

blueprint = Blueprint("student_result", __name__, url_prefix="/student")

KINDS = [
    ("accept", lazy_gettext("I accept the place.")),
    ("wait", lazy_gettext("I accept it, and would take a better one if it came up.")),
    ("decline", lazy_gettext("I decline the place.")),
]
REASONS = [
    ("visa", lazy_gettext("Visa or entry rules")),
    ("safety", lazy_gettext("Safety")),
    ("money", lazy_gettext("Money")),
    ("family", lazy_gettext("Family or health")),
    ("host", lazy_gettext("The host cannot take me as agreed")),
    ("other", lazy_gettext("Another reason")),
]


class AnswerForm(Form):
    """An answer; declining needs its reason, and that it is meant."""

    kind = RadioField(
        lazy_gettext("Your answer"),
        [InputRequired(lazy_gettext("Choose one of the three answers."))],
        choices=choices(KINDS),
    )
    reason = RadioField(
        lazy_gettext("If you decline: why?"),
        [Optional()],
        choices=choices(REASONS),
        validate_choice=False,
        description=lazy_gettext("Visa and safety are never held against you."),
    )
    is_sure = BooleanField(
        lazy_gettext("If you decline: yes, the place may go to somebody else for good.")
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Check that declining has a reason and is meant, and nothing else has one."""
        is_valid = bool(super().validate(extra_validators))
        if not is_valid or self.kind.data != AnswerKind.DECLINE:
            return is_valid
        if self.reason.data not in dict(REASONS):
            self.refuse([_("Say why you decline.")], "reason")
        if not self.is_sure.data:
            sure = _("Tick this to decline: a place given back cannot be taken again.")
            self.refuse([sure], "is_sure")
        return not self.problem_fields()


@blueprint.get("/rounds/<string:key>/result")
@needs("home.student", scope=in_round)
def result(key: str) -> ResponseReturnValue:
    """Show what became of her ranking."""
    person = session.require_viewer().person_id
    with units.read() as unit:
        page = read_page(unit, key)
        is_out = page.round.state in ENDED
        view = view_result(unit, page.round, page.offers, person) if is_out else None
    reason, is_told = reason_of(page, view) if view else ("", False)
    template = "student/result.html" if is_out else "student/result_awaited.html"
    return render_template(
        template, page=page, view=view, reason=reason, is_told=is_told
    )


@blueprint.get("/rounds/<string:key>/answer")
@needs("home.student", scope=in_round)
def answer(key: str) -> ResponseReturnValue:
    """Ask what she says to her place."""
    with units.read() as unit:
        a_round = _read_placed(unit, key)
    given = a_round.place.answer if a_round.place else None
    return _show(a_round, AnswerForm(formdata=None, kind=given), HTTPStatus.OK)


@blueprint.post("/rounds/<string:key>/answer")
@needs("placement.answer", scope=in_round)
def give_answer(key: str) -> ResponseReturnValue:
    """Take her answer; the same one again changes nothing."""
    with units.read() as unit:
        a_round = _read_placed(unit, key)
    form = AnswerForm()
    if not form.is_sent():
        return _show(a_round, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _give(key, form)
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return _show(a_round, form, status_of(refusal))
    flash(_("Your answer is taken."), "done")
    return redirect(url_for("student_result.result", key=key), HTTPStatus.SEE_OTHER)


def _give(key: str, form: AnswerForm) -> None:
    kind = AnswerKind(form.kind.data)
    is_decline = kind == AnswerKind.DECLINE
    reason = DeclineReason(form.reason.data) if is_decline else None
    units.transact(
        lambda unit: answers.answer(
            unit, key, kind, reason, by=session.actor(unit), at=now()
        )
    )


def _read_placed(unit: units.Unit, key: str) -> StudentRound:
    a_round = read_round(unit, key)
    if a_round.place is None:
        message = f"no place in round {key} to answer"
        raise NotFound(message)
    return a_round


def _show(
    a_round: StudentRound, form: AnswerForm, status: HTTPStatus
) -> ResponseReturnValue:
    text = render_template("student/answer.html", round=a_round, form=form)
    return make_response(text, status)
