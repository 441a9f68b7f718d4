"""The web application: the only place where the parts of the web meet."""

import functools
import gc
from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from mobility.config import ROOT, Settings, read_settings, require_safe
from mobility.db import Unavailable, make_engine
from mobility.jobs.wake import wake
from mobility.migrations.upgrade import require_current
from mobility.records.accounts import LONGEST
from mobility.web import (
    access,
    account,
    admin,
    admin_person,
    assets,
    auditor,
    auditor_emissions,
    auditor_log,
    auditor_round,
    auditor_trace,
    auth,
    coordinator,
    coordinator_agreements,
    coordinator_applications,
    coordinator_conditions,
    coordinator_institutions,
    coordinator_offers,
    coordinator_partnerships,
    coordinator_quotas,
    coordinator_students,
    demo,
    errors,
    front,
    headers,
    host,
    invitations,
    languages,
    limits,
    navigation,
    network,
    network_emissions,
    network_freeze,
    network_lottery,
    network_moves,
    network_policy,
    network_publish,
    network_result,
    network_round,
    network_runs,
    network_wizard,
    present,
    public_method,
    public_statistics,
    session,
    student,
    student_certify,
    student_offers,
    student_ranking,
    student_result,
    student_travel,
    units,
)

PAGES = (
    front,
    auth,
    invitations,
    account,
    student,
    student_offers,
    student_ranking,
    student_certify,
    student_result,
    student_travel,
    coordinator,
    coordinator_institutions,
    coordinator_partnerships,
    coordinator_agreements,
    coordinator_conditions,
    coordinator_offers,
    coordinator_quotas,
    coordinator_students,
    coordinator_applications,
    network,
    network_emissions,
    network_freeze,
    network_lottery,
    network_moves,
    network_policy,
    network_publish,
    network_result,
    network_round,
    network_runs,
    network_wizard,
    host,
    auditor,
    auditor_round,
    auditor_emissions,
    auditor_trace,
    auditor_log,
    public_method,
    public_statistics,
    admin,
    admin_person,
)
"""Modules of pages; each has a `blueprint`."""

LARGEST_REQUEST = 2_000_000
"""Bytes of a form, files included; a larger one is 413."""

COLLECT_AFTER = (10_000, 20, 20)
"""Thresholds of the garbage collector in a process that serves.

A page of a thousand rows makes some ten thousand objects. By Python's own thresholds it
would look through all that the process keeps, a tenth of a second and more.
"""


def create_app(settings: Settings | None = None, *, is_demo: bool = False) -> Flask:
    """Return the application of an installation; its database is not touched yet.

    Parameters
    ----------
    settings
        The installation's settings; read from the environment and its file when None.
    is_demo
        The pages offer the demo's cast to sign in as, without a password.

    Raises
    ------
    InvalidInput
        When a setting is wrong or unsafe.
    """
    settings = settings or read_settings()
    require_safe(settings)
    engine = make_engine(settings.database_url)
    app = Flask("mobility", static_folder=None, template_folder=str(ROOT / "templates"))
    _configure(app, settings)
    app.extensions[front.READY] = lambda: _is_ready(app, engine)
    units.init_units(app, engine, functools.partial(wake, engine, settings.queue_url))
    _add_parts(app)
    for pages in (*PAGES, *((demo,) if is_demo else ())):
        app.register_blueprint(pages.blueprint)
    app.jinja_env.globals["is_demo"] = is_demo
    access.require_needs(app)
    app.wsgi_app = headers.Headers(app.wsgi_app, is_https=settings.is_https)  # type: ignore[method-assign]  # Flask's documented way
    return app


def settle_heap() -> None:
    """Have the garbage collector pass over what is there already, and look less often.

    For a process that serves, once its application is made: what was imported stays
    until its end, and is most of what there is to look through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=settings.trusted_host_list,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-mobility" if settings.is_https else "mobility",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SECOND_PERSON_TO_PUBLISH=settings.second_person_to_publish,
        # Flask looks at no cookie that was signed longer ago, whatever it names
        PERMANENT_SESSION_LIFETIME=LONGEST + timedelta(days=1),
        # a page that was left open before the deadline must still be sent
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "mobility" / "translations"),
    )
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "finalize": present.told,
    }


def _add_parts(app: Flask) -> None:
    limits.init_limits(app)
    CSRFProtect(app)
    session.init_session(app)
    languages.init_languages(app)
    navigation.init_navigation(app)
    present.init_present(app)
    errors.init_errors(app)
    assets.init_assets(app)


def _is_ready(app: Flask, engine: Engine) -> bool:
    """Say whether the tables are the newest; the reason may name their address."""
    try:
        require_current(engine)
    except Unavailable as refusal:
        app.logger.warning("not ready: %s", "; ".join(refusal.problems))
        return False
    return True
