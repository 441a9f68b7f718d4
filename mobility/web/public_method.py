"""How a round works, for everybody: policies, mechanism, emissions, sources."""

import functools
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mobility.carbon.batch import footprints
from mobility.carbon.diff import Comparison, compare_sets
from mobility.carbon.factors import FactorSet, factor_set_names, load_factor_set
from mobility.carbon.footprint import ModeResult
from mobility.carbon.journey import COMPONENTS
from mobility.carbon.method import METHOD_VERSION, Method
from mobility.carbon.places import parse_place
from mobility.carbon.worked_example import EXAMPLES, Example, work_out
from mobility.errors import NotFound
from mobility.web import auditor_words
from mobility.web.access import ANYONE, needs
from mobility.web.figures import labels
from mobility.web.judgement_words import judgements
from mobility.web.mechanism_words import (
    OPTIMISE,
    mechanism_names,
    promise_names,
    property_names,
)
from mobility.web.network_policy_words import PolicyWords, to_words
from mobility.web.public_words import derivation, factor_sources, rules, sources
from solver.mechanism_table import read_properties
from solver.policy import to_json
from solver.policy_reader import preset_names, read_policy

blueprint = Blueprint("public_method", __name__, url_prefix="/method")

DEFAULT_POLICY = "balanced"
WARNING = "plain-sum"
"""Shown only for what guards prevent."""
YEAR_CHANGES = (("desnz-2024", "desnz-2025"), ("desnz-2025", "desnz-2026"))
"""Sets of following years, whose differences are no change of travel."""


@dataclass(frozen=True, slots=True)
class WorkedJourney:
    """A journey that was checked by hand, with its lines."""

    home: str
    host: str
    result: ModeResult
    worked: Example


@blueprint.get("")
@needs(ANYONE)
def method() -> ResponseReturnValue:
    """Show how students are matched, and what that guarantees."""
    return render_template(
        "public_method/method.html",
        policy=_policy(DEFAULT_POLICY),
        names=_names(),
        labels=labels(),
        mechanisms=read_properties(),
        optimise=OPTIMISE,
        mechanism_names=mechanism_names(),
        property_names=property_names(),
        promise_names=promise_names(),
    )


@blueprint.get("/policies/<string:name>")
@needs(ANYONE)
def policy(name: str) -> ResponseReturnValue:
    """Show a policy in sentences."""
    if name not in preset_names():
        message = f"there is no policy {name!r}"
        raise NotFound(message)
    return render_template(
        "public_method/policy.html",
        policy=_policy(name),
        names=_names(),
        warning=WARNING,
        labels=labels(),
    )


@blueprint.get("/emissions")
@needs(ANYONE)
def carbon() -> ResponseReturnValue:
    """Show how emissions are computed, with two journeys worked out line by line."""
    method = Method()
    return render_template(
        "public_method/carbon.html",
        method=method,
        factors=load_factor_set(method.factor_set),
        examples=[_example(kind) for kind in EXAMPLES],
        rules=rules(method),
        judgements=judgements(method),
        words=auditor_words,
        derivation=derivation,
        exact_grams=auditor_words.exact_grams,
        components=COMPONENTS,
        version=METHOD_VERSION,
        changes=YEAR_CHANGES,
    )


@blueprint.get("/factors/<string:name>")
@needs(ANYONE)
def factor_set(name: str) -> ResponseReturnValue:
    """Show a factor set with every row and its source."""
    return render_template(
        "public_method/factor_set.html",
        factors=_load(name),
        others=[other for other in factor_set_names() if other != name],
        words=auditor_words,
    )


@blueprint.get("/factor-changes/<string:old>/<string:new>")
@needs(ANYONE)
def factor_changes(old: str, new: str) -> ResponseReturnValue:
    """Show what changes from one set to another, and in one journey that stays."""
    return render_template(
        "public_method/factor_changes.html",
        found=_compare(_load(old).name, _load(new).name),
        ends=EXAMPLES["air"],
        words=auditor_words,
    )


@blueprint.get("/sources")
@needs(ANYONE)
def data_sources() -> ResponseReturnValue:
    """Show whose data is used, under which licence, and the limits of all this."""
    return render_template(
        "public_method/data_sources.html",
        sources=sources(),
        sets=[load_factor_set(name) for name in factor_set_names()],
        factor_sources=factor_sources,
        changes=YEAR_CHANGES,
    )


def _policy(name: str) -> PolicyWords:
    return to_words(to_json(read_policy(name)))


def _names() -> list[str]:
    """Return the presets' names, the default first, the warning last."""
    return sorted(
        preset_names(), key=lambda name: (name != DEFAULT_POLICY, name == WARNING, name)
    )


def _load(name: str) -> FactorSet:
    if name not in factor_set_names():
        message = f"there is no factor set {name!r}"
        raise NotFound(message)
    return load_factor_set(name)


@functools.cache
def _example(kind: str) -> WorkedJourney:
    home, host = map(parse_place, EXAMPLES[kind])
    method = Method()
    factors = load_factor_set(method.factor_set)
    result = footprints([(home, host)], method, factors)[0].by_mode(kind)
    worked = work_out(result, method, factors)
    return WorkedJourney(home.label, host.label, result, worked)


@functools.cache
def _compare(old: str, new: str) -> Comparison:
    home, host = map(parse_place, EXAMPLES["air"])
    sets = load_factor_set(old), load_factor_set(new)
    return compare_sets(*sets, Method(), [(home, host)])
