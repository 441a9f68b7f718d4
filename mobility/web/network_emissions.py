"""The emissions of any verified run for the office: small parts are withheld."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from mobility.errors import NotFound
from mobility.reading.network import read_row, view_run
from mobility.reading.travel import list_told
from mobility.reporting import emissions
from mobility.reporting.cohort import cohort_report
from mobility.reporting.runs import run_facts
from mobility.reporting.travelled import to_realisation
from mobility.web import emission_words, units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.network_page import page
from mobility.web.scopes import in_round

blueprint = Blueprint("network_emissions", __name__, url_prefix="/network/rounds")


@blueprint.get("/<string:key>/runs/<int:run>/emissions")
@needs("home.network", scope=in_round)
def cohort(key: str, run: int) -> ResponseReturnValue:
    """Show the emissions of a run's cohort; of a published one, what was travelled."""
    with units.read() as unit:
        row, view = read_row(unit, key), view_run(unit, key, run)
        if not view.is_verified:
            message = f"run {run} has no verified result"
            raise NotFound(message)
        facts = run_facts(unit, run)
        report = cohort_report(unit, run, may_see_persons=False)
        told = list_told(unit, run) if view.is_published else ()
    said = labels()
    return page(
        "network_emissions/cohort.html",
        row=row,
        run=view,
        report=report,
        realised=to_realisation(told, {}, may_see_persons=False),
        stages=emissions.stages_table(said, emissions.to_stage_emissions(facts)),
        report_words=emission_words,
        labels=said,
    )
