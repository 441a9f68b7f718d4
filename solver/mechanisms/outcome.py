"""What a mechanism gives, or why it cannot be applied to an instance."""

from dataclasses import dataclass

from solver.errors import Refused
from solver.metrics import Placements


@dataclass(frozen=True)
class Outcome:
    """Who is where by a mechanism; an unplaced student has no key."""

    mechanism: str
    placements: Placements


class NotApplicable(Refused):
    """An instance that a mechanism is not defined for; it is never approximated."""

    code = "not_applicable"
