"""What every command shares: it talks on stderr and may end with its parent."""

import argparse
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse gives its type no public name


def say(text: str) -> None:
    """Write a line to stderr at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def add_leash(parser: argparse.ArgumentParser) -> None:
    """Let a command be ended by the end of its standard input."""
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when standard input ends, so that no orphan goes on",
    )


def obey_leash(options: argparse.Namespace) -> None:
    """Start to wait for the end of standard input, if that was asked for."""
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()


def end_in_order() -> None:
    """Let a request to terminate unwind the command, so that its children end too."""
    signal.signal(signal.SIGTERM, _unwind)


def _unwind(number: int, frame: object) -> NoReturn:
    del frame
    sys.exit(128 + number)


def _end_with_stdin() -> None:
    """Wait for the end of standard input, then end the process at once."""
    while os.read(0, 65536):
        pass
    os._exit(3)
