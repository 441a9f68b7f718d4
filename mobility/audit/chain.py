"""The log's arithmetic: what each hash is over, and whether a log holds.

Standard library and `solver.fileio` only, so that an auditor can run it anywhere.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from solver.fileio import to_canonical

ENTRY_DOMAIN = b"mobility/audit/entry/1\x00"
PAYLOAD_DOMAIN = b"mobility/audit/payload/1\x00"
START = hashlib.sha256(b"mobility/audit/start/1\x00").hexdigest()
"""What the first entry has for `prev`: the head of an empty log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it is hashed.

    Parameters
    ----------
    seq
        1 for the first; no number is left out.
    prev, hash
        The entry before and this one, 64 hexadecimal digits.
    at
        UTC with six decimals: "2027-03-01T12:00:00.000000Z".
    actor, action, subject
        Such as "p-5f0c...", "round:freeze", "round:2027-spring".
    commitment
        Binds the payload without revealing it.
    """

    seq: int
    prev: str
    at: str
    actor: str
    action: str
    subject: str
    commitment: str
    hash: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry commits to: canonical JSON, and 32 random bytes in hexadecimal."""

    salt: str
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a log's last entry; 0 and `START` of an empty one."""

    seq: int
    hash: str


EMPTY = Head(0, START)


def to_payload_text(payload: object) -> str:
    """Return the canonical JSON of a payload, its texts in Unicode's NFC.

    Raises
    ------
    InvalidFile
        When the payload holds a decimal or another thing that is not kept.
    """
    return to_canonical(_composed(payload)).decode()


def _composed(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_composed(key): _composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_composed(item) for item in value]
    return value


def to_commitment(payload: Payload) -> str:
    """Return the hash that binds a payload: SHA-256(domain, salt, text)."""
    data = PAYLOAD_DOMAIN + bytes.fromhex(payload.salt) + payload.text.encode()
    return hashlib.sha256(data).hexdigest()


def to_hash(entry: Entry) -> str:
    """Return the hash of an entry over all its fields but `hash`."""
    fields = {
        "seq": entry.seq,
        "prev": entry.prev,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "commitment": entry.commitment,
    }
    return hashlib.sha256(ENTRY_DOMAIN + to_canonical(fields)).hexdigest()


def verify_chain(
    entries: Iterable[Entry],
    payloads: Mapping[int, Payload],
    head: Head | None = None,
    start: Head = EMPTY,
) -> list[str]:
    """Return every fact of a log that does not hold, in its order; empty when all do.

    Parameters
    ----------
    entries
        The log, or what follows `start` of it, first entry first.
    payloads
        By number. A payload that was erased is missing, which is allowed.
    head
        What the last entry must be, where that is known.
    start
        The entry before the first one.
    """
    problems: list[str] = []
    last = start
    for entry in entries:
        problems.extend(_entry_problems(entry, last, payloads.get(entry.seq)))
        last = Head(entry.seq, entry.hash)
    if head is not None and head != last:
        problems.append(
            f"the log ends with entry {last.seq}, hash {last.hash};"
            f" its head is entry {head.seq}, hash {head.hash}"
        )
    return problems


def _entry_problems(
    entry: Entry, before: Head, payload: Payload | None
) -> Iterator[str]:
    if entry.seq != before.seq + 1:
        yield f"entry {entry.seq} follows entry {before.seq}: numbers have no gaps"
    if entry.prev != before.hash:
        yield f"entry {entry.seq} does not continue the entry before it"
    if entry.hash != to_hash(entry):
        yield f"entry {entry.seq} was changed: its hash is another"
    if payload is not None and not _is_bound(entry, payload):
        yield f"entry {entry.seq}: its payload is not the one that it commits to"


def _is_bound(entry: Entry, payload: Payload) -> bool:
    try:
        return entry.commitment == to_commitment(payload)
    except ValueError:
        return False
