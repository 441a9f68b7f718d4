"""What solving gave: placements stage by stage, their figures, and the certificate."""

import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from solver.certificate import FORMAT as CERTIFICATE_FORMAT
from solver.fileio import to_canonical, to_digest
from solver.instance import Instance
from solver.metrics import Placements
from solver.policy import Policy
from solver.policy import to_json as policy_to_json
from solver.terms import EquityPrices

FORMAT = "mobility-result/1"


@dataclass(frozen=True)
class LevelResult:
    """One entry: the best value found, the proven bound, the limit, the final value."""

    name: str
    best: int
    bound: int
    limit: int
    value: int
    counts_msteps: bool


@dataclass(frozen=True)
class StageResult:
    """One stage; ``proof`` is its part of the certificate."""

    name: str
    placements: Placements
    levels: tuple[LevelResult, ...]
    equity_prices: EquityPrices
    carbon_rate: int
    terms: dict[str, object]
    metrics: dict[str, object]
    proof: list[dict[str, object]]


@dataclass(frozen=True)
class Result:
    """All stages of a policy on an instance; ``notes`` are not certified."""

    instance: Instance
    policy: Policy
    stages: tuple[StageResult, ...]
    notes: dict[str, object]

    @property
    def placements(self) -> Placements:
        """The last stage's placements."""
        return self.stages[-1].placements

    @property
    def is_optimal(self) -> bool:
        """Whether every entry of every stage is proven."""
        return all(
            level.bound == level.best for stage in self.stages for level in stage.levels
        )

    @property
    def gap_msteps(self) -> int:
        """The largest gap between a best value in msteps and its bound."""
        gaps = [
            level.best - level.bound
            for stage in self.stages
            for level in stage.levels
            if level.counts_msteps
        ]
        return max(gaps, default=0)


def to_json(result: Result, instance_bytes: bytes) -> dict[str, object]:
    """Return the value of ``result.json`` for an instance read from these bytes."""
    policy = policy_to_json(result.policy)
    return {
        "format": FORMAT,
        "status": "optimal" if result.is_optimal else "bounded",
        "gap_msteps": result.gap_msteps,
        "placements": dict(result.placements),
        "policy": policy,
        "stages": [_stage_to_json(stage) for stage in result.stages],
        "certificate": {
            "format": CERTIFICATE_FORMAT,
            "instance_digest": to_digest(instance_bytes),
            "policy_digest": to_digest(to_canonical(policy)),
            "stages": [{"levels": stage.proof} for stage in result.stages],
        },
        "notes": result.notes,
        "versions": dict(list_versions()),
    }


@cache
def list_versions() -> tuple[tuple[str, str], ...]:
    """Return what solved it; looked up once, for it reads the packages' files."""
    names = ("ortools", "numpy", "mobility")
    found = tuple((name, version(name)) for name in names)
    return (("python", platform.python_version()), *found)


def _stage_to_json(stage: StageResult) -> dict[str, object]:
    keys = ("name", "best", "bound", "limit", "value")
    return {
        "name": stage.name,
        "placements": dict(stage.placements),
        "levels": [
            {key: getattr(level, key) for key in keys} for level in stage.levels
        ],
        "equity_prices": {key: dict(row) for key, row in stage.equity_prices.items()},
        "carbon_rate": stage.carbon_rate,
        "terms": stage.terms,
        "metrics": stage.metrics,
    }
