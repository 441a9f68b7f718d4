"""A verified run's stored files, for figures; whether it is published or not."""

import zlib
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from mobility.errors import Conflict, NotFound
from mobility.models import Run, RunFile, RunFileKind, Snapshot, Verdict
from mobility.sentences import tell
from solver.fileio import parse_json


@dataclass(frozen=True, slots=True)
class StoredRun:
    """The snapshot and the result of a run, as values of their formats."""

    snapshot: dict[str, Any]
    result: dict[str, Any]


def read_result_digest(session: Session, run: int) -> str:
    """Return the digest of a run's verified result, without reading the result.

    Raises
    ------
    NotFound
        When there is no such run.
    Conflict
        When it has no verified result: figures of anything else are never shown.
    """
    row = session.exec(
        select(Run.result_digest, Run.verdict).where(Run.id == run)
    ).first()
    if row is None:
        raise NotFound(tell("there is no run {run}", run=run))
    digest, verdict = row
    if digest is None or verdict != Verdict.VERIFIED:
        raise Conflict(tell("run {run} has no verified result", run=run))
    return digest


def read_stored_run(session: Session, run: int) -> StoredRun:
    """Return the files of a run with a verified result.

    Raises
    ------
    NotFound
        When there is no such run.
    Conflict
        When it has no verified result.
    """
    read_result_digest(session, run)
    query = (
        select(Snapshot.data, RunFile.data)
        .join(Run, Run.snapshot_id == Snapshot.id)  # type: ignore[arg-type]  # SQLModel types a comparison of columns as bool
        .join(RunFile, RunFile.run_id == Run.id)  # type: ignore[arg-type]  # the same
        .where(Run.id == run)
        .where(RunFile.kind == RunFileKind.RESULT)
    )
    snapshot, result = session.exec(query).one()
    return StoredRun(
        snapshot=_value(snapshot, f"the snapshot of run {run}"),
        result=_value(result, f"the result of run {run}"),
    )


def _value(data: bytes, name: str) -> dict[str, Any]:
    value = parse_json(zlib.decompress(data), name)
    if not isinstance(value, dict):
        raise Conflict(tell("{name} is not an object", name=name))
    return value
