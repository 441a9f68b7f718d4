"""Somebody with a browser: it keeps cookies, and sends forms as they were shown."""

import re
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mobility.config import Settings

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def settings_of(folder: Path, url: str, **changed: str) -> Settings:
    """Return safe settings of an installation in a folder."""
    values = {
        "secret_key": "0123456789abcdef" * 4,
        "trusted_hosts": "localhost",
        "queue_url": f"sqlite:///{folder}/queue.sqlite",
        **changed,
    }
    return Settings(instance_folder=folder, database_url=url, **values)


class Visitor:
    """One browser. `get` and `post` answer as the test client does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, headers=headers)

    def post(
        self, address: str, source: str = "/sign-in", **fields: str
    ) -> TestResponse:
        """Send a form with the token of the page at `source`, as a browser would."""
        return self.client.post(
            address,
            data={"csrf_token": self.token(source), **fields},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    def token(self, source: str = "/sign-in") -> str:
        """Return the token of a page's first form."""
        page = self.client.get(source, follow_redirects=True)
        found = TOKEN.search(page.text)
        assert found, f"{source}: no form in a page of status {page.status_code}"
        return found[1]

    def sign_in(
        self, email: str, password: str = PASSWORD, **fields: str
    ) -> TestResponse:
        return self.post("/sign-in", email=email, password=password, **fields)


def errors_of(page: TestResponse) -> list[str]:
    """Return the sentences that stand beside fields."""
    return re.findall(r'<p class="error" id="[^"]+">([^<]*)</p>', page.text)


def mail_of(name: str) -> str:
    return f"{name}@example.org"


As = Callable[[str], Visitor]
"""Gives a browser in which one of the cast is signed in."""
