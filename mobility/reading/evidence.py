"""A published round's evidence as files, gathered from the tables."""

import zlib
from typing import Any

from sqlmodel import Session, col, select

from mobility.audit.verify.contents import FACTORS
from mobility.carbon.assets import FOLDER
from mobility.errors import Conflict, InvalidFile, NotFound
from mobility.models import (
    LotteryCommitment,
    Offer,
    Placement,
    Policy,
    Pseudonym,
    Round,
    Run,
    RunFile,
    RunFileKind,
    Snapshot,
)
from mobility.sentences import tell
from solver.fileio import read_bytes, to_canonical, to_digest


def read_evidence(session: Session, key: str) -> dict[str, bytes]:
    """Return what a bundle holds of a round, by the members' names.

    Raises
    ------
    NotFound
        When there is no such round.
    Conflict
        When it is not published, or a part of its evidence is gone.
    """
    a_round = session.exec(select(Round).where(Round.key == key)).first()
    if a_round is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    if a_round.published_run_id is None:
        raise Conflict(
            tell(
                "round {key} is {state}: a bundle is made of a published round",
                key=key,
                state=a_round.state,
            )
        )
    run = session.get_one(Run, a_round.published_run_id)
    snapshot = session.get_one(Snapshot, run.snapshot_id)
    policy = session.get_one(Policy, run.policy_id)
    return {
        "snapshot.json": zlib.decompress(snapshot.data),
        "instance.json": _read_file(session, run, RunFileKind.INSTANCE),
        "policy.json": policy.text.encode(),
        "result.json": _read_file(session, run, RunFileKind.RESULT),
        "placements.json": to_canonical(_read_placements(session, run)),
        "lottery.json": to_canonical(_read_lottery(session, a_round)),
        **_read_factors(a_round),
    }


def _read_file(session: Session, run: Run, kind: RunFileKind) -> bytes:
    row = session.get(RunFile, (run.id, kind))
    if row is None:
        raise Conflict(
            tell(
                "run {run}: its {kind} is no longer stored", run=str(run.id), kind=kind
            )
        )
    return zlib.decompress(row.data)


def _read_placements(session: Session, run: Run) -> list[dict[str, Any]]:
    """Return the published placements under the snapshot's pseudonyms."""
    query = (
        select(Placement, Pseudonym.pseudonym, Offer.key)
        .join(Pseudonym, col(Pseudonym.student_id) == col(Placement.student_id))
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .where(Placement.run_id == run.id)
        .where(Pseudonym.snapshot_id == run.snapshot_id)
        .order_by(col(Pseudonym.pseudonym))
    )
    return [
        {
            "student": name,
            "offer": offer,
            "rank": row.rank,
            "emissions_g": row.emissions_g,
            "held_in": row.held_in,
        }
        for row, name, offer in session.exec(query)
    ]


def _read_lottery(session: Session, a_round: Round) -> list[dict[str, Any]]:
    query = select(LotteryCommitment).where(LotteryCommitment.round_id == a_round.id)
    return [
        {
            "committer": row.committer,
            "commitment": row.commitment,
            "secret": row.secret,
        }
        for row in sorted(session.exec(query), key=lambda row: row.committer)
    ]


def _read_factors(a_round: Round) -> dict[str, bytes]:
    """Return the round's factor set as it was published."""
    folder = FOLDER / "factors" / a_round.factor_set
    name = tell("factor set {factor_set}", factor_set=a_round.factor_set)
    try:
        found = {
            FACTORS: read_bytes(folder / "factors.csv"),
            "factors/manifest.toml": read_bytes(folder / "manifest.toml"),
        }
    except InvalidFile as refusal:
        raise Conflict(
            tell("{name} is not in this installation", name=name)
        ) from refusal
    if to_digest(found[FACTORS]) != a_round.factor_set_digest:
        raise Conflict(
            tell(
                "{name} of this installation is not the one that was frozen", name=name
            )
        )
    return found
