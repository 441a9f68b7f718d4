"""What the probes of a load balancer are told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from mobility.app import create_app
from mobility.config import read_settings
from mobility.errors import InvalidInput
from mobility.web import units

ClientOf = Callable[[str], FlaskClient]


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[ClientOf]:
    """Return a function that gives a client of the service on a database."""
    engines = []

    def make(url: str) -> FlaskClient:
        environment = {
            "MOBILITY_INSTANCE_FOLDER": str(tmp_path),
            "MOBILITY_DATABASE_URL": url,
            "MOBILITY_SECRET_KEY": "0123456789abcdef" * 4,
            "MOBILITY_TRUSTED_HOSTS": "localhost",
        }
        app = create_app(read_settings(environment))
        engines.append(app.extensions[units.KEY])
        return app.test_client()

    yield make
    for engine in engines:
        engine.dispose()


def test_a_service_with_the_newest_tables_is_ready(
    client_of: ClientOf, database_url: str
) -> None:
    answer = client_of(database_url).get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_service_without_its_database_lives_and_is_not_ready(
    client_of: ClientOf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(f"sqlite:///{tmp_path}/no/such/folder.sqlite")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "unavailable\n")
    assert "cannot be opened" in caplog.text
    assert str(tmp_path) not in answer.text


def test_a_service_with_no_tables_is_not_ready(
    client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(f"sqlite:///{tmp_path}/empty.sqlite")
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_only_reads(client_of: ClientOf, tmp_path: Path, address: str) -> None:
    client = client_of(f"sqlite:///{tmp_path}/empty.sqlite")
    assert client.post(address).status_code == 405


def test_a_wrong_setting_ends_the_start_with_a_sentence(client_of: ClientOf) -> None:
    with pytest.raises(InvalidInput, match="database_url"):
        client_of("mysql://somewhere")
