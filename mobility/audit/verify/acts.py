"""What the log says of a round, held against the bundle's files.

Standard library only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobility.audit.chain import Entry, Head, Payload, verify_chain
from mobility.audit.verify.contents import Contents, Facts
from solver.errors import InvalidFile
from solver.fileio import parse_json

LOG_FORMAT = "mobility-log/1"


@dataclass(frozen=True, slots=True)
class Act:
    """An entry about the round with what it commits to; None: erased or withheld."""

    seq: int
    at: str
    actor: str
    action: str
    hash: str
    payload: dict[str, Any] | None

    def says(self, key: str) -> object:
        """Return a value of the payload; None where there is none."""
        return None if self.payload is None else self.payload.get(key)


@dataclass(frozen=True, slots=True)
class Course:
    """The acts of a round that decide what was published; None: not in the log."""

    acts: tuple[Act, ...]
    freeze: Act | None
    finish: Act | None
    publish: Act | None
    download: Act | None

    def before_freeze(self, action: str) -> list[Act]:
        """Return the acts of a kind up to the freeze."""
        end = self.freeze.seq if self.freeze else 0
        return [act for act in self.acts if act.action == action and act.seq < end]

    def after_freeze(self, action: str) -> list[Act]:
        """Return the acts of a kind from the freeze on."""
        start = self.freeze.seq if self.freeze else 0
        return [act for act in self.acts if act.action == action and act.seq > start]


def check_chain(contents: Contents, kept: tuple[Head, ...] = ()) -> Facts:
    """Check that the log has no gap, no change, and holds heads that were kept.

    Parameters
    ----------
    kept
        Heads known from elsewhere: an earlier bundle, a public proof, a mail.
    """
    log = contents.values["log.json"]
    if log["format"] != LOG_FORMAT:
        yield f"log.json: format is {log['format']!r}, not {LOG_FORMAT}"
    entries = [Entry(**{key: row[key] for key in FIELDS}) for row in log["entries"]]
    payloads = {
        row["seq"]: Payload(row["salt"], row["text"]) for row in log["payloads"]
    }
    head, start = Head(**log["head"]), Head(**log["start"])
    yield from verify_chain(entries, payloads, head, start)
    numbers = {entry.seq for entry in entries}
    if len(payloads) != len(log["payloads"]) or not payloads.keys() <= numbers:
        yield "log.json: payloads belong to no entry, or twice to one"
    hashes = {entry.seq: entry.hash for entry in entries} | {start.seq: start.hash}
    for known in kept:
        if hashes.get(known.seq) != known.hash:
            yield f"the log does not hold the head {known.seq}:{known.hash}"
    return f"entries {start.seq + 1} to {head.seq}, {len(payloads)} with their content"


FIELDS = Entry.__slots__


def read_course(contents: Contents) -> Course:
    """Return the acts of the round in the log's order."""
    log = contents.values["log.json"]
    texts = {row["seq"]: row["text"] for row in log["payloads"]}
    subject = f"round:{contents.snapshot['round']['key']}"
    acts = tuple(
        Act(row["seq"], row["at"], row["actor"], row["action"], row["hash"], payload)
        for row in log["entries"]
        if row["subject"] == subject
        for payload in [_read_payload(texts.get(row["seq"]))]
    )
    publish = _last(acts, "round:publish")
    end = publish.seq if publish else 0
    run = publish.says("run") if publish else None
    ran = [act for act in acts if act.says("run") == run]
    return Course(
        acts=acts,
        freeze=_last([act for act in acts if act.seq < end], "round:freeze"),
        finish=_last([act for act in ran if act.seq < end], "run:finish"),
        publish=publish,
        download=_last(acts, "audit:bundle"),
    )


def _last(acts: tuple[Act, ...] | list[Act], action: str) -> Act | None:
    found = [act for act in acts if act.action == action]
    return found[-1] if found else None


def _read_payload(text: str | None) -> dict[str, Any] | None:
    try:
        value = None if text is None else parse_json(text.encode(), "payload")
    except InvalidFile:
        return None
    return value if isinstance(value, dict) else None


def check_course(contents: Contents, course: Course) -> Facts:
    """Check that what is in the bundle was frozen, solved and published, in order."""
    if not course.acts or course.acts[0].action != "round:create":
        yield "the log does not begin with the making of the round"
    freeze, finish, publish = course.freeze, course.finish, course.publish
    if freeze is None or finish is None or publish is None:
        for name, act in (
            ("freeze", freeze),
            ("end of the published run", finish),
            ("publication", publish),
        ):
            if act is None:
                yield f"the log holds no {name} of the round, or its content is missing"
        return ""
    if not freeze.seq < finish.seq < publish.seq or any(
        freeze.seq < act.seq < publish.seq
        for act in course.after_freeze("round:unfreeze")
    ):
        yield "the log has freeze, run and publication in another order"
    digests, result = contents.digests, contents.result
    yield from _compare(
        freeze,
        {
            "snapshot": ("snapshot.json", digests["snapshot"]),
            "policy": ("policy.json", digests["policy"]),
            "factor_set": ("factors.csv", digests["factor_set"]),
            "students": ("snapshot.json", len(contents.snapshot["students"])),
            "offers": ("snapshot.json", len(contents.snapshot["offers"])),
        },
    )
    yield from _compare(
        finish,
        {
            "instance_digest": ("instance.json", digests["instance"]),
            "result_digest": ("result.json", digests["result"]),
            "verdict": ("the verdict", "verified"),
        },
    )
    yield from _compare(
        publish,
        {
            "snapshot": ("snapshot.json", digests["snapshot"]),
            "result": ("result.json", digests["result"]),
            "placed": ("result.json", len(result["placements"])),
            "status": ("result.json", result["status"]),
            "gap_msteps": ("result.json", result["gap_msteps"]),
        },
    )
    return f"entries {freeze.seq}, {finish.seq} and {publish.seq}"


def _compare(act: Act, expected: dict[str, tuple[str, object]]) -> Iterator[str]:
    """Yield where an entry says something else than the bundle's files."""
    for key, (name, value) in expected.items():
        said = act.says(key)
        if said != value or type(said) is not type(value):
            yield (
                f"{name}: {key} is {value}, but entry {act.seq} of the log"
                f" ({act.action}) says {said}"
            )


def check_download(contents: Contents, course: Course) -> Facts:
    """Check that this download is the log's last entry, recipient and date included."""
    manifest, act = contents.manifest, course.download
    for key, value in contents.digests.items():
        if manifest["digests"][key] != value:
            yield f"manifest.json: the digest {key} is of other files"
    if manifest["round"] != contents.snapshot["round"]["key"]:
        yield f"manifest.json: round is {manifest['round']}, not the snapshot's"
    if act is None or act.seq != contents.values["log.json"]["head"]["seq"]:
        yield "the log does not end with the download of this bundle"
        return ""
    yield from _compare(
        act,
        {
            "recipient": ("manifest.json", manifest["recipient"]),
            "delete_by": ("manifest.json", manifest["delete_by"]),
            "evidence": ("manifest.json", contents.digests["evidence"]),
        },
    )
    if act.at != manifest["made_at"]:
        yield f"manifest.json: made_at is {manifest['made_at']}, the log's is {act.at}"
    return f"entry {act.seq}, to be deleted by {manifest['delete_by']}"
