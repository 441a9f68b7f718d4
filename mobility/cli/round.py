"""`mobility round`: run a round from its settings to published placements."""

import click

from mobility.cli.round_moves import MOVES
from mobility.cli.round_prepare import PREPARATIONS
from mobility.cli.round_runs import RUNS
from mobility.cli.round_show import VIEWS
from mobility.cli.round_student import STUDENTS


class InOrder(click.Group):
    """A group that lists its commands in the order of a round's life."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


@click.group(cls=InOrder)
def command() -> None:
    """Run a round: prepare, open, close, freeze, solve, publish, settle.

    A round goes draft, open, closed, frozen, published, settled, archived. Every act
    names the person who acts (--by); her roles decide whether she may, and the log
    keeps who did what, when and why. What is refused ends with exit code 2, every
    problem on a line of its own, and changes nothing.
    """


for part in (*VIEWS, *PREPARATIONS, *MOVES, *RUNS, *STUDENTS):
    command.add_command(part)
