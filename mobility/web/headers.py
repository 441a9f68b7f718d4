"""The security headers of every answer, errors and files included: one WSGI wrapper."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

YEAR_SECONDS = 31_536_000


def security_headers(*, is_https: bool) -> dict[str, str]:
    """Return names and values; HSTS only where the site is reached over https."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .form_action("'self'")
        .object_src("'none'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    kept = Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(YEAR_SECONDS) if is_https else None,
    )
    return dict(kept.header_items())


class Headers:
    """Add the headers to whatever an application answers.

    Whatever does not say how long it may be kept is not stored: pages are a person's.
    """

    def __init__(self, app: "WSGIApplication", *, is_https: bool) -> None:
        self._app = app
        self._headers = security_headers(is_https=is_https)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""

        def start(
            status: str,
            headers: list[tuple[str, str]],
            *fault: Any,  # noqa: ANN401 - WSGI's exc_info
        ) -> Any:  # noqa: ANN401 - WSGI's write
            given = {name.lower() for name, _ in headers}
            kept = {**self._headers, "Cache-Control": "no-store"}
            more = [item for item in kept.items() if item[0].lower() not in given]
            return start_response(status, [*headers, *more], *fault)

        return self._app(environ, start)
