"""Refusals of the service: sentences for a person, a code for the log.

Imported by every layer. A refusal is an answer, not a fault: the command line prints
its sentences and ends with 2, the web shows them with the status its code stands for.
"""

from solver.errors import InvalidFile, Refused

__all__ = [
    "Conflict",
    "Forbidden",
    "InvalidFile",
    "InvalidInput",
    "NotFound",
    "Refused",
]


class InvalidInput(Refused):
    """What was given breaks a rule; every problem is named."""

    code = "invalid_input"


class NotFound(Refused):
    """The thing does not exist, or not for this person."""

    code = "not_found"


class Forbidden(Refused):
    """The person's role does not allow the act."""

    code = "forbidden"


class Conflict(Refused):
    """The act does not fit the state that the thing is in now."""

    code = "conflict"
