"""The worker's loop: be woken or look around, claim a run, work, begin again."""

import logging
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from mobility.config import Settings
from mobility.db import Unavailable, reading, transact
from mobility.errors import InvalidFile
from mobility.jobs.child import Programs
from mobility.jobs.folder import remove_leftovers, work_folder
from mobility.jobs.lease import Lease, claim, is_idle, sweep
from mobility.jobs.solve import Bench, Job
from mobility.jobs.wake import Queue

logger = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
"""Longest time between two looks at whether to stop."""


@dataclass
class Orders:
    """What the worker was told from outside, by signals.

    Parameters
    ----------
    drain
        Finish the run in hand, then stop.
    stop
        Give the run in hand back, then stop.
    parent
        Process whose end is an order to stop; None when none is watched.
    """

    drain: bool = False
    stop: bool = False
    parent: int | None = None

    def must_stop(self) -> bool:
        """Say whether to drop everything."""
        is_orphan = self.parent is not None and os.getppid() != self.parent
        return self.stop or is_orphan

    def must_end(self) -> bool:
        """Say whether to take no further run."""
        return self.drain or self.must_stop()


@dataclass
class Worker:
    """One worker: solves one run at a time."""

    engine: Engine
    settings: Settings
    programs: Programs = field(default_factory=Programs)
    orders: Orders = field(default_factory=Orders)

    def work_forever(self) -> None:
        """Solve runs until told to stop."""
        self._work(until_idle=False)

    def work_until_idle(self) -> None:
        """Solve runs until none waits and none is being solved by anybody."""
        self._work(until_idle=True)

    def work_once(self) -> bool:
        """Solve one run that waits; say whether there was one."""
        self._tidy()
        return any(self._take(run_id) for run_id in self._sweep())

    def _work(self, *, until_idle: bool) -> None:
        self._tidy()
        queue = Queue(self.settings.queue_url)
        try:
            while not self.orders.must_end():
                self._work_off()
                if until_idle and self._is_idle():
                    return
                self._wait(queue)
        finally:
            queue.close()

    def _work_off(self) -> None:
        """Take runs as long as any waits."""
        took_any = True
        while took_any and not self.orders.must_end():
            took_any = any(self._take(run_id) for run_id in self._sweep())

    def _wait(self, queue: Queue) -> None:
        """Wait to be woken, at most until the next look around is due."""
        end = time.monotonic() + self.settings.sweep_seconds
        while time.monotonic() < end and not self.orders.must_end():
            run_id = queue.take(min(WAIT_SECONDS, self.settings.sweep_seconds))
            if run_id is not None:
                self._take(run_id)

    def _sweep(self) -> list[int]:
        attempts = self.settings.run_attempts
        try:
            return transact(
                self.engine, lambda session: sweep(session, attempts=attempts)
            )
        except Unavailable as refusal:
            logger.warning("%s", refusal)
            return []

    def _is_idle(self) -> bool:
        with reading(self.engine) as session:
            return is_idle(session)

    def _take(self, run_id: int) -> bool:
        """Claim a run and work on it; say whether it could be claimed."""
        lease = Lease(run_id, secrets.token_hex(16))
        bench = Bench(self.engine, self.settings, self.programs, self.orders.must_stop)
        try:
            # the folder first: a full disk must not use up the run's attempts
            with work_folder(self._folder) as folder:
                is_mine = self._claim(lease)
                if is_mine:
                    logger.info("run %s: begun", run_id)
                    job = Job(bench, lease, folder)
                    job.work()
                    logger.info("run %s: %s", run_id, job.became)
        except (InvalidFile, Unavailable) as refusal:
            # a lease that was taken runs out by itself, and the run is taken again
            logger.warning("run %s: %s", run_id, refusal)
            return False
        return is_mine

    def _claim(self, lease: Lease) -> bool:
        seconds, attempts = self.settings.lease_seconds, self.settings.run_attempts
        return transact(
            self.engine,
            lambda session: claim(session, lease, seconds=seconds, attempts=attempts),
        )

    @property
    def _folder(self) -> Path:
        return self.settings.instance_folder / "work"

    def _tidy(self) -> None:
        remove_leftovers(self._folder)
