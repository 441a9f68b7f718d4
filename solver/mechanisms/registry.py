"""The mechanisms by name: all work on the same instance and leave the policy aside."""

from collections.abc import Callable, Mapping

from solver.errors import Refused
from solver.instance import Instance
from solver.mechanisms.balanced_exchange import balanced_exchange
from solver.mechanisms.deferred_acceptance import deferred_acceptance
from solver.mechanisms.immediate_acceptance import immediate_acceptance
from solver.mechanisms.outcome import Outcome
from solver.mechanisms.serial_dictatorship import serial_dictatorship
from solver.metrics import Placements

OPTIMISE = "optimise"
"""The name of solving by the policy's objective, which is not done here."""

MECHANISMS: Mapping[str, Callable[[Instance], Placements]] = {
    "serial_dictatorship": serial_dictatorship,
    "deferred_acceptance": deferred_acceptance,
    "balanced_exchange": balanced_exchange,
    "immediate_acceptance": immediate_acceptance,
}


def run_mechanism(name: str, instance: Instance) -> Outcome:
    """Return what a mechanism gives.

    Raises
    ------
    NotApplicable
        When the mechanism is not defined for the instance, with every reason.
    Refused
        When there is no mechanism of that name.
    """
    if name not in MECHANISMS:
        known = ", ".join(MECHANISMS)
        raise Refused(f"there is no mechanism {name!r}; there are {known}")
    return Outcome(name, MECHANISMS[name](instance))
