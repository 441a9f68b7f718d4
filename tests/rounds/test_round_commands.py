"""`mobility round`: the same acts from a terminal, refusals with exit code 2."""

import json
import sys
from collections.abc import Callable, Iterator

import pytest
from round_world import KEY, NOW, Office, solve
from sqlmodel import select

from mobility import models as m
from mobility.cli import acting, main
from mobility.db import reading, unit
from mobility.rounds.rows import read_round

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(
    sqlite_url: str,
    copy_stage: Callable[[str, str], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    monkeypatch.setenv("MOBILITY_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(acting, "now", lambda: NOW)
    office = copy_stage("draft", sqlite_url)
    yield office
    office.engine.dispose()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return a function that calls `mobility round`: exit code, stdout, stderr."""

    def run(*words: str, by: str = "") -> tuple[int, str, str]:
        acting_as = ["--by", f"{by}@example.org"] if by else []
        monkeypatch.setattr(sys, "argv", ["mobility", "round", *words, *acting_as])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_round_is_lived_from_the_terminal(office: Office, call: Call) -> None:
    assert call("open", KEY, by="dana")[0] == 0
    code, out, _ = call(
        "certify",
        KEY,
        "uu-spring",
        "lyon-spring",
        "nairobi-online",
        "--json",
        by="alice",
    )
    receipt = json.loads(out)["receipt"]
    assert code == 0
    for name, wish in (("achieng", "uu-spring"), ("bengt", "nairobi-spring")):
        assert call("certify", KEY, wish, by=name)[0] == 0
    assert call("close", KEY, "--reason", "all are in", by="dana")[0] == 0
    assert call("problems", KEY, by="dana")[:2] == (0, "Nothing blocks the freeze.\n")
    code, out, _ = call("freeze", KEY, by="dana")
    assert code == 0
    view = json.loads(call("show", KEY, "--json")[1])
    assert out.endswith(f"snapshot  {view['snapshot_digest']}\n")
    assert (view["certified"], view["round"]["state"]) == (3, "frozen")
    with unit(office.engine) as session:
        run = solve(session, office.world, names=["Alice"]).id
    code, _, said = call("close", KEY, "--reason", "a slip", by="dana")
    assert (code, "by the act unfreeze alone" in said) == (2, True)
    publish = ["publish", KEY, str(run), "--answers-until", "2026-10-20 18:00"]
    code, _, said = call(*publish, by="dana")
    assert (code, "a second person publishes it" in said) == (2, True)
    assert "1 students have a place" in call(*publish, by="daria")[1]
    assert "2026-10-20 18:00 Africa/Nairobi (15:00 UTC)" in call("show", KEY)[1]
    _, said, _ = call("answers-until", KEY, "2026-10-25 18:00", by="dana")
    assert "are answered until 2026-10-25 18:00 Africa/Nairobi" in said
    assert call("answer", KEY, "accept", by="alice")[0] == 0
    assert call("settle", KEY, by="dana")[0] == 0
    assert call("archive", KEY, by="dana")[0] == 0
    with reading(office.engine) as session:
        assert receipt in session.exec(select(m.Certification.receipt)).all()
    assert "archived" in call("list")[1]


def test_a_one_person_office_publishes_where_its_setting_says_so(
    office: Office, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOBILITY_SECOND_PERSON_TO_PUBLISH", "false")
    assert call("open", KEY, by="dana")[0] == 0
    assert call("certify", KEY, "uu-spring", "lyon-spring", by="alice")[0] == 0
    assert call("close", KEY, "--reason", "all are in", by="dana")[0] == 0
    assert call("freeze", KEY, by="dana")[0] == 0
    with unit(office.engine) as session:
        run = solve(session, office.world, names=["Alice"]).id
    assert call("publish", KEY, str(run), by="dana")[0] == 0


def test_runs_are_queued_listed_and_cancelled(office: Office, call: Call) -> None:
    call("open", KEY, by="dana")
    call("close", KEY, "--reason", "a trial", by="dana")
    call("freeze", KEY, by="dana")
    policies = ["--policy", "plain-sum", "--policy", "students-first"]
    assert json.loads(call("run", KEY, *policies, "--json", by="dana")[1]) == [1, 2]
    code, out, _ = call("run", KEY, by="dana")
    assert (code, "Run 3 is queued." in out) == (0, True)
    assert "weakness: nobody committed" in out
    assert "Run 3 is cancelled" in call("cancel", "3", by="dana")[1]
    rows = json.loads(call("runs", KEY, "--json")[1])
    assert [(row["run"], row["policy"], row["state"]) for row in rows] == [
        (3, "balanced", "cancelled"),
        (2, "students-first", "queued"),
        (1, "plain-sum", "queued"),
    ]
    assert "scenario" in call("runs", KEY)[1]
    mechanism = ["--mechanism", "balanced_exchange"]
    assert json.loads(call("run", KEY, *mechanism, "--json", by="dana")[1]) == [4]
    (row, *_) = json.loads(call("runs", KEY, "--json")[1])
    assert (row["policy"], row["mechanism"]) == ("balanced", "balanced_exchange")
    assert row["is_scenario"]
    assert call("unfreeze", KEY, "--reason", "a mistake", by="dana")[0] == 0
    assert {row["state"] for row in json.loads(call("runs", KEY, "--json")[1])} == {
        "cancelled"
    }


@pytest.mark.parametrize(
    ("words", "by", "sentence"),
    [
        (["open", KEY], "alice", "Alice may not do round:open here"),
        (["open", KEY], "bob", "that takes the role network coordinator"),
        (["open", KEY], "nobody", "'nobody@example.org'"),
        (["open", "narnia"], "dana", "there is no round 'narnia'"),
        (["freeze", KEY], "dana", "is draft; it can become open, not frozen"),
        (["publish", KEY, "1"], "dana", "it can become open, not published"),
        (["certify", KEY, "uu-spring"], "alice", "is draft: no ranking is taken"),
        (["cancel", "77"], "dana", "there is no run 77"),
        (["policy", KEY, "utopia"], "dana", "utopia is neither a file nor a preset"),
        (
            [
                "deadline",
                KEY,
                "--deadline",
                "2027-03-28 02:30",
                "--zone",
                "Europe/Paris",
            ],
            "dana",
            "does not exist: the clocks skip it",
        ),
        (["show", "narnia"], "", "there is no round 'narnia'"),
    ],
)
def test_what_is_refused_ends_with_2_and_writes_nothing(
    office: Office, call: Call, words: list[str], by: str, sentence: str
) -> None:
    with reading(office.engine) as session:
        before = session.exec(select(m.AuditHead.seq)).one()
    code, out, err = call(*words, by=by)
    assert (code, out) == (2, "")
    assert sentence in err
    assert all(line.startswith("refused: ") for line in err.splitlines())
    with reading(office.engine) as session:
        assert session.exec(select(m.AuditHead.seq)).one() == before
        assert read_round(session, KEY).state == m.RoundState.DRAFT


def test_all_problems_of_a_new_round_are_lines_of_their_own(
    office: Office, call: Call
) -> None:
    code, _, err = call(
        "create", "Mid Summer", "--name", "x", "--year", "2027", "--deadline", "soon",
        "--zone", "Europe/Paris", "--factors", "atlantis", by="dana",
    )  # fmt: skip
    assert code == 2
    assert len(err.splitlines()) == 4
    with reading(office.engine) as session:
        assert session.exec(select(m.Round.key)).all() == [KEY]


def test_problems_end_with_1_and_are_listed(office: Office, call: Call) -> None:
    call("open", KEY, by="dana")
    call("certify", KEY, "nairobi-spring", by="bengt")
    with unit(office.engine) as session:
        query = select(m.Institution).where(m.Institution.hei_id == "uu.se")
        heis = session.exec(query).one()
        heis.block = heis.block_source = heis.block_date = None
        session.add(heis)
    code, out, _ = call("problems", KEY, by="dana")
    assert (code, out.count("\n")) == (1, 1)
    assert "University of Uppsala (uu.se) has no block" in out


def test_a_secret_fits_its_commitment(office: Office, call: Call) -> None:
    secret, commitment = (line.split()[1] for line in call("secret")[1].splitlines())
    assert call("commit", KEY, "Union", commitment, by="dana")[0] == 0
    call("open", KEY, by="dana")
    call("close", KEY, "--reason", "a trial", by="dana")
    call("freeze", KEY, by="dana")
    assert call("reveal", KEY, "Union", "0" * 64, by="dana")[0] == 2
    assert call("reveal", KEY, "Union", secret, by="dana")[0] == 0
    assert "stands on one committer, Union" in call("show", KEY)[1]


def test_every_command_says_what_it_does(call: Call) -> None:
    code, out, _ = call("--help")
    assert code == 0
    names = [line.split()[0] for line in out.split("Commands:")[1].splitlines() if line]
    assert {"create", "open", "freeze", "run", "publish", "settle"} <= {*names}
    for name in names:
        assert call(name, "--help")[0] == 0
