"""How a round works, for everybody: policies, mechanism, emissions, sources."""

import functools

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mobility.carbon.batch import footprints
from mobility.carbon.factors import FactorSet, factor_set_names, load_factor_set
from mobility.carbon.footprint import Footprint
from mobility.carbon.journey import COMPONENTS
from mobility.carbon.method import METHOD_VERSION, Method
from mobility.carbon.places import parse_place
from mobility.errors import NotFound
from mobility.reporting.traces import to_journey
from mobility.web import auditor_words
from mobility.web.access import ANYONE, needs
from mobility.web.figures import labels
from mobility.web.network_policy_words import PolicyWords, to_words
from mobility.web.public_words import judgements, rules, sources
from solver.policy import to_json
from solver.policy_reader import preset_names, read_policy

blueprint = Blueprint("public_method", __name__, url_prefix="/method")

DEFAULT_POLICY = "balanced"
WARNING = "plain-sum"
"""Shown only for what guards prevent."""
EXAMPLES = (("Nairobi, KE", "Uppsala, SE"), ("Graz, AT", "Heidelberg, DE"))


@blueprint.get("")
@needs(ANYONE)
def method() -> ResponseReturnValue:
    """Show how students are matched, and what that guarantees."""
    return render_template(
        "public_method/method.html",
        policy=_policy(DEFAULT_POLICY),
        names=_names(),
        labels=labels(),
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
    """Show how emissions are computed, with a journey computed now."""
    number = request.args.get("example", 0, type=int)
    number = number if 0 <= number < len(EXAMPLES) else 0
    found, factors = _example(number), load_factor_set(Method().factor_set)
    chosen = found.chosen.to_json()
    others = [mode.to_json() for mode in found.modes if mode is not found.chosen]
    return render_template(
        "public_method/carbon.html",
        journey=to_journey(chosen, others),
        carbon={
            "factor_set": found.factor_set,
            "factor_set_digest": found.factor_set_digest,
            "method_digest": found.method_digest,
        },
        factors=factors.factors,
        factor_address=lambda factor: (
            url_for(".factor_set", name=factors.name) + f"#{factor}"
        ),
        words=auditor_words,
        exact_grams=auditor_words.exact_grams,
        components=COMPONENTS,
        examples=EXAMPLES,
        number=number,
        rules=rules(Method()),
        judgements=judgements(Method()),
        version=METHOD_VERSION,
    )


@blueprint.get("/factors/<string:name>")
@needs(ANYONE)
def factor_set(name: str) -> ResponseReturnValue:
    """Show a factor set with every row and its source."""
    if name not in factor_set_names():
        message = f"there is no factor set {name!r}"
        raise NotFound(message)
    found: FactorSet = load_factor_set(name)
    return render_template(
        "public_method/factor_set.html", factors=found, words=auditor_words
    )


@blueprint.get("/sources")
@needs(ANYONE)
def data_sources() -> ResponseReturnValue:
    """Show whose data is used, under which licence, and the limits of all this."""
    return render_template(
        "public_method/data_sources.html", sources=sources(), sets=factor_set_names()
    )


def _policy(name: str) -> PolicyWords:
    return to_words(to_json(read_policy(name)))


def _names() -> list[str]:
    """Return the presets' names, the default first, the warning last."""
    return sorted(
        preset_names(), key=lambda name: (name != DEFAULT_POLICY, name == WARNING, name)
    )


@functools.cache
def _example(number: int) -> Footprint:
    home, host = map(parse_place, EXAMPLES[number])
    used = Method()
    return footprints([(home, host)], used, load_factor_set(used.factor_set))[0]
