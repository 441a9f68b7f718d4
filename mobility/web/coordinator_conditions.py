"""Cooperation conditions of an agreement: adding and changing one."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import NotFound
from mobility.reading.agreements import AgreementView, view_agreement
from mobility.records.agreement_edit import (
    agreement_facts,
    find_agreement,
    find_condition,
    keep_condition,
)
from mobility.records.agreements import ConditionFacts
from mobility.records.versions import version_of
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_agreement_forms import ConditionForm, to_fields
from mobility.web.coordinator_page import done, page, send
from mobility.web.coordinator_scopes import of_keeper

blueprint = Blueprint(
    "coordinator_conditions",
    __name__,
    url_prefix="/coordinator/agreements/<int:agreement>/conditions",
)


@blueprint.get("/new")
@needs("agreement.keep", scope=of_keeper)
def new_condition(agreement: int) -> ResponseReturnValue:
    """Ask what is agreed for one direction."""
    return _page(agreement, None, ConditionForm(formdata=None), 200)


@blueprint.post("/new")
@needs("agreement.keep", scope=of_keeper)
def add(agreement: int) -> ResponseReturnValue:
    """Add a condition."""
    form = ConditionForm()
    return _keep(agreement, None, form, "")


@blueprint.get("/<string:condition>")
@needs("agreement.keep", scope=of_keeper)
def edit(agreement: int, condition: str) -> ResponseReturnValue:
    """Show what may be changed of a condition."""
    stored = _stored(agreement, condition)
    data = to_fields(stored, version_of(stored))
    return _page(agreement, condition, ConditionForm(formdata=None, data=data), 200)


@blueprint.post("/<string:condition>")
@needs("agreement.keep", scope=of_keeper)
def change(agreement: int, condition: str) -> ResponseReturnValue:
    """Change a condition."""
    _stored(agreement, condition)
    form = ConditionForm()
    del form.key
    return _keep(agreement, condition, form, form.seen.data)


def _keep(
    agreement: int, key: str | None, form: ConditionForm, seen: str
) -> ResponseReturnValue:
    status = send(
        form,
        lambda unit: keep_condition(
            unit, agreement, form.facts(key), seen, by=session.actor(unit), at=now()
        ),
    )
    if status != 200:
        return _page(agreement, key, form, status)
    sentence = _("The condition is kept. Offers that were drawn keep their places.")
    return done(sentence, "coordinator_agreements.agreement", agreement=agreement)


def _stored(agreement: int, key: str) -> ConditionFacts:
    with units.read() as unit:
        facts = agreement_facts(unit, find_agreement(unit, agreement))
    stored = find_condition(facts, key)
    if stored is None:
        message = f"agreement {agreement} has no condition {key!r}"
        raise NotFound(message)
    return stored


def _page(
    agreement: int, key: str | None, form: ConditionForm, status: int
) -> ResponseReturnValue:
    with units.read() as unit:
        view = view_agreement(unit, agreement)
    form.offer(_partners(view))
    if key is not None and "key" in form:
        del form.key
    return page(
        "coordinator_conditions/condition.html",
        status,
        form=form,
        view=view,
        key=key,
    )


def _partners(view: AgreementView) -> list[tuple[str, str]]:
    partners = {each.hei_id: each.name for each in (view.row.a, view.row.b)}
    return list(partners.items())
