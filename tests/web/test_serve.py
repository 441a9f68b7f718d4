"""A site that anybody could forge or look into is not served."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from visitors import settings_of

from mobility.app import create_app
from mobility.cli.serve import command
from mobility.config import ROOT, read_settings
from mobility.errors import InvalidInput

SAFE = {
    "MOBILITY_SECRET_KEY": "0123456789abcdef" * 4,
    "MOBILITY_TRUSTED_HOSTS": "127.0.0.1, localhost",
}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"secret_key": ""}, "secret_key is missing"),
        ({"secret_key": "short"}, "secret_key is too easy to guess"),
        ({"secret_key": "a" * 40}, "secret_key is too easy to guess"),
        ({"secret_key": "change-me-0123456789abcdefghijklm"}, "is an example"),
        ({"trusted_hosts": " , "}, "trusted_hosts is missing"),
        ({"public_url": "mobility.example.org"}, "must start with 'https://'"),
    ],
)
def test_an_unsafe_setting_ends_the_start(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        create_app(settings_of(tmp_path, f"sqlite:///{tmp_path}/x.sqlite", **changed))


@pytest.mark.parametrize("variable", ["FLASK_DEBUG", "PYTHONDEVMODE"])
def test_a_debugger_is_never_served(variable: str) -> None:
    with pytest.raises(InvalidInput, match=f"{variable} is set"):
        CliRunner(env={**SAFE, variable: "1"}).invoke(command, catch_exceptions=False)


def test_a_port_that_is_taken_is_a_plain_sentence(web_url: str, tmp_path: Path) -> None:
    environment = {**SAFE, "MOBILITY_DATABASE_URL": web_url}
    environment["MOBILITY_INSTANCE_FOLDER"] = str(tmp_path)
    assert read_settings(environment).trusted_host_list == ["127.0.0.1", "localhost"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        runner = CliRunner(env=environment)
        with pytest.raises(InvalidInput, match="cannot serve on 127"):
            runner.invoke(
                command, ["--web-only", "--port", port], catch_exceptions=False
            )


@pytest.mark.slow
def test_pages_and_a_worker_start_and_end_together(
    web_url: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = (
        os.environ
        | SAFE
        | {
            "MOBILITY_DATABASE_URL": web_url,
            "MOBILITY_INSTANCE_FOLDER": str(tmp_path),
        }
    )
    call = [sys.executable, "-m", "mobility", "serve", "--port", str(port)]
    with subprocess.Popen(
        call, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            first = server.stderr.readline()
            assert first == f"Serving on http://127.0.0.1:{port}\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                assert answer.read() == b"ready\n"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "Server" not in answer.headers
            assert children_of(server.pid) != []
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)
    assert server.returncode == 0


@pytest.mark.slow
def test_the_collector_passes_over_what_a_web_server_s_start_made(
    web_url: str, tmp_path: Path
) -> None:
    environment = os.environ | SAFE | {"MOBILITY_DATABASE_URL": web_url}
    environment["MOBILITY_INSTANCE_FOLDER"] = str(tmp_path)
    code = "import gc, wsgi; print(gc.get_freeze_count() > 10 * len(gc.get_objects()))"
    call = [sys.executable, "-c", code]
    said = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True)
    assert said.stdout == b"True\n", said.stderr


def children_of(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [child for path in tasks for child in path.read_text().split()]
