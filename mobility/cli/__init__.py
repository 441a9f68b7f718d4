"""The command line. Each command lives in a module that is loaded when it is called.

A refusal ends with exit code 2 and every problem on a line of its own on stderr.
"""

import importlib
import sys

import click

from mobility.errors import Refused

COMMANDS = {
    "account": ("mobility.cli.account", "Let people in, and shut them out."),
    "audit": (
        "mobility.cli.audit",
        "Print the log; hand out a round's evidence, check it.",
    ),
    "demo": ("mobility.cli.demo", "Build the demo world and run a round in it."),
    "db": ("mobility.cli.db", "Make, upgrade and check the database."),
    "emissions": ("mobility.cli.emissions", "Emissions of a journey, door to door."),
    "factors": ("mobility.cli.factors", "Emission factors: list, show, compare sets."),
    "round": (
        "mobility.cli.round",
        "Run a round: open, close, freeze, solve, publish.",
    ),
    "serve": ("mobility.cli.serve", "Serve the pages, with a worker beside them."),
    "worker": ("mobility.cli.worker", "Solve queued runs until stopped."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when called, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return its `command`."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands without importing them."""
        rows = [(name, COMMANDS[name][1]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup)
def group() -> None:
    """Run matching rounds for student exchange: fair, balanced, checkable."""


def main() -> None:
    """Run the command line; a refusal is printed and ends with exit code 2."""
    try:
        group(prog_name="mobility")
    except Refused as refusal:
        for problem in refusal.problems:
            click.echo(f"refused: {problem}", err=True)
        sys.exit(2)
