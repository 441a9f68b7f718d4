"""A run of another mechanism: solved, verified and kept apart from optimal ones."""

from pathlib import Path

import pytest
from queued_runs import add_queued_run, make_settings
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from stand_ins import programs

from mobility.db import reading, unit
from mobility.jobs.child import Programs
from mobility.jobs.worker import Orders, Worker
from mobility.models import Run, RunState, RunStatus, Verdict


def work(engine: Engine, folder: Path, mechanism: str, stand_ins: Programs) -> Run:
    """Return what became of a queued run of a mechanism."""
    with unit(engine) as session:
        number = add_queued_run(session, students=30)
        run = session.get_one(Run, number)
        run.mechanism, run.is_scenario = mechanism, True
    settings = make_settings(folder, "unused")
    assert Worker(engine, settings, stand_ins, Orders()).work_once()
    with reading(engine) as session:
        return session.get_one(Run, number)


def test_an_optimum_is_not_believed_of_a_mechanism(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    run = work(sqlite_engine, tmp_path, "serial_dictatorship", programs())
    assert (run.state, run.status) == (RunState.FAILED, None)
    assert run.error is not None
    assert "status is optimal after serial_dictatorship" in run.error


def declare_mechanism(engine: Engine) -> None:
    with unit(engine) as session:
        number = add_queued_run(session)
        session.get_one(Run, number).mechanism = "serial_dictatorship"


def test_a_run_of_the_declared_policy_is_of_no_mechanism(sqlite_engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="mechanism_is_scenario"):
        declare_mechanism(sqlite_engine)


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", ["serial_dictatorship", "balanced_exchange"])
def test_a_mechanism_s_run_is_solved_and_verified(
    sqlite_engine: Engine, tmp_path: Path, mechanism: str
) -> None:
    run = work(sqlite_engine, tmp_path, mechanism, Programs())
    assert run.error is None
    assert (run.status, run.verdict) == (RunStatus.MECHANISM, Verdict.VERIFIED)
    assert run.metrics is not None
    assert [stage["name"] for stage in run.metrics] == [mechanism]
    assert f"what {mechanism} gives" in run.verdict_text


@pytest.mark.slow
def test_a_mechanism_that_is_not_applicable_fails_its_run_in_words(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    run = work(sqlite_engine, tmp_path, "deferred_acceptance", Programs())
    assert run.state == RunState.FAILED
    assert run.error is not None
    assert "cross: both count choices of" in run.error
