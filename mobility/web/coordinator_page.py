"""What the office's pages have in common: whose they are, how forms are answered."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mobility.carbon.place import InvalidPlace
from mobility.errors import Conflict, InvalidInput
from mobility.permissions import ROLES_BY_PERMISSION
from mobility.records.versions import StaleRecord
from mobility.web import coordinator_words, session, units
from mobility.web.forms import Form

OK = HTTPStatus.OK
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def reach(permission: str, round_id: int | None = None) -> frozenset[int] | None:
    """Return the row ids of the universities that the viewer may act for; None: all.

    Parameters
    ----------
    round_id
        Row id of the round that the page is about, None when it is about none.
    """
    roles = ROLES_BY_PERMISSION[permission]
    held = [
        grant.institution
        for grant in session.require_viewer().grants
        if grant.role in roles and grant.round_id in (None, round_id)
    ]
    if None in held:
        return None
    return frozenset(number for number in held if number is not None)


def is_within(reached: frozenset[int] | None, *institutions: int) -> bool:
    """Say whether one of some universities is among those that are reached."""
    return reached is None or not reached.isdisjoint(institutions)


def page(template: str, status: int = OK, **values: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the template shows
    """Return a page of the office; `words` are the names of codes."""
    text = render_template(template, words=coordinator_words, **values)
    return make_response(text, status)


def done(sentence: str, endpoint: str, **arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the address holds
    """Say what was done, and go on to a page."""
    flash(sentence, "done")
    return redirect(url_for(endpoint, **arguments), HTTPStatus.SEE_OTHER)


def send(form: Form, work: Callable[[units.Unit], object]) -> HTTPStatus:
    """Do what a form asks for in one unit; its refusals are shown with it.

    Returns
    -------
    HTTPStatus
        200 when it is done, else the status of the page that shows the form again.
    """
    if not form.is_sent():
        return UNPROCESSABLE
    try:
        units.transact(work)
    except (InvalidInput, InvalidPlace) as refusal:
        form.refuse(refusal.problems)
        return UNPROCESSABLE
    except Conflict as refusal:
        form.refuse(refusal.problems)
        if isinstance(refusal, StaleRecord):
            # both versions are shown: sent again, hers is the one that stays
            form["seen"].data = refusal.version
        return HTTPStatus.CONFLICT
    return OK
