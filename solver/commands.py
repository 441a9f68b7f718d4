"""The commands that need more than the standard library."""

import argparse
import os
import sys
import threading
from pathlib import Path

from solver.errors import Refused
from solver.fileio import to_canonical, write_atomic
from solver.generate import generate
from solver.instance import NO_SEED
from solver.instance_reader import read_instance
from solver.optimise import solve
from solver.policy_reader import read_policy
from solver.result import Result, to_json


def run(arguments: list[str]) -> int:
    """Run a command; return 0, or 2 when the input is refused (every problem named)."""
    options = _make_parser().parse_args(arguments)
    try:
        if options.command == "generate":
            return _generate(options)
        return _solve(options)
    except Refused as refusal:
        for problem in refusal.problems:
            _say(f"refused: {problem}")
        return 2


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver")
    commands = parser.add_subparsers(dest="command", required=True)
    solve_ = commands.add_parser("solve", help="solve an instance under a policy")
    solve_.add_argument("instance", type=Path)
    solve_.add_argument("--policy", required=True, help="a preset's name or a file")
    solve_.add_argument("--out", type=Path, required=True, help="where the result goes")
    solve_.add_argument(
        "--mechanism", choices=["optimise"], default="optimise", help="how to place"
    )
    solve_.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when standard input ends, so that no orphan goes on",
    )
    solve_.add_argument("--quiet", action="store_true", help="no progress on stderr")
    make = commands.add_parser("generate", help="write a random instance")
    make.add_argument("--students", type=int, required=True)
    make.add_argument("--seed", type=int, required=True)
    make.add_argument("--out", type=Path, required=True)
    commands.add_parser("verify", help="check a result with the standard library only")
    return parser


def _generate(options: argparse.Namespace) -> int:
    if options.students < 0:
        raise Refused(f"--students is {options.students}, must be 0 or more")
    write_atomic(options.out, to_canonical(generate(options.students, options.seed)))
    return 0


def _solve(options: argparse.Namespace) -> int:
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    instance, data, is_canonical = read_instance(options.instance)
    policy = read_policy(options.policy)
    if not is_canonical:
        _say(f"note: {options.instance} is not canonical; its own bytes are digested")
    if instance.seed == NO_SEED:
        _say("note: the lottery seed is zeros: a trial before the reveal")
    for warning in policy.warnings():
        _say(f"warning: {warning}")
    result = solve(instance, policy, None if options.quiet else _say)
    write_atomic(options.out, to_canonical(to_json(result, data)))
    _say(_summarise(result))
    return 0


def _summarise(result: Result) -> str:
    status = "optimal" if result.is_optimal else "bounded"
    last = result.stages[-1].metrics
    return (
        f"{status}, gap {result.gap_msteps} msteps: {last['placed']} of "
        f"{last['students']} students placed"
    )


def _end_with_stdin() -> None:
    """Wait for the end of standard input, then end the process at once."""
    while os.read(0, 65536):
        pass
    os._exit(3)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
