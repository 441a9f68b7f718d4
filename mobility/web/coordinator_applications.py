"""Applications of a round: who has certified, who may have what, decisions on pairs."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.reading.applicants import assess_student
from mobility.reading.decisions import list_decisions, read_frozen_ranking
from mobility.reading.students import (
    ApplicationRow,
    find_standing,
    list_applications,
    view_student,
)
from mobility.rounds.decisions import Decision, decide, lift
from mobility.web import coordinator_words as words
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_offer_forms import DecisionForm
from mobility.web.coordinator_page import done, page, reach, send
from mobility.web.coordinator_rounds import is_changeable, read_round
from mobility.web.coordinator_scopes import of_applicant
from mobility.web.scopes import in_round
from mobility.web.tables import Column, make_table

blueprint = Blueprint(
    "coordinator_applications",
    __name__,
    url_prefix="/coordinator/rounds/<string:key>/applications",
)


@blueprint.get("")
@needs("application.read", scope=in_round)
def applications(key: str) -> ResponseReturnValue:
    """Show where the students of the viewer's universities stand in a round."""
    with units.read() as unit:
        number, row = read_round(unit, key)
        rows = list_applications(unit, number, reach("application.read", number))
    states = [each.state for each in rows]
    return page(
        "coordinator_applications/applications.html",
        round=row,
        table=make_table(_columns(), rows, sort="name"),
        counts={state: states.count(state) for state in ("certified", "draft", "none")},
        total=len(rows),
    )


def _columns() -> list[Column[ApplicationRow]]:
    return [
        Column("name", _("Student"), lambda row: row.student.name),
        Column("home", _("University"), lambda row: row.student.home.name),
        Column("state", _("Ranking"), lambda row: words.application(row.state)),
        Column("certified", _("Certified"), lambda row: row.certified_at),
        Column("decisions", _("Decisions"), _decisions_of),
        Column("account", _("Way in"), lambda row: words.account(row.student.account)),
    ]


def _decisions_of(row: ApplicationRow) -> str:
    texts = [_("pinned")] if row.is_pinned else []
    if row.forbidden:
        texts.append(_("forbidden: %(count)s", count=row.forbidden))
    return ", ".join(texts)


@blueprint.get("/<int:student_id>")
@needs("application.read", scope=of_applicant)
def application(key: str, student_id: int) -> ResponseReturnValue:
    """Show which offers a student may have, and why not others."""
    return _page(
        key, student_id, DecisionForm(formdata=None, data={"kind": "pin"}), 200
    )


@blueprint.post("/<int:student_id>/decide")
@needs("eligibility.pin", scope=of_applicant)
def decide_pair(key: str, student_id: int) -> ResponseReturnValue:
    """Pin a student to an offer, or forbid her one."""
    form = DecisionForm()
    status = send(form, lambda unit: _decide(unit, key, student_id, form))
    if status != 200:
        return _page(key, student_id, form, status)
    return done(
        _("The decision is kept with its reason."),
        ".application",
        key=key,
        student_id=student_id,
    )


@blueprint.post("/<int:student_id>/lift")
@needs("eligibility.pin", scope=of_applicant)
def lift_pair(key: str, student_id: int) -> ResponseReturnValue:
    """Take a decision back, with a reason."""
    form = DecisionForm()
    status = send(form, lambda unit: _lift(unit, key, student_id, form))
    if status != 200:
        return _page(key, student_id, form, status)
    return done(
        _("The decision is taken back."), ".application", key=key, student_id=student_id
    )


def _decision(
    unit: units.Unit, key: str, student_id: int, form: DecisionForm
) -> Decision:
    return Decision(
        kind=form.kind.data,
        email=view_student(unit, student_id).row.email,
        offer=form.offer_key.data or "",
        reason=form.reason.data.strip(),
    )


def _decide(unit: units.Unit, key: str, student_id: int, form: DecisionForm) -> None:
    """Decide once: the same decision sent again is as if it were sent once."""
    number, row = read_round(unit, key)
    choices = assess_student(unit, number, row.academic_year_id, student_id)
    if form.offer_key.data not in {choice.key for choice in choices}:
        raise InvalidInput(_("Choose one of the offers of her university."))
    decision = _decision(unit, key, student_id, form)
    standing = {
        (each.kind, each.offer, each.reason)
        for each in list_decisions(unit, number, student_id)
    }
    if (decision.kind, decision.offer, decision.reason) not in standing:
        decide(unit, key, decision, by=session.actor(unit), at=now())


def _lift(unit: units.Unit, key: str, student_id: int, form: DecisionForm) -> None:
    """Take a decision back; what was taken back already stays so."""
    decision = _decision(unit, key, student_id, form)
    decisions = list_decisions(unit, read_round(unit, key)[0], student_id)
    if (decision.kind, decision.offer) in {(d.kind, d.offer) for d in decisions}:
        lift(unit, key, decision, by=session.actor(unit), at=now())


def _page(
    key: str, student_id: int, form: DecisionForm, status: int
) -> ResponseReturnValue:
    with units.read() as unit:
        number, row = read_round(unit, key)
        view = view_student(unit, student_id)
        choices = assess_student(unit, number, row.academic_year_id, student_id)
        decisions = list_decisions(unit, number, student_id)
        ranking = read_frozen_ranking(unit, number, row.state, student_id)
        state, certified_at = find_standing(unit, number, student_id)
    form.offer([choice.key for choice in choices])
    return page(
        "coordinator_applications/application.html",
        status,
        round=row,
        view=view,
        choices=choices,
        eligible=sum(choice.is_eligible for choice in choices),
        decisions=decisions,
        ranking=ranking,
        state=state,
        certified_at=certified_at,
        form=form,
        may_change=is_changeable(row),
    )
