"""Any single byte that is changed in a bundle is found."""

import json
from random import Random

import pytest
from published_world import JSON, read_zip, remanifest

from mobility.audit.archive import pack
from mobility.audit.verify import verify
from solver.errors import InvalidFile

pytestmark = pytest.mark.slow  # every flip is a whole verification

FAST, SLOW = 60, 1500
END = 22 + 71
"""Bytes of the ZIP's last record and of the seal."""


def is_accepted(data: bytes) -> bool:
    try:
        outcomes = verify(data, "b.zip")
    except InvalidFile:
        return False
    return not any(outcome.facts for outcome in outcomes)


def flip(data: bytes, dice: Random) -> bytes:
    place = dice.randrange(len(data))
    changed = data[place] ^ dice.randrange(1, 256)
    return data[:place] + bytes([changed]) + data[place + 1 :]


def find_missed(file: bytes, dice: Random, *, fits: bool, times: int) -> list[str]:
    """Return the members in which a changed byte was not found.

    Parameters
    ----------
    fits
        Whether the manifest is made to fit the change.
    """
    members = read_zip(file)
    missed = []
    for _ in range(times):
        name = dice.choice(sorted(members))
        if fits and name == "manifest.json":
            continue
        changed = {**members, name: flip(members[name], dice)}
        if is_accepted(remanifest(changed) if fits else pack(changed)):
            missed.append(name)
    return missed


def find_missed_in_the_file(file: bytes, dice: Random, times: int) -> list[int]:
    """Return the flips of the packed file, its dates too, that are not found."""
    return [number for number in range(times) if is_accepted(flip(file, dice))]


def test_the_bundle_itself_is_accepted(file: bytes) -> None:
    assert is_accepted(file)
    assert is_accepted(pack(read_zip(file)))
    assert is_accepted(remanifest(read_zip(file)))


@pytest.mark.parametrize("fits", [False, True])
def test_every_changed_byte_of_a_member_is_found(file: bytes, *, fits: bool) -> None:
    assert find_missed(file, Random(1), fits=fits, times=FAST) == []


def test_every_changed_byte_of_the_packed_file_is_found(file: bytes) -> None:
    assert find_missed_in_the_file(file, Random(2), 5 * FAST) == []


def test_every_changed_byte_of_the_end_of_the_file_is_found(file: bytes) -> None:
    body, end = file[:-END], file[-END:]
    others = [
        body + end[:place] + bytes([end[place] ^ other]) + end[place + 1 :]
        for place in range(END)
        for other in {1, 71, end[place]} - {0}
    ]
    assert [number for number, data in enumerate(others) if is_accepted(data)] == []


def pick(value: object, dice: Random) -> tuple[JSON | list[object], str | int]:
    """Return a list or an object somewhere in a value, and a place in it."""
    while True:
        keys = list(value) if isinstance(value, dict) else range(len(value))  # type: ignore[arg-type] # a list then
        key = dice.choice(keys)
        inner = value[key]  # type: ignore[index] # one of its own keys
        if not inner or not isinstance(inner, dict | list) or dice.random() < 0.1:
            return value, key  # type: ignore[return-value] # one of the two
        value = inner


OTHERS = (None, True, 0, -1, 1, 10**40, 1.5, "", "other", "\ud800", [], {}, [[]])


def find_accepted(file: bytes, dice: Random, times: int) -> list[str]:
    """Return the places where another value was accepted; all checks must bear it."""
    members = read_zip(file)
    names = sorted(name for name in members if name.endswith(".json"))
    accepted = []
    for _ in range(times):
        name = dice.choice([name for name in names if name != "manifest.json"])
        value = json.loads(members[name])
        place, key = pick(value, dice)
        before = json.dumps(place[key])  # type: ignore[index] # one of its own keys
        place[key] = dice.choice(OTHERS)  # type: ignore[index] # one of its own keys
        if json.dumps(place[key]) == before:  # type: ignore[index] # the same
            continue
        data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        outcomes = verify(remanifest({**members, name: data}), "b.zip", every=True)
        if not any(outcome.facts for outcome in outcomes):
            accepted.append(f"{name}: {key}")
    return accepted


def test_any_other_value_anywhere_is_found_by_checks_that_bear_it(file: bytes) -> None:
    assert find_accepted(file, Random(7), FAST) == []


def test_thousands_of_other_values_are_found_by_checks_that_bear_them(
    file: bytes,
) -> None:
    assert find_accepted(file, Random(8), SLOW) == []


@pytest.mark.parametrize("fits", [False, True])
def test_thousands_of_changed_bytes_of_members_are_found(
    file: bytes, *, fits: bool
) -> None:
    assert find_missed(file, Random(4), fits=fits, times=SLOW) == []


def test_thousands_of_changed_bytes_of_the_packed_file_are_found(file: bytes) -> None:
    assert find_missed_in_the_file(file, Random(5), 8 * SLOW) == []
