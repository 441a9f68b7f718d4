"""The file of a bundle: a ZIP whose bytes follow from its members, sealed at its end.

Standard library and `solver` files only. What is read was made by anybody: nothing is
unpacked to a disk, and nothing larger than the limits is unpacked at all.
"""

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.errors import InvalidFile
from solver.fileio import to_digest

MEMBERS_AT_MOST = 200
BYTES_AT_MOST = 2**31
"""Of the file, and of all members together when unpacked."""

NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the time of packing is in the manifest."""
PRIVATE_FILE = 0o100600 << 16
ENCRYPTED = 1
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""All that zipfile raises over a file that is none, or is damaged."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was in an archive.

    Parameters
    ----------
    members
        Content by name, of those that are whole.
    damages
        A sentence for each that is not.
    is_sealed
        False where the file's last bytes are not the SHA-256 of those before them. A
        file that another program packed anew has no seal, and nothing after its end.
    """

    members: dict[str, bytes]
    damages: tuple[str, ...]
    is_sealed: bool


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of members in the order of their names.

    The same members give the same bytes, as long as zlib is the same.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever it is packed on
            entry.external_attr = PRIVATE_FILE
            archive.writestr(entry, members[name])
        archive.comment = to_seal(b"")
    return seal(target.getvalue())


def to_seal(body: bytes) -> bytes:
    """Return what stands at the end of a file: its comment, as ZIP calls it."""
    return b"sha256:" + to_digest(body).encode()


SEAL_BYTES = len(to_seal(b""))
END = b"PK\x05\x06"
END_BYTES = 22
"""Of the record that ends a ZIP without a comment."""


def seal(data: bytes) -> bytes:
    """Return a file that has room for a seal, with the seal that fits it."""
    return data[:-SEAL_BYTES] + to_seal(data[:-SEAL_BYTES])


def is_sealed(data: bytes, comment: bytes) -> bool:
    """Say whether a file is as it was sealed, or plainly has no seal."""
    if not comment:
        return data[-END_BYTES:].startswith(END)
    return data[-SEAL_BYTES:] == comment == to_seal(data[:-SEAL_BYTES])


def unpack(data: bytes, name: str) -> Unpacked:
    """Return the members of a ZIP.

    Parameters
    ----------
    name
        What to call the file in a refusal.

    Raises
    ------
    InvalidFile
        When it is no ZIP, or one that could mislead or exhaust who unpacks it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            traps = list(_find_traps(entries))
            if traps:
                raise InvalidFile(f"{name}: {trap}" for trap in traps)
            members, damages = _read_all(archive, entries)
            return Unpacked(members, damages, is_sealed(data, archive.comment))
    except FAULTS as error:
        raise InvalidFile(f"{name} is not a ZIP file: {error}") from error


def _find_traps(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(entries) > MEMBERS_AT_MOST:
        yield f"{len(entries)} members, a bundle has at most {MEMBERS_AT_MOST}"
        return
    names = Counter(entry.filename for entry in entries)
    for member in names:
        if not NAME.fullmatch(member):
            yield f"member {member!r}: the name could lead out of a folder"
    for member in [member for member, count in names.items() if count > 1]:
        yield f"member {member!r} is there {names[member]} times"
    size = sum(entry.file_size for entry in entries)
    if size > BYTES_AT_MOST:
        yield f"unpacked it has {size} bytes, a bundle at most {BYTES_AT_MOST}"
    for entry in entries:
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in KINDS:
            yield f"member {entry.filename!r} is encrypted, or packed in an unusual way"


def _read_all(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    members: dict[str, bytes] = {}
    damages: list[str] = []
    for entry in entries:
        try:
            # stops at the size that the limits were held against
            members[entry.filename] = archive.read(entry)
        except FAULTS as error:
            damages.append(f"{entry.filename} is damaged: {error}")
    return members, tuple(damages)
