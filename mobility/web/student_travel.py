"""How a student really travelled, beside the journey that was modelled for her."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from mobility.carbon.actual import Told
from mobility.carbon.journey import InvalidJourney
from mobility.carbon.place import InvalidPlace, Place
from mobility.clock import now
from mobility.errors import Conflict, NotFound
from mobility.models import TravelMode
from mobility.reading.student_rounds import StudentRound
from mobility.reading.travel import Travelled, read_travelled
from mobility.rounds.travel import read_stop, report_travel
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.errors import status_of
from mobility.web.forms import Form, choices
from mobility.web.scopes import in_round
from mobility.web.student_pages import read_round
from mobility.web.student_words import TRAVEL

blueprint = Blueprint("student_travel", __name__, url_prefix="/student")

LONGEST_NAME = 120
WAYS = [(mode.value, TRAVEL[mode.value]) for mode in TravelMode]
ONWARD = [("", later("The same way")), *WAYS]


class TravelForm(Form):
    """How she went there and back; a stop where one was made."""

    out = RadioField(
        later("How did you travel there?"),
        [InputRequired(later("Say how you travelled there."))],
        choices=choices(WAYS),
    )
    back = RadioField(
        later("How did you travel back?"),
        [InputRequired(later("Say how you travelled back."))],
        choices=choices(WAYS),
    )
    stop = StringField(
        later("Where did you change from one way of travelling to another? (optional)"),
        [Optional(), Length(max=LONGEST_NAME)],
        description=later("City and country, such as “Paris, FR”. Empty: nowhere."),
    )
    onward = SelectField(
        later("Between that place and the host, both ways"),
        [Optional()],
        choices=choices(ONWARD),
    )

    def read_stop(self) -> Place | None:
        """Return the place on the way, None where none is named or it is not found."""
        try:
            return read_stop(self.stop.data or "")
        except InvalidPlace as refusal:
            self.refuse(refusal.problems, "stop")
            return None


@blueprint.get("/rounds/<string:key>/travel")
@needs("home.student", scope=in_round)
def travel(key: str) -> ResponseReturnValue:
    """Ask how she travelled, and show what she told so far."""
    a_round, told = _read(key)
    given = None
    if told is not None:
        given = {
            "out": told.out_mode,
            "back": told.back_mode,
            "stop": told.stop,
            "onward": told.onward_mode,
        }
    form = TravelForm(formdata=None, data=given)
    return _show(a_round, told, form, HTTPStatus.OK)


@blueprint.post("/rounds/<string:key>/travel")
@needs("travel.report", scope=in_round)
def tell_travel(key: str) -> ResponseReturnValue:
    """Take down how she travelled; what she says later counts."""
    a_round, told = _read(key)
    form = TravelForm()
    stop = form.read_stop() if form.is_sent() else None
    if form.problem_fields():
        return _show(a_round, told, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _keep(key, form, stop)
    except (Conflict, InvalidJourney) as refusal:
        form.refuse(refusal.problems)
        return _show(a_round, told, form, status_of(refusal))
    flash(_("Thank you. Your journey is written down."), "done")
    return redirect(url_for("student_travel.travel", key=key), HTTPStatus.SEE_OTHER)


def _keep(key: str, form: TravelForm, stop: Place | None) -> None:
    told = Told(form.out.data, form.back.data, stop, form.onward.data or "")
    units.transact(
        lambda unit: report_travel(unit, key, told, by=session.actor(unit), at=now())
    )


def _read(key: str) -> tuple[StudentRound, Travelled | None]:
    with units.read() as unit:
        a_round = read_round(unit, key)
        if a_round.place is None:
            message = f"no place in round {key} to travel to"
            raise NotFound(message)
        return a_round, read_travelled(unit, a_round.place.placement)


def _show(
    a_round: StudentRound, told: Travelled | None, form: TravelForm, status: HTTPStatus
) -> ResponseReturnValue:
    text = render_template("student/travel.html", round=a_round, told=told, form=form)
    return make_response(text, status)
