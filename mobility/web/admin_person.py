"""One person: her roles, her account, a link for it."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import Person
from mobility.reading.people import RoleRow, list_scopes, view_person
from mobility.records.accounts import (
    account_of,
    disable_account,
    enable_account,
    open_account,
)
from mobility.records.invitations import invite
from mobility.records.people import RoleFacts, grant_role, revoke_role
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.admin import account_name
from mobility.web.admin_forms import RoleForm
from mobility.web.forms import require_known_fields

blueprint = Blueprint("admin_person", __name__, url_prefix="/admin/people/<int:person>")


@blueprint.get("")
@needs("account.keep")
def person(person: int) -> ResponseReturnValue:
    """Show a person's roles and her account."""
    return _page(person, RoleForm(formdata=None), HTTPStatus.OK)


@blueprint.post("/roles")
@needs("role.grant")
def grant(person: int) -> ResponseReturnValue:
    """Give a role."""
    form = RoleForm()
    if not form.is_sent():
        return _page(person, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        units.transact(
            lambda unit: grant_role(
                unit,
                _find(unit, person),
                form.facts(),
                by=session.actor(unit),
                at=now(),
            )
        )
    except InvalidInput as refusal:
        form.refuse(refusal.problems)
        return _page(person, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return _page(person, form, HTTPStatus.CONFLICT)
    return _done(person, _("The role is given."))


@blueprint.post("/roles/<int:role>/revoke")
@needs("role.grant")
def revoke(person: int, role: int) -> ResponseReturnValue:
    """Take a role away."""
    require_known_fields(())
    units.transact(lambda unit: _revoke(unit, person, role))
    return _done(person, _("The role is taken away."))


@blueprint.post("/account")
@needs("account.keep")
def open_way(person: int) -> ResponseReturnValue:
    """Make an account."""
    require_known_fields(())
    units.transact(
        lambda unit: open_account(
            unit, _find(unit, person), by=session.actor(unit), at=now()
        )
    )
    return _done(person, _("There is an account. Make a link for it."))


@blueprint.post("/link")
@needs("account.keep")
def link(person: int) -> ResponseReturnValue:
    """Make a link that sets a password, and show it once; it is mailed as well."""
    require_known_fields(())
    token = units.transact(
        lambda unit: invite(
            unit, account_of(unit, person), by=session.actor(unit), at=now()
        )
    )
    address = url_for("invitations.invitation", token=token, _external=True)
    return _page(person, RoleForm(formdata=None), HTTPStatus.OK, link=address)


@blueprint.post("/disable")
@needs("account.keep")
def disable(person: int) -> ResponseReturnValue:
    """Shut a person out; her sessions end at once."""
    require_known_fields(())
    if person == session.require_viewer().person_id:
        raise Conflict(_("Nobody can shut herself out."))
    units.transact(
        lambda unit: disable_account(
            unit, account_of(unit, person), by=session.actor(unit), at=now()
        )
    )
    return _done(person, _("The account is shut out, and its sessions have ended."))


@blueprint.post("/enable")
@needs("account.keep")
def enable(person: int) -> ResponseReturnValue:
    """Let a person in again."""
    require_known_fields(())
    units.transact(
        lambda unit: enable_account(
            unit, account_of(unit, person), by=session.actor(unit), at=now()
        )
    )
    return _done(person, _("The account is open again."))


def _find(unit: units.Unit, number: int) -> Person:
    found: Person | None = unit.get(Person, number)
    if found is None:
        message = f"there is no person {number}"
        raise NotFound(message)
    return found


def _revoke(unit: units.Unit, person: int, role: int) -> None:
    view = view_person(unit, person, at=now())
    held = next((row for row in view.roles if row.grant == role), None)
    if held is None:
        return  # it was taken away already: a second press does no harm
    is_own = person == session.require_viewer().person_id
    if is_own and held.role == "admin":
        raise Conflict(_("Nobody can take the administrator's role from herself."))
    by = session.actor(unit)
    revoke_role(unit, _find(unit, person), _to_facts(held), by=by, at=now())


def _to_facts(row: RoleRow) -> RoleFacts:
    return RoleFacts(
        role=row.role,
        institution=row.institution,
        round_key=row.round_key,
        valid_until=row.valid_until,
    )


def _done(person: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "done")
    address = url_for("admin_person.person", person=person)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _page(
    person: int, form: RoleForm, status: HTTPStatus, link: str = ""
) -> ResponseReturnValue:
    with units.read() as unit:
        view = view_person(unit, person, at=now())
        form.offer(*list_scopes(unit))
    page = render_template(
        "admin_person/person.html",
        view=view,
        form=form,
        link=link,
        state=account_name(view.account),
    )
    return make_response(page, status)
