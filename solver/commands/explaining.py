"""`explain` and `relax`: why a student has what she has, what more places would do."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.commands.console import add_leash, obey_leash
from solver.errors import Refused
from solver.explain.offers import explain_offers
from solver.explain.reading import read_stages
from solver.explain.students import explain_all
from solver.explain.words import say_all
from solver.fileio import parse_json, read_bytes, to_canonical, to_digest
from solver.instance_reader import read_instance
from solver.policy_reader import read_policy
from solver.relax import relax

if TYPE_CHECKING:
    from solver.commands.console import Commands


def add_explaining(commands: "Commands") -> None:
    """Add the commands to a parser."""
    explain = commands.add_parser("explain", help="say why a student has her outcome")
    explain.add_argument("instance", type=Path)
    explain.add_argument("result", type=Path)
    explain.add_argument("student", nargs="?", help="her id; without: all places")
    explain.add_argument("--json", action="store_true", help="data, not sentences")
    explain.set_defaults(run=_explain)


def add_relax(commands: "Commands") -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("relax", help="the fewest places that place k more")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--policy", required=True, help="a preset's name or a file")
    parser.add_argument(
        "--more", type=int, required=True, help="how many more to place"
    )
    parser.add_argument(
        "--single", action="store_true", help="add to one offer or one quota only"
    )
    parser.add_argument("--json", action="store_true", help="data, not sentences")
    add_leash(parser)
    parser.set_defaults(run=_relax)


def _relax(options: argparse.Namespace) -> int:
    obey_leash(options)
    if options.more < 1:
        raise Refused(f"--more is {options.more}, must be 1 or more")
    instance, _, _ = read_instance(options.instance)
    policy = read_policy(options.policy)
    found = relax(instance, policy, options.more, single=options.single)
    if options.json:
        sys.stdout.write(to_canonical(found).decode() + "\n")
    else:
        sys.stdout.write("\n".join(_tell_relaxation(found)) + "\n")
    return 0


def _tell_relaxation(found: dict[str, Any]) -> list[str]:
    said = [f"{found['placed_before']} placed, {found['placed_after']} with:"]
    for each in found["added"]:
        kind = "offer" if "offer" in each else "quota"
        said.append(f"  {kind} {each[kind]}: {each['to']} instead of {each['from']}")
    proof = "the least there is"
    if not found["is_least"]:
        proof = f"at least {found['bound']} are needed, by prices"
    return [*said, f"places added: {found['total']}; {proof}"]


def _explain(options: argparse.Namespace) -> int:
    data = read_bytes(options.instance)
    instance = parse_json(data, str(options.instance))
    result = parse_json(read_bytes(options.result), str(options.result))
    _check_digest(result, data)
    if options.student is None:
        return _explain_places(instance, result, is_json=options.json)
    explained = explain_all(instance, result)
    if options.student not in explained:
        raise Refused(f"{options.instance} has no student {options.student!r}")
    found = explained[options.student]
    if options.json:
        sys.stdout.write(to_canonical(found).decode() + "\n")
    else:
        sys.stdout.write("\n".join(say_all(found, str)) + "\n")
    return 0


def _check_digest(result: object, data: bytes) -> None:
    certificate = result.get("certificate") if isinstance(result, dict) else None
    digest = certificate.get("instance_digest") if isinstance(certificate, dict) else ""
    if digest != to_digest(data):
        raise Refused("the result is not of this instance: the digests differ")


def _explain_places(instance: object, result: object, *, is_json: bool) -> int:
    views = read_stages(instance, result)
    places = [(view.stage.name, explain_offers(view)) for view in views]
    if is_json:
        tables = [{"stage": stage, "places": found} for stage, found in places]
        sys.stdout.write(to_canonical(tables).decode() + "\n")
        return 0
    for stage, found in places:
        sys.stdout.write(f"stage {stage}: one more place brings at most\n")
        sys.stdout.writelines(f"  {_describe(place)}\n" for place in found)
    return 0


def _describe(place: dict[str, Any]) -> str:
    kind = "offer" if "offer" in place else "quota"
    worths = [f"{worth['at_most']} of {worth['level']}" for worth in place["worth"]]
    return f"{kind} {place[kind]} ({place['capacity']}): {', then '.join(worths)}"
