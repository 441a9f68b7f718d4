"""The run that a round was published with: its stored result, verdict and snapshot."""

import zlib
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from mobility.errors import Conflict, NotFound
from mobility.models import Round, Run, RunFile, RunFileKind, Snapshot
from mobility.sentences import tell
from solver.fileio import parse_json


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """What was published, as it is stored.

    Parameters
    ----------
    status, gap_msteps
        What the solver claims: "optimal" or "bounded", and within how many thousandths
        of a rank step.
    verdict, verdict_text
        What the independent verifier said.
    snapshot, result
        Values of "mobility-snapshot/1" and "mobility-result/1".
    """

    round_key: str
    round_name: str
    status: str
    gap_msteps: int
    verdict: str
    verdict_text: str
    snapshot_digest: str
    snapshot: dict[str, Any]
    result: dict[str, Any]


def read_published(session: Session, key: str) -> PublishedRun:
    """Return the run that a round was published with.

    Raises
    ------
    NotFound
        When there is no such round.
    Conflict
        When it is not published.
    """
    a_round = session.exec(select(Round).where(Round.key == key)).first()
    if a_round is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    if a_round.published_run_id is None:
        raise Conflict(
            tell(
                "round {key} is {state}: nothing is published",
                key=key,
                state=a_round.state,
            )
        )
    run = session.get_one(Run, a_round.published_run_id)
    snapshot = session.get_one(Snapshot, run.snapshot_id)
    result = session.get_one(RunFile, (run.id, RunFileKind.RESULT))
    return PublishedRun(
        round_key=a_round.key,
        round_name=a_round.name,
        status=str(run.status),
        gap_msteps=run.gap_msteps or 0,
        verdict=str(run.verdict),
        verdict_text=run.verdict_text,
        snapshot_digest=snapshot.digest,
        snapshot=_value(snapshot.data, f"the snapshot of round {key}"),
        result=_value(result.data, f"the result of run {run.id}"),
    )


def _value(data: bytes, name: str) -> dict[str, Any]:
    value = parse_json(zlib.decompress(data), name)
    if not isinstance(value, dict):
        raise Conflict(tell("{name} is not an object", name=name))
    return value
