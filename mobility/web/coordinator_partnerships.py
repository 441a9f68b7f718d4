"""Partnerships between North and South: what the Southern side welcomes and asks."""

from dataclasses import asdict

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict
from mobility.models import Block, Institution
from mobility.reading.institutions import name_institutions
from mobility.records.institution_edit import (
    find_institution,
    keep_partnership,
    partnership_of,
)
from mobility.records.institutions import PartnershipFacts
from mobility.records.versions import version_of
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_institution_forms import PartnershipForm
from mobility.web.coordinator_page import done, page, send
from mobility.web.scopes import of_institution

blueprint = Blueprint(
    "coordinator_partnerships",
    __name__,
    url_prefix="/coordinator/institutions/<string:hei_id>/partnerships",
)


@blueprint.get("")
@needs("institution.keep", scope=of_institution)
def choose(hei_id: str) -> ResponseReturnValue:
    """Ask for the Northern partner of a Southern university, then go to the pair."""
    partner = request.args.get("partner", "")
    if partner:
        address = url_for(".partnership", hei_id=hei_id, partner=partner)
        return redirect(address)
    with units.read() as unit:
        south = _southern(find_institution(unit, hei_id))
        names = [row for row in name_institutions(unit) if row[3] == "north"]
    return page("coordinator_partnerships/choose.html", south=south, names=names)


@blueprint.get("/<string:partner>")
@needs("institution.keep", scope=of_institution)
def partnership(hei_id: str, partner: str) -> ResponseReturnValue:
    """Show what is agreed between a Southern university and a Northern one."""
    stored, _ends = _stored(hei_id, partner)
    data = {**asdict(stored), "seen": version_of(stored)}
    return _page(hei_id, partner, PartnershipForm(formdata=None, data=data), 200)


@blueprint.post("/<string:partner>")
@needs("institution.keep", scope=of_institution)
def change(hei_id: str, partner: str) -> ResponseReturnValue:
    """Keep what is agreed between them."""
    stored, _ends = _stored(hei_id, partner)
    form = PartnershipForm()
    status = send(
        form,
        lambda unit: keep_partnership(
            unit,
            form.facts(stored),
            form.seen.data,
            by=session.actor(unit),
            at=now(),
        ),
    )
    if status != 200:
        return _page(hei_id, partner, form, status)
    sentence = _("The partnership is kept.")
    return done(sentence, "coordinator_institutions.institution", hei_id=hei_id)


def _stored(
    hei_id: str, partner: str
) -> tuple[PartnershipFacts, tuple[Institution, Institution]]:
    with units.read() as unit:
        mine, other = find_institution(unit, hei_id), find_institution(unit, partner)
        return partnership_of(unit, _southern(mine), other), (mine, other)


def _southern(institution: Institution) -> Institution:
    """Return an institution that says what it welcomes: one of the South."""
    if institution.block != Block.SOUTH:
        told = _(
            "%(name)s is not of the South. What is welcomed without return, and what"
            " is wanted back, is set by the Southern partner.",
            name=institution.name,
        )
        raise Conflict(told)
    return institution


def _page(
    hei_id: str, partner: str, form: PartnershipForm, status: int
) -> ResponseReturnValue:
    _facts, (mine, other) = _stored(hei_id, partner)
    return page(
        "coordinator_partnerships/partnership.html",
        status,
        form=form,
        mine=mine,
        other=other,
    )
