"""The administrator keeps people, roles and ways in."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from visitors import As, Visitor, errors_of, mail_of
from werkzeug.test import TestResponse

from mobility.db import unit
from mobility.models import AuditEntry, Person, RoleGrant
from mobility.records.people import person_of

NEW = "/admin/people/new"
NO_SCOPE = {"institution": "", "round_key": "", "valid_until": ""}


@pytest.fixture
def grace(signed_in: As) -> Visitor:
    return signed_in("grace")


def page_of(engine: Engine, name: str) -> str:
    with unit(engine) as session:
        return f"/admin/people/{person_of(session, mail_of(name)).id}"


def grants_of(session: Session, email: str) -> list[RoleGrant]:
    person = person_of(session, email)
    query = select(RoleGrant).where(RoleGrant.person_id == person.id)
    return list(session.exec(query))


def add(grace: Visitor, **changed: str) -> TestResponse:
    fields = {"name": "Ivan", "email": "ivan@example.org", "is_invited": "y", **changed}
    return grace.post(NEW, NEW, **fields)


def test_somebody_new_is_invited_given_a_role_and_let_in(
    grace: Visitor, visitor: Visitor
) -> None:
    page = add(grace).headers["Location"]
    given = grace.post(f"{page}/roles", page, role="network_coordinator", **NO_SCOPE)
    assert given.status_code == 303
    shown = grace.post(f"{page}/link", page)
    found = re.search(r"http://localhost(/invitations/[\w-]+)", shown.text)
    assert found
    assert found[1] not in grace.get(page).text
    word = "a good long password"
    visitor.post(found[1], password=word, again=word)
    assert visitor.get("/network").status_code == 200


def test_the_list_is_sorted_and_filtered_by_its_address(grace: Visitor) -> None:
    page = grace.get("/admin?sort=-name&text=student")
    names = re.findall(r'href="/admin/people/\d+">([^<]+)<', page.text)
    assert names == ["Erin", "Alice"]
    assert 'aria-sort="descending"' in page.text
    assert "Nothing to show." in grace.get("/admin?text=nobody").text
    assert grace.get("/admin?page=99&sort=nonsense").status_code == 200


def test_an_address_that_is_taken_is_told_and_what_was_typed_stays(
    grace: Visitor, web_engine: Engine
) -> None:
    answer = add(grace, email=mail_of("alice"))
    assert answer.status_code == 422
    assert "has this e-mail address already" in answer.text
    assert 'value="Ivan"' in answer.text
    with unit(web_engine) as session:
        assert person_of(session, mail_of("alice")).name == "Alice"


def test_a_name_with_markup_is_shown_as_text(grace: Visitor) -> None:
    page = add(grace, name="<script>alert(1)</script>").headers["Location"]
    assert "<script>" not in grace.get(page).text
    assert "&lt;script&gt;" in grace.get("/admin").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "coordinator"}, "This role is held in a university: choose one."),
        ({"role": "admin", "institution": "uu.se"}, "held in no university"),
        ({"role": "auditor", "round_key": "2027-spring"}, "for one round and ends"),
        ({"role": "emperor"}, "Not a valid choice"),
    ],
)
def test_a_role_that_cannot_be_is_told_beside_its_field(
    grace: Visitor, web_engine: Engine, fields: dict[str, str], sentence: str
) -> None:
    page = page_of(web_engine, "dana")
    answer = grace.post(f"{page}/roles", page, **{**NO_SCOPE, **fields})
    assert answer.status_code == 422
    assert any(sentence in error for error in errors_of(answer))


def test_a_university_that_is_unknown_is_told(
    grace: Visitor, web_engine: Engine
) -> None:
    page = page_of(web_engine, "dana")
    fields = {**NO_SCOPE, "role": "host", "institution": "no.where"}
    answer = grace.post(f"{page}/roles", page, **fields)
    assert answer.status_code == 422
    assert "there is no institution" in answer.text


def test_a_role_given_twice_is_a_conflict_and_one_taken_twice_is_not(
    grace: Visitor, web_engine: Engine
) -> None:
    page = page_of(web_engine, "dana")
    fields = {**NO_SCOPE, "role": "network_coordinator"}
    assert grace.post(f"{page}/roles", page, **fields).status_code == 409
    with unit(web_engine) as session:
        (grant,) = grants_of(session, mail_of("dana"))
    for _ in range(2):
        answer = grace.post(f"{page}/roles/{grant.id}/revoke", page)
        assert answer.status_code == 303
    with unit(web_engine) as session:
        assert grants_of(session, mail_of("dana")) == []


def test_a_role_is_gone_for_a_session_that_is_open(
    grace: Visitor, signed_in: As, web_engine: Engine
) -> None:
    dana, page = signed_in("dana"), page_of(web_engine, "dana")
    assert dana.get("/network").status_code == 200
    with unit(web_engine) as session:
        (grant,) = grants_of(session, mail_of("dana"))
    grace.post(f"{page}/roles/{grant.id}/revoke", page)
    assert dana.get("/network").status_code == 403


def test_shutting_out_and_letting_in_again(
    grace: Visitor, signed_in: As, web_engine: Engine
) -> None:
    alice, page = signed_in("alice"), page_of(web_engine, "alice")
    assert grace.post(f"{page}/disable", page).status_code == 303
    assert alice.get("/account").status_code == 302
    assert grace.post(f"{page}/link", page).status_code == 409
    assert grace.post(f"{page}/enable", page).status_code == 303
    assert grace.post(f"{page}/enable", page).status_code == 409
    assert alice.sign_in(mail_of("alice")).status_code == 303


def test_the_administrator_cannot_lock_herself_out(
    grace: Visitor, web_engine: Engine
) -> None:
    page = page_of(web_engine, "grace")
    assert grace.post(f"{page}/disable", page).status_code == 409
    with unit(web_engine) as session:
        (grant,) = grants_of(session, mail_of("grace"))
    assert grace.post(f"{page}/roles/{grant.id}/revoke", page).status_code == 409


def test_every_act_is_in_the_log(grace: Visitor, web_engine: Engine) -> None:
    page = add(grace).headers["Location"]
    grace.post(f"{page}/link", page)
    with unit(web_engine) as session:
        actions = [row.action for row in session.exec(select(AuditEntry))][-3:]
        assert session.exec(select(Person).where(Person.name == "Ivan")).one()
    assert actions == ["person:keep", "account:keep", "account:keep"]


def test_nobody_and_nothing_is_the_same_page_that_is_not_there(grace: Visitor) -> None:
    pages = [grace.get(address) for address in ("/admin/people/999", "/nowhere")]
    bodies = {re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", p.text) for p in pages}
    assert [page.status_code for page in pages] == [404, 404]
    assert len(bodies) == 1
