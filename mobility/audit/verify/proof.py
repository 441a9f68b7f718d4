"""The public proof: what anybody may see of a round, without a row of it.

Digests, heads of the log, aggregates, the lottery, and the receipts: a student finds
hers there, and nobody else learns anything from it. Small counts are withheld as in the
public statistics; whoever has the bundle counts them again. Standard library only.
"""

from typing import Any

from mobility.audit.verify.acts import Act, Course
from mobility.audit.verify.contents import Contents, Facts
from mobility.audit.verify.shapes import first_difference
from mobility.audit.verify.suppression import suppress_line

PROOF_FORMAT = "mobility-public-proof/2"


def make_proof(contents: Contents, course: Course) -> dict[str, Any]:
    """Return the public proof of a bundle whose other members are there."""
    snapshot, result = contents.snapshot, contents.result
    about = snapshot["round"]
    return {
        "format": PROOF_FORMAT,
        "round": {key: about[key] for key in ("key", "name", "academic_year")},
        "digests": contents.digests,
        "log": {
            "freeze": _head(course.freeze),
            "publish": _head(course.publish),
            "head": contents.values["log.json"]["head"],
        },
        "verdict": {
            "verdict": "verified",
            "status": result["status"],
            "gap_msteps": result["gap_msteps"],
        },
        "lottery": {
            "seed": contents.values["instance.json"]["seed"],
            "promises": contents.values["lottery.json"],
        },
        "stages": [
            {"name": stage["name"], **to_public(stage["metrics"])}
            for stage in result["stages"]
        ],
        "weaknesses": course.publish.says("weaknesses") if course.publish else None,
        "receipts": sorted(student["receipt"] for student in snapshot["students"]),
    }


def to_public(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return a stage's aggregates; None where so few are meant that it would tell.

    The number of students is that of the receipts, which are public in any case.
    """
    placed, unplaced = suppress_line([metrics["placed"], metrics["unplaced"]])
    is_open = placed is not None and unplaced is not None
    ranks = sorted(metrics["rank_profile"], key=int) if is_open else []
    counts = suppress_line([metrics["rank_profile"][rank] for rank in ranks])
    lanes = ("south_to_north", "north_to_south")
    return {
        "students": metrics["students"],
        "placed": placed,
        "unplaced": unplaced,
        "rank_profile": dict(zip(ranks, counts, strict=True)) if is_open else None,
        "emissions_g": metrics["emissions_g"] if is_open else None,
        "one_way_excess": metrics["one_way_excess"] if is_open else None,
    } | {key: suppress_line([metrics[key]])[0] if is_open else None for key in lanes}


def _head(act: Act | None) -> dict[str, Any] | None:
    return None if act is None else {"seq": act.seq, "hash": act.hash}


def check_proof(contents: Contents, course: Course) -> Facts:
    """Check that the public proof is of this bundle."""
    expected = make_proof(contents, course)
    found = contents.values["public-proof.json"]
    difference = first_difference(expected, found, "public-proof.json")
    if difference:
        yield difference
    return f"{len(expected['receipts'])} receipts, no other row"
