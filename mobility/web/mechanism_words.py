"""Names of the mechanisms and of what they promise, for readers."""

from flask_babel import gettext as _

OPTIMISE = "optimise"
"""The mechanism that is published; the others are there to compare with."""


def mechanism_names() -> dict[str, str]:
    """Return the mechanisms' names by their keys in ``solver.mechanism_table``."""
    return {
        OPTIMISE: _("Optimisation"),
        "serial_dictatorship": _("Serial dictatorship"),
        "deferred_acceptance": _("Deferred acceptance"),
        "balanced_exchange": _("Balanced exchange"),
        "immediate_acceptance": _("Immediate acceptance"),
    }


def property_names() -> dict[str, str]:
    """Return the names of what a mechanism may promise, by key."""
    return {
        "strategy_proof": _("Safe to rank truthfully (strategy-proof)"),
        "envy_free": _("No justified envy"),
        "balance": _("Balance between institutions"),
        "optimises": _("Follows the declared policy"),
        "size": _("Most students placed"),
    }


def promise_names() -> dict[str, str]:
    """Return how a promise holds, in words."""
    return {
        "yes": _("yes"),
        "no": _("no"),
        "conditional": _("under a condition"),
    }
