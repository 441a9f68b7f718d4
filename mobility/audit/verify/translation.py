"""The solver's instance follows from the snapshot, its seed from the promises.

Written apart from the service's own translation, so that a mistake there is not
repeated here. Standard library only.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Any

from mobility.audit.verify.acts import Course
from mobility.audit.verify.contents import Contents, Facts
from mobility.audit.verify.shapes import first_difference
from solver.fileio import to_canonical, to_digest

SNAPSHOT_FORMAT = "mobility-snapshot/1"
INSTANCE_FORMAT = "mobility-instance/1"
LOTTERY = "mobility-lottery/1"
NO_SEED = "0" * 64


def check_instance(contents: Contents, _course: Course) -> Facts:
    """Check that what was solved is what was frozen."""
    snapshot = contents.snapshot
    if snapshot["format"] != SNAPSHOT_FORMAT:
        yield f"snapshot.json: format is {snapshot['format']!r}, not {SNAPSHOT_FORMAT}"
    if snapshot["round"]["policy_digest"] != contents.digests["policy"]:
        yield "policy.json is not the policy that the snapshot names"
    policy = contents.values["policy.json"]
    for name, value in (
        ("snapshot.json", snapshot["round"]["policy"]),
        ("result.json", contents.result["policy"]),
    ):
        difference = first_difference(policy, value, f"{name}: policy")
        if difference:
            yield f"{difference} as in policy.json"
    instance = contents.values["instance.json"]
    expected = translate(snapshot, instance["seed"])
    difference = first_difference(expected, instance, "instance.json")
    if difference:
        yield f"{difference} as the snapshot has it"
    choices = sum(len(student["choices"]) for student in expected["students"])
    return f"{len(expected['students'])} students, {choices} choices"


def translate(snapshot: dict[str, Any], seed: str) -> dict[str, Any]:
    """Return the instance that a snapshot stands for."""
    return {
        "format": INSTANCE_FORMAT,
        "id": snapshot["round"]["key"],
        "seed": seed,
        "institutions": [
            {"id": row["hei_id"], **_keep(row, "country", "exchange_tolerance")}
            | ({"block": row["block"]} if row["block"] is not None else {})
            for row in snapshot["institutions"]
        ],
        "offers": [
            {"id": row["key"], **_keep(row, "receiving", "capacity", "mode", "days")}
            for row in snapshot["offers"]
        ],
        "students": [
            _keep(row, "id", "sending", "merit", "floor_g", "groups")
            | {
                "choices": [
                    _keep(choice, "offer", "rank", "emissions_g")
                    for choice in row["choices"]
                ]
            }
            for row in snapshot["students"]
        ],
        "quotas": list(_quotas(snapshot)),
        "partnerships": snapshot["partnerships"],
        "pins": snapshot["pins"],
        "forbidden": snapshot["forbidden"],
    }


def _keep(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: row[key] for key in keys}


def _quotas(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the quotas; a pair counts where it is a choice that no offer counts."""
    for row in snapshot["quotas"]:
        pairs = {tuple(pair) for pair in row["pairs"]}
        yield {
            "id": row["key"],
            "capacity": row["capacity"],
            "offers": sorted(set(row["offers"])),
            "choices": [
                [student["id"], choice["offer"]]
                for student in (snapshot["students"] if pairs else ())
                for choice in student["choices"]
                if (student["id"], choice["offer"]) in pairs
                and choice["offer"] not in row["offers"]
            ],
        }


def check_lottery(contents: Contents, course: Course) -> Facts:
    """Check promises, secrets and the seed that follows from them."""
    rows = contents.values["lottery.json"]
    before = [act.says("commitment") for act in course.before_freeze("lottery:commit")]
    after = [act.says("secret") for act in course.after_freeze("lottery:reveal")]
    for row in rows:
        text = f"{LOTTERY}\n{row['secret']}"
        if hashlib.sha256(text.encode()).hexdigest() != row["commitment"]:
            yield f"lottery: the secret of {row['committer']} is not the one promised"
        if row["commitment"] not in before:
            yield f"lottery: the log has no promise of {row['committer']} in time"
        if unicodedata.normalize("NFC", row["secret"]) not in after:
            yield f"lottery: the log has no secret of {row['committer']} in time"
    promised = [[row["committer"], row["commitment"]] for row in rows]
    frozen = contents.snapshot["commitments"]
    if sorted(promised) != sorted([r["committer"], r["commitment"]] for r in frozen):
        yield "lottery: the promises are not those that were frozen"
    if contents.values["instance.json"]["seed"] != find_seed(contents):
        yield "the lottery's seed does not follow from the promises and the instance"
    names = ", ".join(row["committer"] for row in rows) or "nobody"
    return f"secrets of {names}" if len(rows) > 1 else f"weakness: secret of {names}"


def find_seed(contents: Contents) -> str:
    """Return the seed that the frozen instance, policy and secrets give."""
    rows = contents.values["lottery.json"]
    if not rows:
        return NO_SEED
    instance = dict(contents.values["instance.json"])
    instance.pop("seed")
    parts = [
        LOTTERY,
        to_digest(to_canonical(instance)),
        contents.digests["policy"],
        *sorted(row["secret"] for row in rows),
    ]
    return to_digest(to_canonical(parts))
