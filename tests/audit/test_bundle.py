"""Handing out a round's evidence, and reading the log."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from published_world import (
    AUDITED,
    Published,
    first_broken,
    hand_to_carol,
    publish_world,
    read_log,
    read_zip,
)
from round_world import KEY, NOW
from sqlalchemy import text
from sqlmodel import Session, select

from mobility import models as m
from mobility.audit.bundle import Download, add_program, make_bundle
from mobility.audit.record import erase_payload
from mobility.audit.verify import verify
from mobility.cli import group
from mobility.db import make_engine, reading, unit
from mobility.errors import Conflict, Forbidden, InvalidInput, NotFound
from mobility.reading.audit import list_log, read_segment, verify_log
from mobility.reading.evidence import read_evidence
from mobility.rounds.bundles import hand_out
from mobility.rounds.lifecycle import move
from mobility.rounds.runs import instance_of
from mobility.rounds.setup import NewRound, create_round
from solver.fileio import to_canonical, to_digest

pytestmark = pytest.mark.slow  # a round is solved and published for it


def ask(published: Published, who: str, key: str = KEY, **given: object) -> bytes:
    with unit(published.engine) as session:
        by = published.world.who(session, who)
        given = {"recipient": "Carol", "at": AUDITED, **given}
        return hand_out(session, key, by=by, **given).file  # type: ignore[arg-type] # what a test varies


def last_payload(published: Published) -> tuple[m.AuditEntry, dict[str, object]]:
    with reading(published.engine) as session:
        entry = max(session.exec(select(m.AuditEntry)), key=lambda row: row.seq)
        payload = session.get_one(m.AuditPayload, entry.seq)
        return entry, json.loads(payload.payload)


@pytest.mark.postgres
def test_a_round_on_postgresql_gives_a_bundle_that_holds(
    postgres_url: str, tmp_path: Path
) -> None:
    engine = make_engine(postgres_url)
    world = publish_world(engine, postgres_url, tmp_path)
    packed = hand_to_carol(engine, world)
    with reading(engine) as session:
        segment = read_segment(session, KEY)
        assert list_log(session, KEY).rows[0].seq == segment.head.seq
        assert verify_log(session).holds
    engine.dispose()
    assert read_log(packed)["head"]["seq"] == segment.head.seq
    assert first_broken(packed) == ""


def test_what_was_solved_is_in_the_bundle(published: Published) -> None:
    members = read_zip(ask(published, "Carol"))
    with reading(published.engine) as session:
        run = session.exec(select(m.Run)).one()
        assert members["instance.json"] == to_canonical(instance_of(session, run))
        assert to_digest(members["result.json"]) == run.result_digest


def test_a_download_is_logged_with_recipient_and_last_day(published: Published) -> None:
    packed = ask(published, "Carol", recipient=" Ce\u0301cile, union ")
    entry, payload = last_payload(published)
    assert (entry.action, entry.subject) == ("audit:bundle", f"round:{KEY}")
    assert payload["recipient"] == "C\u00e9cile, union"
    assert payload["delete_by"] == (AUDITED + timedelta(days=90)).date().isoformat()
    assert read_log(packed)["head"] == {"seq": entry.seq, "hash": entry.hash}
    assert first_broken(packed) == ""


def test_the_same_evidence_gives_the_same_bytes(published: Published) -> None:
    with reading(published.engine) as session:
        segment = read_segment(session, KEY)
        download = Download(KEY, "Carol", segment.entries[-1].at, "2027-01-01")
        members = add_program(read_evidence(session, KEY), KEY, "2027-01-01")
        backwards = dict(reversed(members.items()))
        made = make_bundle(members, segment, download)
        assert make_bundle(backwards, segment, download) == made


def test_two_downloads_differ_in_who_got_them_and_in_nothing_judged(
    published: Published,
) -> None:
    first, second = ask(published, "Carol"), ask(published, "Dana", recipient="Dana")
    files = read_zip(first), read_zip(second)
    differing = {name for name in files[0] if files[0][name] != files[1][name]}
    assert differing == {"manifest.json", "log.json", "public-proof.json"}
    assert "Carol" not in files[1]["log.json"].decode()
    assert first_broken(second) == ""


def test_nobody_is_named_and_no_draft_or_decision_is_in_it(file: bytes) -> None:
    members = read_zip(file)
    everything = b"".join(members.values()).lower()
    for name in (b"alice", b"achieng", b"bengt", b"dana", b"example.org"):
        assert name not in everything
    shown = {row["seq"] for row in read_log(file)["payloads"]}
    actions = {
        row["action"] for row in read_log(file)["entries"] if row["seq"] in shown
    }
    assert "round:freeze" in actions
    assert "ranking:draft" not in actions


def test_the_public_proof_has_receipts_and_totals_and_no_row(file: bytes) -> None:
    members = read_zip(file)
    proof = json.loads(members["public-proof.json"])
    snapshot = json.loads(members["snapshot.json"])
    assert proof["receipts"] == sorted(s["receipt"] for s in snapshot["students"])
    told = proof["stages"][-1]
    assert (told["students"], told["placed"], told["rank_profile"]) == (3, None, None)
    assert json.loads(members["result.json"])["stages"][-1]["metrics"]["placed"] == 3
    for student in snapshot["students"]:
        assert student["id"] not in members["public-proof.json"].decode()


@pytest.mark.parametrize("who", ["Alice", "Bob"])
def test_students_and_coordinators_get_no_bundle(
    who: str, published: Published
) -> None:
    with pytest.raises(Forbidden, match="audit:bundle"):
        ask(published, who)


def test_carol_gets_none_after_her_time(published: Published) -> None:
    with pytest.raises(Forbidden):
        ask(published, "Carol", at=AUDITED + timedelta(days=31))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"recipient": "  "}, "is a name"),
        ({"recipient": "Carol\x00"}, "is a name"),
        ({"recipient": "C" * 201}, "is a name"),
        ({"delete_by": AUDITED.date()}, "must lie after"),
        ({"delete_by": date(2099, 1, 1)}, "at most"),
    ],
)
def test_a_recipient_and_a_last_day_are_needed(
    given: dict[str, object], words: str, published: Published
) -> None:
    with pytest.raises(InvalidInput, match=words):
        ask(published, "Carol", **given)


def test_a_round_that_is_not_published_has_no_bundle(published: Published) -> None:
    new = NewRound(
        key="2028-spring",
        name="Next",
        academic_year_id="2027/2028",
        deadline="2027-11-15 12:00",
        zone="UTC",
        policy="balanced",
    )
    with unit(published.engine) as session:
        dana = published.world.who(session, "Dana")
        create_round(session, new, by=dana, at=NOW)
        move(session, "2028-spring", m.RoundState.OPEN, by=dana, at=NOW)
    with pytest.raises(Conflict, match="is open: a bundle is made of a published"):
        ask(published, "Dana", "2028-spring")
    with pytest.raises(Forbidden):
        ask(published, "Carol", "2028-spring")
    with pytest.raises(NotFound):
        ask(published, "Dana", "2029-spring")


def tamper(published: Published, statement: str) -> str:
    with published.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    facts = [
        fact
        for outcome in verify(ask(published, "Carol"), "b.zip", every=True)
        for fact in outcome.facts or ()
    ]
    return "\n".join(facts)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE placement SET emissions_g = emissions_g + 1", "was published with"),
        ("UPDATE placement SET rank = rank + 1", "published as choice"),
        ("DELETE FROM placement WHERE rank = 1", "that was not published"),
        ("UPDATE lottery_commitment SET secret = 'x'", "not the one promised"),
        (
            "UPDATE audit_payload SET payload = '{}' WHERE payload LIKE '%snapshot%'",
            "its payload is not the one that it commits to",
        ),
        (
            "UPDATE audit_entry SET actor = 'p-mallory' WHERE action = 'round:publish'",
            "was changed: its hash is another",
        ),
    ],
)
def test_rows_changed_behind_the_service_are_found_in_the_bundle(
    statement: str, words: str, published: Published
) -> None:
    assert words in tamper(published, statement)


def test_a_run_whose_files_are_gone_is_said_so(published: Published) -> None:
    with published.engine.begin() as connection:
        connection.execute(text("DELETE FROM run_file WHERE kind = 'instance'"))
    with pytest.raises(Conflict, match="instance is no longer stored"):
        ask(published, "Carol")


def test_a_student_who_was_erased_breaks_nothing(published: Published) -> None:
    with unit(published.engine) as session:
        query = select(m.AuditEntry).where(m.AuditEntry.action == "ranking:certify")
        for row in session.exec(query).all()[:2]:
            erase_payload(session, row.seq)
    assert first_broken(ask(published, "Carol")) == ""


def test_pages_of_the_log_are_latest_first_and_hide_what_is_personal(
    published: Published,
) -> None:
    with reading(published.engine) as session:
        whole = list_log(session, None, size=1000)
        pages = [list_log(session, None, page, size=7) for page in range(1, 9)]
        about = list_log(session, KEY)
    assert [row for page in pages for row in page.rows] == list(whole.rows)
    assert pages[0].pages == -(-whole.entries // 7)
    assert pages[-1].rows == ()
    assert [row.seq for row in whole.rows] == list(range(whole.entries, 0, -1))
    assert {row.subject for row in about.rows} == {f"round:{KEY}"}
    shown = {row.action for row in whole.rows if row.payload is not None}
    assert "round:publish" in shown
    assert "ranking:certify" in shown
    assert not any(row.is_erased for row in whole.rows)


def test_a_page_below_one_and_an_unknown_round_are_not_found(
    published: Published,
) -> None:
    with reading(published.engine) as session:
        for key, page in ((KEY, 0), ("2029-spring", 1)):
            with pytest.raises(NotFound):
                list_log(session, key, page)


def test_the_stored_log_holds_until_it_is_changed(published: Published) -> None:
    def look(session: Session) -> tuple[bool, int]:
        verdict = verify_log(session)
        return verdict.holds, len(verdict.problems)

    with reading(published.engine) as session:
        assert look(session) == (True, 0)
    with published.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_payload WHERE seq = 2"))
        connection.execute(text("UPDATE audit_entry SET at = 0 WHERE seq = 3"))
        connection.execute(
            text("UPDATE audit_entry SET at = '2027-01-01 00:00:00' WHERE seq = 3")
        )
    with reading(published.engine) as session:
        assert look(session) == (False, 1)
        erased = list_log(session, None, size=1000).rows[-2]
        assert (erased.payload, erased.is_erased) == (None, True)


def call(published: Published, *arguments: str) -> Result:
    environment = {"MOBILITY_DATABASE_URL": published.url}
    return CliRunner(env=environment).invoke(group, ["audit", *arguments])


def test_the_command_writes_file_and_proof(
    published: Published, tmp_path: Path
) -> None:
    path = tmp_path / "spring.zip"
    to = ("--by", "dana@example.org", "--to", "Carol", "--delete-by", "2099-01-01")
    refused = call(published, "bundle", KEY, "-o", str(path), *to)
    assert isinstance(refused.exception, InvalidInput)
    assert not path.exists()
    done = call(published, "bundle", KEY, "-o", str(path), *to[:4])
    assert done.exit_code == 0, done.output
    assert path.stat().st_mode & 0o077 == 0
    proof = tmp_path / "spring-public-proof.json"
    assert proof.read_bytes() == read_zip(path.read_bytes())["public-proof.json"]
    checked = call(published, "verify", "--all", str(path))
    assert checked.exit_code == 0
    assert checked.output.endswith("All of it holds.\n")


def test_nothing_is_logged_when_the_folder_is_not_there(
    published: Published, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "spring.zip"
    by = ("--by", "dana@example.org", "--to", "Carol")
    done = call(published, "bundle", KEY, "-o", str(path), *by)
    assert isinstance(done.exception, InvalidInput)
    assert last_payload(published)[0].action != "audit:bundle"


def test_the_log_is_printed_and_checked(published: Published) -> None:
    done = call(published, "log", KEY, "--by", "dana@example.org")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].split() == ["entry", "at", "actor", "action", "subject", "content"]
    assert lines[-1].startswith("The log holds. Its head: ")
    shown = json.loads(
        call(published, "log", "--all", "--by", "dana@example.org", "--json").output
    )
    assert [row["seq"] for row in shown["entries"]][:2] == [1, 2]
    with published.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'p-x' WHERE seq = 3"))
    broken = call(published, "log", "--all", "--by", "dana@example.org")
    assert broken.exit_code == 1
    assert "broken: entry 3 was changed" in broken.output


def test_an_auditor_of_one_round_does_not_read_all_of_the_log(
    published: Published,
) -> None:
    with unit(published.engine) as session:
        grants = select(m.RoleGrant).where(m.RoleGrant.role == "auditor")
        session.exec(grants).one().valid_until = NOW.replace(year=2999)
    by = ("--by", "carol@example.org")
    assert call(published, "log", KEY, *by).exit_code == 0
    assert isinstance(call(published, "log", "--all", *by).exception, Forbidden)
    assert call(published, "log", *by).exit_code == 2
