"""Several workers on one machine: a parent that starts them, and starts them again."""

import logging
import os
import signal
import subprocess
import sys
import time

from mobility.config import ROOT
from mobility.jobs.worker import Orders

PAUSE_SECONDS = 1.0
"""Between a worker's death and the start of the next."""

logger = logging.getLogger(__name__)


def supervise(count: int, orders: Orders) -> None:
    """Keep workers running until told to stop; they stop when this process ends.

    Parameters
    ----------
    count
        How many, 1 or more. Each is a process that solves one run at a time.
    """
    workers = [_start() for _ in range(count)]
    try:
        while not orders.must_end():
            time.sleep(PAUSE_SECONDS)
            for index, worker in enumerate(workers):
                if worker.poll() is not None and not orders.must_end():
                    logger.warning("worker %s ended; another starts", worker.pid)
                    workers[index] = _start()
    finally:
        for worker in workers:
            _end(worker, orders)


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mobility", "worker"]
    command += ["--parent", str(os.getpid())]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - the command is ours


def _end(worker: subprocess.Popen[bytes], orders: Orders) -> None:
    """Pass the order on and wait; a second order does not wait for the run in hand."""
    if worker.poll() is not None:
        return
    worker.send_signal(signal.SIGINT if orders.drain else signal.SIGTERM)
    while worker.poll() is None:
        if orders.stop:
            worker.terminate()
        time.sleep(PAUSE_SECONDS / 10)
