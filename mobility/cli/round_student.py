"""`mobility round certify`, `answer`: what a student does, for tests and helpdesks."""

import click

from mobility.cli.acting import (
    act,
    by_option,
    json_option,
    key_argument,
    print_fields,
    print_json,
)
from mobility.models import AnswerKind, DeclineReason
from mobility.rounds.answers import answer
from mobility.rounds.certify import certify
from mobility.rounds.rankings import to_ranking


@click.command("certify")
@key_argument
@click.argument("offers", nargs=-1, required=True)
@click.option("--version", default=1, help="Version of the draft that is replaced (1).")
@by_option
@json_option
def certify_command(
    key: str, offers: tuple[str, ...], version: int, email: str, *, as_json: bool
) -> None:
    """Certify a ranking: OFFERS by key, first wish first. Prints the receipt."""
    made = act(
        email,
        lambda session, by, at: certify(
            session, key, to_ranking(offers), version=version, by=by, at=at
        ),
    )
    if as_json:
        print_json(made)
        return
    print_fields(
        [
            ("receipt", made.receipt),
            ("salt", made.salt),
            ("number", str(made.number)),
            ("version", str(made.version)),
        ]
    )


@click.command("answer")
@key_argument
@click.argument("kind", type=click.Choice([kind.value for kind in AnswerKind]))
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in DeclineReason]),
    help="Needed for declining.",
)
@by_option
def answer_command(key: str, kind: str, reason: str | None, email: str) -> None:
    """Answer a place: accept, decline with a reason, or accept and wait."""
    why = DeclineReason(reason) if reason else None
    act(
        email,
        lambda session, by, at: answer(
            session, key, AnswerKind(kind), why, by=by, at=at
        ),
    )
    click.echo(f"The answer in round {key} is: {kind}.")


STUDENTS = (certify_command, answer_command)
