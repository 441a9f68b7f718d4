"""A round for its auditor: what was proven, and what each stage gave and cost."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mobility.reading.oversight import AuditedRound, find_audited, view_oversight
from mobility.reporting import equity, indices, lanes, pictures, ranks
from mobility.reporting.facts import RunFacts
from mobility.reporting.labels import Labels
from mobility.reporting.runs import run_facts
from mobility.reporting.stored import (
    seed_of,
    stored_run,
    to_prices,
    to_proofs,
    to_schemes,
)
from mobility.reporting.waterfall import (
    EVERYONE,
    Scope,
    all_scopes,
    scope_name,
    scopes_table,
)
from mobility.web import units
from mobility.web.access import needs
from mobility.web.auditor_words import act_name, weaknesses_of
from mobility.web.figures import labels
from mobility.web.scopes import in_round
from mobility.web.tables import leaf_through

blueprint = Blueprint("auditor_round", __name__, url_prefix="/auditor/rounds")

Render = Callable[[AuditedRound, RunFacts, Labels], str]


@blueprint.get("/<string:key>")
@needs("audit.read", scope=in_round)
def overview(key: str) -> ResponseReturnValue:
    """Show digests, verdict, gap, seed, and who did what when."""
    stored, seed = None, ""
    with units.read() as unit:
        view = view_oversight(unit, key)
        if view.published:
            stored = stored_run(unit, view.published.run)
            seed = seed_of(unit, view.published.run)
    return render_template(
        "auditor_round/overview.html",
        view=view,
        round=view.round,
        proofs=to_proofs(stored.result) if stored else (),
        prices=to_prices(stored.result) if stored else (),
        versions=stored.result["versions"] if stored else {},
        seed=seed,
        weaknesses=weaknesses_of(view),
        act_name=act_name,
        labels=labels(),
    )


@blueprint.get("/<string:key>/waterfall")
@needs("audit.read", scope=in_round)
def waterfall(key: str) -> ResponseReturnValue:
    """Show wishes, balance, carbon: for everyone, a block or a group."""

    def render(a_round: AuditedRound, run: RunFacts, words: Labels) -> str:
        scopes = all_scopes(run)
        scope = _asked_scope(scopes)
        return render_template(
            "auditor_round/waterfall.html",
            round=a_round,
            picture=pictures.waterfall_picture(run, words, scope),
            scopes=[(_scope_key(each), scope_name(words, each)) for each in scopes],
            chosen=_scope_key(scope),
            chosen_name=scope_name(words, scope),
            table=scopes_table(words, run),
            moves=[ranks.moves_table(words, x) for x in ranks.to_transitions(run)],
            profile=pictures.rank_picture(run, words),
        )

    return _of_published(key, render)


@blueprint.get("/<string:key>/equity")
@needs("audit.read", scope=in_round)
def equity_page(key: str) -> ResponseReturnValue:
    """Show who has a place, by group, and who could have had one."""

    def render(a_round: AuditedRound, run: RunFacts, words: Labels) -> str:
        return render_template(
            "auditor_round/equity_page.html",
            round=a_round,
            picture=pictures.equity_picture(run, words),
            opportunity=equity.opportunity_table(words, equity.to_opportunity(run)),
            indices=indices.indices_table(words, indices.to_indices(run)),
        )

    return _of_published(key, render)


@blueprint.get("/<string:key>/flows")
@needs("audit.read", scope=in_round)
def flows(key: str) -> ResponseReturnValue:
    """Show who travels where under the declared blocks."""
    stored = None
    with units.read() as unit:
        number = find_audited(unit, key)[1]
        if number is not None:
            stored = stored_run(unit, number)

    def render(a_round: AuditedRound, run: RunFacts, words: Labels) -> str:
        rows = lanes.to_partnerships(run)
        alone = [x for x in rows if x.lane.out and not x.lane.has_return_offer]
        picture = pictures.flow_picture(run, words)
        return render_template(
            "auditor_round/flows.html",
            round=a_round,
            picture=picture,
            lanes=leaf_through(picture.table, "lanes"),
            alone=leaf_through(lanes.partnership_table(words, alone), "alone"),
            partnerships=leaf_through(lanes.partnership_table(words, rows), "all"),
            schemes=to_schemes(stored.snapshot) if stored else (),
            labels=words,
        )

    return _of_published(key, render)


def _of_published(key: str, render: Render) -> str:
    """Return a page of the published run, or one that says there is none yet."""
    run = None
    with units.read() as unit:
        a_round, number = find_audited(unit, key)
        if number is not None:
            run = run_facts(unit, number)
    if run is None:
        return render_template("auditor_round/unpublished.html", round=a_round)
    return render(a_round, run, labels())


def _asked_scope(scopes: tuple[Scope, ...]) -> Scope:
    asked = request.args.get("scope", "")
    return next((each for each in scopes if _scope_key(each) == asked), EVERYONE)


def _scope_key(scope: Scope) -> str:
    return f"{scope.attribute}:{scope.value}" if scope.attribute else ""
