"""`solve` and `generate`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from solver.commands.console import add_leash, obey_leash, say
from solver.errors import Refused
from solver.fileio import to_canonical, write_atomic
from solver.generate import generate
from solver.instance import NO_SEED
from solver.instance_reader import read_instance
from solver.linear import tune
from solver.mechanisms.registry import MECHANISMS, OPTIMISE, run_mechanism
from solver.mechanisms.writing import to_json as mechanism_to_json
from solver.optimise import solve
from solver.policy_reader import read_policy
from solver.result import Result, to_json

if TYPE_CHECKING:
    from solver.commands.console import Commands


def add_solving(commands: "Commands") -> None:
    """Add the commands to a parser."""
    solve_ = commands.add_parser("solve", help="solve an instance under a policy")
    solve_.add_argument("instance", type=Path)
    solve_.add_argument("--policy", required=True, help="a preset's name or a file")
    solve_.add_argument("--out", type=Path, required=True, help="where the result goes")
    solve_.add_argument(
        "--mechanism",
        choices=[OPTIMISE, *MECHANISMS],
        default=OPTIMISE,
        help="how to place; but for optimise the policy only measures",
    )
    add_leash(solve_)
    solve_.add_argument("--quiet", action="store_true", help="no progress on stderr")
    for name in ("--threads", "--solver-seed"):  # for those who test that all agree
        solve_.add_argument(name, type=int, help=argparse.SUPPRESS)
    solve_.set_defaults(run=_solve)
    make = commands.add_parser("generate", help="write a random instance")
    make.add_argument("--students", type=int, required=True)
    make.add_argument("--seed", type=int, required=True)
    make.add_argument("--out", type=Path, required=True)
    make.add_argument("--nested", action="store_true", help="no crossing quotas")
    make.set_defaults(run=_generate)


def _generate(options: argparse.Namespace) -> int:
    if options.students < 0:
        raise Refused(f"--students is {options.students}, must be 0 or more")
    value = generate(options.students, options.seed, is_nested=options.nested)
    write_atomic(options.out, to_canonical(value))
    return 0


def _solve(options: argparse.Namespace) -> int:
    obey_leash(options)
    wanted = {"threads": options.threads, "random_seed": options.solver_seed}
    tune(**{name: choice for name, choice in wanted.items() if choice is not None})
    instance, data, is_canonical = read_instance(options.instance)
    policy = read_policy(options.policy)
    if not is_canonical:
        say(f"note: {options.instance} is not canonical; its own bytes are digested")
    if instance.seed == NO_SEED:
        say("note: the lottery seed is zeros: a trial before the reveal")
    if options.mechanism != OPTIMISE:
        outcome = run_mechanism(options.mechanism, instance)
        value = mechanism_to_json(outcome, instance, policy, data)
        write_atomic(options.out, to_canonical(value))
        placed, students = len(outcome.placements), len(instance.students)
        say(f"{options.mechanism}: {placed} of {students} students placed")
        return 0
    for warning in policy.warnings():
        say(f"warning: {warning}")
    result = solve(instance, policy, None if options.quiet else say)
    write_atomic(options.out, to_canonical(to_json(result, data)))
    say(_summarise(result))
    return 0


def _summarise(result: Result) -> str:
    status = "optimal" if result.is_optimal else "bounded"
    last = result.stages[-1].metrics
    return (
        f"{status}, gap {result.gap_msteps} msteps: {last['placed']} of "
        f"{last['students']} students placed"
    )
