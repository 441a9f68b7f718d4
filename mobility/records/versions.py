"""Two people who change one thing: the later one is told, nothing is overwritten.

A form carries the version of what it showed; a second press of a button finds what it
wanted and changes nothing.
"""

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

from mobility.errors import Conflict
from mobility.sentences import tell


class StaleRecord(Conflict):
    """What was to be changed is not any more as the person saw it.

    Parameters
    ----------
    version
        Of what is kept now: who has seen both versions may send hers again with it.
    """

    def __init__(self, sentences: list[str], version: str) -> None:
        self.version = version
        super().__init__(sentences)


def version_of(facts: object) -> str:
    """Return 16 hexadecimal digits that tell two states of a thing apart.

    Parameters
    ----------
    facts
        A frozen dataclass of texts, numbers, dates and tuples of them.
    """
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def is_change(what: str, stored: object, given: object, seen: str) -> bool:
    """Say whether a thing is to be changed at all.

    Parameters
    ----------
    what
        The thing in a sentence: "institution uu.se".
    seen
        `version_of` what the person saw.

    Raises
    ------
    StaleRecord
        With both versions of every field that differs, when she saw another state.
    """
    if stored == given:
        return False
    if version_of(stored) != seen:
        first = tell(
            "{what} was changed elsewhere since you saw it; nothing was saved",
            what=what,
        )
        raise StaleRecord([first, *_both(stored, given)], version_of(stored))
    return True


def changed_fields(stored: object, given: object) -> dict[str, object]:
    """Return the new values of the fields that differ, for the log."""
    return {name: _plain(new) for name, _, new in _differences(stored, given)}


def _both(stored: object, given: object) -> list[str]:
    return [
        tell(
            "{field}: kept now is {kept}, yours is {yours}",
            field=name.replace("_", " "),
            kept=_plain(old),
            yours=_plain(new),
        )
        for name, old, new in _differences(stored, given)
    ]


def _differences(stored: object, given: object) -> list[tuple[str, Any, Any]]:
    names = [field.name for field in fields(stored)]  # type: ignore[arg-type]  # always a dataclass
    pairs = [(name, getattr(stored, name), getattr(given, name)) for name in names]
    return [(name, old, new) for name, old, new in pairs if old != new]


def _plain(value: object) -> object:
    """Return a value that JSON holds."""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_plain(each)) for each in value)
    if is_dataclass(value):
        values = (getattr(value, field.name) for field in fields(value))
        return " ".join(str(each) for each in values if each is not None)
    return value if isinstance(value, (int, str, type(None))) else str(value)
