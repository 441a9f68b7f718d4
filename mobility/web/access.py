"""Who may open a page: `@needs` stands beside each route and asks `permissions`.

The application does not start with a route that lacks it. Another person's, round's or
university's object answers 404, as if it did not exist.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from flask import Flask
from flask.typing import ResponseReturnValue

from mobility.clock import now
from mobility.errors import Forbidden, NotFound
from mobility.permissions import EVERYWHERE, ROLES_BY_PERMISSION, Scope, may
from mobility.records.viewers import Viewer
from mobility.web import session, units

ANYONE = "anyone"
"""Instead of a permission: the page is open to the world."""

SIGNED_IN = "signed-in"
"""Instead of a permission: the page is for everybody with an account."""

Scopes: TypeAlias = tuple[Scope, ...]
ScopeOf: TypeAlias = Callable[..., Scopes]
"""(unit, viewer, **arguments of the view) -> what the page is about; it raises NotFound
when that does not exist. One scope that a role reaches is enough."""

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True, slots=True)
class Need:
    """What a route asks of who opens it."""

    permission: str
    scope: ScopeOf | None


def needs(permission: str, *, scope: ScopeOf | None = None) -> Callable[[View], View]:
    """Let a view be opened only by those who may.

    Parameters
    ----------
    permission
        A key of `ROLES_BY_PERMISSION`, `ANYONE` or `SIGNED_IN`.
    scope
        What the page is about, as in `mobility.web.scopes`; without it the page is
        about everything, and a role limited to one university or round does not do.
    """
    need = Need(permission, scope)
    if permission not in {ANYONE, SIGNED_IN, *ROLES_BY_PERMISSION}:
        message = f"there is no permission {permission!r} in permissions.py"
        raise ValueError(message)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the address holds
            require(need, arguments)
            return view(**arguments)

        guarded.need = need  # type: ignore[attr-defined]  # read by `require_needs`
        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return decorate


def require(need: Need, arguments: dict[str, Any]) -> None:
    """Refuse whoever may not open a page.

    Raises
    ------
    SignedOut, Forbidden
        When nobody is signed in; when none of her roles carries the permission.
    NotFound
        When what the page is about does not exist, or not for her.
    """
    if need.permission == ANYONE:
        return
    viewer = session.require_viewer()
    if need.permission == SIGNED_IN:
        return
    if not viewer.holds(need.permission):
        message = f"{viewer.name} may not open this page"
        raise Forbidden(message)
    if not _reaches(viewer, need, arguments):
        message = "there is no such page for this person"
        raise NotFound(message)


def _reaches(viewer: Viewer, need: Need, arguments: dict[str, Any]) -> bool:
    scopes: Scopes = (EVERYWHERE,)
    if need.scope is not None:
        with units.read() as unit:
            scopes = need.scope(unit, viewer, **arguments)
    instant = now()
    return any(
        may(viewer.grants, need.permission, scope, at=instant) for scope in scopes
    )


def require_needs(app: Flask) -> None:
    """Refuse to start with a route that does not say who may open it.

    Raises
    ------
    LookupError
        Naming the routes.
    """
    missing = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "need")
    ]
    if missing:
        message = f"no @needs beside {', '.join(sorted(missing))}"
        raise LookupError(message)
