"""What the demo says when its disk or its folder fails it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SMALLEST_DATABASE = 200_000
"""Bytes that hold some of the tables and none of the demo."""


def run_demo(folder: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """Run the command with files limited to so many bytes, as on a full disk."""
    command = [sys.executable, "-m", "mobility", "demo", "--json"]
    return subprocess.run(
        [*command, "--schools", "4", "--students", "20"],
        env=os.environ | {"MOBILITY_INSTANCE_FOLDER": str(folder)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.faults
def test_a_full_disk_ends_the_demo_with_a_sentence_and_code_2(tmp_path: Path) -> None:
    run = run_demo(tmp_path, SMALLEST_DATABASE)
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    last = run.stderr.splitlines()[-1]
    assert last.startswith("refused: database sqlite:///")
    assert "disk" in last


@pytest.mark.faults
def test_a_folder_that_cannot_be_made_ends_the_demo_with_code_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    run = run_demo(tmp_path / "file" / "instance", resource.RLIM_INFINITY)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("refused: cannot make ")
