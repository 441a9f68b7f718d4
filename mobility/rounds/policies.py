"""The declared policy: read by name or from a file, kept once, changed in the open."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from mobility.audit.record import actor_of
from mobility.errors import Conflict, InvalidInput
from mobility.models import Person, Policy, Round, RoundState
from mobility.records.authority import log, require
from mobility.rounds.notices import announce
from mobility.rounds.rows import lock_round, scope_of, subject_of
from mobility.sentences import tell
from solver import fileio
from solver.policy import Policy as SolverPolicy
from solver.policy import to_json
from solver.policy_reader import read_policy

MAY_CHANGE = (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED)


def keep_policy(session: Session, policy: SolverPolicy) -> Policy:
    """Return the row of a policy, made when no equal one is kept yet."""
    data = fileio.to_canonical(to_json(policy))
    digest = fileio.to_digest(data)
    known = session.exec(select(Policy).where(Policy.digest == digest)).first()
    if known is not None:
        return known
    row = Policy(name=policy.name, text=data.decode(), digest=digest)
    session.add(row)
    session.flush()
    return row


def policy_value(policy: Policy) -> dict[str, Any]:
    """Return a kept policy's canonical value."""
    value = fileio.parse_json(policy.text.encode(), f"policy {policy.name}")
    if not isinstance(value, dict):
        raise InvalidInput(tell("policy {policy} is no object", policy=policy.name))
    return value


def declare_policy(
    session: Session,
    key: str,
    source: str | SolverPolicy,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
) -> Policy:
    """Adopt a policy for a round that is not frozen yet.

    Parameters
    ----------
    source
        Name of a preset, path of a TOML or JSON file, or a policy already read.
    reason
        Needed once the round has been opened; students are told of the change.

    Raises
    ------
    InvalidFile, InvalidPolicy
        When the policy cannot be read or breaks a rule.
    Conflict
        When the round is frozen: its snapshot holds the policy declared before.
    """
    policy = read_policy(source) if isinstance(source, str) else source
    a_round = lock_round(session, key)
    require(session, "policy.declare", scope_of(a_round), by=by, at=at)
    _check_change(a_round, reason)
    before = a_round.policy_id
    row = keep_policy(session, policy)
    a_round.policy_id = row.id
    a_round.policy_set_by = actor_of(session, by.id)
    session.add(a_round)
    payload: dict[str, object] = {"policy": row.name, "digest": row.digest}
    payload |= {"reason": reason} if reason else {}
    log(session, "policy.declare", subject_of(a_round), payload, by=by, at=at)
    if a_round.state != RoundState.DRAFT and before != row.id:
        announce(session, a_round, "policy:declare", dict(payload), at=at)
    return row


def _check_change(a_round: Round, reason: str) -> None:
    if a_round.state not in MAY_CHANGE:
        raise Conflict(
            tell(
                "round {round} is {state}: its policy can no longer "
                "change; before publication, take the freeze back first",
                round=a_round.key,
                state=a_round.state,
            )
        )
    if a_round.state != RoundState.DRAFT and not reason.strip():
        raise InvalidInput(
            tell(
                "round {round} has been opened: another policy needs a reason",
                round=a_round.key,
            )
        )
