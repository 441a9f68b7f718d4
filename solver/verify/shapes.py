"""The form of JSON values, and sentences about what is wrong with it.

Part of the verifier, which imports only the standard library and ``solver.fileio``.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from solver.fileio import LARGEST_INTEGER

Table = dict[str, Any]
"""A JSON object. Its values are looked at by ``Shape`` before they are used."""

Kind = TypeVar("Kind")


class Shape:
    """Read a JSON value piece by piece and collect what is wrong with it.

    Every method returns a value of the type asked for, a neutral one where the piece is
    broken: reading goes on and ``problems`` names everything, in the order met.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []

    def say(self, problem: str) -> None:
        """Add a sentence."""
        self.problems.append(problem)

    def table(
        self,
        value: object,
        name: str,
        required: Collection[str] = (),
        optional: Collection[str] | None = (),
    ) -> Table:
        """Return an object with these keys; ``optional=None`` lets any key in."""
        if not isinstance(value, dict):
            self.say(f"{name}: {_shown(value)} must be an object")
            return {}
        missing = [key for key in required if key not in value]
        for key in missing:
            self.say(f"{name}: key {key!r} is missing")
        if optional is not None:
            for key in value:
                if key not in required and key not in optional:
                    self.say(f"{name}: key {key!r} is unknown")
        return {} if missing else value

    def items(self, value: object, name: str) -> list[Any]:
        """Return a list."""
        if isinstance(value, list):
            return value
        self.say(f"{name}: {_shown(value)} must be a list")
        return []

    def integer(
        self,
        value: object,
        name: str,
        low: int = -LARGEST_INTEGER,
        high: int = LARGEST_INTEGER,
    ) -> int:
        """Return a whole number from ``low`` to ``high``; true and false are none."""
        if type(value) is not int:
            self.say(f"{name}: {_shown(value)} must be a whole number")
        elif value < low:
            self.say(f"{name}: {_shown(value)} must be {low} or more")
        elif value > high:
            self.say(f"{name}: {_shown(value)} must be {high} or less")
        else:
            return value
        return max(low, 0)

    def flag(self, value: object, name: str) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            self.say(f"{name}: {_shown(value)} must be true or false")
        return value is True

    def text(self, value: object, name: str) -> str:
        """Return a text that UTF-8 can write; it may be empty."""
        if not isinstance(value, str):
            self.say(f"{name}: {_shown(value)} must be a text")
            return ""
        if not value.isascii() and not is_unicode(value):
            self.say(f"{name}: {value!r} holds half a surrogate pair")
            return ""
        return value

    def name(self, value: object, name: str) -> str:
        """Return a text that is not empty."""
        if value == "":
            self.say(f"{name}: must not be empty")
            return ""
        return self.text(value, name)

    def word(self, value: object, name: str, words: Collection[str]) -> str:
        """Return one of the words."""
        if isinstance(value, str) and value in words:
            return value
        self.say(f"{name}: {_shown(value)} must be one of {', '.join(words)}")
        return next(iter(words))

    def known(self, value: object, name: str, index: dict[str, int], what: str) -> int:
        """Return the position of a known id, -1 for an unknown one."""
        if isinstance(value, str) and value in index:
            return index[value]
        self.say(f"{name}: {what} {_shown(value)} is unknown")
        return -1

    def row(self, value: object, name: str, length: int) -> list[Any] | None:
        """Return a list of that length, or None."""
        if isinstance(value, list) and len(value) == length:
            return value
        self.say(f"{name}: {_shown(value)} must be a list of {length}")
        return None

    def texts(self, value: object, name: str) -> dict[str, str]:
        """Return an object of texts; the common case costs no sentence."""
        if isinstance(value, dict) and set(map(type, value.values())) == {str}:
            text = "".join(value) + "".join(value.values())
            if text.isascii():
                return value
        return self.mapping(value, name, self.text)

    def mapping(
        self, value: object, name: str, read: Callable[[object, str], Kind]
    ) -> dict[str, Kind]:
        """Return an object with any keys, each value read by ``read(value, name)``."""
        table = self.table(value, name, optional=None)
        return {
            self.text(key, f"{name}: a key"): read(item, f"{name}: {key}")
            for key, item in table.items()
        }


def is_unicode(text: str) -> bool:
    """Return whether UTF-8 can write the text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    """Return the value as a sentence shows it: no longer than a line."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if type(value) is int and abs(value) > LARGEST_INTEGER:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def differences(claimed: object, own: object, name: str) -> list[str]:
    """Return how a claimed JSON value differs from the recomputed one, places named.

    Parameters
    ----------
    claimed, own
        Objects, lists, texts and whole numbers; ``true`` never equals 1.
    name
        What the value is called in the sentences.
    """
    if isinstance(claimed, dict) and isinstance(own, dict):
        found = [f"{name}: {key} is missing" for key in own if key not in claimed]
        found += [f"{name}: {key} does not belong" for key in claimed if key not in own]
        for key in own:
            if key in claimed:
                found += differences(claimed[key], own[key], f"{name}: {key}")
        return found
    if isinstance(claimed, list) and isinstance(own, list):
        found = []
        for place, (theirs, mine) in enumerate(zip(claimed, own, strict=False), 1):
            found += differences(theirs, mine, f"{name}, row {place}")
        if len(claimed) != len(own):
            found.append(f"{name}: {len(claimed)} rows, counted {len(own)}")
        return found
    if type(claimed) is type(own) and claimed == own:
        return []
    return [f"{name} is {_shown(claimed)}, counted {_shown(own)}"]
