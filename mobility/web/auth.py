"""Signing in and out."""

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.records.accounts import begin_session, find_account
from mobility.records.passwords import is_password
from mobility.records.people import to_email
from mobility.records.throttle import TooManyAttempts, forgive, reserve_attempt
from mobility.web import kept, session, units
from mobility.web.access import ANYONE, needs
from mobility.web.auth_forms import SignInForm
from mobility.web.forms import require_known_fields
from mobility.web.paths import own_path_or

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
@needs(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail address and password."""
    if session.find_viewer() is not None:
        return redirect(own_path_or(url_for("front.home")))
    form = SignInForm(formdata=None, next=request.args.get("next", ""))
    return _page(form, HTTPStatus.OK)


@blueprint.post("/sign-in")
@needs(ANYONE)
def sign_in_by_password() -> ResponseReturnValue:
    """Begin a session for whoever knows the password."""
    form = SignInForm()
    if not form.is_sent():
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        token = check_password(form.email.data, form.password.data)
    except TooManyAttempts as refusal:
        form.refuse([_too_many(refusal)])
        page = _page(form, HTTPStatus.TOO_MANY_REQUESTS)
        page.headers["Retry-After"] = str(refusal.wait_seconds)
        return page
    if token is None:
        form.refuse([_("The e-mail address or the password is wrong.")])
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return welcome(token, form.kept.data)


@blueprint.post("/sign-out")
@needs(ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session; a second press, or one after its end, does no harm."""
    require_known_fields(())
    session.leave()
    return redirect(url_for("front.front"), HTTPStatus.SEE_OTHER)


def welcome(token: str, kept_form: str | None) -> ResponseReturnValue:
    """Begin a session in this browser; a form that was kept is shown, to be sent."""
    session.enter(token)
    again = kept.unpack(kept_form or "")
    if again is not None:
        return render_template("auth/send_again.html", kept=again)
    return redirect(own_path_or(url_for("front.home")), HTTPStatus.SEE_OTHER)


def check_password(email: str, password: str) -> str | None:
    """Return the token of a new session, None when address or password is wrong.

    The hash is computed between two transactions, so that nobody waits for it.

    Raises
    ------
    TooManyAttempts
        When it must wait; the password is not looked at.
    """
    who, where = to_email(email), request.remote_addr or ""
    units.transact(lambda unit: reserve_attempt(unit, who, where, at=now()))
    with units.read() as unit:
        account = find_account(unit, who)
    if not is_password(account.password_hash if account else None, password):
        return None
    return units.transact(lambda unit: _let_in(unit, who, where))


def _let_in(unit: units.Unit, who: str, where: str) -> str | None:
    forgive(unit, who, where, at=now())
    account = find_account(unit, who)
    if account is None or account.state != "active":
        return None
    return begin_session(unit, account, at=now())


def _too_many(refusal: TooManyAttempts) -> str:
    return str(
        _(
            "Signing in failed too often. Try again in %(seconds)s seconds.",
            seconds=refusal.wait_seconds,
        )
    )


def _page(form: SignInForm, status: HTTPStatus) -> Response:
    return make_response(render_template("auth/sign_in.html", form=form), status)
