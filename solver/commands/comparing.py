"""`compare` and `frontier`: what other policies and rates would have given."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from solver.commands.console import add_leash, obey_leash, say
from solver.compare import compare, read_contest
from solver.compare_text import to_text
from solver.errors import Refused
from solver.fileio import to_canonical, write_atomic
from solver.mechanisms.registry import MECHANISMS

if TYPE_CHECKING:
    from solver.commands.console import Commands


def add_comparing(commands: "Commands") -> None:
    """Add the commands to a parser."""
    parser = commands.add_parser("compare", help="policies and mechanisms side by side")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--policies", default="", help="presets or files: a,b,c")
    parser.add_argument(
        "--mechanisms", default=",".join(MECHANISMS), help="others than to optimise"
    )
    parser.add_argument("--out", type=Path, required=True, help="the table as JSON")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes at once"
    )
    add_leash(parser)
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    obey_leash(options)
    if options.workers < 1:
        raise Refused(f"--workers is {options.workers}, must be 1 or more")
    contest = read_contest(_split(options.policies), _split(options.mechanisms))
    table = compare(options.instance, contest, say, options.workers)
    write_atomic(options.out, to_canonical(table))
    sys.stdout.write(to_text(table))
    return 0


def _split(text: str) -> list[str]:
    return [name for name in text.split(",") if name]
