"""From a claimed run to its outcome: solve, verify, store. One run, one worker."""

import logging
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, delete

from mobility.config import Settings
from mobility.db import Unavailable, reading, transact
from mobility.errors import InvalidFile, Refused
from mobility.jobs.child import Child, Programs, describe_exit
from mobility.jobs.lease import Lease, end, give_back, renew
from mobility.models import (
    Policy,
    Run,
    RunFile,
    RunFileKind,
    RunState,
    RunStatus,
    Verdict,
)
from mobility.models.run import OPTIMISE
from mobility.rounds.runs import instance_of
from solver.fileio import parse_json, read_bytes, to_canonical, to_digest, write_atomic

POLL_SECONDS = 0.2
"""How often a child is looked at; the lease is renewed less often."""

logger = logging.getLogger(__name__)


class Stop(Enum):
    """Why a child was ended before its time."""

    CANCELLED = "cancelled"
    LOST = "lost"
    DRAINED = "drained"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker works with.

    Parameters
    ----------
    must_stop
        Asked all the time: whether to give the run back and stop at once.
    """

    engine: Engine
    settings: Settings
    programs: Programs
    must_stop: Callable[[], bool]


class Job:
    """A claimed run in its folder; `became` says what came of it."""

    def __init__(self, bench: Bench, lease: Lease, folder: Path) -> None:
        self._bench = bench
        self._lease = lease
        self._renewed = time.monotonic()
        self.became = "another worker's"
        self.instance = folder / "instance.json"
        self.policy = folder / "policy.json"
        self.result = folder / "result.json"
        self._log = folder / "said.txt"
        self._said: Callable[[], str] = str
        self._mechanism = OPTIMISE

    def work(self) -> None:
        """Solve and verify the run and store what came of it."""
        try:
            mechanism = self._mechanism = self._write_input()
        except Refused as refusal:
            self._fail("\n".join(refusal.problems))
            return
        solve = [str(self.instance), "--policy", str(self.policy)]
        solve += ["--out", str(self.result), "--mechanism", mechanism]
        solve += ["--until-stdin-closes"]
        code = self._run([*self._bench.programs.solve, *solve])
        if isinstance(code, Stop):
            self._stopped(code)
        elif code != 0:
            self._broken("the solver", code)
        else:
            self._judge()

    def _write_input(self) -> str:
        """Write instance and policy as files; return the mechanism."""
        with reading(self._bench.engine) as session:
            run = session.get_one(Run, self._lease.run_id)
            instance = to_canonical(instance_of(session, run))
            policy = session.get_one(Policy, run.policy_id)
        write_atomic(self.instance, instance)
        write_atomic(self.policy, policy.text.encode())
        return run.mechanism

    def _judge(self) -> None:
        verify = [*self._bench.programs.verify, str(self.instance), str(self.result)]
        code = self._run(verify)
        if isinstance(code, Stop):
            self._stopped(code)
        elif code not in (0, 1):
            self._broken("the verifier", code)
        else:
            self._store(Verdict.VERIFIED if code == 0 else Verdict.REFUSED)

    def _run(self, command: list[str]) -> int | Stop:
        """Run a child, renewing the lease meanwhile; return how it ended."""
        limit = self._bench.settings.solver_seconds
        memory = self._bench.settings.solver_memory_mb
        with Child(command, self._log, memory_mb=memory) as child:
            self._said = child.said
            while True:
                code = child.wait(POLL_SECONDS)
                if code is not None:
                    return code
                if self._bench.must_stop():
                    return Stop.DRAINED
                if limit and child.seconds > limit:
                    return Stop.TOO_LONG
                stop = self._heartbeat(child.last_line)
                if stop is not None:
                    return stop

    def _heartbeat(self, progress: Callable[[], str]) -> Stop | None:
        """Renew the lease when it is time to; return why to stop, if so."""
        settings = self._bench.settings
        silent = time.monotonic() - self._renewed
        if silent < settings.heartbeat_seconds:
            return None
        seconds, text = settings.lease_seconds, progress()
        try:
            renewal = transact(
                self._bench.engine,
                lambda session: renew(session, self._lease, text, seconds=seconds),
            )
        except Unavailable as refusal:
            logger.warning("run %s: %s", self._lease.run_id, refusal)
            return Stop.LOST if silent > seconds else None
        if not renewal.is_mine:
            return Stop.LOST
        self._renewed = time.monotonic()
        return Stop.CANCELLED if renewal.is_cancelled else None

    def _stopped(self, why: Stop) -> None:
        if why == Stop.LOST:
            logger.warning("run %s was given to another worker", self._lease.run_id)
        elif why == Stop.CANCELLED:
            self._end(RunState.CANCELLED, {}, {})
        elif why == Stop.DRAINED:
            self._give_back(is_attempt=False)
        else:
            limit = self._bench.settings.solver_seconds
            self._fail(f"the solver took longer than {limit} seconds and was ended")

    def _broken(self, name: str, code: int) -> None:
        """Decide on a child that ended as none should: by a signal, try again."""
        if code < 0:
            logger.warning(
                "run %s: %s %s", self._lease.run_id, name, describe_exit(code)
            )
            self._give_back(is_attempt=True)
            return
        said = self._said()
        if "MemoryError" in said or "bad_alloc" in said:
            limit = self._bench.settings.solver_memory_mb
            self._fail(f"{name} ran out of memory; the limit is {limit} MiB")
        else:
            self._fail(f"{name} {describe_exit(code)}: {said}")

    def _give_back(self, *, is_attempt: bool) -> None:
        transact(
            self._bench.engine,
            lambda session: give_back(session, self._lease, is_attempt=is_attempt),
        )
        self.became = "given back"

    def _fail(self, error: str) -> None:
        self._end(RunState.FAILED, {"error": error}, {"error": error})

    def _end(
        self, state: RunState, values: dict[str, object], payload: dict[str, object]
    ) -> None:
        is_mine = transact(
            self._bench.engine,
            lambda session: end(session, self._lease, state, values, payload),
        )
        if is_mine:
            self.became = state.value

    def _store(self, verdict: Verdict) -> None:
        """Store the outcome and both files, if the run is still this worker's."""
        try:
            instance, result = read_bytes(self.instance), read_bytes(self.result)
            claim = read_claim(result)
            check_claim(claim, self._mechanism)
        except InvalidFile as refusal:
            self._fail(f"the solver's result is refused: {refusal}")
            return
        outcome: dict[str, object] = {
            "status": claim.status.value,
            "gap_msteps": claim.gap_msteps,
            "verdict": verdict.value,
            "instance_digest": to_digest(instance),
            "result_digest": to_digest(result),
        }
        values = {
            **outcome,
            "status": claim.status,
            "verdict": verdict,
            "metrics": claim.metrics if verdict == Verdict.VERIFIED else None,
            "verdict_text": self._said(),
        }
        files = {RunFileKind.INSTANCE: instance, RunFileKind.RESULT: result}

        def store(session: Session) -> bool:
            is_mine = end(session, self._lease, RunState.DONE, values, outcome)
            if is_mine:
                store_files(session, self._lease.run_id, files)
            return is_mine

        if transact(self._bench.engine, store):
            self.became = RunState.DONE.value


def store_files(session: Session, run_id: int, files: dict[RunFileKind, bytes]) -> None:
    """Store a run's files, in place of those of an earlier attempt."""
    session.exec(delete(RunFile).where(col(RunFile.run_id) == run_id))
    session.add_all(
        RunFile(run_id=run_id, kind=kind, data=zlib.compress(data))
        for kind, data in files.items()
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a result says of itself; `metrics` are each stage's figures."""

    status: RunStatus
    gap_msteps: int
    metrics: list[dict[str, Any]]


FIGURES = ("name", "metrics", "terms", "carbon_rate", "equity_prices")
"""What of a stage is kept beside the run."""


def read_claim(result: bytes) -> Claim:
    """Return what a result says of itself.

    Raises
    ------
    InvalidFile
        When it is no JSON, or does not say so.
    """
    value = parse_json(result, "result")
    said: dict[str, Any] = value if isinstance(value, dict) else {}
    status, gap = said.get("status"), said.get("gap_msteps")
    if isinstance(gap, bool) or not isinstance(gap, int) or gap < 0:
        raise InvalidFile(f"result: gap_msteps is {gap!r}, must be 0 or more")
    if status not in list(RunStatus):
        raise InvalidFile(f"result: status is {status!r}")
    if status == RunStatus.OPTIMAL and gap != 0:
        raise InvalidFile(f"result: it is optimal and has a gap of {gap}")
    stages = said.get("stages")
    if not isinstance(stages, list) or not all(isinstance(s, dict) for s in stages):
        raise InvalidFile("result: stages are missing")
    metrics = [{key: stage.get(key) for key in FIGURES} for stage in stages]
    return Claim(RunStatus(status), gap, metrics)


def check_claim(claim: Claim, mechanism: str) -> None:
    """Refuse an optimum claimed for a mechanism, and the other way round.

    Raises
    ------
    InvalidFile
        When the status does not go with what was asked for.
    """
    if (claim.status == RunStatus.MECHANISM) != (mechanism != OPTIMISE):
        raise InvalidFile(f"result: status is {claim.status} after {mechanism}")
