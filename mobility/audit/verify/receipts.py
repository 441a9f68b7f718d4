"""Every certified list is frozen as its student was told. Standard library only."""

from typing import Any

from mobility.audit.verify.acts import Act, Course
from mobility.audit.verify.contents import Contents, Facts
from solver.fileio import to_canonical, to_digest

RECEIPT_FORMAT = "mobility-receipt/1"


def check_receipts(contents: Contents, course: Course) -> Facts:
    """Check each student's receipt against her list, and the lists against the log."""
    snapshot = contents.snapshot
    key = snapshot["round"]["key"]
    for student in snapshot["students"]:
        if student["receipt"] != _to_receipt(student, key):
            yield f"student {student['id']}: the receipt is not of the certified list"
        elif not _is_list_kept(student):
            yield f"student {student['id']}: the choices are not the certified list"
    receipts = {student["receipt"] for student in snapshot["students"]}
    if len(receipts) != len(snapshot["students"]):
        yield "two students have the same receipt"
    standing, unnamed = _read_certified(course)
    for receipt, act in sorted(standing.items()):
        if receipt not in receipts:
            yield (
                f"entry {act.seq} of the log certified a list, receipt {receipt}, that"
                " was not frozen"
            )
    if len(receipts - standing.keys()) > unnamed:
        yield f"{len(receipts - standing.keys())} lists were certified nowhere"
    named = len(receipts & standing.keys())
    return f"{len(receipts)} receipts, {named} of them found in the log"


def _is_list_kept(student: dict[str, Any]) -> bool:
    """Say whether the choices are the certified list without what was refused."""
    ranks = dict(student["certified"])
    kept = [choice["offer"] for choice in student["choices"]]
    refused = [choice["offer"] for choice in student["refused"]]
    places = [choice["rank"] for choice in student["choices"]]
    return (
        sorted([*kept, *refused])
        == sorted(offer for offer, _ in student["certified"])
        == sorted(ranks)
        and kept == sorted(kept, key=ranks.__getitem__)
        and places == list(range(1, len(kept) + 1))
    )


def _to_receipt(student: dict[str, Any], key: str) -> str:
    value = {
        "format": RECEIPT_FORMAT,
        "round": key,
        "number": student["number"],
        "ranking": sorted(student["certified"]),
        "salt": student["salt"],
    }
    return to_digest(to_canonical(value))


def _read_certified(course: Course) -> tuple[dict[str, Act], int]:
    """Return what counts at the freeze by receipt, and how many more may count.

    Lists of a demonstration are taken in many at once, and of an erased student the
    log keeps no receipt.
    """
    latest: dict[str, Act] = {}
    unnamed = 0
    for act in course.before_freeze("ranking:certify"):
        constructed = act.says("constructed")
        if isinstance(constructed, int):
            unnamed += constructed
        elif act.payload is None:
            unnamed += 1
        else:
            latest[act.actor] = act
    for act in course.before_freeze("ranking:withdraw"):
        if act.actor in latest and latest[act.actor].seq < act.seq:
            del latest[act.actor]
    return {str(act.says("receipt")): act for act in latest.values()}, unnamed
