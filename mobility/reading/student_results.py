"""What became of a student's ranking: her place, stage by stage, and her journey."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from mobility.models import Notice, Policy
from mobility.reading.student_offers import OffersView, OfferView
from mobility.reading.student_rounds import StudentRound

PUBLISHED = "round:publish"


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of the declared policy, and what she held after it.

    Parameters
    ----------
    say
        The policy's own sentence about the stage.
    wish
        Number on her list of what she held, from 1; None without a place.
    change
        "first" in the first stage; then "same", "up", "down", "found" or "lost".
    guards_everyone
        The stage can take a place from nobody.
    """

    name: str
    say: str
    host: str
    wish: int | None
    change: str
    guards_everyone: bool
    weighs_carbon: bool
    most_steps: int | None


@dataclass(frozen=True, slots=True)
class ResultView:
    """A student's outcome; `offer` None: no place."""

    reason: str
    offer: OfferView | None
    wish: int | None
    stages: tuple[StageView, ...]

    @property
    def carbon_is_guarded(self) -> bool:
        """Say whether emissions were weighed, and could take a place from nobody."""
        weighing = [stage for stage in self.stages if stage.weighs_carbon]
        return bool(weighing) and all(stage.guards_everyone for stage in weighing)

    @property
    def weighs_carbon(self) -> bool:
        """Say whether emissions counted at all."""
        return any(stage.weighs_carbon for stage in self.stages)


def view_result(
    session: Session, a_round: StudentRound, offers: OffersView, person_id: int
) -> ResultView:
    """Return what became of a student's ranking in a published round."""
    policy = json.loads(session.get_one(Policy, a_round.policy_id).text)
    wishes = a_round.certified.offers if a_round.certified else ()
    by_key, place = offers.by_key, a_round.place
    return ResultView(
        reason=place.reason if place else _told(session, a_round, person_id),
        offer=by_key.get(place.offer) if place else None,
        wish=_number(place.offer if place else None, wishes),
        stages=tuple(_read_stages(policy, a_round, by_key, wishes)),
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


def _read_stages(
    policy: dict[str, Any],
    a_round: StudentRound,
    by_key: dict[str, OfferView],
    wishes: tuple[str, ...],
) -> list[StageView]:
    held = a_round.place.held_in if a_round.place else {}
    before: int | None = None
    found = []
    for number, stage in enumerate(policy.get("stages", ())):
        offer = held.get(stage["name"])
        wish = _number(offer, wishes)
        guard = stage.get("guard", {})
        found.append(
            StageView(
                name=stage["name"],
                say=stage.get("say", ""),
                host=by_key[offer].host if offer in by_key else "",
                wish=wish,
                change=_change(before, wish) if number else "first",
                guards_everyone=bool(guard.get("everyone")),
                weighs_carbon=_weighs_carbon(stage),
                most_steps=guard.get("steps"),
            )
        )
        before = wish
    return found


def _weighs_carbon(stage: dict[str, Any]) -> bool:
    return any("carbon_per_tonne" in level["weights"] for level in stage["levels"])


def _number(offer: str | None, wishes: tuple[str, ...]) -> int | None:
    return wishes.index(offer) + 1 if offer in wishes else None


def _change(before: int | None, after: int | None) -> str:
    if before == after:
        return "same"
    if before is None or after is None:
        return "found" if before is None else "lost"
    return "up" if after < before else "down"
