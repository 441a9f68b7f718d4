"""`mobility db` and `mobility worker` as they are called."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import add_institution
from queued_runs import add_queued_run
from sqlalchemy import event, text

from mobility.cli import main
from mobility.db import Unavailable, make_engine, reading, unit
from mobility.models import Run, RunState

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Call]:
    """Return what calls a command: its exit code and what it says on stderr."""
    handlers = {
        each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)
    }

    def run(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
        given = {"MOBILITY_INSTANCE_FOLDER": str(folder), **settings}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["mobility", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert said.out == ""
        return int(ended.value.code or 0), said.err

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_database_is_made_checked_and_worked_on(tmp_path: Path, call: Call) -> None:
    folder = tmp_path / "instance"
    assert call(folder, "db", "upgrade") == (
        0,
        "The database's tables are the newest.\n",
    )
    engine = make_engine(f"sqlite:///{folder}/mobility.sqlite")
    with unit(engine) as session:
        run_id = add_queued_run(session)
    assert call(folder, "worker", "--once")[0] == 0
    with reading(engine) as session:
        assert session.get_one(Run, run_id).state == RunState.DONE
    assert call(folder, "db", "check") == (0, "The database and its log are whole.\n")
    with unit(engine) as session:
        session.execute(text("UPDATE audit_entry SET actor = 'x' WHERE seq = 1"))
    engine.dispose()
    assert call(folder, "db", "check") == (
        1,
        "entry 1 was changed: its hash is another\n",
    )


@pytest.mark.parametrize("words", [("worker", "--once"), ("worker", "--until-idle")])
def test_a_worker_without_tables_says_what_to_call(
    tmp_path: Path, call: Call, words: tuple[str, ...]
) -> None:
    code, said = call(tmp_path, *words)
    assert (code, said) == (
        2,
        "refused: the database has no tables yet; call `mobility db upgrade`\n",
    )


def test_there_is_one_first_administrator(tmp_path: Path, call: Call) -> None:
    call(tmp_path, "db", "upgrade")
    assert call(tmp_path, "db", "admin", "Grace", "not an address") == (
        2,
        (
            "refused: person not an address: e-mail address is 'not an address', must"
            " look like 'alice@example.org'\n"
        ),
    )
    assert call(tmp_path, "db", "admin", "Grace", "grace@example.org")[0] == 0
    code, said = call(tmp_path, "db", "admin", "Mallory", "mallory@example.org")
    assert code == 2
    assert "an administrator gives others" in said


def test_wrong_settings_are_all_refused_with_code_2(tmp_path: Path, call: Call) -> None:
    wrong = {"MOBILITY_LEASE_SECONDS": "-1", "MOBILITY_RUN_ATTEMPTS": "many"}
    code, said = call(tmp_path, "db", "check", **wrong)
    assert code == 2
    assert said.count("refused: MOBILITY_") == 2


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, call: Call) -> None:
    (tmp_path / "file").write_text("")
    code, said = call(tmp_path / "file" / "instance", "db", "upgrade")
    assert code == 2
    assert "cannot make" in said


def test_a_full_disk_is_a_plain_sentence_and_nothing_is_saved(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)

    @event.listens_for(engine, "begin")
    def allow_no_more_pages(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    def fill() -> None:
        with unit(engine) as session:
            for number in range(2000):
                add_institution(session, f"hei-{number}.se")

    with pytest.raises(Unavailable, match="the disk is full; nothing was saved"):
        fill()
    engine.dispose()
    engine = make_engine(sqlite_url)
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM institution")).scalar() == 0
    engine.dispose()
