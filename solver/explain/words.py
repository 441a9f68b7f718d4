"""Explanations as sentences for a student. Pure; numbers are told in rank steps."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

Table = dict[str, Any]
Name = Callable[[str], str]
"""What to call an offer, by its id."""

CLOSED = {
    "forbidden": "{} was not open to you: the pair was ruled out before the run.",
    "pinned": "{} was not open to you: your place was fixed before the run.",
    "guarded": "{} was not open to you: what was promised to students like you kept "
    "you at places of another kind.",
    "lottery": "Whether you got {} was left to the lottery alone.",
    "few": "So few students competed for {} that no more can be said without telling "
    "of one of them.",
}
MORE = {
    "carbon": "the journey weighs {} more",
    "balance": "one-way exchange with that university weighs {} more",
    "equity": "what counts for your groups weighs {} more",
    "rank": "your own ranking weighs {} more",
    "moved": "moving you from the place you held weighs {} more",
    "other": "the round's other aims weigh {} more",
    "places": "others needed the place there by {} more",
    "unplaced": "leaving you without a place weighs {} more",
}


def say_all(explanation: Table, name: Name) -> list[str]:
    """Return the sentences for a student: her moves, then her better choices.

    Parameters
    ----------
    explanation
        What :func:`solver.explain.students.explain_all` says of her.
    name
        What to call an offer.
    """
    offer = explanation["offer"]
    outcome = name(offer) if offer else "no place"
    said = [f"Your outcome is {outcome}."]
    stages = explanation["stages"]
    for before, after in pairwise(stages):
        if before["offer"] != after["offer"]:
            said.append(say_move(before, after, name))
    said += [say_choice(c, explanation, name) for c in explanation["choices"]]
    if any("price" in choice for choice in explanation["choices"]):
        said += _say_precision(explanation)
    return said


def say_move(before: Table, after: Table, name: Name) -> str:
    """Return in a sentence what a stage did to a student, and why."""
    old = name(before["offer"]) if before["offer"] else "no place"
    new = name(after["offer"]) if after["offer"] else "no place"
    sentence = f"The {after['stage']} stage moved you from {old} to {new}"
    if not after.get("is_msteps"):
        return f"{sentence}."
    less = {term: -cost for term, cost in after["change"].items() if cost < 0}
    reasons = [_clause(term, cost, after) for term, cost in less.items()]
    return f"{sentence}: with {old}, {_join(reasons)}." if reasons else f"{sentence}."


def say_choice(choice: Table, explanation: Table, name: Name) -> str:
    """Return why a student has not got a choice that she ranked above her outcome."""
    offer = name(choice["offer"])
    if choice["case"] in CLOSED:
        return CLOSED[choice["case"]].format(offer)
    said = [f"You ranked {offer} {to_place(choice['rank'])}."]
    said += _say_full(choice["full"], offer)
    if not explanation["is_msteps"]:
        return " ".join([*said, "Others needed a place there more."])
    if choice["price"]:
        said.append(_say_worth(choice, explanation, name))
    more = {t: c for t, c in choice["terms"].items() if c > 0 and t != "rank"}
    if more:
        clauses = [_clause(term, cost, explanation) for term, cost in more.items()]
        said.append(f"There, {_join(clauses)}.")
    return " ".join([*said, _say_verdict(choice, explanation, name)])


def _say_full(items: list[Table], offer: str) -> list[str]:
    """Return which places are taken: the offer's own, and those of shared limits."""
    taken = [item for item in items if item["used"] == item["capacity"]]
    said = [_say_taken(i, f"at {offer}") for i in taken if "offer" in i]
    limits = [item for item in taken if "quota" in item]
    if len(limits) == 1:
        said.append(_say_taken(limits[0], f"of a limit that {offer} falls under"))
    elif limits:
        said.append(f"{len(limits)} limits that {offer} falls under are used up.")
    return said


def _say_taken(item: Table, where: str) -> str:
    if item["capacity"] == 1:
        return f"The only place {where} is taken."
    return f"All {item['capacity']} places {where} are taken."


def _say_worth(choice: Table, explanation: Table, name: Name) -> str:
    """Return what the place was worth to others and to her, against what she has."""
    price, worth = choice["price"] - choice["own_price"], choice["worth"]
    mine = _steps(worth, explanation) if worth > 0 else "no more"
    if explanation["offer"]:
        other = _steps(price, explanation) + " more" if price > 0 else "no more"
        own = name(explanation["offer"])
        return f"A place there was worth {other} to others than {own}; to you {mine}."
    said = f"A place there was worth {_steps(price, explanation)} to others; to you "
    alone = _steps(-choice["terms"].get("unplaced", 0), explanation)
    return f"{said}{mine}, where leaving a student without a place counts {alone}."


def _say_verdict(choice: Table, explanation: Table, name: Name) -> str:
    outcome = name(explanation["offer"]) if explanation["offer"] else ""
    rest = choice["price"] - choice["own_price"] - choice["worth"]
    if rest > 0:
        return (
            f"At these prices {outcome} left you better off."
            if outcome
            else "At these prices it went to those who needed it more."
        )
    if explanation["within"]:
        return "These prices do not tell the two apart."
    return (
        "At these prices the two were level; what they leave open was settled for all "
        "together, in the end by the lottery."
    )


def _say_precision(explanation: Table) -> list[str]:
    if not explanation["within"]:
        return []
    if not explanation["is_msteps"]:
        return ["The prices of this run do not prove this exactly."]
    within = _steps(explanation["within"], explanation)
    return [f"The prices of this run prove these figures within {within} only."]


def _clause(term: str, cost: int, scale: Table) -> str:
    return MORE[term].format(_steps(cost, scale))


def _join(clauses: list[str]) -> str:
    *others, last = clauses
    return f"{', '.join(others)} and {last}" if others else last


def _steps(cost: int, scale: Table) -> str:
    """Return a cost in rank steps: one decimal, half up, so never -0.0."""
    unit = 1000 * scale["denominator"]
    tenths = (20 * abs(cost) + unit) // (2 * unit)
    if cost and not tenths:
        return "less than 0.1 rank steps"
    sign = "-" if cost < 0 else ""
    return f"{sign}{tenths // 10}.{tenths % 10} rank steps"


def to_place(rank: int) -> str:
    """Return "first" for 1, "2nd", "13th"."""
    if rank == 1:
        return "first"
    is_teen = rank % 100 in (11, 12, 13)
    suffix = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"
