"""What an auditor sees of a round: everything frozen, under pseudonyms, read only."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from audited_world import OTHER, ROUND, Audited, open_audit
from round_world import KEY
from sqlalchemy import Engine, event
from sqlmodel import col, select

from mobility import models as m
from mobility.audit.verify import verify
from mobility.db import Unavailable, reading, unit

pytestmark = pytest.mark.slow  # a round is solved and published for it

PAGES = (
    "/auditor",
    ROUND,
    f"{ROUND}/waterfall",
    f"{ROUND}/waterfall?scope=block:south",
    f"{ROUND}/equity",
    f"{ROUND}/flows",
    f"{ROUND}/emissions",
    f"{ROUND}/emissions/stability",
    f"{ROUND}/placements",
    f"{ROUND}/log",
    f"{ROUND}/log/verification",
    f"{ROUND}/evidence",
    f"{ROUND}/public-proof",
)
STUDENT = re.compile(r'href="([^"]*/placements/s-[^"]+)"')
FACTOR = re.compile(r'href="([^"]*/factors/[^"]+)"')


@pytest.fixture
def carol(sqlite_template: Path, tmp_path: Path) -> Iterator[Audited]:
    audited = open_audit(sqlite_template, tmp_path)
    yield audited
    audited.engine.dispose()


def count_entries(carol: Audited) -> int:
    with reading(carol.engine) as session:
        return len(session.exec(select(m.AuditEntry.seq)).all())


def students(carol: Audited) -> list[str]:
    return STUDENT.findall(carol.get(f"{ROUND}/placements").text)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_within_twenty_statements_and_names_nobody(
    carol: Audited, address: str
) -> None:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    before = count_entries(carol)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        page = carol.get(address)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert page.status_code == 200
    assert len(statements) < 20
    named = [name for name in carol.world.people if name in page.text]
    assert set(named) <= {"Carol"}
    assert count_entries(carol) == before


def write_as_reader(carol: Audited) -> None:
    with reading(carol.engine) as session:
        session.add(m.Person(name="Eve", email="eve@example.org"))


def test_a_reader_of_the_database_cannot_write_even_by_mistake(carol: Audited) -> None:
    with pytest.raises(Unavailable, match="may not be written"):
        write_as_reader(carol)
    with unit(carol.engine) as session:
        session.add(m.Person(name="Erin", email="erin@example.org"))


def test_carol_finds_her_round_and_no_other(carol: Audited) -> None:
    page = carol.get("/auditor").text
    assert f'href="{ROUND}"' in page
    assert OTHER not in page


def test_another_round_looks_as_if_it_did_not_exist(carol: Audited) -> None:
    for page in ("", "/flows", "/placements", "/log", "/evidence"):
        hidden = carol.get(f"/auditor/rounds/{OTHER}{page}")
        nothing = carol.get(f"/auditor/rounds/no-such-round{page}")
        assert hidden.status_code == nothing.status_code == 404
        assert without_token(hidden.text) == without_token(nothing.text)


def without_token(page: str) -> str:
    """Return a page without its form's token, which carries the second it was made."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_the_overview_has_digests_verdict_seed_and_who_did_what(
    carol: Audited,
) -> None:
    page = carol.get(ROUND).text
    with reading(carol.engine) as session:
        run = session.exec(select(m.Run)).one()
        snapshot = session.exec(select(m.Snapshot)).one()
        head = session.exec(select(m.AuditHead)).one()
    for digest in (snapshot.digest, run.instance_digest, run.result_digest, head.hash):
        assert f"<code>{digest}</code>" in page
    for words in ("proven best", "frozen", "published", "secret revealed"):
        assert words in page


def test_the_overview_prints_what_is_weak(carol: Audited) -> None:
    with unit(carol.engine) as session:
        query = select(m.AuditPayload).join(m.AuditEntry)
        published = query.where(m.AuditEntry.action == "round:publish")
        row = session.exec(published).one()
        said = ["the publisher is also the last to have changed the policy"]
        row.payload = json.dumps({**json.loads(row.payload), "weaknesses": said})
    page = carol.get(ROUND).text
    assert "the publisher is also the last to have changed the policy" in page
    assert "were entered by one person" in page


def test_a_bounded_result_is_called_so(carol: Audited) -> None:
    with unit(carol.engine) as session:
        run = session.exec(select(m.Run)).one()
        run.status, run.gap_msteps = m.RunStatus.BOUNDED, 40
    page = carol.get(ROUND).text
    assert "a better one by up to 40" in page
    assert "proven best" not in page.replace("not proven best", "")


def test_the_waterfall_is_told_for_a_block_and_nonsense_is_everyone(
    carol: Audited,
) -> None:
    south = carol.get(f"{ROUND}/waterfall?scope=block:south").text
    nonsense = carol.get(f"{ROUND}/waterfall?scope=nonsense").text
    assert "Stages, for South" in south
    assert "Stages, for everyone" in nonsense


def test_a_placement_is_followed_to_the_factor_row_of_a_leg(carol: Audited) -> None:
    found = 0
    for address in students(carol):
        page = carol.get(address)
        assert "What she was told at publication is this outcome" in page.text
        factors = set(FACTOR.findall(page.text))
        if factors:
            assert "agree to the gram" in page.text
        for factor in factors:
            row = carol.get(factor).text
            assert "Row of the source" in row
            found += 1
    assert found > 0


def test_the_sum_of_the_legs_is_the_number_that_was_published(carol: Audited) -> None:
    with reading(carol.engine) as session:
        rows = session.exec(select(m.Placement.emissions_g)).all()
    totals = []
    for address in students(carol):
        total = re.search(r"<strong>([\d,]+)</strong>", carol.get(address).text)
        if total:
            totals.append(int(total[1].replace(",", "")))
    assert sorted(totals) == sorted(grams for grams in rows if grams)


def test_a_number_that_was_changed_after_publication_is_seen(carol: Audited) -> None:
    with unit(carol.engine) as session:
        for place in session.exec(select(m.Placement)):
            place.emissions_g += 1
    pages = [carol.get(address).text for address in students(carol)]
    assert any("another outcome than this result" in page for page in pages)


def test_an_unknown_student_and_factor_are_not_found(carol: Audited) -> None:
    assert carol.get(f"{ROUND}/placements/s-nobody").status_code == 404
    assert carol.get(f"{ROUND}/factors/air.balloon.ttw").status_code == 404


def test_a_round_without_a_result_says_so(carol: Audited) -> None:
    with unit(carol.engine) as session:
        other = session.exec(select(m.Round).where(m.Round.key == OTHER)).one()
        grant = session.exec(
            select(m.RoleGrant).where(col(m.RoleGrant.role) == "auditor")
        ).one()
        grant.round_id = other.id
    for page in ("/waterfall", "/equity", "/flows", "/emissions", "/placements"):
        shown = carol.get(f"/auditor/rounds/{OTHER}{page}")
        assert shown.status_code == 200
        assert "no published result" in shown.text
    assert carol.get(f"/auditor/rounds/{OTHER}").status_code == 200
    assert "no evidence yet" in carol.get(f"/auditor/rounds/{OTHER}/evidence").text
    assert carol.get(f"/auditor/rounds/{OTHER}/public-proof").status_code == 409


def test_the_log_shows_one_kind_when_asked(carol: Audited) -> None:
    page = carol.get(f"{ROUND}/log?kind=lottery").text
    assert "lottery:commit" in page
    assert "round:freeze" not in page


def test_the_log_holds_and_a_changed_content_breaks_it(carol: Audited) -> None:
    address = f"{ROUND}/log/verification"
    assert "The log holds" in carol.get(address).text
    with unit(carol.engine) as session:
        payload = session.exec(select(m.AuditPayload)).first()
        assert payload is not None
        payload.payload = '{"changed":true}'
    assert "The log does not hold" in carol.get(address).text


def test_evidence_is_handed_out_once_the_recipient_is_written_down(
    carol: Audited,
) -> None:
    before = count_entries(carol)
    answer = carol.send(
        f"{ROUND}/evidence", recipient="Court of auditors", delete_by=soon(carol)
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f"{KEY}-evidence.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    facts = [
        fact
        for outcome in verify(answer.data, "evidence.zip")
        for fact in outcome.facts or ()
    ]
    assert facts == []
    assert count_entries(carol) == before + 1
    assert "Court of auditors" in carol.get(f"{ROUND}/log?kind=audit").text


def soon(carol: Audited) -> str:
    """Return the date that the form proposes."""
    found = re.search(r'value="(\d{4}-\d\d-\d\d)"', carol.get(f"{ROUND}/evidence").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"recipient": ""}, "Enter the name of who gets this copy"),
        ({"delete_by": "soon"}, "Not a valid date value"),
        ({"delete_by": "2001-01-01"}, "to be deleted by 1 Jan 2001"),
        ({"price": "0"}, "This form has no field"),
    ],
)
def test_evidence_is_refused_with_the_reason_and_nothing_is_logged(
    carol: Audited, fields: dict[str, str], sentence: str
) -> None:
    before = count_entries(carol)
    wanted = {"recipient": "Court", "delete_by": soon(carol), **fields}
    answer = carol.send(f"{ROUND}/evidence", **wanted)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count_entries(carol) == before


def test_the_public_proof_holds_no_row_about_anybody(carol: Audited) -> None:
    proof = json.loads(carol.get(f"{ROUND}/public-proof").data)
    assert proof["verdict"]["verdict"] == "verified"
    assert "placements" not in proof
    text = json.dumps(proof)
    assert not re.search(r"s-[0-9a-f]{12}", text)


def test_the_public_proof_is_made_anew_when_the_log_grows(carol: Audited) -> None:
    address = f"{ROUND}/public-proof"
    first = json.loads(carol.get(address).data)
    assert json.loads(carol.get(address).data) == first
    carol.send(f"{ROUND}/evidence", recipient="Court", delete_by=soon(carol))
    again = json.loads(carol.get(address).data)
    assert again["log"]["head"]["seq"] == first["log"]["head"]["seq"] + 1
