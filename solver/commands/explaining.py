"""`explain`: why a student has what she has, or what places are worth."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.errors import Refused
from solver.explain.offers import explain_offers
from solver.explain.reading import read_stages
from solver.explain.students import explain_all
from solver.explain.words import say_all
from solver.fileio import parse_json, read_bytes, to_canonical, to_digest

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
