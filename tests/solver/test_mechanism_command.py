"""`solve --mechanism` writes what the verifier accepts, or says why it cannot."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from mechanism_worlds import make_nested_world
from tiny_worlds import to_bytes

from solver.__main__ import main

Table = dict[str, Any]

SEED = 3
"""Makes a world of four offers."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["solver", *arguments])
    return main()


def solve(monkeypatch: pytest.MonkeyPatch, world: Table, mechanism: str) -> int:
    Path("instance.json").write_bytes(to_bytes(world))
    words = ["--policy", "balanced", "--mechanism", mechanism, "--out", "result.json"]
    return call(monkeypatch, "solve", "instance.json", *words)


def test_a_mechanism_s_result_is_written_and_verified(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_nested_world(Random(SEED))
    assert solve(monkeypatch, world, "deferred_acceptance") == 0
    assert "students placed" in capsys.readouterr().err
    assert call(monkeypatch, "verify", "instance.json", "result.json") == 0
    assert "verified: what deferred_acceptance gives" in capsys.readouterr().out
    assert (folder / "result.json").exists()


def test_a_mechanism_that_is_not_applicable_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_nested_world(Random(SEED))
    first, second, third = [offer["id"] for offer in world["offers"]][:3]
    world["quotas"] = [
        {"id": "arts", "capacity": 1, "offers": [first, second]},
        {"id": "law", "capacity": 1, "offers": [second, third]},
    ]
    assert solve(monkeypatch, world, "deferred_acceptance") == 2
    assert "refused: quota law and quota arts cross" in capsys.readouterr().err
    assert not (folder / "result.json").exists()
