"""Everybody who is known, and somebody new."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.reading.people import PersonRow, list_people
from mobility.records.accounts import open_account
from mobility.records.people import PersonFacts, keep_people, person_of
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.admin_forms import PersonForm
from mobility.web.navigation import role_name
from mobility.web.tables import Column, make_table

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def account_name(state: str | None) -> str:
    """Return what an account's state is called."""
    names = {
        "invited": _("invited"),
        "active": _("active"),
        "disabled": _("shut out"),
    }
    return str(names.get(state or "", _("none")))


@blueprint.get("")
@needs("home.admin")
def home() -> ResponseReturnValue:
    """Show everybody, with roles and accounts."""
    with units.read() as unit:
        people = list_people(unit)
    columns: list[Column[PersonRow]] = [
        Column("name", _("Name"), lambda row: row.name),
        Column("email", _("E-mail address"), lambda row: row.email),
        Column("roles", _("Roles"), roles_of),
        Column("account", _("Account"), lambda row: account_name(row.account)),
    ]
    table = make_table(columns, people)
    return render_template(
        "admin/home.html", table=table, roles_of=roles_of, account_name=account_name
    )


@blueprint.get("/people/new")
@needs("account.keep")
def new_person() -> ResponseReturnValue:
    """Ask who it is."""
    return _page(PersonForm(formdata=None), HTTPStatus.OK)


@blueprint.post("/people/new")
@needs("account.keep")
def add_person() -> ResponseReturnValue:
    """Keep somebody new, and make her account."""
    form = PersonForm()
    if not form.is_sent():
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        number = units.transact(lambda unit: _add(unit, form))
    except InvalidInput as refusal:
        form.refuse(refusal.problems)
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("%(name)s is known now. Give her a role.", name=form.name.data), "done")
    return redirect(url_for("admin_person.person", person=number), HTTPStatus.SEE_OTHER)


def roles_of(row: PersonRow) -> str:
    """Return a person's roles in words."""
    return ", ".join(role_name(role) for role in row.roles)


def _add(unit: units.Unit, form: PersonForm) -> int:
    by, instant = session.actor(unit), now()
    facts = PersonFacts(name=form.name.data.strip(), email=form.email.data)
    if keep_people(unit, [facts], by=by, at=instant).added == 0:
        message = _("Somebody has this e-mail address already.")
        raise InvalidInput(str(message))
    person = person_of(unit, facts.email)
    if form.is_invited.data:
        open_account(unit, person, by=by, at=instant)
    return person.id


def _page(form: PersonForm, status: HTTPStatus) -> ResponseReturnValue:
    return make_response(render_template("admin/new_person.html", form=form), status)
