"""The web application: the only place where the parts of the web meet."""

from http import HTTPStatus

from flask import Flask, Response
from sqlalchemy import Engine

from mobility.config import Settings, read_settings
from mobility.db import Unavailable, make_engine
from mobility.migrations.upgrade import require_current


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of an installation; its database is not touched yet.

    Parameters
    ----------
    settings
        The installation's settings; read from the environment and its file when None.

    Raises
    ------
    InvalidInput
        When a setting is wrong.
    """
    engine = make_engine((settings or read_settings()).database_url)
    app = Flask("mobility", static_folder=None, template_folder=None)
    _add_probes(app, engine)
    return app


def _add_probes(app: Flask, engine: Engine) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        """Say that the process answers, whatever its database does."""
        return _plain("ok", HTTPStatus.OK)

    @app.get("/readyz")
    def readyz() -> Response:
        """Say whether requests can be served: the tables are there and the newest.

        The reason stays in the log: it may name the database's address.
        """
        try:
            require_current(engine)
        except Unavailable as refusal:
            app.logger.warning("not ready: %s", "; ".join(refusal.problems))
            return _plain("unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        return _plain("ready", HTTPStatus.OK)


def _plain(text: str, status: HTTPStatus) -> Response:
    response = Response(f"{text}\n", status, mimetype="text/plain")
    response.cache_control.no_store = True
    return response
