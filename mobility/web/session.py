"""Who is signed in. The session is a row that can be revoked; the cookie names it.

Flask-Login keeps a random token in the signed cookie; the database knows its hash.
"""

from datetime import timedelta
from typing import Any

import flask_login
from flask import Flask, g
from flask import session as cookie

from mobility.clock import now
from mobility.errors import Refused
from mobility.models import Person
from mobility.records.accounts import end_session, touch_session
from mobility.records.viewers import Viewer, read_viewer
from mobility.web import units

TOUCH = timedelta(minutes=1)
"""A session's last use is written down at most so often."""

KEPT_AT_SIGN_IN = ("language",)
"""What stays in the cookie when a person signs in or out; the CSRF token does not."""


class SignedOut(Refused):
    """Nobody is signed in, or the session is over."""

    code = "signed_out"


class User(flask_login.UserMixin):  # type: ignore[misc]  # the library has no types
    """The viewer as Flask-Login wants her."""

    def __init__(self, viewer: Viewer, token: str) -> None:
        self.viewer = viewer
        self.token = token

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def init_session(app: Flask) -> None:
    """Have the application know who is signed in."""
    manager = flask_login.LoginManager(app)
    # a phone changes its address; the session is a row of ours that can be revoked
    manager.session_protection = None
    manager.user_loader(_load)


def _load(token: str) -> User | None:
    instant = now()
    with units.read() as unit:
        viewer = read_viewer(unit, token, at=instant)
    if viewer is None:
        return None
    if instant - viewer.last_seen_at >= TOUCH:
        with units.write() as unit:
            touch_session(unit, viewer.session_id, at=instant)
    return User(viewer, token)


def find_viewer() -> Viewer | None:
    """Return who is signed in, None when nobody is."""
    user: Any = flask_login.current_user
    return user.viewer if user.is_authenticated else None


def require_viewer() -> Viewer:
    """Return who is signed in.

    Raises
    ------
    SignedOut
        When nobody is.
    """
    viewer = find_viewer()
    if viewer is None:
        message = "nobody is signed in"
        raise SignedOut(message)
    return viewer


def actor(unit: units.Unit) -> Person:
    """Return the row of who is signed in, as `by=` of what she does."""
    person: Person = unit.get_one(Person, require_viewer().person_id)
    return person


def enter(token: str) -> None:
    """Keep a new session's token in a cookie that holds nothing of the last one."""
    _empty_cookie()
    user = _load(token)
    if user is not None:
        flask_login.login_user(user)


def leave() -> None:
    """End the session, here and in the database."""
    viewer = find_viewer()
    if viewer is not None:
        units.transact(
            lambda unit: end_session(unit, viewer.session_id, at=now()),
        )
    flask_login.logout_user()
    _empty_cookie()


def forget_viewer() -> None:
    """Answer this request as if nobody were signed in; the session stays."""
    g._login_user = flask_login.AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps whom it found


def _empty_cookie() -> None:
    """Forget what the cookie holds; Flask-WTF then makes a new CSRF token."""
    kept = {name: cookie[name] for name in KEPT_AT_SIGN_IN if name in cookie}
    cookie.clear()
    cookie.update(kept)
    for name in ("csrf_token", "_login_user"):
        g.pop(name, None)
