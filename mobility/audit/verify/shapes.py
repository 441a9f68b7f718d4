"""What a value of JSON must look like before anything is asked of it.

A shape is a type (`int` refuses booleans), a compiled pattern for texts, a list with
the one shape of its items, an object with the shapes of the keys that it must have,
`Each` for objects with free keys, `Row` for lists of a fixed length, and a tuple for
one of several. `object` is anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DIGEST = re.compile("[0-9a-f]{64}")
HEX = re.compile("([0-9a-f]{2})+")
SHOWN = 60
"""Characters of a wrong value that a sentence shows."""


@dataclass(frozen=True, slots=True)
class Each:
    """An object whose keys are free and whose values are alike."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A list with one shape for each place."""

    shapes: tuple[Any, ...]


def find_misfits(value: object, shape: object, where: str) -> Iterator[str]:
    """Yield every place of a value that does not have its shape.

    Parameters
    ----------
    where
        How the sentences name the value: "snapshot.json".
    """
    parts = _parts(value, shape)
    if parts is None:
        yield f"{where} is {_shorten(value)}, not {describe(shape)}"
        return
    for key, item, inner in parts:
        yield from find_misfits(item, inner, f"{where}: {key}")


Parts = list[tuple[object, object, object]]


def _parts(value: object, shape: object) -> Parts | None:
    """Return the parts of a fitting value with their shapes; None when it is no fit."""
    if isinstance(shape, tuple):
        fits = (not any(find_misfits(value, one, "")) for one in shape)
        return [] if any(fits) else None
    if isinstance(shape, dict):
        return _object_parts(value, shape)
    if isinstance(shape, Each):
        pairs = value.items() if isinstance(value, dict) else None
        return None if pairs is None else [(k, v, shape.shape) for k, v in pairs]
    if isinstance(shape, list | Row):
        return _list_parts(value, shape)
    return [] if _is_single(value, shape) else None


def _object_parts(value: object, shape: dict[str, object]) -> Parts | None:
    if not isinstance(value, dict) or not shape.keys() <= value.keys():
        return None
    return [(key, value[key], inner) for key, inner in shape.items()]


def _list_parts(value: object, shape: list[Any] | Row) -> Parts | None:
    if not isinstance(value, list):
        return None
    if isinstance(shape, list):
        return [(_name(n, item), item, shape[0]) for n, item in enumerate(value, 1)]
    if len(value) != len(shape.shapes):
        return None
    pairs = zip(value, shape.shapes, strict=True)
    return [(number, item, inner) for number, (item, inner) in enumerate(pairs, 1)]


def _name(number: int, item: object) -> object:
    """Return how an item of a list is named: by its key, else by its number."""
    if isinstance(item, dict):
        for key in ("id", "key", "hei_id", "student", "seq", "name"):
            if key in item:
                return item[key]
    return number


def _is_single(value: object, shape: object) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if shape is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, shape) if isinstance(shape, type) else value is shape


def describe(shape: object) -> str:
    """Return what a shape asks for, in a few words."""
    if isinstance(shape, tuple):
        return " or ".join(describe(one) for one in shape)
    if isinstance(shape, dict):
        return f"an object with {', '.join(shape)}"
    if isinstance(shape, Row):
        return f"a list of {len(shape.shapes)}"
    if isinstance(shape, re.Pattern):
        return "hexadecimal digits" if shape in (DIGEST, HEX) else shape.pattern
    if isinstance(shape, Each | list):
        return "an object" if isinstance(shape, Each) else "a list"
    return NAMES.get(str(shape), str(shape))


NAMES = {
    str(int): "a whole number",
    str(str): "a text",
    str(bool): "true or false",
    str(None): "nothing",
}


def first_difference(expected: object, found: object, where: str) -> str | None:
    """Return a sentence on the first place where two values differ; None if nowhere.

    True is not 1: the values' JSON is compared.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        odd = sorted(map(str, expected.keys() ^ found.keys()))
        if odd:
            return f"{where}: {odd[0]} is in one of the two only"
        pairs = [(key, expected[key], found[key]) for key in expected]
        return _first_of(pairs, where)
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{where} has {len(found)} entries, not {len(expected)}"
        both = enumerate(zip(expected, found, strict=True), 1)
        return _first_of([(_name(n, one), one, two) for n, (one, two) in both], where)
    if expected == found and type(expected) is type(found):
        return None
    return f"{where} is {_shorten(found)}, not {_shorten(expected)}"


def _first_of(pairs: Parts, where: str) -> str | None:
    differences = (
        first_difference(expected, found, f"{where}: {key}")
        for key, expected, found in pairs
    )
    return next((text for text in differences if text is not None), None)


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
