"""What a refusal or a failure looks like: one table from its code to a status.

Error pages name nothing that the person may not see: two pages that are not found are
the same to the byte.
"""

import logging
from http import HTTPStatus

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from mobility.errors import Refused
from mobility.web import kept, session

STATUS_BY_CODE = {
    "invalid_input": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid_file": HTTPStatus.UNPROCESSABLE_ENTITY,
    "signed_out": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "conflict": HTTPStatus.CONFLICT,
    "stale_draft": HTTPStatus.CONFLICT,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""A refusal whose code is not here is the sender's mistake: 422."""

SILENT = {HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}
"""Their sentences stay in the log: they may name what the person may not see."""

RETRY_SECONDS = 5

logger = logging.getLogger(__name__)


def init_errors(app: Flask) -> None:
    """Have every refusal and failure answered by a page."""
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(Exception, _fault)


def status_of(refusal: Refused) -> HTTPStatus:
    """Return the status that a refusal is answered with."""
    return STATUS_BY_CODE.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def _refused(refusal: Refused) -> ResponseReturnValue:
    status = status_of(refusal)
    if status == HTTPStatus.UNAUTHORIZED:
        return kept.ask_to_sign_in()
    if status in SILENT:
        logger.info("%s %s: %s", request.method, request.path, refusal)
    return error_page(status, () if status in SILENT else refusal.problems)


def _forged(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form without a valid token: too old, or another site's."""
    return kept.ask_to_send_again()


def _failed(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error
    if isinstance(error, SecurityError):  # under a foreign name no page has an address
        return Response("This site has another name.\n", status, mimetype="text/plain")
    page = error_page(status)
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _fault(error: Exception) -> ResponseReturnValue:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)


def error_page(status: HTTPStatus, problems: tuple[str, ...] = ()) -> Response:
    """Return the page of a status; after a failure it asks nothing of the database."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        session.forget_viewer()
    text = render_template("errors/error.html", status=int(status), problems=problems)
    response = make_response(text, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
