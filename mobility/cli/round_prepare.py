"""`mobility round create`, `copy`, `offers`, ...: what is set before a freeze."""

from datetime import datetime

import click

from mobility.cli.acting import act, by_option, key_argument, reason_option
from mobility.rounds.deadlines import describe
from mobility.rounds.decisions import Decision, decide, lift
from mobility.rounds.draw import new_secret, to_commitment
from mobility.rounds.lifecycle import set_deadline
from mobility.rounds.lottery import commit, reveal, withdraw
from mobility.rounds.offers import draw_offers
from mobility.rounds.policies import declare_policy
from mobility.rounds.setup import Copied, NewRound, copy_round, create_round

name_option = click.option("--name", required=True, help="What people call it.")
year_option = click.option(
    "--year", "academic_year_id", required=True, metavar="YYYY/YYYY"
)
deadline_option = click.option(
    "--deadline",
    required=True,
    metavar="LOCAL-TIME",
    help="Last moment to certify, as '2026-11-15 23:59' in the zone given.",
)
zone_option = click.option(
    "--zone", required=True, metavar="ZONE", help="IANA zone, as Africa/Nairobi."
)
dry_run_option = click.option(
    "--dry-run", "is_dry_run", is_flag=True, help="A test: nobody gets a message."
)


@click.command("create")
@key_argument
@name_option
@year_option
@deadline_option
@zone_option
@click.option("--policy", default="balanced", help="Preset, or TOML or JSON file.")
@click.option("--factors", "factor_set", default="desnz-2026", help="Factor set.")
@click.option("--balance-years", default=3, help="Settled rounds carried over.")
@dry_run_option
@by_option
def create_command(email: str, **settings: str | int | bool) -> None:
    """Make a round in state draft, its policy and factors declared."""
    new = NewRound(**settings)  # type: ignore[arg-type]  # click gives each option its type
    made = act(email, lambda session, by, at: create_round(session, new, by=by, at=at))
    click.echo(f"Round {made.key} is a draft. Give it offers, then open it.")


@click.command("copy")
@click.argument("source", metavar="FROM")
@key_argument
@name_option
@year_option
@deadline_option
@zone_option
@click.option(
    "--shift-days", default=364, help="How much later the offers start (364)."
)
@dry_run_option
@by_option
def copy_command(email: str, source: str, **settings: str | int | bool) -> None:
    """Make a draft with the policy, settings, offers and quotas of another round.

    Decisions about single students are not copied.
    """
    new = Copied(**settings)  # type: ignore[arg-type]  # click gives each option its type
    made = act(
        email, lambda session, by, at: copy_round(session, source, new, by=by, at=at)
    )
    click.echo(f"Round {made.key} is a draft made from {source}.")


@click.command("offers")
@key_argument
@click.option(
    "--starts-on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day of the new offers.",
)
@by_option
def offers_command(key: str, starts_on: datetime, email: str) -> None:
    """Make an offer of every condition in force that has none in the round yet."""
    day = starts_on.date()
    made = act(
        email, lambda session, by, at: draw_offers(session, key, day, by=by, at=at)
    )
    click.echo(f"Round {key} has {made} new offers.")


@click.command("policy")
@key_argument
@click.argument("policy")
@reason_option
@by_option
def policy_command(key: str, policy: str, reason: str, email: str) -> None:
    """Declare another POLICY: a preset's name, or a TOML or JSON file.

    Once the round has been opened this takes a reason, and the students are told.
    """
    kept = act(
        email,
        lambda session, by, at: declare_policy(
            session, key, policy, by=by, at=at, reason=reason
        ),
    )
    click.echo(f"Round {key} declares {kept.name}, digest {kept.digest}.")


@click.command("deadline")
@key_argument
@deadline_option
@zone_option
@by_option
def deadline_command(key: str, deadline: str, zone: str, email: str) -> None:
    """Set another deadline; once the round has been opened, the students are told."""
    a_round = act(
        email,
        lambda session, by, at: set_deadline(
            session, key, deadline, zone, by=by, at=at
        ),
    )
    when = describe(a_round.deadline_at, a_round.deadline_zone)
    click.echo(f"Round {key} takes rankings until {when}.")


@click.command("secret")
def secret_command() -> None:
    """Draw a secret for the lottery: keep the first line, give away the second."""
    secret = new_secret()
    click.echo(f"secret      {secret}")
    click.echo(f"commitment  {to_commitment(secret)}")


@click.command("commit")
@key_argument
@click.argument("committer")
@click.argument("commitment")
@by_option
def commit_command(key: str, committer: str, commitment: str, email: str) -> None:
    """Keep a committer's promise to the lottery, before the freeze."""
    act(
        email,
        lambda session, by, at: commit(
            session, key, committer, commitment, by=by, at=at
        ),
    )
    click.echo(f"{committer} is a committer of round {key}.")


@click.command("withdraw")
@key_argument
@click.argument("committer")
@reason_option
@by_option
def withdraw_command(key: str, committer: str, reason: str, email: str) -> None:
    """Drop a promise to the lottery whose secret is lost, before the freeze."""
    act(
        email,
        lambda session, by, at: withdraw(session, key, committer, reason, by=by, at=at),
    )
    click.echo(f"{committer} is no committer of round {key} any more.")


@click.command("reveal")
@key_argument
@click.argument("committer")
@click.argument("secret")
@by_option
def reveal_command(key: str, committer: str, secret: str, email: str) -> None:
    """Keep a committer's secret, once the round is frozen."""
    act(
        email,
        lambda session, by, at: reveal(session, key, committer, secret, by=by, at=at),
    )
    click.echo(f"{committer}'s secret is the one that was promised.")


@click.command("decide")
@key_argument
@click.argument("kind", type=click.Choice(["pin", "forbid"]))
@click.argument("student", metavar="STUDENT-EMAIL")
@click.argument("offer")
@click.option("--lift", "is_lifted", is_flag=True, help="Take the decision back.")
@reason_option
@by_option
def decide_command(key: str, email: str, *, is_lifted: bool, **given: str) -> None:
    """Pin a student to an offer, or forbid her one, with a reason.

    A pinned student has the offer whatever the policy says. From the freeze on
    decisions stand.
    """
    decision = Decision(
        given["kind"], given["student"], given["offer"], given["reason"]
    )
    work = lift if is_lifted else decide
    act(email, lambda session, by, at: work(session, key, decision, by=by, at=at))
    done = "is lifted" if is_lifted else "stands"
    click.echo(f"{decision.kind} of {decision.email} and {decision.offer} {done}.")


PREPARATIONS = (
    create_command,
    copy_command,
    offers_command,
    policy_command,
    deadline_command,
    decide_command,
    secret_command,
    commit_command,
    withdraw_command,
    reveal_command,
)
