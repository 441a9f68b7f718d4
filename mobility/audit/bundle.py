"""Packing a round's evidence into one file that anybody can check offline.

Pure: the evidence was gathered by `reading.evidence`. Equal evidence, log and download
give equal bytes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from mobility.audit.archive import pack
from mobility.audit.chain import Entry, Head, Payload
from mobility.audit.instructions import LAUNCHER, to_readme
from mobility.audit.verify.acts import LOG_FORMAT, read_course
from mobility.audit.verify.contents import (
    FORMAT,
    MANIFEST_NAME,
    Contents,
    digests_of,
)
from mobility.audit.verify.forms import FORMS
from mobility.audit.verify.proof import make_proof
from solver.fileio import parse_json, read_bytes, to_canonical, to_digest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "mobility/__init__.py",
    "mobility/audit/__init__.py",
    "mobility/audit/archive.py",
    "mobility/audit/chain.py",
    "mobility/audit/verify/*.py",
    "solver/__init__.py",
    "solver/errors.py",
    "solver/fileio.py",
    "solver/verify/*.py",
)
"""The verifier's own source, by patterns of paths: it runs from the bundle too."""
PROOF = "public-proof.json"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the log, up to its end.

    Parameters
    ----------
    start
        The entry before the first one.
    payloads
        By number; erased ones and those that are no evidence are missing.
    """

    start: Head
    entries: tuple[Entry, ...]
    payloads: dict[int, Payload]
    head: Head


@dataclass(frozen=True, slots=True)
class Download:
    """Who gets a bundle, when it was made, and by when it is to be deleted.

    Parameters
    ----------
    made_at
        As the log has it. `delete_by` is an ISO date.
    """

    round_key: str
    recipient: str
    made_at: str
    delete_by: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A packed bundle, and the proof that may be shown to everybody."""

    file: bytes
    public_proof: bytes


def add_program(
    evidence: Mapping[str, bytes], round_key: str, delete_by: str
) -> dict[str, bytes]:
    """Return the evidence with the verifier and a text for its reader."""
    readme = to_readme(round_key, delete_by).encode()
    return {**evidence, **read_program(), "README.txt": readme}


def make_bundle(
    members: Mapping[str, bytes], log: Segment, download: Download
) -> Bundle:
    """Pack a round's evidence.

    Parameters
    ----------
    members
        Content by name, of `add_program`; the log has their digest.
    log
        From the making of the round to the entry of this download.
    """
    members = {**members, "log.json": to_canonical(_to_log(log))}
    proof = _prove(members)
    members[PROOF] = proof
    members[MANIFEST_NAME] = to_canonical(_to_manifest(members, download))
    return Bundle(pack(members), proof)


def make_public_proof(evidence: Mapping[str, bytes], log: Segment) -> bytes:
    """Return what anybody may see of a round; nobody is handed a copy of the rest."""
    return _prove({**evidence, "log.json": to_canonical(_to_log(log))})


def _prove(members: Mapping[str, bytes]) -> bytes:
    values = {
        name: parse_json(members[name], name) for name in FORMS if name in members
    }
    contents = Contents(dict(members), values)
    return to_canonical(make_proof(contents, read_course(contents)))


def read_program() -> dict[str, bytes]:
    """Return the verifier's source as members of a bundle, with what starts it."""
    paths = [path for pattern in PROGRAM for path in ROOT.glob(pattern)]
    source = {path.relative_to(ROOT).as_posix(): read_bytes(path) for path in paths}
    return {**source, "__main__.py": LAUNCHER.encode()}


def _to_log(log: Segment) -> dict[str, object]:
    return {
        "format": LOG_FORMAT,
        "start": asdict(log.start),
        "entries": [asdict(entry) for entry in log.entries],
        "payloads": [
            {"seq": seq, **asdict(log.payloads[seq])} for seq in sorted(log.payloads)
        ],
        "head": asdict(log.head),
    }


def _to_manifest(members: Mapping[str, bytes], download: Download) -> dict[str, object]:
    return {
        "format": FORMAT,
        "round": download.round_key,
        "made_at": download.made_at,
        "recipient": download.recipient,
        "delete_by": download.delete_by,
        "digests": digests_of(members),
        "members": {
            name: {"sha256": to_digest(data), "size": len(data)}
            for name, data in members.items()
        },
    }
