"""Any single change of a true result is refused, or leaves every claim as it was."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from forgeries.maker import BASES, Bundle, make_bundle
from tiny_worlds import to_bytes

from solver.mechanisms.registry import MECHANISMS
from solver.verify import verify

Table = dict[str, Any]
Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def example() -> Bundle:
    return make_bundle("example")


def find_paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield where every value of a result sits, objects and lists too."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from find_paths(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from find_paths(item, (*path, number))


def change(value: object) -> list[Any]:
    """Return other values for a place that holds this one."""
    others: list[Any] = [None, [], {}, "other", 1.5, True, -1]
    if isinstance(value, bool):
        return [not value, int(value), None]
    if isinstance(value, int):
        others = [
            value + 1,
            value - 1,
            -value,
            float(value),
            str(value),
            value * 10**40,
        ]
        return [*others, bool(value), None]
    if isinstance(value, dict):
        return [value | {"other": 1}, list(value), {}, None]
    if isinstance(value, list):
        return [[*value, 1], value[:-1], value[::-1], {}, None]
    return others


def mutate(result: Table, path: Path) -> Iterator[Table]:
    """Yield the result with the value at a path changed or removed."""
    parent: Any = result
    for key in path[:-1]:
        parent = parent[key]
    key, value = path[-1], parent[path[-1]]
    for other in change(value):
        if (type(other), other) != (type(value), value):
            parent[key] = other
            yield result
    if isinstance(parent, dict):
        del parent[key]
        yield result
    parent[key] = value


def claims(result: Table) -> Table:
    kept = copy.deepcopy(result)
    for key in ("notes", "versions"):
        kept.pop(key, None)
    kept["certificate"].pop("stages")
    return kept


def find_accepted(bundle: Bundle, paths: list[Path]) -> list[Path]:
    """Return the paths of accepted changes that also changed what is claimed."""
    result, data, accepted = bundle.result, to_bytes(bundle.world), []
    before = json.dumps(claims(result))
    for path in paths:
        for mutant in mutate(result, path):
            if not verify(data, to_bytes(mutant)).holds:
                continue
            if json.dumps(claims(mutant)) != before:
                accepted.append(path)
    return accepted


def is_proof(path: Path) -> bool:
    return path[:2] == ("certificate", "stages")


def claim_paths(result: Table) -> list[Path]:
    unproven = {(), ("notes",), ("versions",)}
    paths = [path for path in find_paths(result) if not is_proof(path)]
    return [path for path in paths if path not in unproven]


def proof_paths(result: Table) -> list[Path]:
    return [path for path in find_paths(result) if is_proof(path)]


def test_a_change_of_some_claim_is_refused(example: Bundle) -> None:
    paths = Random(1).sample(claim_paths(example.result), 15)
    assert find_accepted(example, paths) == []


def test_a_change_of_some_proof_makes_no_other_claim(example: Bundle) -> None:
    paths = Random(1).sample(proof_paths(example.result), 10)
    assert find_accepted(example, paths) == []


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_every_change_of_a_claim_is_refused(base: str) -> None:
    bundle = make_bundle(base)
    paths = claim_paths(bundle.result)
    assert len(paths) > (100 if base in MECHANISMS else 300)
    assert find_accepted(bundle, paths) == []


@pytest.mark.slow
@pytest.mark.parametrize("base", ["example", "holds"])
def test_many_changes_of_the_proof_make_no_other_claim(base: str) -> None:
    bundle = make_bundle(base)
    paths = proof_paths(bundle.result)
    assert find_accepted(bundle, Random(2).sample(paths, min(len(paths), 400))) == []


def test_any_changed_byte_of_the_instance_is_refused(example: Bundle) -> None:
    data, kept = to_bytes(example.world), to_bytes(example.result)
    for place in range(0, len(data), 17):
        forged = bytearray(data)
        forged[place] ^= 1
        assert not verify(bytes(forged), kept).holds
