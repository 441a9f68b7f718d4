"""A bundle's members, parsed and of the right shape. Standard library only."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mobility.audit.archive import Unpacked
from mobility.audit.verify.forms import FORMS, MANIFEST
from mobility.audit.verify.shapes import find_misfits
from solver.errors import InvalidFile
from solver.fileio import parse_json, to_canonical, to_digest

FORMAT = "mobility-bundle/1"
MANIFEST_NAME = "manifest.json"
FACTORS = "factors/factors.csv"
DERIVED = (MANIFEST_NAME, "log.json", "public-proof.json")
"""What follows from the other members; the log has the digest over those."""

Facts = Generator[str, None, str]
"""A check: yields every broken fact; returns what it looked at, in a few words."""


@dataclass(frozen=True)
class Contents:
    """A bundle as it was read.

    Parameters
    ----------
    members
        Bytes by name.
    values
        Parsed JSON by name, each of the shape that `forms` asks for.
    """

    members: dict[str, bytes]
    values: dict[str, Any]

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a member's bytes."""
        return to_digest(self.members[name])

    @property
    def snapshot(self) -> dict[str, Any]:
        """Return the frozen input."""
        value: dict[str, Any] = self.values["snapshot.json"]
        return value

    @property
    def result(self) -> dict[str, Any]:
        """Return the published run's result with its certificate."""
        value: dict[str, Any] = self.values["result.json"]
        return value

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the list of members."""
        value: dict[str, Any] = self.values[MANIFEST_NAME]
        return value

    @cached_property
    def digests(self) -> dict[str, str]:
        """Return the digests that the manifest and the public proof name."""
        return digests_of(self.members)


def digests_of(members: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digests by which a round's files are known.

    `evidence` is over all members but those that are `DERIVED`.
    """
    listed = [
        [name, to_digest(members[name])]
        for name in sorted(members)
        if name not in DERIVED
    ]
    return {
        "snapshot": to_digest(members["snapshot.json"]),
        "instance": to_digest(members["instance.json"]),
        "policy": to_digest(members["policy.json"]),
        "result": to_digest(members["result.json"]),
        "factor_set": to_digest(members[FACTORS]),
        "evidence": to_digest(to_canonical(listed)),
    }


def read_manifest(unpacked: Unpacked) -> dict[str, Any]:
    """Return the manifest of a bundle.

    Raises
    ------
    InvalidFile
        When there is none that could be one: the file is then no bundle at all.
    """
    data = unpacked.members.get(MANIFEST_NAME)
    if data is None:
        raise InvalidFile([f"{MANIFEST_NAME} is missing", *unpacked.damages])
    value = _parse(data, MANIFEST_NAME)
    problems = list(find_misfits(value, MANIFEST, MANIFEST_NAME))
    if not problems and to_canonical(value) != data:
        problems = [f"{MANIFEST_NAME} is not written in the one canonical way"]
    if problems:
        raise InvalidFile(problems)
    if value["format"] != FORMAT:
        message = f"{MANIFEST_NAME}: format is {value['format']!r}, not {FORMAT}"
        raise InvalidFile(message)
    manifest: dict[str, Any] = value
    return manifest


def check_members(unpacked: Unpacked, manifest: dict[str, Any]) -> Facts:
    """Compare every member with the manifest."""
    yield from unpacked.damages
    listed, members = manifest["members"], unpacked.members
    needed = {*FORMS, FACTORS} - listed.keys()
    yield from (f"{name} is not listed in {MANIFEST_NAME}" for name in sorted(needed))
    for name in sorted(members.keys() - listed.keys() - {MANIFEST_NAME}):
        yield f"{name} is not listed in {MANIFEST_NAME}"
    for name, entry in sorted(listed.items()):
        if name not in members:
            yield f"{name} is missing"
        elif to_digest(members[name]) != entry["sha256"]:
            yield f"{name} was changed: its SHA-256 is not the one in {MANIFEST_NAME}"
        elif len(members[name]) != entry["size"]:
            yield f"{name}: {MANIFEST_NAME} gives another size"
    if not unpacked.is_sealed:
        yield "the file was changed: the SHA-256 at its end is not of what is before it"
    return f"{len(listed)} files"


def check_shapes(unpacked: Unpacked, manifest: dict[str, Any]) -> Facts:
    """Parse every member that is JSON; hold it against its shape."""
    values: dict[str, Any] = {MANIFEST_NAME: manifest}
    for name, form in FORMS.items():
        try:
            values[name] = _parse(unpacked.members[name], name)
            if to_canonical(values[name]) != unpacked.members[name]:
                yield f"{name} is not written in the one canonical way"
        except InvalidFile as refusal:
            yield from (_prefix(name, text) for text in refusal.problems)
        else:
            yield from find_misfits(values[name], form, name)
    return f"{len(FORMS)} files"


def _prefix(name: str, text: str) -> str:
    return text if text.startswith(name) else f"{name}: {text}"


def read_contents(unpacked: Unpacked, manifest: dict[str, Any]) -> Contents:
    """Return what was checked by `check_members` and `check_shapes`."""
    values = {name: _parse(unpacked.members[name], name) for name in FORMS}
    return Contents(unpacked.members, {MANIFEST_NAME: manifest, **values})


def _parse(data: bytes, name: str) -> Any:  # noqa: ANN401 - JSON is anything until its shape is checked
    value = parse_json(data, name)
    # strict UTF-8 holds no half of a surrogate pair; an escape can
    if b"\\u" in data:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise InvalidFile(f"{name}: it holds half a surrogate pair") from error
    return value
