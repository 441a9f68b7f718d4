"""What the students were told is what the proven result says. Standard library only."""

from typing import Any

from mobility.audit.verify.acts import Course
from mobility.audit.verify.contents import Contents, Facts
from solver.verify import verify


def check_certificate(contents: Contents, _course: Course) -> Facts:
    """Have the solver's independent verifier check the result."""
    verdict = verify(
        contents.members["instance.json"], contents.members["result.json"], every=True
    )
    yield from verdict.facts
    return verdict.summary.removeprefix("verified: ")


def check_placements(contents: Contents, _course: Course) -> Facts:
    """Check every published placement against the result."""
    result = contents.result
    ranks = {
        (student["id"], choice["offer"]): choice["rank"]
        for student in contents.snapshot["students"]
        for choice in student["choices"]
    }
    placed: dict[str, str] = {}
    for row in contents.values["placements.json"]:
        who, offer = row["student"], row["offer"]
        if who in placed:
            yield f"student {who} was published twice"
        placed[who] = offer
        expected = result["placements"].get(who)
        if offer != expected:
            yield f"student {who} was published at {offer}, the result has {expected}"
        elif row["rank"] != ranks.get((who, offer)):
            yield f"student {who}: published as choice {row['rank']}, which it is not"
        if row["held_in"] != _held(result, who):
            yield f"student {who}: the stages as published are not the result's"
    for who in sorted(result["placements"].keys() - placed.keys()):
        yield f"student {who} has a place in the result that was not published"
    return f"{len(placed)} placements"


def _held(result: dict[str, Any], student: str) -> dict[str, str]:
    """Return the offer that a student held after each stage, where she did."""
    return {
        stage["name"]: stage["placements"][student]
        for stage in result["stages"]
        if student in stage["placements"]
    }
