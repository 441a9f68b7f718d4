"""Rounds that are frozen already, with a run that waits for a worker."""

import zlib
from pathlib import Path
from typing import Any

from builders import AT, DIGEST, add, add_round
from sqlmodel import Session

from mobility.config import Settings
from mobility.models import Round, RoundState, Run, Snapshot
from mobility.rounds.policies import keep_policy
from mobility.rounds.snapshot import encode
from solver.generate import generate
from solver.policy_reader import read_policy


def add_queued_run(
    session: Session, *, students: int = 12, policy: str = "students-first"
) -> int:
    """Return the id of a run that waits, of a constructed snapshot."""
    round_id = add_round(session)
    data, digest = encode(to_snapshot(generate(students, seed=1)))
    snapshot = Snapshot(
        round_id=round_id,
        digest=digest,
        data=zlib.compress(data),
        created_at=AT,
        created_by="p-dana",
    )
    number = add(session, snapshot)
    row = session.get_one(Round, round_id)
    row.state, row.snapshot_id = RoundState.FROZEN, number
    row.factor_set_digest = DIGEST
    row.policy_id = keep_policy(session, read_policy(policy)).id
    return add_run_on(session, row)


def add_run_on(session: Session, row: Round) -> int:
    """Return the id of another run that waits, of a frozen round."""
    return add(
        session,
        Run(
            round_id=row.id,
            snapshot_id=row.snapshot_id,
            policy_id=row.policy_id,
            created_at=AT,
            created_by="p-dana",
        ),
    )


def to_snapshot(instance: dict[str, Any]) -> dict[str, Any]:
    """Return what of a snapshot becomes this instance again."""
    return {
        "format": "mobility-snapshot/1",
        "round": {"key": instance["id"]},
        "institutions": [
            {"block": None, **_renamed(value, "hei_id")}
            for value in instance["institutions"]
        ],
        "offers": [_renamed(value, "key") for value in instance["offers"]],
        "quotas": [
            {"offers": [], **_renamed(value, "key"), "pairs": value.get("choices", [])}
            for value in instance["quotas"]
        ],
        "students": [
            {
                **student,
                "choices": [
                    {"rank": number, **choice}
                    for number, choice in enumerate(student["choices"], start=1)
                ],
            }
            for student in instance["students"]
        ],
        "partnerships": instance["partnerships"],
        "pins": instance["pins"],
        "forbidden": instance["forbidden"],
    }


def _renamed(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {name if key == "id" else key: item for key, item in value.items()}


def make_settings(folder: Path, url: str, **changed: int) -> Settings:
    """Return settings of an installation in a folder, with short waits."""
    return Settings(
        instance_folder=folder,
        database_url=url,
        queue_url=f"sqlite:///{folder / 'queue.sqlite'}",
        **{"heartbeat_seconds": 0, "sweep_seconds": 1, "lease_seconds": 5, **changed},
    )
