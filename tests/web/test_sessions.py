"""A session is a row: it ends when it is told to, when it idles, and when it is old."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import Engine
from sqlmodel import select
from visitors import PASSWORD, As, Visitor, errors_of, mail_of, settings_of

from mobility.app import create_app
from mobility.clock import now
from mobility.db import unit
from mobility.models import Account, AccountSession
from mobility.records.accounts import IDLE, LONGEST, disable_account, find_account
from mobility.records.people import person_of
from mobility.web import session as web_session

OTHER = "another good passphrase"


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def change_sessions(engine: Engine, change: Callable[[AccountSession], None]) -> None:
    with unit(engine) as session:
        for row in session.exec(select(AccountSession)):
            change(row)
            session.add(row)


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(signed_in: As) -> None:
    alice = signed_in("alice")
    cookie = alice.client.get_cookie("mobility")
    assert cookie is not None
    assert alice.post("/sign-out", "/account").status_code == 303
    assert not is_in(alice)
    alice.client.set_cookie("mobility", cookie.value)
    assert not is_in(alice)
    assert alice.post("/sign-out", "/").status_code == 303  # a second press


def test_an_account_that_is_shut_out_is_out_at_once(
    signed_in: As, web_engine: Engine
) -> None:
    alice = signed_in("alice")
    with unit(web_engine) as session:
        account = find_account(session, mail_of("alice"))
        assert account is not None
        grace = person_of(session, mail_of("grace"))
        disable_account(session, account, by=grace, at=now())
    assert not is_in(alice)
    assert alice.sign_in(mail_of("alice")).status_code == 422


def test_another_password_ends_all_other_sessions(signed_in: As) -> None:
    here, elsewhere = signed_in("alice"), signed_in("alice")
    fields = {"current": PASSWORD, "password": OTHER, "again": OTHER}
    answer = here.post("/account/password", "/account", **fields)
    assert answer.status_code == 303
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert elsewhere.sign_in(mail_of("alice")).status_code == 422
    assert elsewhere.sign_in(mail_of("alice"), OTHER).status_code == 303


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"current": "not hers at all"}, "This is not your present password."),
        ({"password": "short", "again": "short"}, "12 characters or more"),
        ({"again": "something else"}, "The two passwords differ."),
        ({"password": "a" * 12, "again": "a" * 12}, "one character again and again"),
        ({"password": mail_of("alice"), "again": mail_of("alice")}, "e-mail address"),
    ],
)
def test_a_password_that_will_not_do_is_told_beside_its_field(
    signed_in: As, changed: dict[str, str], sentence: str
) -> None:
    alice = signed_in("alice")
    fields = {"current": PASSWORD, "password": OTHER, "again": OTHER, **changed}
    answer = alice.post("/account/password", "/account", **fields)
    assert answer.status_code == 422
    assert any(sentence in error for error in errors_of(answer))
    assert OTHER not in answer.text


def test_signing_out_everywhere_ends_all_sessions(signed_in: As) -> None:
    here, elsewhere = signed_in("alice"), signed_in("alice")
    here.post("/account/sign-out-everywhere", "/account")
    assert (is_in(here), is_in(elsewhere)) == (False, False)


def test_an_idle_session_is_over(signed_in: As, web_engine: Engine) -> None:
    alice = signed_in("alice")

    def idle(row: AccountSession) -> None:
        row.last_seen_at = now() - IDLE

    change_sessions(web_engine, idle)
    assert not is_in(alice)


def test_a_session_in_use_is_over_one_day_all_the_same(
    signed_in: As, web_engine: Engine
) -> None:
    alice = signed_in("alice")

    def age(row: AccountSession) -> None:
        row.created_at = now() - LONGEST
        row.expires_at = now() - timedelta(seconds=1)

    change_sessions(web_engine, age)
    assert not is_in(alice)


def test_the_last_use_is_written_once_a_minute_at_most(
    signed_in: As, web_engine: Engine
) -> None:
    alice = signed_in("alice")
    seen = [last_seen(web_engine)]
    assert is_in(alice)
    seen.append(last_seen(web_engine))

    def earlier(row: AccountSession) -> None:
        row.last_seen_at -= web_session.TOUCH

    change_sessions(web_engine, earlier)
    assert is_in(alice)
    seen.append(last_seen(web_engine))
    assert seen[0] == seen[1] < seen[2]


def last_seen(engine: Engine) -> object:
    with unit(engine) as session:
        return session.exec(select(AccountSession)).one().last_seen_at


def test_a_new_session_has_a_new_token_for_its_forms(visitor: Visitor) -> None:
    before = visitor.token()
    visitor.sign_in(mail_of("alice"))
    answer = visitor.client.post("/sign-out", data={"csrf_token": before})
    assert answer.status_code == 400
    assert is_in(visitor)


def test_what_was_typed_survives_the_session(signed_in: As, web_engine: Engine) -> None:
    grace = signed_in("grace")
    typed = {"name": "Ivan", "email": "ivan@example.org", "is_invited": "y"}
    token = grace.token("/admin/people/new")

    def end(row: AccountSession) -> None:
        row.revoked_at = now()

    change_sessions(web_engine, end)
    own = {"Sec-Fetch-Site": "same-origin"}
    data = {"csrf_token": token, **typed}
    lost = grace.client.post("/admin/people/new", data=data, headers=own)
    assert lost.status_code == 401
    assert "What you typed is kept" in lost.text
    kept = lost.text.split('name="kept"')[1].split('value="')[1].split('"')[0]
    back = grace.sign_in(mail_of("grace"), kept=kept)
    assert back.status_code == 200
    for value in typed.values():
        assert f'value="{value}"' in back.text
    assert 'action="/admin/people/new"' in back.text
    told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", back.text)
    assert ("E-mail address", "ivan@example.org") in told
    assert {"name", "email", "is_invited", "seen"}.isdisjoint(dict(told))


def test_a_kept_ranking_survives_the_demo_s_buttons(
    web_url: str, web_engine: Engine, tmp_path: Path
) -> None:
    with unit(web_engine) as session:
        for account in session.exec(select(Account)):
            account.password_hash = None
    demo = create_app(settings_of(tmp_path, web_url), is_demo=True)
    alice = Visitor(demo.test_client())
    typed = {"version": "0", "offer": "uu-1", "rank": "1"}
    lost = alice.post("/student/rounds/2027-spring/ranking", **typed)
    assert lost.status_code == 401
    button = lost.text.split(f'value="{mail_of("alice")}"')[1].split("</form>")[0]
    kept = button.split('name="kept" value="')[1].split('"')[0]
    back = alice.post("/demo/sign-in", email=mail_of("alice"), kept=kept)
    told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", back.text)
    assert told == [("Offer", "uu-1"), ("Number on the list", "1")]
    assert 'name="version" value="0"' in back.text
    assert 'action="/student/rounds/2027-spring/ranking"' in back.text


def test_a_form_of_another_site_is_not_kept(visitor: Visitor) -> None:
    token = visitor.token()
    foreign = {"Sec-Fetch-Site": "cross-site"}
    data = {"csrf_token": token, "name": "a forged name"}
    answer = visitor.client.post("/admin/people/new", data=data, headers=foreign)
    assert answer.status_code == 401
    assert "What you typed" not in answer.text


def test_a_kept_form_that_was_changed_is_dropped(visitor: Visitor) -> None:
    answer = visitor.sign_in(mail_of("alice"), kept="WyIvIiwgW11d.forged")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")


def test_a_cookie_that_was_signed_before_any_session_began_is_not_looked_at(
    signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = (now() - LONGEST - timedelta(days=2)).timestamp()
    with monkeypatch.context() as then:
        then.setattr(TimestampSigner, "get_timestamp", lambda _self: int(long_ago))
        alice = signed_in("alice")
        assert is_in(alice)
    assert not is_in(alice)
