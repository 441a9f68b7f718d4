"""Why a student has the place she has, in plain words, from the stages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

CARBON_SENTENCE = "Carbon never decides whether you get a place."
ORDINALS = ["first", "second", "third", "fourth", "fifth"]
NUMBERS = ["no", "one", "two", "three", "four", "five"]


@dataclass(frozen=True, slots=True)
class Held:
    """What a student held after a stage; `offer` None: no place."""

    stage: str
    offer: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """A student's eligible choices.

    Parameters
    ----------
    rank_by_offer
        Rank among those open to her: what the solver counts steps in.
    name_by_offer
        The host's name.
    wish_by_offer
        Rank on the list as she certified it, later than the other by the offers before
        it that were not open to her. Offers that are missing have the same.
    """

    rank_by_offer: Mapping[str, int]
    name_by_offer: Mapping[str, str]
    wish_by_offer: Mapping[str, int] = field(default_factory=dict)

    def describe(self, offer: str) -> str:
        """Return "your first choice, Uppsala University".

        Where offers before it were not open to her, "your third choice (the second of
        those open to you), ...".
        """
        rank = self.rank_by_offer[offer]
        wish = self.wish_by_offer.get(offer, rank)
        among = f" (the {to_ordinal(rank)} of those open to you)"
        said = f"your {to_ordinal(wish)} choice{'' if wish == rank else among}"
        return f"{said}, {self.name_by_offer[offer]}"


def explain(held: Sequence[Held], choices: Choices, policy: dict[str, Any]) -> str:
    """Return the sentences that go with a student's outcome.

    Parameters
    ----------
    held
        One per stage of the policy, in order; the last is the outcome.
    policy
        The declared policy's canonical value.
    """
    sentences = [_outcome(held[-1], choices)]
    guarded = guarded_carbon_stages(policy)
    for before, after in pairwise(held):
        if before.offer == after.offer:
            continue
        sentences.append(_move(before, after, choices))
        if after.stage in guarded:
            sentences.append(CARBON_SENTENCE)
    return " ".join(sentences)


def guarded_carbon_stages(policy: dict[str, Any]) -> set[str]:
    """Return the stages that weigh carbon and can take a place from nobody."""
    return {
        stage["name"]
        for stage in policy["stages"]
        if stage.get("guard", {}).get("everyone")
        and any("carbon_per_tonne" in level["weights"] for level in stage["levels"])
    }


def _outcome(last: Held, choices: Choices) -> str:
    if last.offer is not None:
        return f"You have {choices.describe(last.offer)}."
    if not choices.rank_by_offer:
        return "You have no place: no offer on your list is open to you."
    return "You have no place in this round: the places on your list went to others."


def _move(before: Held, after: Held, choices: Choices) -> str:
    if before.offer is None and after.offer is not None:
        found = choices.describe(after.offer)
        return f"The {after.stage} stage found {found}, where you had no place before."
    if before.offer is not None and after.offer is None:
        lost = choices.describe(before.offer)
        return f"Before the {after.stage} stage you held {lost}."
    return _step(str(before.offer), str(after.offer), after.stage, choices)


def _step(before: str, after: str, stage: str, choices: Choices) -> str:
    ranks = choices.rank_by_offer
    steps = ranks[after] - ranks[before]
    way = f"from {choices.describe(before)}, to {choices.describe(after)}"
    if steps == 0:
        return f"The {stage} stage moved you {way}, which you ranked alike."
    direction = "" if steps > 0 else " up"
    return f"The {stage} stage moved you{direction} {to_steps(abs(steps))}, {way}."


def to_ordinal(rank: int) -> str:
    """Return "first" for 1, "13th" where words run out."""
    if rank <= len(ORDINALS):
        return ORDINALS[rank - 1]
    is_teen = rank % 100 in (11, 12, 13)
    suffix = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"


def to_steps(count: int) -> str:
    """Return "one step", "two steps", "11 steps"."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} step" if count == 1 else f"{number} steps"
