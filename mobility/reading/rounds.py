"""Rounds and their runs as frozen rows, for commands and pages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import (
    Answer,
    Application,
    Certification,
    LotteryCommitment,
    Offer,
    Placement,
    Policy,
    Round,
    Run,
    Snapshot,
)
from mobility.models.run import OPTIMISE
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in a list; places are answered until `answers_until`, once published."""

    key: str
    name: str
    state: str
    academic_year_id: str
    is_dry_run: bool
    deadline_at: datetime
    deadline_zone: str
    answers_until: datetime | None


@dataclass(frozen=True, slots=True)
class CommitterRow:
    """Who promised a secret to the lottery, and whether she revealed it."""

    committer: str
    commitment: str
    is_revealed: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round in full.

    Parameters
    ----------
    applications, certified
        Applications that were not withdrawn; those of them with a list that counts.
    answers
        Number of answers by kind, "none" for placements without one.
    """

    round: RoundRow
    policy: str
    policy_digest: str
    factor_set: str
    snapshot_digest: str | None
    published_run: int | None
    offers: int
    places: int
    applications: int
    certified: int
    placed: int
    answers: dict[str, int]
    committers: tuple[CommitterRow, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list; `gap_msteps` in thousandths of a rank step."""

    run: int
    policy: str
    mechanism: str
    is_scenario: bool
    is_of_present_freeze: bool
    state: str
    progress: str
    status: str | None
    gap_msteps: int | None
    verdict: str | None
    verdict_text: str
    error: str | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def rule(self) -> str:
        """What placed: the policy, or a mechanism that it measures."""
        return name_rule(self.policy, self.mechanism)


def name_rule(policy: str, mechanism: str) -> str:
    """Return what a run is called: its policy, behind another mechanism if any."""
    return policy if mechanism == OPTIMISE else f"{mechanism}, {policy}"


def list_rounds(session: Session) -> list[RoundRow]:
    """Return all rounds, latest deadline first."""
    query = select(Round).order_by(col(Round.deadline_at).desc(), col(Round.key))
    return [to_row(a_round) for a_round in session.exec(query)]


def view_round(session: Session, key: str) -> RoundView:
    """Return a round in full.

    Raises
    ------
    NotFound
        When there is none of that key.
    """
    a_round = _find(session, key)
    policy = session.get_one(Policy, a_round.policy_id)
    snapshot = a_round.snapshot_id and session.get_one(Snapshot, a_round.snapshot_id)
    places = session.exec(
        select(Offer.capacity).where(Offer.round_id == a_round.id)
    ).all()
    applications, certified = _count_applications(session, a_round)
    answers = _count_answers(session, a_round)
    return RoundView(
        round=to_row(a_round),
        policy=policy.name,
        policy_digest=policy.digest,
        factor_set=a_round.factor_set,
        snapshot_digest=snapshot.digest if snapshot else None,
        published_run=a_round.published_run_id,
        offers=len(places),
        places=sum(places),
        applications=applications,
        certified=certified,
        placed=sum(answers.values()),
        answers=answers,
        committers=_committers(session, a_round),
    )


def list_runs(session: Session, key: str) -> list[RunRow]:
    """Return a round's runs, latest first.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    a_round = _find(session, key)
    query = (
        select(Run, Policy.name)
        .join(Policy, col(Policy.id) == Run.policy_id)
        .where(Run.round_id == a_round.id)
        .order_by(col(Run.id).desc())
    )
    return [
        RunRow(
            run=run.id,
            policy=policy,
            mechanism=run.mechanism,
            is_scenario=run.is_scenario,
            is_of_present_freeze=run.snapshot_id == a_round.snapshot_id,
            state=run.state.value,
            progress=run.progress,
            status=run.status.value if run.status else None,
            gap_msteps=run.gap_msteps,
            verdict=run.verdict.value if run.verdict else None,
            verdict_text=run.verdict_text,
            error=run.error,
            created_at=run.created_at,
            finished_at=run.finished_at,
        )
        for run, policy in session.exec(query)
    ]


def _find(session: Session, key: str) -> Round:
    a_round = session.exec(select(Round).where(Round.key == key)).first()
    if a_round is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    return a_round


def to_row(a_round: Round) -> RoundRow:
    """Return a round as it stands in a list."""
    return RoundRow(
        key=a_round.key,
        name=a_round.name,
        state=a_round.state.value,
        academic_year_id=a_round.academic_year_id,
        is_dry_run=a_round.is_dry_run,
        deadline_at=a_round.deadline_at,
        deadline_zone=a_round.deadline_zone,
        answers_until=a_round.answers_until,
    )


def _count_applications(session: Session, a_round: Round) -> tuple[int, int]:
    query = (
        select(func.count(col(Application.id)), func.count(col(Certification.id)))
        .select_from(Application)
        .outerjoin(
            Certification,
            (col(Certification.application_id) == col(Application.id))
            & col(Certification.is_current),
        )
        .where(Application.round_id == a_round.id)
        .where(col(Application.withdrawn_at).is_(None))
    )
    applications, certified = session.exec(query).one()
    return applications, certified


def _count_answers(session: Session, a_round: Round) -> dict[str, int]:
    query = (
        select(col(Answer.kind), func.count())
        .select_from(Placement)
        .outerjoin(Answer, col(Answer.placement_id) == col(Placement.id))
        .where(Placement.round_id == a_round.id)
        .group_by(col(Answer.kind))
    )
    counts = {str(kind or "none"): count for kind, count in session.exec(query)}
    return dict(sorted(counts.items()))


def _committers(session: Session, a_round: Round) -> tuple[CommitterRow, ...]:
    query = (
        select(LotteryCommitment)
        .where(LotteryCommitment.round_id == a_round.id)
        .order_by(col(LotteryCommitment.committer))
    )
    return tuple(
        CommitterRow(row.committer, row.commitment, row.secret is not None)
        for row in session.exec(query)
    )
