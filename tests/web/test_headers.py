"""What every answer says to the browser, errors and files included."""

from pathlib import Path

import pytest
from flask import Flask
from visitors import Visitor, settings_of

from mobility.app import create_app

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def check_headers(headers: dict[str, str]) -> None:
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 200), ("/nowhere", 404), ("/account", 302), ("/sign-out", 405)],
)
def test_a_page_has_the_headers_and_is_not_stored(
    visitor: Visitor, address: str, status: int
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    check_headers(dict(answer.headers))
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_route_has_the_headers(app: Flask, visitor: Visitor) -> None:
    addresses = [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments]
    assert len(addresses) > 10
    for address in addresses:
        check_headers(dict(visitor.get(address).headers))
        check_headers(dict(visitor.client.post(address).headers))


def test_a_broken_page_is_500_with_the_headers_and_no_reason(
    app: Flask, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("a secret reason")

    app.view_functions["front.front"] = broken
    answer = visitor.get("/")
    assert answer.status_code == 500
    check_headers(dict(answer.headers))
    assert "a secret reason" not in answer.text
    assert "a secret reason" in caplog.text


def test_an_unknown_host_is_refused_with_the_headers(visitor: Visitor) -> None:
    answer = visitor.get("/", Host="evil.example")
    assert answer.status_code == 400
    check_headers(dict(answer.headers))


def test_files_are_kept_for_a_year_and_have_the_headers(visitor: Visitor) -> None:
    page = visitor.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = visitor.get(address)
    assert answer.status_code == 200
    check_headers(dict(answer.headers))
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_over_https_the_browser_stays_there_and_the_cookie_too(
    web_url: str, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, web_url, public_url="https://localhost")
    answer = create_app(settings).test_client().get("/sign-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-mobility=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie


def test_without_https_there_is_no_promise_of_it(visitor: Visitor) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/").headers


def test_a_page_and_its_files_are_small(visitor: Visitor) -> None:
    folder = Path(__file__).parents[2] / "mobility" / "static"
    files = sum(path.stat().st_size for path in folder.glob("*.*"))
    assert len(visitor.get("/sign-in").data) + files < 60_000
