"""The log: what is recorded is chained, and any change of it is found."""

import json
import subprocess
import sys
import threading
from dataclasses import fields, replace

import pytest
from builders import AT, add_institution, add_student
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from mobility.audit.chain import START, Entry, Head, Payload, verify_chain
from mobility.audit.record import (
    actor_of,
    erase_payload,
    find_breaks,
    forget_actor,
    record,
    to_entry,
)
from mobility.config import ROOT
from mobility.db import reading, transact, unit
from mobility.models import AuditEntry, AuditHead, AuditPayload
from solver.errors import InvalidFile


def write(session: Session, subject: str = "round:2027-spring") -> None:
    record(
        session,
        actor="p-dana",
        action="round:open",
        subject=subject,
        payload={"reason": "Ca\u0301diz", "places": 12},
        at=AT,
    )


def stored(engine: Engine) -> tuple[list[Entry], dict[int, Payload]]:
    with reading(engine) as session:
        entries = [to_entry(row) for row in session.exec(select(AuditEntry))]
        payloads = session.exec(select(AuditPayload)).all()
        return entries, {p.seq: Payload(p.salt, p.payload) for p in payloads}


def three(engine: Engine) -> tuple[list[Entry], dict[int, Payload]]:
    for _ in range(3):
        with unit(engine) as session:
            write(session)
    return stored(engine)


def breaks(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return find_breaks(session)


def test_entries_are_numbered_without_gaps_and_continue_each_other(
    database: Engine,
) -> None:
    entries, payloads = three(database)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev for entry in entries] == [
        START,
        entries[0].hash,
        entries[1].hash,
    ]
    assert verify_chain(entries, payloads, Head(3, entries[2].hash)) == []
    assert breaks(database) == []


def test_an_empty_log_holds(database: Engine) -> None:
    assert breaks(database) == []


def test_an_act_that_is_undone_leaves_no_entry(database: Engine) -> None:
    def work(session: Session) -> None:
        write(session)
        raise InvalidFile("the disk is full")

    with pytest.raises(InvalidFile):
        transact(database, work)
    assert stored(database) == ([], {})


def test_two_acts_in_one_transaction_are_two_entries(database: Engine) -> None:
    with unit(database) as session:
        write(session)
        write(session)
    assert breaks(database) == []
    assert len(stored(database)[0]) == 2


def test_writers_at_once_make_one_chain(database: Engine) -> None:
    def work(number: int) -> None:
        transact(database, lambda session: write(session, f"round:{number}"))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaks(database) == []
    assert len(stored(database)[0]) == 10


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
def test_a_change_of_any_field_is_found(sqlite_engine: Engine, name: str) -> None:
    entries, payloads = three(sqlite_engine)
    value = getattr(entries[1], name)
    other = value + 1 if isinstance(value, int) else value[:-1] + "x"
    changed = [entries[0], replace(entries[1], **{name: other}), entries[2]]
    assert verify_chain(changed, payloads) != []


def test_a_changed_payload_or_salt_is_found(sqlite_engine: Engine) -> None:
    entries, payloads = three(sqlite_engine)
    text_changed = Payload(payloads[2].salt, payloads[2].text.replace("12", "13"))
    salt_changed = Payload("f" * 64, payloads[2].text)
    no_salt = Payload("no salt", payloads[2].text)
    for payload in (text_changed, salt_changed, no_salt):
        assert verify_chain(entries, {**payloads, 2: payload}) == [
            "entry 2: its payload is not the one that it commits to"
        ]


def test_a_left_out_entry_and_a_shorter_log_are_found(sqlite_engine: Engine) -> None:
    entries, payloads = three(sqlite_engine)
    head = Head(3, entries[2].hash)
    problems = verify_chain([entries[0], entries[2]], payloads, head)
    assert problems == [
        "entry 3 follows entry 1: numbers have no gaps",
        "entry 3 does not continue the entry before it",
    ]
    assert verify_chain(entries[:2], payloads) == []
    assert verify_chain(entries[:2], payloads, head) != []


def test_a_row_changed_behind_our_back_is_found(database: Engine) -> None:
    three(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'x' WHERE seq = 2"))
    assert breaks(database) == ["entry 2 was changed: its hash is another"]


def test_a_lost_head_is_found(database: Engine) -> None:
    with unit(database) as session:
        session.delete(session.exec(select(AuditHead)).one())
    assert breaks(database) == [
        "the log has no head: the row that names its last entry is missing"
    ]


def test_after_erasure_the_chain_holds_and_the_person_is_gone(
    database: Engine,
) -> None:
    with unit(database) as session:
        student = add_student(session, add_institution(session))
        assert student == 1
        pseudonym = actor_of(session, 1)
        assert actor_of(session, 1) == pseudonym
    three(database)
    with unit(database) as session:
        erase_payload(session, 2)
        forget_actor(session, 1)
    assert sorted(stored(database)[1]) == [1, 3]
    assert breaks(database) == []
    with unit(database) as session:
        assert actor_of(session, 1) != pseudonym


def test_payloads_are_canonical_and_composed(sqlite_engine: Engine) -> None:
    payload = three(sqlite_engine)[1][1]
    assert payload.text == '{"places":12,"reason":"C\u00e1diz"}'
    assert json.loads(payload.text)["places"] == 12


def test_decimals_are_refused_and_nothing_is_written(sqlite_engine: Engine) -> None:
    def work(session: Session) -> None:
        record(
            session,
            actor="worker",
            action="run:finish",
            subject="run:1",
            payload={"share": 0.5},
            at=AT,
        )

    with pytest.raises(InvalidFile, match=r"0\.5 is float"):
        transact(sqlite_engine, work)
    assert stored(sqlite_engine) == ([], {})


def test_the_arithmetic_needs_the_standard_library_alone() -> None:
    statement = "import mobility.audit.chain as chain; print(chain.START)"
    command = [sys.executable, "-S", "-c", statement]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == START
