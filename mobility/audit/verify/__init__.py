"""Checking a bundle, with nothing but the standard library.

`python3 -S -m mobility audit verify FILE.zip` in a checkout, `python3 -S FILE.zip`
with the copy that a bundle carries. Imports only the standard library, the parts of
`mobility.audit` that do likewise, `solver.verify`, `solver.fileio`, `solver.errors`.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mobility.audit.archive import BYTES_AT_MOST, Unpacked, unpack
from mobility.audit.chain import Head
from mobility.audit.verify.acts import (
    Course,
    check_chain,
    check_course,
    check_download,
    read_course,
)
from mobility.audit.verify.contents import (
    Contents,
    Facts,
    check_members,
    check_shapes,
    read_contents,
    read_manifest,
)
from mobility.audit.verify.emissions import check_emissions
from mobility.audit.verify.placements import check_certificate, check_placements
from mobility.audit.verify.proof import check_proof
from mobility.audit.verify.rates import check_factors
from mobility.audit.verify.receipts import check_receipts
from mobility.audit.verify.translation import check_instance, check_lottery
from solver.errors import InvalidFile
from solver.fileio import read_bytes

KEPT_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found.

    Parameters
    ----------
    name, proves
        What was checked, and what follows for a reader when it holds.
    facts
        Broken facts in words; the first only, unless all were asked for. None: not
        reached, because of an earlier one.
    saw
        What was looked at, in a few words.
    """

    name: str
    proves: str
    facts: tuple[str, ...] | None
    saw: str = ""


NAMES = {
    "files": "the files are those that were packed",
    "shapes": "each file has the form that its checks rely on",
    "log": "no act was changed, added or left out since",
    "acts": "this input, run and result are those that were frozen and published",
    "download": "who got this copy, and until when, is in the log",
    "receipts": "every certified list was frozen, as its student was told",
    "instance": "the solver was given what was frozen, and the declared policy",
    "lottery": "the seed follows from promises made before the freeze",
    "factors": "the emission factors are those of the declared set",
    "emissions": "every gram follows from its legs and factors",
    "placements": "students were told what the result says",
    "certificate": "no better result exists, within the gap stated",
    "public proof": "the published proof is of this round",
}


def verify(
    data: bytes, name: str, *, every: bool = False, kept: tuple[Head, ...] = ()
) -> list[Outcome]:
    """Return what each check of a bundle found, in order.

    Parameters
    ----------
    data
        The file's bytes, made by anybody.
    name
        What to call the file in a refusal.
    every
        Collect all broken facts instead of stopping at the first. What is not of the
        right form is not looked at further even so.
    kept
        Heads of the log known from elsewhere, which it must hold.

    Raises
    ------
    InvalidFile
        When the file is no bundle.
    """
    unpacked = unpack(data, name)
    manifest = read_manifest(unpacked)
    run = _Run(every=every)
    run.add("files", check_members(unpacked, manifest))
    if not set(manifest["members"]) <= unpacked.members.keys():
        return run.outcomes()
    _check_inside(run, unpacked, manifest, kept)
    return run.outcomes()


def _check_inside(
    run: "_Run", unpacked: Unpacked, manifest: dict[str, object], kept: tuple[Head, ...]
) -> None:
    if not run.add("shapes", check_shapes(unpacked, manifest)):
        return
    contents = read_contents(unpacked, manifest)
    run.add("log", check_chain(contents, kept))
    course = read_course(contents)
    for name, check in CHECKS.items():
        run.add(name, check(contents, course))


CHECKS: dict[str, Callable[[Contents, Course], Facts]] = {
    "acts": check_course,
    "download": check_download,
    "receipts": check_receipts,
    "instance": check_instance,
    "lottery": check_lottery,
    "factors": check_factors,
    "emissions": check_emissions,
    "placements": check_placements,
    "certificate": check_certificate,
    "public proof": check_proof,
}


class _Run:
    """The checks made so far; after a broken fact no more, unless all are wanted."""

    def __init__(self, *, every: bool) -> None:
        self._every = every
        self._found: dict[str, tuple[tuple[str, ...], str]] = {}

    def add(self, name: str, facts: Facts) -> bool:
        """Make a check if it is still to be made; say whether it was, and holds."""
        if not self._every and any(broken for broken, _ in self._found.values()):
            return False
        saw: list[str] = []

        def drain() -> Facts:
            saw.append((yield from facts) or "")
            return ""

        broken = tuple(drain() if self._every else islice(drain(), 1))
        self._found[name] = broken, saw[0] if saw else ""
        return not broken

    def outcomes(self) -> list[Outcome]:
        """Return an outcome for every check there is."""
        return [
            Outcome(name, proves, *self._found.get(name, (None, "")))
            for name, proves in NAMES.items()
        ]


def main(argv: Sequence[str]) -> int:
    """Check a bundle and print the table of checks.

    Parameters
    ----------
    argv
        What follows ``audit verify`` on the command line.

    Returns
    -------
    int
        0 when all holds, 1 when not (the first broken fact is named), 2 when the file
        cannot be read as a bundle.
    """
    parser = argparse.ArgumentParser(prog="python3 -S -m mobility audit verify")
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument("--all", action="store_true", help="name all broken facts")
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="SEQ:HASH",
        help="a head of the log that you kept; the log must hold it",
    )
    arguments = parser.parse_args(argv)
    matches = [KEPT_HEAD.fullmatch(text) for text in arguments.head]
    kept = tuple(Head(int(match[1]), match[2]) for match in matches if match)
    if len(kept) != len(matches):
        parser.error("--head takes the number of an entry, a colon and its hash")
    try:
        outcomes = verify(
            _read(arguments.file), str(arguments.file), every=arguments.all, kept=kept
        )
    except InvalidFile as refusal:
        sys.stderr.write("".join(f"unreadable: {text}\n" for text in refusal.problems))
        return 2
    sys.stdout.write(to_table(outcomes))
    return 1 if any(outcome.facts for outcome in outcomes) else 0


def _read(path: Path) -> bytes:
    if path.is_file() and path.stat().st_size > BYTES_AT_MOST:
        raise InvalidFile(f"{path} is larger than a bundle may be")
    return read_bytes(path)


def to_table(outcomes: Sequence[Outcome]) -> str:
    """Return the checks as lines of text, broken facts at the end."""
    wide = max(len(name) for name in NAMES)
    lines = []
    for outcome in outcomes:
        state = "-" if outcome.facts is None else "BROKEN" if outcome.facts else "holds"
        saw = f" ({outcome.saw})" if outcome.saw else ""
        lines.append(f"{outcome.name:<{wide}}  {state:<6}  {outcome.proves}{saw}")
    facts = [fact for outcome in outcomes for fact in outcome.facts or ()]
    lines += ["", *(f"broken: {fact}" for fact in facts)]
    if not facts:
        lines.append("All of it holds.")
    return "".join(f"{line}\n" for line in lines)
