"""The public proof: what anybody may see of a round, without a row of it.

Digests, heads of the log, aggregates, the lottery, and the receipts: a student finds
hers there, and nobody else learns anything from it. Standard library only.
"""

from typing import Any

from mobility.audit.verify.acts import Act, Course
from mobility.audit.verify.contents import Contents, Facts
from mobility.audit.verify.shapes import first_difference

PROOF_FORMAT = "mobility-public-proof/1"
AGGREGATES = (
    "students",
    "placed",
    "unplaced",
    "rank_profile",
    "emissions_g",
    "one_way_excess",
    "south_to_north",
    "north_to_south",
)


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
            {"name": stage["name"]} | {key: stage["metrics"][key] for key in AGGREGATES}
            for stage in result["stages"]
        ],
        "receipts": sorted(student["receipt"] for student in snapshot["students"]),
    }


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
