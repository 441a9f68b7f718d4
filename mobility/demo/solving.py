"""Having the demo's runs solved: the worker's own loop, in this process."""

from mobility.db import reading
from mobility.demo.play import Solve
from mobility.errors import Conflict
from mobility.jobs.worker import Worker
from mobility.models import Run, RunState


def solve_with(worker: Worker) -> Solve:
    """Return what has a queued run solved in a child process, verified and stored."""

    def solve(run_id: int) -> None:
        worker.work_once()
        with reading(worker.engine) as session:
            run = session.get_one(Run, run_id)
        if run.state != RunState.DONE:
            why = run.error or "the worker could not take it"
            raise Conflict(f"run {run_id} is {run.state}, not done: {why}")

    return solve
