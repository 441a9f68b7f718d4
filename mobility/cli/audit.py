"""`mobility audit`: the log, and a round's evidence for who checks it elsewhere."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from sqlmodel import Session

from mobility.audit.verify import main as verify
from mobility.cli.acting import (
    act,
    by_option,
    json_option,
    key_argument,
    look,
    print_json,
    print_table,
)
from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.permissions import EVERYWHERE
from mobility.reading.audit import LogPage, LogRow, LogVerdict, list_log, verify_log
from mobility.records.authority import require
from mobility.records.people import person_of
from mobility.rounds.bundles import hand_out
from mobility.rounds.deadlines import to_text
from mobility.rounds.rows import read_round, scope_of
from solver.fileio import write_atomic

WHOLE = 10**9
"""Rows of a page that holds the whole log."""
PRIVATE = 0o600


@click.group()
def command() -> None:
    """Print the log; hand out a round's evidence and check it."""


@command.command("bundle")
@key_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE.zip",
)
@click.option("--to", "recipient", required=True, help="Who gets this copy.")
@click.option(
    "--delete-by",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Last day on which the copy may be kept. Default: in 90 days.",
)
@by_option
def bundle_command(
    key: str, output: Path, recipient: str, delete_by: datetime | None, email: str
) -> None:
    """Write all evidence of a published round to FILE.zip; the log names who gets it.

    The file is confidential. FILE-public-proof.json beside it is for everybody.
    """
    last = delete_by.date() if delete_by else None
    proof = output.with_name(f"{output.stem}-public-proof.json")
    _check_writable(output)
    made = act(
        email,
        lambda session, by, at: hand_out(session, key, recipient, last, by=by, at=at),
    )
    write_atomic(output, made.file)
    output.chmod(PRIVATE)
    write_atomic(proof, made.public_proof)
    click.echo(f"{output}: confidential, {len(made.file)} bytes, for {recipient}")
    click.echo(f"{proof}: for everybody")
    click.echo(f"check it: python3 -S -m mobility audit verify {output}")


def _check_writable(path: Path) -> None:
    """Refuse a folder that is not there before the download is logged."""
    if not path.absolute().parent.is_dir():
        raise InvalidInput(f"cannot write {path}: there is no such folder")


@command.command("verify", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify_command(arguments: tuple[str, ...]) -> None:
    """Check a bundle, offline; exit 1 with the first broken fact."""
    sys.exit(verify(arguments))


@command.command("log")
@click.argument("key", metavar="ROUND", required=False)
@click.option("--all", "is_all", is_flag=True, help="Entries of all rounds and none.")
@by_option
@json_option
def log_command(key: str | None, email: str, *, is_all: bool, as_json: bool) -> None:
    """Print the log's entries and check all of it; exit 1 when it does not hold."""
    if is_all == (key is not None):
        raise click.UsageError("name a round, or give --all")
    page, verdict = look(lambda session: _read(session, key, email))
    if as_json:
        print_json({"entries": page.rows[::-1], "verdict": verdict})
    else:
        _print_log(page, verdict)
    sys.exit(0 if verdict.holds else 1)


def _read(session: Session, key: str | None, email: str) -> tuple[LogPage, LogVerdict]:
    scope = EVERYWHERE if key is None else scope_of(read_round(session, key))
    by = person_of(session, email)
    require(session, "audit.read", scope, by=by, at=now())
    return list_log(session, key, size=WHOLE), verify_log(session)


def _print_log(page: LogPage, verdict: LogVerdict) -> None:
    print_table(
        ("entry", "at", "actor", "action", "subject", "content"),
        [
            (
                str(row.seq),
                to_text(row.at),
                row.actor,
                row.action,
                row.subject,
                _content(row),
            )
            for row in page.rows[::-1]
        ],
    )
    for problem in verdict.problems:
        click.echo(f"broken: {problem}")
    if verdict.holds:
        click.echo(f"The log holds. Its head: {verdict.seq}:{verdict.hash}")


def _content(row: LogRow) -> str:
    if row.payload is not None:
        return json.dumps(row.payload, ensure_ascii=False)
    return "(erased)" if row.is_erased else "(not shown)"
