"""A mechanism's placement as ``result.json``, measured by a policy's terms."""

from solver.certificate import FORMAT as CERTIFICATE_FORMAT
from solver.fileio import to_canonical, to_digest
from solver.instance import Instance
from solver.mechanisms.outcome import Outcome
from solver.metrics import PlacementFacts, measure, measure_shortfalls, measure_terms
from solver.policy import Policy
from solver.policy import to_json as policy_to_json
from solver.result import FORMAT, list_versions

STATUS = "mechanism"
"""The status of a result that claims a rule was followed, and nothing of optimality."""


def to_json(
    outcome: Outcome, instance: Instance, policy: Policy, instance_bytes: bytes
) -> dict[str, object]:
    """Return the value of ``result.json``: one stage, named for the mechanism.

    The policy has no part in the placement; it gives the terms that are measured.
    """
    facts = PlacementFacts(instance, outcome.placements)
    written = policy_to_json(policy)
    stage = {
        "name": outcome.mechanism,
        "placements": dict(outcome.placements),
        "levels": [],
        "equity_prices": {},
        "carbon_rate": 0,
        "terms": measure_terms(facts, policy, measure_shortfalls(facts, policy)),
        "metrics": measure(facts, None),
    }
    return {
        "format": FORMAT,
        "mechanism": outcome.mechanism,
        "status": STATUS,
        "gap_msteps": 0,
        "placements": dict(outcome.placements),
        "policy": written,
        "stages": [stage],
        "certificate": {
            "format": CERTIFICATE_FORMAT,
            "instance_digest": to_digest(instance_bytes),
            "policy_digest": to_digest(to_canonical(written)),
            "stages": [{"levels": []}],
        },
        "notes": {},
        "versions": dict(list_versions()),
    }
