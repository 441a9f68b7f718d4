"""Published rounds for everybody: figures, small numbers withheld; no account."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.audit.verify.suppression import SMALLEST
from mobility.errors import NotFound
from mobility.reading.oversight import AuditedRound, list_audited, view_oversight
from mobility.reporting.public_figures import to_statistics
from mobility.reporting.runs import run_facts
from mobility.web import units
from mobility.web.access import ANYONE, needs
from mobility.web.figures import labels

blueprint = Blueprint("public_statistics", __name__, url_prefix="/statistics")


@blueprint.get("")
@needs(ANYONE)
def rounds() -> ResponseReturnValue:
    """List the published rounds; test rounds are left out."""
    with units.read() as unit:
        found = [each for each in list_audited(unit, None) if _is_public(each)]
    return render_template("public_statistics/rounds.html", rounds=found)


@blueprint.get("/<string:key>")
@needs(ANYONE)
def statistics(key: str) -> ResponseReturnValue:
    """Show a published round's figures."""
    with units.read() as unit:
        view = view_oversight(unit, key)
        if not _is_public(view.round) or view.published is None:
            message = f"round {key} is not published"
            raise NotFound(message)
        run = run_facts(unit, view.published.run)
    return render_template(
        "public_statistics/statistics.html",
        view=view,
        round=view.round,
        figures=to_statistics(run),
        labels=labels(),
        smallest=SMALLEST,
    )


def _is_public(a_round: AuditedRound) -> bool:
    return a_round.is_published and not a_round.is_dry_run
