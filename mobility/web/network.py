"""The network coordinator's first page: the rounds, and what waits in each."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.reading.rounds import RoundRow, list_rounds
from mobility.web import units
from mobility.web.access import needs
from mobility.web.network_page import page
from mobility.web.network_words import state_name
from mobility.web.scopes import own
from mobility.web.tables import Column, make_table

blueprint = Blueprint("network", __name__, url_prefix="/network")


@blueprint.get("")
@needs("home.network", scope=own)
def home() -> ResponseReturnValue:
    """Show the rounds; those that wait for the office stand first."""
    with units.read() as unit:
        rounds = list_rounds(unit)
    columns: list[Column[RoundRow]] = [
        Column("name", _("Round"), lambda row: row.name),
        Column("state", _("State"), lambda row: state_name(row.state)),
        Column("year", _("Academic year"), lambda row: row.academic_year_id),
        Column("deadline", _("Deadline"), lambda row: row.deadline_at),
    ]
    waiting = [(row, _waits(row)) for row in rounds]
    return page(
        "network/home.html",
        table=make_table(columns, rounds),
        waiting=[(row, why) for row, why in waiting if why],
        last=rounds[0] if rounds else None,
    )


def _waits(row: RoundRow) -> str:
    """Return what a round waits for, empty while it waits for nobody here."""
    is_over = now() >= row.deadline_at
    sentences = {
        "draft": _("Finish the draft and open it."),
        "open": _("The deadline has passed: close it.") if is_over else "",
        "closed": _("Check it and freeze it."),
        "frozen": _("Run the declared policy and publish its result."),
        "published": _("Students answer. Settle it when their stays are counted."),
    }
    return str(sentences.get(row.state, ""))
