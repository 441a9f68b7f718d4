"""`manipulability`: how often a false list pays, under policies and mechanisms."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from solver.errors import Refused
from solver.fileio import to_canonical, to_digest, write_atomic
from solver.indices import wilson
from solver.instance_reader import read_instance
from solver.manipulability import Gain, Manipulability, Rule, find_manipulability
from solver.mechanisms.registry import MECHANISMS, OPTIMISE
from solver.policy_reader import read_policy

if TYPE_CHECKING:
    from solver.commands.console import Commands

FORMAT = "mobility-manipulability/1"


def add_manipulability(commands: "Commands") -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "manipulability", help="sample false lists and count how often they pay"
    )
    parser.add_argument("instance", type=Path)
    parser.add_argument(
        "--policies", default="balanced", help="for optimise: names or files, by commas"
    )
    parser.add_argument(
        "--mechanisms",
        default=",".join((OPTIMISE, *MECHANISMS)),
        help="by commas (all)",
    )
    parser.add_argument("--samples", type=int, default=100, help="false lists (100)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--processes", type=int, help="at the same time (processors)")
    parser.add_argument("--out", type=Path, required=True, help="where the table goes")
    parser.set_defaults(run=_measure)


def _measure(options: argparse.Namespace) -> int:
    rules = _read_rules(options)
    instance, data, _ = read_instance(options.instance)
    rows = find_manipulability(
        instance, rules, options.samples, options.seed, options.processes
    )
    table = {
        "format": FORMAT,
        "instance": instance.id,
        "instance_digest": to_digest(data),
        "samples": options.samples,
        "seed": options.seed,
        "rows": [_to_json(row) for row in rows],
    }
    write_atomic(options.out, to_canonical(table))
    sys.stdout.write("".join(f"{_tell(row)}\n" for row in rows))
    return 0


def _read_rules(options: argparse.Namespace) -> list[Rule]:
    """Return the rules asked for: optimise once per policy, others once."""
    problems = [
        f"--{name} is {value}, must be 1 or more"
        for name in ("samples", "processes")
        if (value := getattr(options, name)) is not None and value < 1
    ]
    names = _split(options.mechanisms)
    problems += [
        f"there is no mechanism {name!r}; there are {OPTIMISE}, {', '.join(MECHANISMS)}"
        for name in names
        if name not in (OPTIMISE, *MECHANISMS)
    ]
    if problems:
        raise Refused(problems)
    policies = _split(options.policies) if OPTIMISE in names else []
    rules = [Rule(OPTIMISE, read_policy(policy)) for policy in policies]
    return rules + [Rule(name, None) for name in names if name != OPTIMISE]


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in text.split(",") if part))


def _to_json(row: Manipulability) -> dict[str, object]:
    tried, gained = row.tried.total(), row.gained.total()
    value: dict[str, object] = {"mechanism": row.rule.mechanism}
    if row.rule.policy is not None:
        value["policy"] = row.rule.policy.name
    if row.reasons:
        return value | {"not_applicable": list(row.reasons)}
    return value | {
        "tried": tried,
        "gained": gained,
        "undefined": row.undefined,
        "wilson_millionths": [round(1e6 * end) for end in wilson(gained, tried)],
        "kinds": {
            kind: {"tried": count, "gained": row.gained[kind]}
            for kind, count in sorted(row.tried.items())
        },
        "examples": [_gain_to_json(gain) for gain in row.examples],
    }


def _gain_to_json(gain: Gain) -> dict[str, object]:
    return {
        "student": gain.lie.student,
        "kind": gain.lie.kind,
        "reported": [choice.offer for choice in gain.lie.choices],
        "honest": gain.honest,
        "got": gain.got,
    }


def _tell(row: Manipulability) -> str:
    """Return a row as a line: who gained of how many, and what that says of all."""
    name = row.rule.mechanism
    if row.rule.policy is not None:
        name += f" ({row.rule.policy.name})"
    if row.reasons:
        more = f" (and {len(row.reasons) - 1} more)" if len(row.reasons) > 1 else ""
        return f"{name:<34} not applicable: {row.reasons[0]}{more}"
    tried, gained = row.tried.total(), row.gained.total()
    low, high = wilson(gained, tried)
    share = gained / tried if tried else 0.0
    by_kind: Sequence[str] = [
        f"{kind} {row.gained[kind]}/{count}"
        for kind, count in sorted(row.tried.items())
    ]
    return (
        f"{name:<34} {gained:>5} of {tried} gain: {share:7.2%}, 95 % interval "
        f"{low:.2%} to {high:.2%}; {', '.join(by_kind)}"
    )
