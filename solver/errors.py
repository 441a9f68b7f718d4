"""Refusals of the solver: each names every problem found, for a person to read.

Imported by every module of ``solver`` and re-used by the service.
"""

from collections.abc import Iterable


class Refused(Exception):
    """An input or an act that is refused, with sentences that say why.

    Parameters
    ----------
    problems
        One or more sentences for a person, each naming the thing and the rule.
    """

    code = "refused"

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class InvalidFile(Refused):
    """A file that cannot be read, parsed or written."""

    code = "invalid_file"


class InvalidInstance(Refused):
    """An instance that breaks a rule of the format."""

    code = "invalid_instance"


class InvalidPolicy(Refused):
    """A policy that breaks a rule of the format, or does not fit the instance."""

    code = "invalid_policy"


class InvalidResult(Refused):
    """A result whose claims do not hold; the first problem is the first broken fact."""

    code = "invalid_result"
