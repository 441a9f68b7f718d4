"""A run's result becomes students' outcomes: place, emissions, reason. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobility.rounds.reasons import Choices, Held, explain
from mobility.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one student is told, under her pseudonym.

    Parameters
    ----------
    offer
        Key of the offer placed at; None without a place, rank and emissions then 0.
    rank
        Among the offers open to her; `reason` speaks of the list as she made it.
    held_in
        The offer held after each stage, by the stage's name; stages without are absent.
    """

    student: str
    offer: str | None
    rank: int
    emissions_g: int
    held_in: dict[str, str]
    reason: Sentence


def read_outcomes(
    snapshot: dict[str, Any], result: dict[str, Any]
) -> Iterator[Outcome]:
    """Yield the outcome of every student of a snapshot, in its order.

    Parameters
    ----------
    snapshot
        A value of format "mobility-snapshot/1".
    result
        A verified result of the snapshot's instance.
    """
    names = {heis["hei_id"]: heis["name"] for heis in snapshot["institutions"]}
    hosts = {o["key"]: names[o["receiving"]] for o in snapshot["offers"]}
    for student in snapshot["students"]:
        yield _outcome(student, result, hosts)


def _outcome(
    student: dict[str, Any], result: dict[str, Any], hosts: dict[str, str]
) -> Outcome:
    choices = {choice["offer"]: choice for choice in student["choices"]}
    held = [
        Held(stage["name"], stage["placements"].get(student["id"]))
        for stage in result["stages"]
    ]
    known = Choices(
        rank_by_offer={offer: choice["rank"] for offer, choice in choices.items()},
        name_by_offer={offer: hosts[offer] for offer in choices},
        wish_by_offer=dict(student["certified"]),
    )
    offer = result["placements"].get(student["id"])
    return Outcome(
        student=student["id"],
        offer=offer,
        rank=choices[offer]["rank"] if offer else 0,
        emissions_g=choices[offer]["emissions_g"] if offer else 0,
        held_in={stage.stage: stage.offer for stage in held if stage.offer},
        reason=explain(held, known, result["policy"]),
    )
