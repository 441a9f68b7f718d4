"""Reading of parsed JSON or TOML into typed values, collecting every problem.

Used by ``solver.instance`` and ``solver.policy``.
"""

import json.encoder
from collections.abc import Mapping, Sequence

from solver.fileio import LARGEST_INTEGER

_NAMES = {bool: "a boolean", int: "an integer", str: "a text", float: "a decimal"}
_NAMES |= {list: "a list", dict: "an object", type(None): "nothing"}


def describe(value: object) -> str:
    """Return a short description of a value for a refusal, as ``-1`` or ``a list``."""
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return _NAMES.get(type(value), type(value).__name__)
    text = repr(value)
    return (
        text if len(text) <= 60 else f"{_NAMES[type(value)]} of {len(text)} characters"
    )


def quote(text: str) -> str:
    """Return a text in double quotes, as JSON writes it."""
    return json.encoder.encode_basestring(text)  # as dumps, at a third of its time


class Fields:
    """One object being read: what is wrong with it goes to a shared list.

    Parameters
    ----------
    value
        The parsed object; anything but a mapping is a problem.
    where
        What to call it in a refusal, such as ``offer "uu.se-2027"``.
    known
        The keys it may have; any other is a problem.
    problems
        The list that collects the sentences.
    """

    def __init__(
        self, value: object, where: str, known: frozenset[str], problems: list[str]
    ) -> None:
        self.where = where
        self.problems = problems
        self.values: Mapping[str, object] = {}
        if not isinstance(value, Mapping):
            self.refuse(f"is {describe(value)}, must be an object")
            return
        self.values = value
        if not value.keys() <= known:
            for key in sorted(map(str, value.keys() - known)):
                self.refuse(f"unknown key {key!r}")

    def refuse(self, sentence: str) -> None:
        """Add a problem of this object."""
        self.problems.append(f"{self.where}: {sentence}")

    def has(self, key: str) -> bool:
        """Return whether the key is present."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default where the key is absent."""
        value = self.values.get(key, default)
        if isinstance(value, str) and (value or value == default):
            return value
        self._refuse_value(key, "must be a text that is not empty")
        return ""

    def one_of(self, key: str, allowed: Sequence[str], default: str | None) -> str:
        """Return a text out of a short list, or the default where the key is absent."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value in allowed:
            return value
        self._refuse_value(key, "must be one of " + ", ".join(allowed))
        return allowed[0]

    def flag(self, key: str) -> bool:
        """Return a boolean, false where the key is absent."""
        value = self.values.get(key, False)
        if isinstance(value, bool):
            return value
        self._refuse_value(key, "must be true or false")
        return False

    def integer(
        self, key: str, default: int | None = None, least: int | None = 0
    ) -> int:
        """Return an integer of at least ``least`` (None: any), within 2^53."""
        value = self.values.get(key, default)
        if type(value) is not int:
            self._refuse_value(key, "must be an integer")
        elif least is not None and value < least:
            self.refuse(f"{key} is {describe(value)}, must be {least} or more")
        elif abs(value) > LARGEST_INTEGER:
            self.refuse(f"{key} is {describe(value)}, must be within 2^53")
        else:
            return value
        return least or 0

    def items(self, key: str) -> Sequence[object]:
        """Return a list, empty where the key is absent."""
        value = self.values.get(key, [])
        if isinstance(value, list | tuple):
            return value
        self._refuse_value(key, "must be a list")
        return ()

    def mapping(self, key: str) -> Mapping[str, object]:
        """Return an object with text keys, empty where the key is absent."""
        value = self.values.get(key, {})
        if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
            return value
        self._refuse_value(key, "must be an object")
        return {}

    def need(self, key: str) -> bool:
        """Return whether the key is present; refuse where it is not."""
        if key not in self.values:
            self.refuse(f"{key} is missing")
        return key in self.values

    def _refuse_value(self, key: str, rule: str) -> None:
        if key in self.values:
            self.refuse(f"{key} is {describe(self.values[key])}, {rule}")
        else:
            self.refuse(f"{key} is missing")
