"""A stored run's files as values, kept while pages ask for parts of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from mobility.reading.figures import StoredRun, read_result_digest, read_stored_run
from mobility.reading.oversight import read_seed
from mobility.reporting.memory import Memory

_runs: Memory[StoredRun] = Memory(2)
_seeds: Memory[str] = Memory(64)


def stored_run(session: Session, run: int) -> StoredRun:
    """Return snapshot and result of a run with a verified result.

    Raises
    ------
    NotFound, Conflict
        When there is no such run; when it has no verified result.
    """
    digest = read_result_digest(session, run)
    return _runs.get((run, digest), lambda: read_stored_run(session, run))


def seed_of(session: Session, run: int) -> str:
    """Return the lottery's seed of a verified run; "" where its input is gone.

    Raises
    ------
    NotFound, Conflict
        When there is no such run; when it has no verified result.
    """
    digest = read_result_digest(session, run)
    return _seeds.get((run, digest), lambda: read_seed(session, run))


@dataclass(frozen=True, slots=True)
class BlockScheme:
    """Universities of a block, and by whose rule and when they were put there."""

    block: str
    source: str
    date: str
    universities: int


@dataclass(frozen=True, slots=True)
class LevelProof:
    """A level of a stage: its best value, its proven bound, and what was kept of it.

    `best == bound` proves that nothing better exists; `value` may lie above `best` by
    as much as the policy grants, up to `limit`.
    """

    stage: str
    level: str
    best: int
    bound: int
    limit: int
    value: int

    @property
    def is_proven(self) -> bool:
        """Say whether nothing better exists."""
        return self.best == self.bound


@dataclass(frozen=True, slots=True)
class GroupPrice:
    """How much more a benefit step of a group counted, in thousandths of a step."""

    attribute: str
    group: str
    msteps: int


def to_proofs(result: dict[str, Any]) -> tuple[LevelProof, ...]:
    """Return every level of every stage, in the order they were solved."""
    keys = ("best", "bound", "limit", "value")
    return tuple(
        LevelProof(stage["name"], level["name"], *(level[key] for key in keys))
        for stage in result["stages"]
        for level in stage["levels"]
    )


def to_prices(result: dict[str, Any]) -> tuple[GroupPrice, ...]:
    """Return the equity prices, the same in every stage."""
    prices = result["stages"][-1]["equity_prices"] if result["stages"] else {}
    return tuple(
        GroupPrice(attribute, group, price)
        for attribute, groups in sorted(prices.items())
        for group, price in sorted(groups.items())
    )


def to_schemes(snapshot: dict[str, Any]) -> tuple[BlockScheme, ...]:
    """Return how the universities were put into blocks."""
    counts = Counter(
        (
            str(each["block"] or ""),
            str(each["block_source"] or ""),
            str(each["block_date"] or ""),
        )
        for each in snapshot["institutions"]
    )
    return tuple(
        BlockScheme(block, source, date, count)
        for (block, source, date), count in sorted(counts.items())
    )
