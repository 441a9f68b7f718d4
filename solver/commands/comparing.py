"""`compare` and `frontier`: what other policies and rates would have given."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from solver.commands.console import add_leash, end_in_order, obey_leash, say
from solver.compare import compare, read_contest
from solver.compare_text import frontier_to_text, to_text
from solver.errors import Refused
from solver.fileio import to_canonical, write_atomic
from solver.frontier import WEIGHTS, Sweep, find_frontier
from solver.instance_reader import read_instance
from solver.mechanisms.registry import MECHANISMS
from solver.policy_reader import read_policy

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


def add_frontier(commands: "Commands") -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("frontier", help="a policy at every rate of a weight")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--policy", required=True, help="a preset's name or a file")
    parser.add_argument("--weight", choices=WEIGHTS, required=True)
    parser.add_argument("--up-to", type=int, required=True, help="the largest rate")
    parser.add_argument(
        "--solves", type=int, default=100, help="most rates to solve at"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="where it goes, as JSON"
    )
    add_leash(parser)
    parser.set_defaults(run=_find_frontier)


def _find_frontier(options: argparse.Namespace) -> int:
    obey_leash(options)
    problems = []
    if options.up_to < 1:
        problems.append(f"--up-to is {options.up_to}, must be 1 or more")
    if options.solves < 2:
        problems.append(f"--solves is {options.solves}, must be 2 or more")
    if problems:
        raise Refused(problems)
    instance, _, _ = read_instance(options.instance)
    sweep = Sweep(instance, read_policy(options.policy), options.weight)
    found = find_frontier(sweep, options.up_to, options.solves, say)
    write_atomic(options.out, to_canonical(found))
    sys.stdout.write(frontier_to_text(found))
    return 0


def _compare(options: argparse.Namespace) -> int:
    obey_leash(options)
    end_in_order()
    if options.workers < 1:
        raise Refused(f"--workers is {options.workers}, must be 1 or more")
    contest = read_contest(_split(options.policies), _split(options.mechanisms))
    table = compare(options.instance, contest, say, options.workers)
    write_atomic(options.out, to_canonical(table))
    sys.stdout.write(to_text(table))
    return 0


def _split(text: str) -> list[str]:
    return [name for name in text.split(",") if name]
