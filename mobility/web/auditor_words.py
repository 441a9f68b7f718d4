"""What acts, weaknesses and parts of a journey are called on the auditor's pages."""

from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _

from mobility.carbon.journey import UG_PER_G
from mobility.reading.oversight import Oversight, Promise

FEW = 2
"""Committers of a lottery below which one person alone could know the draw."""


def act_name(action: str) -> str:
    """Return what an action of the log is called; an unknown one is shown as it is."""
    names = {
        "round:create": _("round made"),
        "round:change": _("round changed"),
        "round:open": _("opened for rankings"),
        "round:close": _("closed"),
        "round:reopen": _("opened again"),
        "round:freeze": _("frozen"),
        "round:unfreeze": _("freeze taken back"),
        "round:publish": _("published"),
        "round:settle": _("settled"),
        "round:archive": _("archived"),
        "policy:declare": _("policy declared"),
        "lottery:commit": _("lottery: secret promised"),
        "lottery:reveal": _("lottery: secret revealed"),
        "lottery:withdraw": _("lottery: promise withdrawn"),
        "run:queue": _("run asked for"),
        "run:start": _("run started"),
        "run:finish": _("run ended"),
        "run:fail": _("run failed"),
        "run:cancel": _("run cancelled"),
        "offer:keep": _("offers written down"),
        "offer:suspend": _("offer suspended"),
        "audit:bundle": _("evidence handed out"),
        "ranking:draft": _("list saved as draft"),
        "ranking:certify": _("list certified"),
        "ranking:withdraw": _("list withdrawn"),
        "placement:answer": _("place answered"),
        "travel:report": _("journey told after the stay"),
    }
    return str(names.get(action, action))


def weaknesses_of(view: Oversight) -> list[str]:
    """Return, as sentences, what a careful reader should know of a round."""
    said = [_("Said at publication: %(text)s.", text=text) for text in view.weaknesses]
    run = view.published
    if run is not None and run.status != "optimal":
        said.append(
            _(
                "The result is not proven best: a better one by up to %(gap)s"
                " thousandths of a rank step may exist.",
                gap=run.gap_msteps,
            )
        )
    if view.round.snapshot_digest:
        said += _lottery_weaknesses(view.promises)
    taken_back = sum(
        act.action in {"round:reopen", "round:unfreeze"} for act in view.acts
    )
    if taken_back:
        said.append(
            _(
                "A closing or a freeze was taken back (%(times)s times).",
                times=taken_back,
            )
        )
    return said


def _lottery_weaknesses(promises: tuple[Promise, ...]) -> list[str]:
    if not promises:
        return [_("Nobody promised a secret: ties were broken by a known seed.")]
    said = []
    if len(promises) < FEW:
        said.append(_("One committer alone made the lottery's seed."))
    writers = {promise.entered_by for promise in promises}
    if len(promises) >= FEW and len(writers) == 1:
        said.append(
            _(
                "All the lottery's promises were entered by one person (%(who)s):"
                " ask each committer whether the promise is hers.",
                who=writers.pop() or _("unknown"),
            )
        )
    if any(promise.secret is None for promise in promises):
        said.append(_("A promised secret has not been revealed."))
    return said


def tier_name(tier: str) -> str:
    """Return what kind of data a leg's number stands on."""
    names = {
        "primary": _("primary: measured for this journey"),
        "modelled": _("modelled: published factor, computed distance"),
        "default": _("default: something was assumed, or the factor has a flag"),
    }
    return str(names.get(tier, tier))


def mode_name(mode: str) -> str:
    """Return what a leg's vehicle is called."""
    names = {
        "air": _("air"),
        "rail": _("rail"),
        "coach": _("coach"),
        "bus": _("local bus"),
        "car": _("car"),
        "ferry": _("ferry"),
        "mix": _("rail and air mixed"),
        "virtual": _("no journey (virtual)"),
    }
    return str(names.get(mode, mode))


def boundary_name(boundary: str) -> str:
    """Return what a factor counts."""
    names = {
        "ttw": _("fuel and electricity in use (TTW)"),
        "ttw_with_rf": _("in use, with radiative forcing (1.7 x CO2 + CH4 + N2O)"),
        "wtt": _("supply of fuel and electricity (WTT)"),
        "wtw": _("use and supply in one number (WTW)"),
        "parameter": _("a number that a flight model computes with"),
        "construction": _("building of the vehicle, and its end"),
        "contrails": _("contrails of flights, as a number of their own"),
        "life_cycle": _("use, supply, vehicles and tracks in one number"),
    }
    return str(names.get(boundary, boundary))


def flag_name(flag: str) -> str:
    """Return what a factor's flag warns of."""
    names = {
        "carried_forward": _("carried forward from the year before"),
        "second_hand": _("read from a compilation, not from the table itself"),
        "split_unknown": _("use and supply cannot be told apart"),
    }
    return str(names.get(flag, flag))


def exact_grams(micrograms: int) -> str:
    """Return micrograms as grams with all six decimals: nothing is rounded away."""
    return str(format_decimal(Decimal(micrograms) / UG_PER_G, "#,##0.000000"))
