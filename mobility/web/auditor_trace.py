"""Placements under pseudonyms, and one of them down to the factors of its legs."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.carbon.journey import COMPONENTS
from mobility.errors import NotFound
from mobility.reading.figures import StoredRun
from mobility.reading.oversight import AuditedRound, find_audited, read_told
from mobility.reading.travel import list_told
from mobility.reporting.cohort import frozen_journeys
from mobility.reporting.stored import stored_run
from mobility.reporting.traces import (
    ListedPlacement,
    find_factor,
    list_placements,
    to_trace,
)
from mobility.web import auditor_words, units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.scopes import in_round
from mobility.web.tables import Column, make_table

blueprint = Blueprint("auditor_trace", __name__, url_prefix="/auditor/rounds")

NONE = "\N{EN DASH}"


@blueprint.get("/<string:key>/placements")
@needs("audit.read", scope=in_round)
def placements(key: str) -> ResponseReturnValue:
    """List the students of the frozen input with their places.

    `?by=host&value=uu.se` leaves those who travel of one part of the cohort's report.
    """
    a_round, stored = _read(key)
    if stored is None:
        return render_template("auditor_round/unpublished.html", round=a_round)
    words = labels()
    columns: list[Column[ListedPlacement]] = [
        Column("student", _("Student"), lambda row: row.student),
        Column("home", _("Home"), lambda row: row.home),
        Column("block", _("Block"), lambda row: words.name(row.block)),
        Column("host", _("Host"), lambda row: row.host or _("no place")),
        Column("rank", _("Choice"), lambda row: row.rank, is_number=True),
        Column(
            "first",
            _("After the first stage"),
            lambda row: row.first_rank,
            is_number=True,
        ),
        Column("mode", _("Travels by"), lambda row: words.name(row.mode or NONE)),
        Column(
            "emissions",
            _("CO2e, there and back"),
            lambda row: row.emissions_g,
            is_number=True,
        ),
    ]
    by, value = request.args.get("by", ""), request.args.get("value", "")
    rows = list_placements(stored.snapshot, stored.result)
    part = [row for row in rows if not by or row.is_in(by, value)]
    table = make_table(columns, part)
    return render_template(
        "auditor_trace/placements.html",
        round=a_round,
        table=table,
        part=(by, value) if by else None,
        labels=words,
        nothing=NONE,
    )


@blueprint.get("/<string:key>/placements/<string:student>")
@needs("audit.read", scope=in_round)
def placement(key: str, student: str) -> ResponseReturnValue:
    """Show one student through the stages, her journey, and each leg's numbers."""
    with units.read() as unit:
        a_round, number = find_audited(unit, key)
        if number is None:
            return render_template("auditor_round/unpublished.html", round=a_round)
        stored = stored_run(unit, number)
        told = read_told(unit, number, student)
        travelled = next(iter(list_told(unit, number, student)), None)
        ledger = frozen_journeys(unit, number).rows_of(student)
    carbon = stored.snapshot["carbon"]
    return render_template(
        "auditor_trace/placement.html",
        round=a_round,
        trace=to_trace(stored.snapshot, stored.result, student),
        factors={each["id"]: each for each in carbon["factors"]},
        carbon=carbon,
        told=told,
        travelled=travelled.told if travelled else None,
        ledger=ledger,
        labels=labels(),
        exact_grams=auditor_words.exact_grams,
        words=auditor_words,
        components=COMPONENTS,
        factor_address=lambda factor: url_for(".factor", key=key, factor=factor),
    )


@blueprint.get("/<string:key>/factors/<string:factor>")
@needs("audit.read", scope=in_round)
def factor(key: str, factor: str) -> ResponseReturnValue:
    """Show a factor's row as it was frozen, with its source."""
    a_round, stored = _read(key)
    if stored is None:
        message = "nothing is published, no factor is shown"
        raise NotFound(message)
    return render_template(
        "auditor_trace/factor.html",
        round=a_round,
        factor=find_factor(stored.snapshot, factor),
        carbon=stored.snapshot["carbon"],
        words=auditor_words,
    )


def _read(key: str) -> tuple[AuditedRound, StoredRun | None]:
    with units.read() as unit:
        a_round, number = find_audited(unit, key)
        return a_round, None if number is None else stored_run(unit, number)
