"""`mobility account`: let people in, and shut them out."""

from datetime import datetime

import click
from sqlmodel import Session

from mobility.cli.acting import act, by_option
from mobility.config import read_settings
from mobility.models import Person
from mobility.records.accounts import (
    account_of,
    disable_account,
    find_account,
    open_account,
)
from mobility.records.invitations import invite
from mobility.records.people import person_of


@click.group()
def command() -> None:
    """Let people in, and shut them out."""


@command.command("invite")
@click.argument("whom", metavar="EMAIL")
@by_option
def invite_command(whom: str, email: str) -> None:
    """Print a link by which a person sets her password, once, within seven days.

    Makes her account where there is none; the message is in the outbox as well.
    """

    def make(session: Session, by: Person, at: datetime) -> str:
        account = find_account(session, whom)
        if account is None:
            account = open_account(session, person_of(session, whom), by=by, at=at)
        return invite(session, account, by=by, at=at)

    token = act(email, make)
    click.echo(f"{read_settings().public_url.rstrip('/')}/invitations/{token}")


@command.command("disable")
@click.argument("whom", metavar="EMAIL")
@by_option
def disable_command(whom: str, email: str) -> None:
    """Shut a person out, at once: all her sessions end."""

    def shut(session: Session, by: Person, at: datetime) -> None:
        account = account_of(session, person_of(session, whom).id)
        disable_account(session, account, by=by, at=at)

    act(email, shut)
    click.echo(f"{whom} is shut out.", err=True)
