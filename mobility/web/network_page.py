"""How pages about a round are answered: with its words, or with a way back to it."""

from http import HTTPStatus
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mobility.errors import Refused
from mobility.web import network_words
from mobility.web.errors import status_of

OK = HTTPStatus.OK
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def page(template: str, status: int = OK, **values: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the template shows
    """Return a page of the network coordinator's; `words` are those of rounds."""
    text = render_template(template, words=network_words, **values)
    return make_response(text, status)


def done(sentence: str, endpoint: str, **arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the address holds
    """Say what was done, and go on to a page."""
    flash(sentence, "done")
    return redirect(url_for(endpoint, **arguments), HTTPStatus.SEE_OTHER)


def refused(refusal: Refused) -> int:
    """Return the status of a page that shows a refusal beside its form."""
    return int(status_of(refusal))
