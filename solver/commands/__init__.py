"""The commands that need more than the standard library, a module per group."""

import argparse

from solver.commands.comparing import add_comparing, add_frontier
from solver.commands.console import say
from solver.commands.explaining import add_explaining, add_relax
from solver.commands.manipulating import add_manipulability
from solver.commands.solving import add_solving
from solver.errors import Refused


def run(arguments: list[str]) -> int:
    """Run a command; return 0, or 2 when the input is refused (every problem named)."""
    options = _make_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Refused as refusal:
        for problem in refusal.problems:
            say(f"refused: {problem}")
        return 2


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver")
    commands = parser.add_subparsers(dest="command", required=True)
    add_solving(commands)
    add_explaining(commands)
    add_relax(commands)
    add_comparing(commands)
    add_frontier(commands)
    add_manipulability(commands)
    commands.add_parser("verify", help="check a result with the standard library only")
    return parser
