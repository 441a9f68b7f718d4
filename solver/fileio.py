"""Strict JSON in, canonical JSON out, and files that are whole or absent.

Standard library only: the verifiers read their files with it under ``python3 -S``.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from solver.errors import InvalidFile

_TEXT = frozenset({str})
_SCALARS = frozenset({str, int, bool, type(None)})
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

LARGEST_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785, section 3.2.2.3)."""


def to_canonical(value: object) -> bytes:
    """Return the RFC 8785 form of a JSON value that holds no decimals.

    Parameters
    ----------
    value
        Dictionaries with text keys, lists, texts, integers, booleans, None.

    Raises
    ------
    InvalidFile
        When the value holds a decimal, another type, or text that is not Unicode.
    """
    try:
        text = _write(value, is_sorted=False) if _is_plain(value) else None
        if text is None or (not text.isascii() and _ASTRAL.search(text)):
            text = _write(_ordered(value), is_sorted=True)
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidFile("the text holds half a surrogate pair") from error


def _write(value: object, *, is_sorted: bool) -> str:
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), sort_keys=not is_sorted
    )


def _is_plain(value: object) -> bool:
    """Return whether ``json`` itself writes and sorts the value as it should be.

    It sorts by code point, which differs from UTF-16 only beyond U+FFFF.
    """
    stack = [value]
    while stack:
        item = stack.pop()
        if type(item) is dict:
            inside: Iterable[object] = item.values()
            if not _TEXT.issuperset(map(type, item)):
                return False
        elif type(item) is list:
            inside = item
        elif type(item) in _SCALARS:
            continue
        else:
            return False
        if not _SCALARS.issuperset(map(type, inside)):
            stack += [part for part in inside if type(part) not in _SCALARS]
    return True


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in _sorted_keys(value)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    message = f"{value!r} is {type(value).__name__}; only integers and texts are kept"
    raise InvalidFile(message)


def _sorted_keys(value: dict[str, object]) -> list[str]:
    """Return the keys in the order of their UTF-16 code units (RFC 8785, 3.2.3)."""
    for key in value:
        if not isinstance(key, str):
            raise InvalidFile(f"key {key!r} is not a text")
    return sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def to_digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InvalidFile
        When the file cannot be read; the sentence names it and the reason.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidFile(f"cannot read {path}: {error.strerror}") from error


def parse_json(data: bytes, name: str) -> object:
    """Return the value of strict JSON: UTF-8, no duplicate keys, no NaN.

    Decimals are let through as floats: the format that forbids them names the place.

    Parameters
    ----------
    data
        The file's bytes.
    name
        What to call the file in a refusal.

    Raises
    ------
    InvalidFile
        When the bytes are not such JSON.
    """
    try:
        value: object = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{name}: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidFile(f"{name}: not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise InvalidFile(f"{name}: nested too deeply") from error
    except ValueError as error:
        raise InvalidFile(f"{name}: {error}") from error
    return value


def _unique_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!r} appears twice in one object")
    return value


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, and survives a power cut.

    Raises
    ------
    InvalidFile
        When the file cannot be written; nothing is left behind.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        message = f"cannot write {path}: {error.strerror}; nothing was written"
        raise InvalidFile(message) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
