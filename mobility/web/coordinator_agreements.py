"""Agreements: the list, one with its conditions, adding one, putting it into force."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.reading.agreements import (
    AgreementRow,
    AgreementView,
    list_agreements,
    view_agreement,
)
from mobility.reading.institutions import name_institutions
from mobility.records.agreement_edit import (
    add_agreement,
    agreement_facts,
    change_agreement,
    find_agreement,
    without_conditions,
)
from mobility.records.versions import version_of
from mobility.web import coordinator_words as words
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_agreement_forms import (
    AgreementForm,
    StateForm,
    state_choices,
)
from mobility.web.coordinator_page import done, is_within, page, reach, send
from mobility.web.coordinator_scopes import of_agreement, of_keeper
from mobility.web.scopes import own
from mobility.web.tables import Column, make_table

blueprint = Blueprint(
    "coordinator_agreements", __name__, url_prefix="/coordinator/agreements"
)


@blueprint.get("")
@needs("agreement.read", scope=own)
def agreements() -> ResponseReturnValue:
    """Show the agreements of the viewer's universities."""
    with units.read() as unit:
        rows = list_agreements(unit, reach("agreement.read"))
    table = make_table(_columns(), rows, sort="id")
    return page("coordinator_agreements/agreements.html", table=table)


def _columns() -> list[Column[AgreementRow]]:
    return [
        Column("id", _("Agreement"), lambda row: row.iia_id),
        Column("a", _("Kept by"), lambda row: row.a.name),
        Column("b", _("Partner"), lambda row: row.b.name),
        Column(
            "out", _("Places to the partner"), lambda row: row.a_to_b, is_number=True
        ),
        Column("back", _("Places back"), lambda row: row.b_to_a, is_number=True),
        Column("until", _("Last year"), lambda row: row.last_year),
        Column("state", _("State"), lambda row: words.agreement_state(row.state)),
    ]


@blueprint.get("/new")
@needs("agreement.keep", scope=own)
def new_agreement() -> ResponseReturnValue:
    """Ask who the partners are."""
    return _new_page(AgreementForm(formdata=None), 200)


@blueprint.post("/new")
@needs("agreement.keep", scope=own)
def add() -> ResponseReturnValue:
    """Keep an agreement; its conditions are added next."""
    form = AgreementForm()
    numbers: list[int] = []
    status = send(
        form,
        lambda unit: numbers.append(
            add_agreement(unit, form.facts(), by=session.actor(unit), at=now())
        ),
    )
    if status != 200:
        return _new_page(form, status)
    sentence = _("The agreement is kept. Add what it says about each direction.")
    return done(sentence, ".agreement", agreement=numbers[-1])


def _new_page(form: AgreementForm, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        names = name_institutions(unit)
    reached = reach("agreement.keep")
    partners = [(hei_id, name) for _number, hei_id, name, _block in names]
    keepers = [(row[1], row[2]) for row in names if is_within(reached, row[0])]
    form.offer(keepers, partners)
    return page("coordinator_agreements/new_agreement.html", status, form=form)


@blueprint.get("/<int:agreement>")
@needs("agreement.read", scope=of_agreement)
def agreement(agreement: int) -> ResponseReturnValue:
    """Show an agreement with its conditions."""
    with units.read() as unit:
        view, seen = view_agreement(unit, agreement), _seen(unit, agreement)
    form = StateForm(formdata=None, data={"state": view.row.state, "seen": seen})
    return _page(view, form, 200)


@blueprint.post("/<int:agreement>/state")
@needs("agreement.keep", scope=of_keeper)
def set_state(agreement: int) -> ResponseReturnValue:
    """Put an agreement into force, or end it."""
    form = StateForm()
    form.state.choices = state_choices()
    status = send(
        form,
        lambda unit: change_agreement(
            unit,
            agreement,
            form.state.data,
            form.seen.data,
            by=session.actor(unit),
            at=now(),
        ),
    )
    if status != 200:
        with units.read() as unit:
            return _page(view_agreement(unit, agreement), form, status)
    return done(_("The agreement is changed."), ".agreement", agreement=agreement)


def _seen(unit: units.Unit, number: int) -> str:
    stored = agreement_facts(unit, find_agreement(unit, number))
    return version_of(without_conditions(stored))


def _page(view: AgreementView, form: StateForm, status: int) -> ResponseReturnValue:
    form.state.choices = state_choices()
    return page(
        "coordinator_agreements/agreement.html",
        status,
        view=view,
        form=form,
        is_mine=is_within(reach("agreement.keep"), view.row.a.number),
    )
