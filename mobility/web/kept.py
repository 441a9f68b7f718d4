"""What was typed survives a lost session.

It is signed, carried through the sign-in page, and shown with a button that sends it.
Only forms of this site are kept: a form that another site had sent is dropped.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from mobility.web.forms import labels_of

LIFE_SECONDS = 3600
"""A form that was kept longer is dropped."""

SECRET_FIELDS = ("password", "csrf_token", "kept")
"""Fields whose name begins so are never kept."""

SAME_SITE = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was not taken: its own address, names and values in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def shown(self) -> list[tuple[str, str]]:
        """Return what was typed, as the form calls it; hidden fields are left out."""
        labels = labels_of({name for name, _ in self.fields})
        return [(labels[name], value) for name, value in self.fields if labels[name]]


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer who is not signed in: a page is asked for again, a form is kept."""
    is_page = request.method in ("GET", "HEAD")
    if is_page and request.headers.get("Sec-Fetch-Dest") != "empty":
        return redirect(url_for("auth.sign_in", next=own_path()))
    # imported here, because the sign-in page is one that fails through these functions
    from mobility.web.auth_forms import SignInForm

    form = SignInForm(formdata=None, kept="" if is_page else pack())
    page = render_template("auth/sign_in.html", form=form, is_lost=True)
    return make_response(page, HTTPStatus.UNAUTHORIZED)


def ask_to_send_again() -> Response:
    """Answer a form without a valid token with what was typed and a fresh token."""
    token = pack()
    form = unpack(token)
    if form is None:
        page = render_template("errors/error.html", status=400, problems=())
    else:
        page = render_template("auth/send_again.html", kept=form, is_stale=True)
    return make_response(page, HTTPStatus.BAD_REQUEST)


def own_path() -> str:
    """Return the address of this request without the site's name."""
    return request.full_path if request.query_string else request.path


def pack() -> str:
    """Return the fields of this request, signed; empty when another site sent them."""
    if not is_from_here() or request.files:
        return ""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(SECRET_FIELDS)
    ]
    return _serializer().dumps([own_path(), fields]) if fields else ""


def unpack(token: str) -> KeptForm | None:
    """Return a form that `pack` signed, None when it is too old or not ours."""
    try:
        path, fields = _serializer().loads(token, max_age=LIFE_SECONDS)
    except BadData:
        return None
    return KeptForm(path, tuple((name, value) for name, value in fields))


def is_from_here() -> bool:
    """Say whether a page of this site sent the request; browsers tell."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in SAME_SITE
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="kept form")
