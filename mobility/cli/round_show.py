"""`mobility round list`, `show`, `problems`: look, change nothing."""

import sys

import click

from mobility.cli.acting import (
    act,
    by_option,
    json_option,
    key_argument,
    look,
    print_fields,
    print_json,
    print_table,
)
from mobility.reading.rounds import RoundRow, RoundView, list_rounds, view_round
from mobility.rounds.deadlines import describe
from mobility.rounds.freeze import list_problems
from mobility.rounds.lottery import describe_seed
from mobility.rounds.rows import read_round

NEXT = {
    "draft": "mobility round open",
    "open": "mobility round close",
    "closed": "mobility round problems, then mobility round freeze",
    "frozen": "mobility round run, then mobility round publish",
    "published": "mobility round settle",
    "settled": "mobility round archive",
}


@click.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List all rounds, latest deadline first."""
    rows = look(list_rounds)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("round", "state", "year", "deadline", "name"),
        [
            (row.key, _state(row), row.academic_year_id, _deadline(row), row.name)
            for row in rows
        ],
    )


@click.command("show")
@key_argument
@json_option
def show_command(key: str, *, as_json: bool) -> None:
    """Show one round: settings, numbers, digests, what comes next."""
    view, seed = look(
        lambda session: (
            view_round(session, key),
            describe_seed(session, read_round(session, key)),
        )
    )
    if as_json:
        print_json(view)
        return
    print_fields(_to_fields(view, seed))


@click.command("problems")
@key_argument
@by_option
@json_option
def problems_command(key: str, email: str, *, as_json: bool) -> None:
    """List everything that would block the freeze; exit 1 when there is something."""
    problems = act(
        email, lambda session, by, at: list_problems(session, key, by=by, at=at)
    )
    found = [problem.text for problem in problems]
    if as_json:
        print_json(found)
    else:
        for problem in found or ["Nothing blocks the freeze."]:
            click.echo(problem)
    sys.exit(1 if found else 0)


def _state(row: RoundRow) -> str:
    return f"{row.state} (dry run)" if row.is_dry_run else row.state


def _deadline(row: RoundRow) -> str:
    return describe(row.deadline_at, row.deadline_zone)


def _answers_until(row: RoundRow) -> str:
    until = row.answers_until
    return describe(until, row.deadline_zone) if until else ""


def _to_fields(view: RoundView, seed: str) -> list[tuple[str, str]]:
    answers = ", ".join(f"{kind} {count}" for kind, count in view.answers.items())
    step = NEXT.get(view.round.state, "")
    return [
        ("round", f"{view.round.key}: {view.round.name}"),
        ("state", _state(view.round)),
        ("year", view.round.academic_year_id),
        ("deadline", _deadline(view.round)),
        ("policy", f"{view.policy}, digest {view.policy_digest}"),
        ("factors", view.factor_set),
        ("offers", f"{view.offers} with {view.places} places"),
        ("students", f"{view.applications}, of them {view.certified} certified"),
        ("lottery", seed),
        ("snapshot", view.snapshot_digest or ""),
        ("published", f"run {view.published_run}" if view.published_run else ""),
        ("placed", str(view.placed) if view.published_run else ""),
        ("answers", answers),
        ("until", _answers_until(view.round)),
        ("next", step),
    ]


VIEWS = (list_command, show_command, problems_command)
