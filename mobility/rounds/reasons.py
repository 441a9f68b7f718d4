"""Why a student has the place she has, in plain words, from the stages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from mobility.sentences import Sentence, join, tell, tell_many

CARBON_SENTENCE = tell("Carbon never decides whether you get a place.")
ORDINALS = (
    tell("first"),
    tell("second"),
    tell("third"),
    tell("fourth"),
    tell("fifth"),
)
NUMBERS = (
    tell("no"),
    tell("one"),
    tell("two"),
    tell("three"),
    tell("four"),
    tell("five"),
)


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

    def describe(self, offer: str) -> Sentence:
        """Return "your first choice, Uppsala University".

        Where offers before it were not open to her, "your third choice (the second of
        those open to you), ...".
        """
        rank = self.rank_by_offer[offer]
        wish = self.wish_by_offer.get(offer, rank)
        name, ordinal = self.name_by_offer[offer], to_ordinal(wish)
        if wish == rank:
            return tell("your {ordinal} choice, {name}", ordinal=ordinal, name=name)
        return tell(
            "your {ordinal} choice (the {among} of those open to you), {name}",
            ordinal=ordinal,
            among=to_ordinal(rank),
            name=name,
        )


def explain(held: Sequence[Held], choices: Choices, policy: dict[str, Any]) -> Sentence:
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
    return join(sentences)


def guarded_carbon_stages(policy: dict[str, Any]) -> set[str]:
    """Return the stages that weigh carbon and can take a place from nobody."""
    return {
        stage["name"]
        for stage in policy["stages"]
        if stage.get("guard", {}).get("everyone")
        and any("carbon_per_tonne" in level["weights"] for level in stage["levels"])
    }


def _outcome(last: Held, choices: Choices) -> Sentence:
    if last.offer is not None:
        return tell("You have {offer}.", offer=choices.describe(last.offer))
    if not choices.rank_by_offer:
        return tell("You have no place: no offer on your list is open to you.")
    return tell(
        "You have no place in this round: the places on your list went to others."
    )


def _move(before: Held, after: Held, choices: Choices) -> Sentence:
    if before.offer is None and after.offer is not None:
        found = choices.describe(after.offer)
        return tell(
            "The {stage} stage found {found}, where you had no place before.",
            stage=after.stage,
            found=found,
        )
    if before.offer is not None and after.offer is None:
        lost = choices.describe(before.offer)
        return tell(
            "Before the {stage} stage you held {lost}.", stage=after.stage, lost=lost
        )
    return _step(str(before.offer), str(after.offer), after.stage, choices)


def _step(before: str, after: str, stage: str, choices: Choices) -> Sentence:
    ranks = choices.rank_by_offer
    steps = ranks[after] - ranks[before]
    way = tell(
        "from {before}, to {after}",
        before=choices.describe(before),
        after=choices.describe(after),
    )
    if steps == 0:
        return tell(
            "The {stage} stage moved you {way}, which you ranked alike.",
            stage=stage,
            way=way,
        )
    moved = to_steps(abs(steps))
    if steps > 0:
        return tell(
            "The {stage} stage moved you {steps}, {way}.",
            stage=stage,
            steps=moved,
            way=way,
        )
    return tell(
        "The {stage} stage moved you up {steps}, {way}.",
        stage=stage,
        steps=moved,
        way=way,
    )


def to_ordinal(rank: int) -> Sentence:
    """Return "first" for 1, "13th" where words run out."""
    if rank <= len(ORDINALS):
        return ORDINALS[rank - 1]
    last = 0 if rank % 100 in (11, 12, 13) else rank % 10
    if last == 1:
        return tell("{rank}st", rank=rank)
    if last == 2:
        return tell("{rank}nd", rank=rank)
    if last == 3:
        return tell("{rank}rd", rank=rank)
    return tell("{rank}th", rank=rank)


def to_steps(count: int) -> Sentence:
    """Return "one step", "two steps", "11 steps"."""
    number: object = NUMBERS[count] if count < len(NUMBERS) else count
    return tell_many("{number} step", "{number} steps", count, number=number)
