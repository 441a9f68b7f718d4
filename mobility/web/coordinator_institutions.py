"""Universities: the list, one in full, adding and changing one."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.carbon.place import format_coordinates
from mobility.clock import now
from mobility.reading.institutions import (
    InstitutionRow,
    list_institutions,
    view_institution,
)
from mobility.records.institution_edit import (
    add_institution,
    change_institution,
    find_institution,
    institution_facts,
)
from mobility.records.institutions import InstitutionFacts
from mobility.records.versions import version_of
from mobility.web import coordinator_words as words
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_institution_forms import InstitutionForm
from mobility.web.coordinator_page import done, is_within, page, reach, send
from mobility.web.scopes import of_institution, own
from mobility.web.tables import Column, make_table

blueprint = Blueprint(
    "coordinator_institutions", __name__, url_prefix="/coordinator/institutions"
)

BLOCKS = ("north", "south", "none")


@blueprint.get("")
@needs("institution.read", scope=own)
def institutions() -> ResponseReturnValue:
    """Show all universities; one block alone by `?block=`."""
    with units.read() as unit:
        rows = list_institutions(unit)
    block = request.args.get("block", "")
    if block in BLOCKS:
        rows = [row for row in rows if (row.block or "none") == block]
    return page(
        "coordinator_institutions/institutions.html",
        table=make_table(_columns(), rows, sort="name"),
        block=block,
        mine=reach("institution.keep"),
    )


def _columns() -> list[Column[InstitutionRow]]:
    return [
        Column("name", _("University"), lambda row: row.name),
        Column("id", _("Id"), lambda row: row.hei_id),
        Column("city", _("City"), lambda row: f"{row.city}, {row.country}"),
        Column("block", _("Block"), lambda row: words.block(row.block)),
        Column(
            "agreements", _("Agreements"), lambda row: row.agreements, is_number=True
        ),
    ]


@blueprint.get("/new")
@needs("institution.keep")
def new_institution() -> ResponseReturnValue:
    """Ask what the university is."""
    return page(
        "coordinator_institutions/new_institution.html",
        form=InstitutionForm(formdata=None),
    )


@blueprint.post("/new")
@needs("institution.keep")
def add() -> ResponseReturnValue:
    """Keep a university that was not known."""
    form = InstitutionForm()
    status = send(
        form,
        lambda unit: add_institution(
            unit, form.facts(None), by=session.actor(unit), at=now()
        ),
    )
    if status != 200:
        return page("coordinator_institutions/new_institution.html", status, form=form)
    return done(
        _("%(name)s is kept.", name=form.name.data),
        "coordinator_institutions.institution",
        hei_id=form.hei_id.data.strip().lower(),
    )


@blueprint.get("/<string:hei_id>")
@needs("institution.read", scope=own)
def institution(hei_id: str) -> ResponseReturnValue:
    """Show a university with its partnerships."""
    with units.read() as unit:
        view = view_institution(unit, hei_id)
    return page(
        "coordinator_institutions/institution.html",
        view=view,
        coordinates=format_coordinates(view.latitude_udeg, view.longitude_udeg),
        is_mine=is_within(reach("institution.keep"), view.row.number),
    )


@blueprint.get("/<string:hei_id>/change")
@needs("institution.keep", scope=of_institution)
def edit(hei_id: str) -> ResponseReturnValue:
    """Show what may be changed of a university."""
    stored = _stored(hei_id)
    form = InstitutionForm(formdata=None, data=_to_fields(stored))
    return _edit_page(stored, form, 200)


@blueprint.post("/<string:hei_id>/change")
@needs("institution.keep", scope=of_institution)
def change(hei_id: str) -> ResponseReturnValue:
    """Change a university."""
    stored = _stored(hei_id)
    form = InstitutionForm()
    del form.hei_id
    status = send(
        form,
        lambda unit: change_institution(
            unit,
            form.facts(stored),
            form.seen.data,
            by=session.actor(unit),
            at=now(),
        ),
    )
    if status != 200:
        return _edit_page(stored, form, status)
    sentence = _("%(name)s is changed.", name=form.name.data)
    return done(sentence, "coordinator_institutions.institution", hei_id=hei_id)


def _stored(hei_id: str) -> InstitutionFacts:
    with units.read() as unit:
        return institution_facts(find_institution(unit, hei_id))


def _to_fields(stored: InstitutionFacts) -> dict[str, Any]:
    position = format_coordinates(stored.latitude_udeg, stored.longitude_udeg)
    return {
        **asdict(stored),
        "block": stored.block or "",
        "coordinates": position,
        "seen": version_of(stored),
    }


def _edit_page(
    stored: InstitutionFacts, form: InstitutionForm, status: int
) -> ResponseReturnValue:
    if "hei_id" in form:
        del form.hei_id
    return page("coordinator_institutions/edit.html", status, form=form, stored=stored)
