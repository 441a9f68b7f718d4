"""Where to go next: only to pages of this site."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def own_path_or(otherwise: str) -> str:
    """Return the address in the field `next` when it is a page of ours."""
    wanted = request.values.get("next", "")
    return wanted if is_own(wanted) else otherwise


def is_own(address: str) -> bool:
    """Say whether an address is a page of this site that can be looked at.

    Control characters, backslashes and a second slash are what browsers take for the
    beginning of another site's name.
    """
    is_path = address.startswith("/") and not address.startswith("//")
    if not is_path or "\\" in address or not address.isprintable():
        return False
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(parts.path, method="GET"))
    except (HTTPException, RequestRedirect):
        return False
