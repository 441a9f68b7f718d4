"""Real worker processes, found and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mobility.config import ROOT

PATIENCE_SECONDS = 240
"""How long anything may take before a test gives up: machines are slow and shared."""


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, f"this never came to be: {what}"
        time.sleep(0.05)


class Workers:
    """Starts `mobility worker` in an installation, and ends all at the end."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._environment = {
            **os.environ,
            "MOBILITY_INSTANCE_FOLDER": str(folder),
            "MOBILITY_DATABASE_URL": database_url,
            "MOBILITY_LEASE_SECONDS": "6",
            "MOBILITY_HEARTBEAT_SECONDS": "1",
            "MOBILITY_SWEEP_SECONDS": "1",
        }
        self._started: list[subprocess.Popen[bytes]] = []
        self._log = folder / "workers.txt"

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "mobility", "worker", *options],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def said(self) -> str:
        return self._log.read_text()

    def end(self) -> None:
        for process in self._started:
            for member in [*descendants(process.pid), process.pid]:
                kill(member, signal.SIGKILL)
            process.wait()


def kill(process: int, number: signal.Signals) -> None:
    if is_alive(process):
        os.kill(process, number)


def is_alive(process: int) -> bool:
    return _state(process) not in ("", "Z")


def descendants(process: int) -> list[int]:
    """Return the processes that a process started, and those that they did."""
    found = []
    for child in [pid for pid in _all() if _parent(pid) == process]:
        found += [child, *descendants(child)]
    return found


def solvers_of(process: int) -> list[int]:
    """Return the solver processes under a process that are solving."""
    return [pid for pid in descendants(process) if _is_solver(pid)]


def _is_solver(process: int) -> bool:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"solver" in words and b"solve" in words


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _fields(process: int) -> list[str]:
    """Return what stands behind the name in /proc/PID/stat: state, parent, ..."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _state(process: int) -> str:
    return next(iter(_fields(process)), "")


def _parent(process: int) -> int:
    fields = _fields(process)
    return int(fields[1]) if fields else 0
