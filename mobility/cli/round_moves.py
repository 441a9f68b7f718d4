"""`mobility round open`, `close`, `freeze`, ...: a round's moves."""

import click

from mobility.cli.acting import act, by_option, key_argument, reason_option
from mobility.models import RoundState
from mobility.rounds.balance import settle
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import move, unfreeze


def _move(key: str, to: RoundState, email: str, reason: str = "") -> None:
    act(
        email,
        lambda session, by, at: move(session, key, to, by=by, at=at, reason=reason),
    )
    click.echo(f"Round {key} is {to}.")


@click.command("open")
@key_argument
@by_option
def open_command(key: str, email: str) -> None:
    """Let students rank; policy, factors and lottery commitments stand declared."""
    _move(key, RoundState.OPEN, email)


@click.command("close")
@key_argument
@reason_option
@by_option
def close_command(key: str, reason: str, email: str) -> None:
    """Take no more rankings; before the deadline this takes a reason."""
    _move(key, RoundState.CLOSED, email, reason)


@click.command("reopen")
@key_argument
@reason_option
@by_option
def reopen_command(key: str, reason: str, email: str) -> None:
    """Open a closed round again, with a reason that the students are told.

    Its deadline must lie ahead: set another one first.
    """
    _move(key, RoundState.OPEN, email, reason)


@click.command("freeze")
@key_argument
@by_option
def freeze_command(key: str, email: str) -> None:
    """Freeze a closed round: eligibility, emissions, pseudonyms, digest."""
    snapshot = act(email, lambda session, by, at: freeze(session, key, by=by, at=at))
    click.echo(f"Round {key} is frozen.\nsnapshot  {snapshot.digest}")


@click.command("unfreeze")
@key_argument
@reason_option
@by_option
def unfreeze_command(key: str, reason: str, email: str) -> None:
    """Take a freeze back before publication, with a reason.

    Its runs end, and lottery secrets already revealed must be promised anew.
    """
    act(email, lambda session, by, at: unfreeze(session, key, reason, by=by, at=at))
    click.echo(f"Round {key} is closed.")


@click.command("settle")
@key_argument
@by_option
def settle_command(key: str, email: str) -> None:
    """End a published round and write the balances of its partnerships."""
    act(email, lambda session, by, at: settle(session, key, by=by, at=at))
    click.echo(f"Round {key} is settled.")


@click.command("archive")
@key_argument
@by_option
def archive_command(key: str, email: str) -> None:
    """Put a settled round away."""
    _move(key, RoundState.ARCHIVED, email)


MOVES = (
    open_command,
    close_command,
    reopen_command,
    freeze_command,
    unfreeze_command,
    settle_command,
    archive_command,
)
