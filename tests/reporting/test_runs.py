"""A stored run's facts: of verified results alone, read once."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from builders import DONE, add_round, add_run, add_snapshot
from sqlalchemy import Engine, event
from sqlmodel import Session
from worlds import make_files

from mobility.errors import Conflict, NotFound
from mobility.models import RunFile, RunFileKind, Snapshot, Verdict
from mobility.reporting import runs
from mobility.reporting.memory import Memory
from mobility.reporting.runs import run_facts


@pytest.fixture
def session(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr(runs, "_facts", Memory(4))
    with Session(sqlite_engine) as session:
        yield session


def keep_run(session: Session, **changed: object) -> int:
    """Keep a constructed run with its files; return its number."""
    snapshot, result = make_files()
    round_id = add_round(session)
    number = add_snapshot(session, round_id)
    session.get_one(Snapshot, number).data = pack(snapshot)
    run = add_run(session, round_id, number, **{**DONE, **changed})
    session.add(RunFile(run_id=run, kind=RunFileKind.RESULT, data=pack(result)))
    session.add(RunFile(run_id=run, kind=RunFileKind.INSTANCE, data=b"not read"))
    session.flush()
    return run


def pack(value: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(value).encode())


def test_the_facts_are_those_of_the_stored_files(session: Session) -> None:
    facts = run_facts(session, keep_run(session))
    _, result = make_files()
    assert [stage.name for stage in facts.stages] == ["wishes", "balance", "carbon"]
    for stage, told in zip(facts.stages, result["stages"], strict=True):
        assert stage.places.keys() == told["placements"].keys()


def test_the_second_time_the_files_are_not_read(
    session: Session, sqlite_engine: Engine
) -> None:
    run = keep_run(session)
    first = run_facts(session, run)
    statements: list[str] = []
    event.listen(
        sqlite_engine,
        "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )
    assert run_facts(session, run) is first
    assert len(statements) == 1


def test_a_run_that_the_verifier_refused_has_no_figures(session: Session) -> None:
    run = keep_run(session, verdict=Verdict.REFUSED)
    with pytest.raises(Conflict, match="no verified result"):
        run_facts(session, run)


def test_there_are_no_figures_of_no_run(session: Session) -> None:
    with pytest.raises(NotFound, match="there is no run 404"):
        run_facts(session, 404)
