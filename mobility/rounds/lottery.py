"""Promises and secrets of the lottery, kept with the round."""

import re
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import (
    LotteryCommitment,
    Person,
    Policy,
    Round,
    RoundState,
    Run,
    RunState,
)
from mobility.records.authority import log, require
from mobility.rounds.draw import to_commitment, to_seed
from mobility.rounds.rows import lock_round, scope_of, subject_of
from mobility.rounds.translate import NO_SEED
from mobility.sentences import tell

BEFORE_FREEZE = (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED)


def commit(
    session: Session,
    key: str,
    committer: str,
    commitment: str,
    *,
    by: Person,
    at: datetime,
) -> LotteryCommitment:
    """Keep a committer's promise: the hash of a secret that only she knows.

    Parameters
    ----------
    committer
        Who it is, as the students are told: "Students' union". Once per round.
    commitment
        `rounds.draw.to_commitment` of her secret.
    """
    a_round = lock_round(session, key)
    require(session, "lottery.commit", scope_of(a_round), by=by, at=at)
    _check_before_freeze(a_round)
    if not committer.strip() or not re.fullmatch(r"[0-9a-f]{64}", commitment):
        raise InvalidInput(
            tell(
                "a commitment has a committer's name and 64 lower-case "
                "hexadecimal digits"
            )
        )
    if _find(session, a_round, committer) is not None:
        raise Conflict(
            tell(
                "{committer} has a commitment in round {key} already",
                committer=committer,
                key=key,
            )
        )
    row = LotteryCommitment(
        round_id=a_round.id, committer=committer.strip(), commitment=commitment
    )
    session.add(row)
    session.flush()
    payload: dict[str, object] = {"committer": committer, "commitment": commitment}
    log(session, "lottery.commit", subject_of(a_round), payload, by=by, at=at)
    return row


def withdraw(
    session: Session, key: str, committer: str, reason: str, *, by: Person, at: datetime
) -> None:
    """Drop a promise whose secret is lost; possible before the freeze only."""
    a_round = lock_round(session, key)
    require(session, "lottery.withdraw", scope_of(a_round), by=by, at=at)
    _check_before_freeze(a_round)
    if not reason.strip():
        raise InvalidInput(tell("withdrawing a commitment needs a reason"))
    session.delete(_get(session, a_round, committer))
    payload: dict[str, object] = {"committer": committer, "reason": reason}
    log(session, "lottery.withdraw", subject_of(a_round), payload, by=by, at=at)


def reveal(
    session: Session, key: str, committer: str, secret: str, *, by: Person, at: datetime
) -> None:
    """Keep a committer's secret once the round is frozen.

    Raises
    ------
    InvalidInput
        When it is not the secret that was promised.
    Conflict
        When the round is not frozen, so that the secret could still be used, or a
        run is under way: tried again, it would draw other numbers.
    """
    a_round = lock_round(session, key)
    require(session, "lottery.reveal", scope_of(a_round), by=by, at=at)
    if a_round.state != RoundState.FROZEN:
        raise Conflict(
            tell(
                "round {key} is {state}: secrets are revealed while it is frozen",
                key=key,
                state=a_round.state,
            )
        )
    row = _get(session, a_round, committer)
    if to_commitment(secret) != row.commitment:
        raise InvalidInput(
            tell(
                "this is not the secret that {committer} promised", committer=committer
            )
        )
    if row.secret is not None:
        return
    _check_no_run_under_way(session, a_round)
    row.secret, row.revealed_at = secret, at
    session.add(row)
    payload: dict[str, object] = {"committer": committer, "secret": secret}
    log(session, "lottery.reveal", subject_of(a_round), payload, by=by, at=at)


def _check_no_run_under_way(session: Session, a_round: Round) -> None:
    under_way = session.exec(
        select(Run.id)
        .where(Run.round_id == a_round.id)
        .where(col(Run.state).in_((RunState.QUEUED, RunState.RUNNING)))
        .order_by(col(Run.id))
    ).first()
    if under_way is not None:
        raise Conflict(
            tell(
                "run {under_way} of round {round} is under way: reveal a "
                "secret before a run is queued, or after it has ended",
                under_way=under_way,
                round=a_round.key,
            )
        )


def _check_before_freeze(a_round: Round) -> None:
    if a_round.state not in BEFORE_FREEZE:
        raise Conflict(
            tell(
                "round {round} is {state}: the lottery's commitments stand",
                round=a_round.key,
                state=a_round.state,
            )
        )


def _find(session: Session, a_round: Round, committer: str) -> LotteryCommitment | None:
    return session.exec(
        select(LotteryCommitment)
        .where(LotteryCommitment.round_id == a_round.id)
        .where(LotteryCommitment.committer == committer.strip())
    ).first()


def _get(session: Session, a_round: Round, committer: str) -> LotteryCommitment:
    row = _find(session, a_round, committer)
    if row is None:
        raise NotFound(
            tell(
                "{committer} has no commitment in round {round}",
                committer=committer,
                round=a_round.key,
            )
        )
    return row


def commitments_of(session: Session, a_round: Round) -> list[LotteryCommitment]:
    """Return a round's commitments in the order of their committers."""
    query = select(LotteryCommitment).where(LotteryCommitment.round_id == a_round.id)
    return sorted(session.exec(query), key=lambda row: row.committer)


def seed_of(
    session: Session, a_round: Round, policy: Policy, snapshot: dict[str, Any]
) -> str:
    """Return the seed of a policy's runs on a snapshot.

    Zeros while a promised secret is missing, and where nothing was promised.
    """
    secrets = [row.secret for row in commitments_of(session, a_round)]
    revealed = [secret for secret in secrets if secret is not None]
    if not secrets or len(revealed) < len(secrets):
        return NO_SEED
    return to_seed(snapshot, policy.digest, revealed)


def describe_seed(session: Session, a_round: Round) -> str:
    """Say what the lottery's seed stands on, weaknesses first named."""
    rows = commitments_of(session, a_round)
    missing = [row.committer for row in rows if row.secret is None]
    if not rows:
        return tell(
            "weakness: nobody committed to a secret; the lottery's seed is zeros"
        )
    if missing:
        return tell(
            "the lottery's seed is zeros until {names} reveals",
            names=", ".join(missing),
        )
    names = ", ".join(row.committer for row in rows)
    if len(rows) == 1:
        return tell(
            "weakness: the lottery's seed stands on one committer, {names}", names=names
        )
    return tell("the lottery's seed stands on the secrets of {names}", names=names)
