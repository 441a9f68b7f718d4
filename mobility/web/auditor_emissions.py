"""The emissions of a published round for its auditor: cohort, stability, files."""

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from mobility.carbon.stability import StabilityRow
from mobility.errors import Conflict, NotFound
from mobility.reading.figures import read_result_digest
from mobility.reading.oversight import find_audited
from mobility.reading.travel import list_told
from mobility.reporting import emissions, pictures
from mobility.reporting.cohort import cohort_report, frozen_journeys
from mobility.reporting.journey_files import FILES, write_file
from mobility.reporting.memory import Memory
from mobility.reporting.runs import run_facts
from mobility.reporting.steadiness import rank_stability
from mobility.reporting.travelled import to_realisation
from mobility.web import emission_words, units
from mobility.web.access import needs
from mobility.web.figures import labels
from mobility.web.scopes import in_round

blueprint = Blueprint("auditor_emissions", __name__, url_prefix="/auditor/rounds")

_files: Memory[bytes] = Memory(4)

MIMETYPES = {"csv": "text/csv", "json": "application/json"}


@blueprint.get("/<string:key>/emissions")
@needs("audit.read", scope=in_round)
def cohort(key: str) -> ResponseReturnValue:
    """Show the cohort's emissions, each part a way to the students behind it."""
    with units.read() as unit:
        a_round, run = find_audited(unit, key)
        if run is None:
            return render_template("auditor_round/unpublished.html", round=a_round)
        facts = run_facts(unit, run)
        report = cohort_report(unit, run, may_see_persons=True)
        told = list_told(unit, run)
    modes = {name: place.mode for name, place in facts.stages[-1].places.items()}
    said = labels()
    stages = emissions.to_stage_emissions(facts)
    return render_template(
        "auditor_emissions/cohort.html",
        round=a_round,
        report=report,
        realised=to_realisation(told, modes, may_see_persons=True),
        picture=pictures.emissions_picture(facts, said),
        stages=emissions.stages_table(said, stages),
        report_words=emission_words,
        labels=said,
        students_of=lambda by, value: url_for(
            "auditor_trace.placements", key=key, by=by, value=value
        ),
        files=FILES,
    )


@blueprint.get("/<string:key>/emissions/stability")
@needs("audit.read", scope=in_round)
def stability(key: str) -> ResponseReturnValue:
    """Show whether placements keep their rank under other multipliers and years."""
    rows: tuple[StabilityRow, ...] = ()
    problems: tuple[str, ...] = ()
    with units.read() as unit:
        a_round, run = find_audited(unit, key)
        if run is None:
            return render_template("auditor_round/unpublished.html", round=a_round)
        try:
            rows = rank_stability(unit, run)
        except Conflict as refusal:
            problems = refusal.problems
    return render_template(
        "auditor_emissions/stability.html", round=a_round, rows=rows, problems=problems
    )


@blueprint.get("/<string:key>/emissions/files/<string:file>")
@needs("audit.read", scope=in_round)
def journeys_file(key: str, file: str) -> ResponseReturnValue:
    """Hand out the journeys or their legs, as frozen, under pseudonyms."""
    with units.read() as unit:
        a_round, run = find_audited(unit, key)
        if run is None or file not in FILES:
            message = f"there is no file {file!r} of round {key}"
            raise NotFound(message)
        frozen = frozen_journeys(unit, run)
        result = read_result_digest(unit, run)
    about = {
        "round": key,
        "snapshot_digest": a_round.snapshot_digest or "",
        "result_digest": result,
    }
    data = _files.get((run, result, file), lambda: write_file(frozen, file, about))
    response = Response(data, mimetype=MIMETYPES[file.rpartition(".")[2]])
    name = f"{key}-{file}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
