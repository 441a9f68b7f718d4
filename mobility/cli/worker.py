"""`mobility worker`: solve queued runs."""

import logging
import signal
from types import FrameType

import click

from mobility.cli.db import open_database
from mobility.config import read_settings
from mobility.jobs.supervise import supervise
from mobility.jobs.worker import Orders, Worker


@click.command()
@click.option("--once", is_flag=True, help="Solve one run that waits, then end.")
@click.option("--until-idle", is_flag=True, help="End when no run is under way.")
@click.option("--parent", type=int, help="End when this parent process has ended.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    help="How many workers, each a process that solves one run at a time.",
)
def command(
    *, once: bool, until_idle: bool, parent: int | None, processes: int
) -> None:
    """Solve queued runs until stopped.

    Ctrl-C (SIGINT) finishes the run in hand and ends; a second one, or SIGTERM, gives
    it back to the queue and ends at once.
    """
    if processes > 1 and (once or until_idle):
        raise click.UsageError("--processes goes with neither --once nor --until-idle")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    orders = Orders(parent=parent)
    listen(orders)
    settings = read_settings()
    with open_database(settings) as engine:
        if processes > 1:
            supervise(processes, orders)
            return
        worker = Worker(engine, settings, orders=orders)
        if once:
            worker.work_once()
        elif until_idle:
            worker.work_until_idle()
        else:
            worker.work_forever()


def listen(orders: Orders) -> None:
    """Turn signals into orders."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        orders.stop = orders.drain
        orders.drain = True

    def terminate(_number: int, _frame: FrameType | None) -> None:
        orders.stop = True

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, terminate)
