"""Making a round, from its settings or from an earlier one; changing its deadline."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, Refused
from mobility.reading.rounds import RoundRow, RoundView, view_round
from mobility.rounds.deadlines import to_instant
from mobility.rounds.lifecycle import set_deadline
from mobility.rounds.setup import Copied, NewRound, copy_round, create_round
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.network_forms import (
    CopyForm,
    DeadlineForm,
    NewRoundForm,
    RoundForm,
    refuse_beside,
)
from mobility.web.network_page import UNPROCESSABLE, done, page, refused
from mobility.web.scopes import in_round

blueprint = Blueprint("network_wizard", __name__, url_prefix="/network")

YEAR = timedelta(days=364)
CHANGEABLE = ("draft", "open", "closed")


@blueprint.get("/new-round")
@needs("round.create")
def new_round() -> ResponseReturnValue:
    """Show the settings of a new round."""
    return page("network_wizard/new_round.html", form=NewRoundForm(formdata=None))


@blueprint.post("/new-round")
@needs("round.create")
def create() -> ResponseReturnValue:
    """Make a draft from its settings."""
    form = NewRoundForm()
    template = "network_wizard/new_round.html"
    if not form.is_sent():
        return page(template, UNPROCESSABLE, form=form)
    new = NewRound(
        **_basics(form),
        policy=form.policy.data,
        factor_set=form.factor_set.data,
        carbon_settings=form.carbon_settings(),
        balance_years=form.balance_years.data,
    )
    try:
        units.transact(
            lambda unit: create_round(unit, new, by=session.actor(unit), at=now())
        )
    except Refused as refusal:
        if _is_made(form, refusal):
            return _made(form)
        refuse_beside(form, refusal.problems)
        return page(template, refused(refusal), form=form)
    return _made(form)


@blueprint.get("/rounds/<string:key>/copy")
@needs("round.create", scope=in_round)
def copy(key: str) -> ResponseReturnValue:
    """Show what a copy of a round does not take from it."""
    source = _read(key).round
    local = (source.deadline_at + YEAR).astimezone(ZoneInfo(source.deadline_zone))
    form = CopyForm(
        formdata=None,
        name=source.name,
        academic_year_id=_next_year(source.academic_year_id),
        deadline=local.strftime("%Y-%m-%dT%H:%M"),
        zone=source.deadline_zone,
        is_dry_run=source.is_dry_run,
    )
    return page("network_wizard/copy.html", form=form, source=source)


@blueprint.post("/rounds/<string:key>/copy")
@needs("round.create", scope=in_round)
def do_copy(key: str) -> ResponseReturnValue:
    """Make a draft from an earlier round."""
    form = CopyForm()
    if not form.is_sent():
        return _copy_page(key, form, UNPROCESSABLE)
    copied = Copied(**_basics(form), shift_days=form.shift_days.data)
    try:
        units.transact(
            lambda unit: copy_round(unit, key, copied, by=session.actor(unit), at=now())
        )
    except Refused as refusal:
        if _is_made(form, refusal):
            return _made(form)
        refuse_beside(form, refusal.problems)
        return _copy_page(key, form, refused(refusal))
    return _made(form)


@blueprint.get("/rounds/<string:key>/deadline")
@needs("round.change", scope=in_round)
def deadline(key: str) -> ResponseReturnValue:
    """Show the deadline, to be changed."""
    view = _read(key)
    _require_changeable(view)
    zone = view.round.deadline_zone
    local = view.round.deadline_at.astimezone(ZoneInfo(zone))
    form = DeadlineForm(
        formdata=None, deadline=local.strftime("%Y-%m-%dT%H:%M"), zone=zone
    )
    return page("network_wizard/deadline.html", form=form, view=view)


@blueprint.post("/rounds/<string:key>/deadline")
@needs("round.change", scope=in_round)
def set_it(key: str) -> ResponseReturnValue:
    """Set another deadline."""
    form, view = DeadlineForm(), _read(key)
    _require_changeable(view)
    template = "network_wizard/deadline.html"
    if not form.is_sent():
        return page(template, UNPROCESSABLE, form=form, view=view)
    local, zone = form.deadline.data, form.zone.data
    is_same = to_instant(local, zone) == view.round.deadline_at
    try:
        if not is_same or zone != view.round.deadline_zone:
            units.transact(
                lambda unit: set_deadline(
                    unit, key, local, zone, by=session.actor(unit), at=now()
                )
            )
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "deadline")
        return page(template, UNPROCESSABLE, form=form, view=view)
    return done(_("The deadline is set."), "network_round.overview", key=key)


def _require_changeable(view: RoundView) -> None:
    if view.round.state not in CHANGEABLE:
        raise Conflict(
            _(
                "Round %(key)s is %(state)s: its deadline stands.",
                key=view.round.key,
                state=view.round.state,
            )
        )


def _basics(form: RoundForm) -> dict[str, Any]:
    names = ("key", "name", "academic_year_id", "deadline", "zone", "is_dry_run")
    return {name: form[name].data for name in names}


def _is_made(form: RoundForm, refusal: Refused) -> bool:
    """Say whether the round that is in the way is the very one that was asked for."""
    if not isinstance(refusal, Conflict):
        return False
    row = _read(form.key.data).round
    asked = to_instant(form.deadline.data, form.zone.data)
    wanted = (form.name.data.strip(), form.academic_year_id.data, asked)
    return row.state == "draft" and wanted == _told(row)


def _told(row: RoundRow) -> tuple[object, ...]:
    return row.name, row.academic_year_id, row.deadline_at


def _made(form: RoundForm) -> ResponseReturnValue:
    told = _("Round %(key)s is a draft.", key=form.key.data)
    return done(told, "network_round.overview", key=form.key.data)


def _copy_page(key: str, form: CopyForm, status: int) -> ResponseReturnValue:
    return page("network_wizard/copy.html", status, form=form, source=_read(key).round)


def _read(key: str) -> RoundView:
    with units.read() as unit:
        return view_round(unit, key)


def _next_year(year: str) -> str:
    first, second = (int(part) + 1 for part in year.split("/"))
    return f"{first}/{second}"
