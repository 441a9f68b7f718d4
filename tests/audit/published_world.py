"""The small world's round to its publication, solved for true; bundles, forgeries.

Alice, Achieng and Bengt certify one by one, two committers promise secrets.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from queued_runs import make_settings
from round_world import (
    KEY,
    LATER,
    NOW,
    World,
    build_world,
    close_and_freeze,
    open_and_certify,
)
from sqlalchemy import Engine
from sqlmodel import Session, select

from mobility import models as m
from mobility.audit.archive import pack
from mobility.audit.chain import (
    Entry,
    Payload,
    to_commitment,
    to_hash,
    to_payload_text,
)
from mobility.audit.verify import verify
from mobility.audit.verify.acts import read_course
from mobility.audit.verify.contents import Contents, digests_of
from mobility.audit.verify.forms import FORMS
from mobility.audit.verify.proof import make_proof
from mobility.db import unit
from mobility.jobs.worker import Worker
from mobility.rounds.bundles import hand_out
from mobility.rounds.certify import certify
from mobility.rounds.draw import to_commitment as to_promise
from mobility.rounds.lottery import commit, reveal
from mobility.rounds.publish import publish
from mobility.rounds.rankings import to_ranking
from mobility.rounds.runs import queue_run
from solver.fileio import to_canonical, to_digest

SECRETS = {"Exchange office": "ab" * 32, "Students' union": "cd" * 32}
AUDITED = LATER + timedelta(days=1)
JSON = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """A database with the published round."""

    engine: Engine
    url: str
    world: World


def publish_world(engine: Engine, url: str, folder: Path) -> World:
    """Live through the small world's round, with a worker's solver and verifier."""
    with unit(engine) as session:
        world = build_world(session)
        dana = world.who(session, "Dana")
        for name, secret in SECRETS.items():
            commit(session, KEY, name, to_promise(secret), by=dana, at=NOW)
        add_carol(session, world)
        open_and_certify(session, world)
        wishes = to_ranking(["nairobi-online", "uu-spring"])
        achieng = world.who(session, "Achieng")
        certify(session, KEY, wishes, version=2, by=achieng, at=NOW)
        close_and_freeze(session, world)
        for name, secret in SECRETS.items():
            reveal(session, KEY, name, secret, by=dana, at=LATER)
        run = queue_run(session, KEY, by=dana, at=LATER).id
    assert Worker(engine, make_settings(folder, url)).work_once()
    with unit(engine) as session:
        publish(session, KEY, run, by=world.who(session, "Daria"), at=LATER)
    return world


def add_carol(session: Session, world: World) -> None:
    carol = m.Person(name="Carol", email="carol@example.org")
    session.add(carol)
    session.flush()
    world.people["Carol"] = carol.id
    a_round = session.exec(select(m.Round)).one()
    session.add(
        m.RoleGrant(
            person_id=carol.id,
            role="auditor",
            round_id=a_round.id,
            valid_until=AUDITED + timedelta(days=30),
            granted_at=NOW,
            granted_by="test",
        )
    )


def hand_to_carol(engine: Engine, world: World, recipient: str = "Carol") -> bytes:
    with unit(engine) as session:
        carol = world.who(session, "Carol")
        return hand_out(session, KEY, recipient, by=carol, at=AUDITED).file


def read_zip(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_log(file: bytes) -> JSON:
    log: JSON = json.loads(read_zip(file)["log.json"])
    return log


def first_broken(file: bytes) -> str:
    """Return the first broken fact of a file, "" when all holds."""
    facts = [fact for outcome in verify(file, "b.zip") for fact in outcome.facts or ()]
    assert len(facts) <= 1
    return "".join(facts)


Change = Callable[[Any], object]


def forge(file: bytes, changes: dict[str, Change], *, with_proof: bool = True) -> bytes:
    """Return a bundle with JSON members changed and everything else made to fit.

    Manifest, public proof and the log's last entry are made anew, as whoever keeps the
    service can; what the log said before is not touched.
    """
    members = read_zip(file)
    for name, change in changes.items():
        value = json.loads(members[name])
        changed = change(value)
        members[name] = to_canonical(value if changed is None else changed)
    log = json.loads(members["log.json"])
    payload = json.loads(log["payloads"][-1]["text"])
    payload["evidence"] = digests_of(members)["evidence"]
    log["payloads"][-1]["text"] = to_payload_text(payload)
    rechain(log, from_last=1)
    members["log.json"] = to_canonical(log)
    if with_proof:
        values = {name: json.loads(members[name]) for name in FORMS}
        contents = Contents(members, values)
        proof = make_proof(contents, read_course(contents))
        members["public-proof.json"] = to_canonical(proof)
    return remanifest(members)


def rechain(log: JSON, from_last: int) -> None:
    """Make the last entries of a log follow from their payloads and each other."""
    payloads = {row["seq"]: row for row in log["payloads"]}
    for number in range(len(log["entries"]) - from_last, len(log["entries"])):
        entry = log["entries"][number]
        if number > 0:
            entry["prev"] = log["entries"][number - 1]["hash"]
        if entry["seq"] in payloads:
            row = payloads[entry["seq"]]
            entry["commitment"] = to_commitment(Payload(row["salt"], row["text"]))
        entry["hash"] = to_hash(Entry(**entry))
    log["head"] = {key: log["entries"][-1][key] for key in ("seq", "hash")}


def remanifest(members: dict[str, bytes]) -> bytes:
    """Pack members with a manifest that fits them."""
    manifest = json.loads(members["manifest.json"])
    manifest["digests"] = digests_of(members)
    manifest["members"] = {
        name: {"sha256": to_digest(data), "size": len(data)}
        for name, data in members.items()
        if name != "manifest.json"
    }
    return pack({**members, "manifest.json": to_canonical(manifest)})
