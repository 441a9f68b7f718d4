"""What became of a student's ranking: her place, stage by stage, and her journey."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from mobility.models import Notice, Policy
from mobility.reading.student_offers import OffersView, OfferView
from mobility.reading.student_rounds import StudentRound

PUBLISHED = "round:publish"


@dataclass(frozen=True, slots=True)
class PolicyStage:
    """A stage of the declared policy, as a student needs to know it.

    Parameters
    ----------
    say
        The policy's own sentence about the stage.
    guards_everyone
        The stage can take a place from nobody.
    most_steps
        How far down her list the guard lets anybody move; None without a guard.
    """

    name: str
    say: str
    guards_everyone: bool
    weighs_carbon: bool
    most_steps: int | None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The declared policy of a round: its stages in order, and its canonical value."""

    stages: tuple[PolicyStage, ...]
    value: dict[str, Any]

    @property
    def weighs_carbon(self) -> bool:
        """Say whether emissions count at all."""
        return any(stage.weighs_carbon for stage in self.stages)

    @property
    def carbon_is_guarded(self) -> bool:
        """Say whether emissions are weighed, and can take a place from nobody."""
        weighing = [stage for stage in self.stages if stage.weighs_carbon]
        return bool(weighing) and all(stage.guards_everyone for stage in weighing)

    @property
    def most_steps(self) -> int:
        """Return how far down her list weighing emissions can move anybody."""
        weighing = [stage for stage in self.stages if stage.weighs_carbon]
        return max((stage.most_steps or 0 for stage in weighing), default=0)


@dataclass(frozen=True, slots=True)
class StageView:
    """What she held after a stage.

    Parameters
    ----------
    wish
        Number on her list of what she held, from 1; None without a place.
    change
        "first" in the first stage; then "same", "up", "down", "found" or "lost".
    """

    stage: PolicyStage
    host: str
    wish: int | None
    change: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """A student's outcome; `offer` None: no place."""

    reason: str
    offer: OfferView | None
    wish: int | None
    stages: tuple[StageView, ...]
    policy: PolicyView


def read_policy(session: Session, a_round: StudentRound) -> PolicyView:
    """Return the policy that a round has declared."""
    policy = json.loads(session.get_one(Policy, a_round.policy_id).text)
    return PolicyView(tuple(map(_to_stage, policy.get("stages", ()))), policy)


def _to_stage(stage: dict[str, Any]) -> PolicyStage:
    guard = stage.get("guard", {})
    return PolicyStage(
        name=stage["name"],
        say=stage.get("say", ""),
        guards_everyone=bool(guard.get("everyone")),
        weighs_carbon=any(
            "carbon_per_tonne" in level["weights"] for level in stage["levels"]
        ),
        most_steps=guard.get("steps"),
    )


def view_result(
    session: Session, a_round: StudentRound, offers: OffersView, person_id: int
) -> ResultView:
    """Return what became of a student's ranking in a published round."""
    policy = read_policy(session, a_round)
    wishes = a_round.certified.offers if a_round.certified else ()
    by_key, place = offers.by_key, a_round.place
    return ResultView(
        reason=place.reason if place else _told(session, a_round, person_id),
        offer=by_key.get(place.offer) if place else None,
        wish=_number(place.offer if place else None, wishes),
        stages=tuple(_follow(policy, a_round, by_key, wishes)),
        policy=policy,
    )


def _told(session: Session, a_round: StudentRound, person_id: int) -> str:
    """Return what she was told without a place; a test round tells nobody."""
    query = (
        select(Notice)
        .where(Notice.person_id == person_id)
        .where(Notice.round_id == a_round.row_id)
        .where(Notice.kind == PUBLISHED)
        .order_by(col(Notice.id).desc())
    )
    row = session.exec(query).first()
    return str(row.payload.get("reason", "")) if row else ""


def _follow(
    policy: PolicyView,
    a_round: StudentRound,
    by_key: dict[str, OfferView],
    wishes: tuple[str, ...],
) -> Iterator[StageView]:
    """Yield what she held after each stage; nothing is known of who has no place."""
    if a_round.place is None:
        return
    before: int | None = None
    for number, stage in enumerate(policy.stages):
        offer = a_round.place.held_in.get(stage.name)
        wish = _number(offer, wishes)
        host = by_key[offer].host if offer in by_key else ""
        yield StageView(stage, host, wish, _change(before, wish) if number else "first")
        before = wish


def _number(offer: str | None, wishes: tuple[str, ...]) -> int | None:
    return wishes.index(offer) + 1 if offer in wishes else None


def _change(before: int | None, after: int | None) -> str:
    if before == after:
        return "same"
    if before is None or after is None:
        return "found" if before is None else "lost"
    return "up" if after < before else "down"
