"""Making a round: from its settings, or as a copy of an earlier one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, select

from mobility.audit.record import actor_of
from mobility.carbon.factors import require_round_set
from mobility.carbon.method import Method
from mobility.errors import Conflict, InvalidInput, Refused
from mobility.models import Person, Policy, Round
from mobility.records.authority import log, require
from mobility.rounds.deadlines import to_instant, to_text
from mobility.rounds.offers import copy_offers
from mobility.rounds.policies import keep_policy
from mobility.rounds.rows import read_round, subject_of
from mobility.sentences import Moment, tell
from solver.policy_reader import read_policy

KEY_RULE = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
YEAR_RULE = re.compile(r"(\d{4})/(\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """The settings of a round to be made.

    Parameters
    ----------
    key
        Lower-case letters, digits, dots and hyphens: "2027-spring".
    academic_year_id
        "2026/2027".
    deadline, zone
        Local time and IANA zone, as `rounds.deadlines.to_instant` takes them.
    policy
        Name of a preset or path of a TOML or JSON file.
    carbon_settings
        Keys of `mobility.carbon.method.Method`; what is absent has its default.
    balance_years
        How many settled rounds' balances are carried, 0 or more.
    """

    key: str
    name: str
    academic_year_id: str
    deadline: str
    zone: str
    policy: str = "balanced"
    factor_set: str = "desnz-2026"
    carbon_settings: dict[str, int | str] = field(default_factory=dict)
    balance_years: int = 3
    is_dry_run: bool = False


def create_round(session: Session, new: NewRound, *, by: Person, at: datetime) -> Round:
    """Make a round in state draft.

    Raises
    ------
    InvalidInput
        With every setting that breaks a rule.
    InvalidFile, InvalidPolicy
        When the policy cannot be read or breaks a rule.
    Conflict
        When the key is taken.
    """
    require(session, "round.create", by=by, at=at)
    instant = _check(session, new, at)
    policy = keep_policy(session, read_policy(new.policy))
    a_round = _to_row(new, instant, policy, actor_of(session, by.id))
    _store(session, a_round, {"policy": policy.digest}, by=by, at=at)
    return a_round


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a round that is copied from another does not take from it.

    Parameters
    ----------
    shift_days
        How much later its offers start; 364 days are a year that keeps the weekday.
    """

    key: str
    name: str
    academic_year_id: str
    deadline: str
    zone: str
    is_dry_run: bool = False
    shift_days: int = 364


def copy_round(
    session: Session, source: str, copied: Copied, *, by: Person, at: datetime
) -> Round:
    """Make a round with the policy, settings, offers and quotas of an earlier one.

    Decisions about single students (pins, forbidden pairs, quotas over named students)
    are not taken along.
    """
    require(session, "round.create", by=by, at=at)
    old = read_round(session, source)
    values = {name: getattr(copied, name) for name in Copied.__slots__}
    shift = timedelta(days=values.pop("shift_days"))
    new = NewRound(
        **values,
        factor_set=old.factor_set,
        carbon_settings=old.carbon_settings,
        balance_years=old.balance_years,
    )
    instant = _check(session, new, at)
    policy = session.get_one(Policy, old.policy_id)
    a_round = _to_row(new, instant, policy, actor_of(session, by.id))
    payload: dict[str, object] = {"policy": policy.digest, "copied_from": source}
    _store(session, a_round, payload, by=by, at=at)
    copy_offers(session, old, a_round, shift)
    return a_round


def _check(session: Session, new: NewRound, at: datetime) -> datetime:
    """Return the deadline's instant once all settings have been checked."""
    problems = list(_setting_problems(new))
    instant = at
    try:
        instant = to_instant(new.deadline, new.zone)
    except InvalidInput as refusal:
        problems += refusal.problems
    else:
        if instant <= at:
            when = Moment(instant, new.zone)
            problems.append(tell("deadline {when} has passed already", when=when))
    if problems:
        raise InvalidInput(problems)
    if session.exec(select(Round.id).where(Round.key == new.key)).first() is not None:
        raise Conflict(tell("there is a round {name!r} already", name=new.key))
    return instant


def _setting_problems(new: NewRound) -> Iterator[str]:
    if not KEY_RULE.fullmatch(new.key):
        yield (
            tell(
                "key {name!r} must be 1 to 64 lower-case letters, digits, "
                "dots and hyphens",
                name=new.key,
            )
        )
    if not new.name.strip():
        yield tell("the round's name is empty")
    years = YEAR_RULE.fullmatch(new.academic_year_id)
    if not years or int(years[2]) != int(years[1]) + 1:
        yield tell(
            "academic year {academic_year_id!r} must read as 2026/2027",
            academic_year_id=new.academic_year_id,
        )
    if new.balance_years < 0:
        yield tell(
            "balance years are {balance_years}, must be 0 or more",
            balance_years=new.balance_years,
        )
    yield from _refusals_of_method(new)


def _refusals_of_method(new: NewRound) -> Iterator[str]:
    try:
        require_round_set(new.factor_set)
        Method.from_json({**new.carbon_settings, "factor_set": new.factor_set})
    except Refused as refusal:
        yield from refusal.problems


def _to_row(new: NewRound, instant: datetime, policy: Policy, actor: str) -> Round:
    return Round(
        key=new.key,
        name=new.name.strip(),
        academic_year_id=new.academic_year_id,
        is_dry_run=new.is_dry_run,
        deadline_at=instant,
        deadline_zone=new.zone,
        policy_id=policy.id,
        policy_set_by=actor,
        factor_set=new.factor_set,
        carbon_settings=dict(new.carbon_settings),
        balance_years=new.balance_years,
    )


def _store(
    session: Session,
    a_round: Round,
    payload: dict[str, object],
    *,
    by: Person,
    at: datetime,
) -> None:
    session.add(a_round)
    session.flush()
    payload |= {
        "deadline": to_text(a_round.deadline_at),
        "factor_set": a_round.factor_set,
        "is_dry_run": a_round.is_dry_run,
    }
    log(session, "round.create", subject_of(a_round), payload, by=by, at=at)
