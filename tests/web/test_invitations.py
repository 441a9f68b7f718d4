"""A link lets one person set one password, for a while."""

from datetime import timedelta

from click.testing import CliRunner
from sqlalchemy import Engine
from sqlmodel import select
from visitors import PASSWORD, As, Visitor, errors_of, mail_of

from mobility.cli.account import command
from mobility.clock import now
from mobility.db import unit
from mobility.models import Invitation, Notice
from mobility.records.accounts import disable_account, find_account
from mobility.records.invitations import LIFE, invite
from mobility.records.people import person_of

NEW = "a brand new passphrase"


def link_for(engine: Engine, name: str = "alice") -> str:
    with unit(engine) as session:
        grace = person_of(session, mail_of("grace"))
        account = find_account(session, mail_of(name))
        assert account is not None
        return f"/invitations/{invite(session, account, by=grace, at=now())}"


def accept(visitor: Visitor, link: str, password: str = NEW) -> int:
    answer = visitor.post(link, "/sign-in", password=password, again=password)
    return answer.status_code


def test_a_link_sets_a_password_signs_in_and_is_used_up(
    visitor: Visitor, signed_in: As, web_engine: Engine
) -> None:
    elsewhere, link = signed_in("alice"), link_for(web_engine)
    assert "Welcome, Alice" in visitor.get(link).text
    assert accept(visitor, link) == 303
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert visitor.get(link).status_code == 410
    assert accept(elsewhere, link) == 410
    assert elsewhere.sign_in(mail_of("alice"), NEW).status_code == 303


def test_using_one_link_voids_the_others(visitor: Visitor, web_engine: Engine) -> None:
    first, second = link_for(web_engine), link_for(web_engine)
    assert accept(visitor, second) == 303
    assert visitor.get(first).status_code == 410


def test_an_expired_link_is_void_and_says_no_more_than_an_unknown_one(
    visitor: Visitor, web_engine: Engine
) -> None:
    link = link_for(web_engine)
    with unit(web_engine) as session:
        row = session.exec(select(Invitation)).one()
        row.created_at, row.expires_at = now() - LIFE, now() - timedelta(seconds=1)
    expired, unknown = visitor.get(link), visitor.get("/invitations/unknown")
    assert expired.status_code == unknown.status_code == 410
    assert "Alice" not in expired.text
    assert accept(visitor, link) == 410


def test_who_is_shut_out_has_no_use_of_a_link(
    visitor: Visitor, web_engine: Engine
) -> None:
    link = link_for(web_engine)
    with unit(web_engine) as session:
        account = find_account(session, mail_of("alice"))
        assert account is not None
        grace = person_of(session, mail_of("grace"))
        disable_account(session, account, by=grace, at=now())
    assert accept(visitor, link) == 410


def test_a_short_password_leaves_the_link_as_it_is(
    visitor: Visitor, web_engine: Engine
) -> None:
    link = link_for(web_engine)
    answer = visitor.post(link, password="short", again="short")
    assert answer.status_code == 422
    assert errors_of(answer) == ["The password must have 12 characters or more."]
    assert accept(visitor, link) == 303


def test_looking_at_a_link_changes_nothing(
    visitor: Visitor, web_engine: Engine
) -> None:
    link = link_for(web_engine)
    visitor.get(link)
    visitor.client.head(link)
    assert visitor.sign_in(mail_of("alice"), PASSWORD).status_code == 303
    assert visitor.get(link).status_code == 200


def test_the_link_is_kept_nowhere_and_a_message_waits_in_the_outbox(
    web_engine: Engine,
) -> None:
    token = link_for(web_engine).rsplit("/", maxsplit=1)[1]
    with unit(web_engine) as session:
        row = session.exec(select(Invitation)).one()
        notice = session.exec(select(Notice)).one()
    assert token not in row.model_dump_json() + notice.model_dump_json()
    assert notice.kind == "account:invite"


def test_a_command_prints_a_link_that_works(visitor: Visitor, web_url: str) -> None:
    environment = {
        "MOBILITY_DATABASE_URL": web_url,
        "MOBILITY_PUBLIC_URL": "http://localhost",
    }
    arguments = ["invite", mail_of("alice"), "--by", mail_of("grace")]
    runner = CliRunner(env=environment)
    run = runner.invoke(command, arguments, catch_exceptions=False)
    assert run.stdout.startswith("http://localhost/invitations/")
    assert accept(visitor, run.stdout.strip().removeprefix("http://localhost")) == 303
