"""The process that solves, and the one that verifies: watched, limited, killed.

A child's standard input is a pipe that nobody writes to. When the worker dies, however
it dies, the pipe closes and the solver ends itself.
"""

import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from mobility.config import ROOT

LONGEST_TEXT = 2_000
"""How much of what a child said is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The commands that are run; the default ones are the solver's.

    Parameters
    ----------
    solve, verify
        Program and first arguments; the files' names are put behind them.
    """

    solve: tuple[str, ...] = (sys.executable, "-m", "solver", "solve")
    verify: tuple[str, ...] = (sys.executable, "-S", "-m", "solver", "verify")


class Child:
    """A running command; at the end of its `with` block it has ended.

    Parameters
    ----------
    command
        Program and arguments.
    log
        Where what it says goes.
    memory_mb
        Address space it may take, in MiB; 0 is no limit.
    """

    def __init__(self, command: list[str], log: Path, *, memory_mb: int) -> None:
        self._log = log
        self._began = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                # Ctrl-C at the terminal is for the worker, which then drains
                start_new_session=True,
            )
        self._limit(memory_mb)

    def _limit(self, memory_mb: int) -> None:
        if memory_mb and hasattr(resource, "prlimit"):
            size = memory_mb * 1024 * 1024
            resource.prlimit(self._process.pid, resource.RLIMIT_AS, (size, size))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> int | None:
        """Return its exit code, or None when it still runs after so long."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def said(self) -> str:
        """Return the end of what it has said."""
        text = self._log.read_bytes().decode("utf-8", "replace")
        return text.strip()[-LONGEST_TEXT:]

    def last_line(self) -> str:
        """Return the last line that it has said."""
        lines = self.said().splitlines()
        return lines[-1] if lines else ""


def describe_exit(code: int) -> str:
    """Return in words how a process ended that was not to end so."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"was ended by the signal {name}"
