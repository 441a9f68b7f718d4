"""`mobility round run`, `runs`, `cancel`, `publish`: from a snapshot to placements."""

from datetime import datetime

import click
from sqlmodel import Session

from mobility.cli.acting import (
    act,
    by_option,
    json_option,
    key_argument,
    look,
    print_json,
    print_table,
    wake_workers,
)
from mobility.config import read_settings
from mobility.models import Person
from mobility.models.run import OPTIMISE
from mobility.reading.rounds import RunRow, list_runs
from mobility.rounds.answer_deadline import ANSWER_DAYS, set_answers_until
from mobility.rounds.deadlines import describe
from mobility.rounds.lottery import describe_seed
from mobility.rounds.publish import Terms, publish
from mobility.rounds.rows import read_round
from mobility.rounds.runs import cancel_run, queue_run


@click.command("run")
@key_argument
@click.option(
    "--policy",
    "policies",
    multiple=True,
    help="Preset or file of a scenario; may be given several times.",
)
@click.option(
    "--mechanism",
    default=OPTIMISE,
    show_default=True,
    help="How to place; any but optimise is a scenario, which the policy measures.",
)
@by_option
@json_option
def run_command(
    key: str, policies: tuple[str, ...], mechanism: str, email: str, *, as_json: bool
) -> None:
    """Queue the declared policy, or scenarios, for the workers to solve.

    Only the declared policy's run can be published; a scenario is a simulation.
    """

    def queue(session: Session, by: Person, at: datetime) -> tuple[list[int], str]:
        made = [
            queue_run(session, key, policy=policy, mechanism=mechanism, by=by, at=at).id
            for policy in policies or ("",)
        ]
        return made, describe_seed(session, read_round(session, key))

    runs, seed = act(email, queue)
    wake_workers(runs)
    if as_json:
        print_json(runs)
        return
    for run in runs:
        click.echo(f"Run {run} is queued.")
    click.echo(seed)


@click.command("runs")
@key_argument
@json_option
def runs_command(key: str, *, as_json: bool) -> None:
    """List a round's runs with state, verdict and gap, latest first."""
    rows = look(lambda session: list_runs(session, key))
    if as_json:
        print_json(rows)
        return
    head = ("run", "policy", "mechanism", "kind", "state", "status", "gap", "verdict")
    print_table((*head, "note"), [_to_cells(row) for row in rows])


def _to_cells(row: RunRow) -> tuple[str, ...]:
    kind = "scenario" if row.is_scenario else "declared"
    gap = "" if row.gap_msteps is None else f"{row.gap_msteps} msteps"
    note = row.error or (row.verdict_text if row.verdict == "refused" else row.progress)
    return (
        str(row.run),
        row.policy,
        row.mechanism,
        kind if row.is_of_present_freeze else f"{kind}, earlier freeze",
        row.state,
        row.status or "",
        gap,
        row.verdict or "",
        note,
    )


@click.command("cancel")
@click.argument("run", type=int)
@by_option
def cancel_command(run: int, email: str) -> None:
    """Cancel a run: at once while it waits, within seconds while it is solved."""
    row = act(email, lambda session, by, at: cancel_run(session, run, by=by, at=at))
    click.echo(f"Run {row.id} is {row.state}; cancelling was asked for.")


@click.command("publish")
@key_argument
@click.argument("run", type=int)
@click.option(
    "--answers-until",
    default="",
    metavar="TIME",
    help="Until when places are answered, as '2027-01-15 23:59' in the round's zone. "
    f"Default: {ANSWER_DAYS} days from now.",
)
@by_option
def publish_command(key: str, run: int, answers_until: str, email: str) -> None:
    """Publish a verified RUN of the declared policy: students learn their places.

    Whoever set the policy last does not publish it (second_person_to_publish).
    """
    terms = Terms(answers_until, read_settings().second_person_to_publish)
    made = act(
        email,
        lambda session, by, at: publish(session, key, run, by=by, at=at, terms=terms),
    )
    click.echo(f"Round {key} is published: {len(made)} students have a place.")


@click.command("answers-until")
@key_argument
@click.argument("time")
@by_option
def answers_until_command(key: str, time: str, email: str) -> None:
    """Set another last moment for answers, in the round's zone; students are told."""
    a_round = act(
        email,
        lambda session, by, at: set_answers_until(session, key, time, by=by, at=at),
    )
    if a_round.answers_until:
        when = describe(a_round.answers_until, a_round.deadline_zone)
        click.echo(f"Places of round {key} are answered until {when}.")


RUNS = (
    run_command,
    runs_command,
    cancel_command,
    publish_command,
    answers_until_command,
)
