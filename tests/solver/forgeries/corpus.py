"""The whole corpus: every forgery as two files with the first fact to be found.

`write_corpus` writes the same files whenever it is called.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forgeries import of_bundles, of_claims, of_mechanisms, of_proofs
from forgeries.maker import FORGERIES, make_bundle
from tiny_worlds import to_bytes

FROM = (of_bundles, of_claims, of_mechanisms, of_proofs)
"""Loaded so that their forgeries are noted."""


@dataclass(frozen=True)
class Case:
    """Two files and the first fact; ``is_readable`` unless one is no strict JSON."""

    name: str
    instance: bytes
    result: bytes
    fact: str
    is_readable: bool = True


def _replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "NaN in a value": (_replace(b'"best": 1', b'"best": NaN'), "NaN is not a number"),
    "Infinity": (_replace(b'"best": 1', b'"best": Infinity'), "Infinity is not a"),
    "negative infinity": (
        _replace(b'"best": 1', b'"best": -Infinity'),
        "-Infinity is not a number",
    ),
    "duplicate key": (
        _replace(b'"status"', b'"status": "optimal", "status"'),
        "key 'status' appears twice in one object",
    ),
    "two places of one student": (
        _replace(b'"alice": "', b'"alice": "accra", "alice": "'),
        "key 'alice' appears twice in one object",
    ),
    "nested too deeply": (lambda _: b"[" * 100_000, "nested too deeply"),
    "not UTF-8": (lambda data: b"\xff" + data, "not UTF-8 at byte 0"),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, "not JSON"),
    "cut off": (lambda data: data[:-1], "not JSON"),
    "empty": (lambda _: b"", "not JSON"),
    "more than one value": (lambda data: data + b"{}", "not JSON"),
    "a number of 5,000 digits": (
        _replace(b'"best": 1', b'"best": ' + b"1" * 5000),
        "Exceeds the limit",
    ),
}
"""Results that are no strict JSON, and what is said of them."""

ODD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a list": (lambda data: b"[" + data + b"]", "result: a list must be an object"),
    "null": (lambda _: b"null", "result: null must be an object"),
    "a number with an exponent": (
        _replace(b'"best": 1,', b'"best": 1e0,'),
        "best: 1.0 must be a whole number",
    ),
    "a number beyond decimals": (
        _replace(b'"best": 1,', b'"best": 1e400,'),
        "best: inf must be a whole number",
    ),
    "ten to the 400": (
        _replace(b'"best": 1,', b'"best": 1' + b"0" * 400 + b","),
        "best: a number of 1329 bits must be 9007199254740991 or less",
    ),
    "half a surrogate pair": (
        _replace(b'"alice": "', b'"\\ud800": "uppsala", "alice": "'),
        "holds half a surrogate pair",
    ),
}
"""Results that are strict JSON and yet of no use."""


NAMES = [forgery.name for forgery in FORGERIES] + [*BROKEN, *ODD]


def make_case(name: str) -> Case:
    """Return a forgery by its name."""
    for forgery in FORGERIES:
        if forgery.name == name:
            return Case(name, *forgery.to_files(), forgery.fact)
    spoil, fact = (BROKEN | ODD)[name]
    bundle = make_bundle("example")
    world, result = to_bytes(bundle.world), to_bytes(bundle.result)
    return Case(name, world, spoil(result), fact, name not in BROKEN)


def write_corpus(folder: Path) -> Iterator[tuple[Case, Path, Path]]:
    """Write every forgery; yield it with its instance and its result."""
    for number, name in enumerate(NAMES):
        case = make_case(name)
        instance = folder / f"{number}-instance.json"
        result = folder / f"{number}-result.json"
        instance.write_bytes(case.instance)
        result.write_bytes(case.result)
        yield case, instance, result
