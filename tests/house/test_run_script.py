"""`./run` on machines that lack this or that: all of it with a stand-in for Python."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from project import ROOT, skip_outside_ci

pytestmark = pytest.mark.slow  # starts many processes

POSIX = (
    *("basename", "cat", "chmod", "cmp", "cp", "dirname", "env", "ls", "mkdir"),
    *("rm", "rmdir", "sh", "sleep", "tr"),
)

PYTHON = """#!/bin/sh
# a stand-in that writes down what it is asked
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
*version_info*) exit "${OLD:-0}" ;;
*"import venv"*) exit "${NO_VENV:-0}" ;;
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*" install "*) exit "${NO_NETWORK:-0}" ;;
"-m mobility "*) echo "the command's own output" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout, a PATH of POSIX tools and the stand-in, and what it was asked."""

    root: Path
    tools: Path

    def call(
        self, *arguments: str, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "run"), *arguments],
            cwd=self.tools,
            env={"PATH": str(self.tools), "CALLS": str(self.calls), **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def calls(self) -> Path:
        return self.tools / "calls"

    def asked(self) -> list[str]:
        """Return what the stand-in was asked since the last time."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root, tools = tmp_path / "a checkout", tmp_path / "tools"
    root.mkdir()
    tools.mkdir()
    for name in ("run", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    for name in POSIX:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    python = tools / "python3"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return Machine(root, tools)


def test_a_first_call_sets_up_and_then_runs_the_command(machine: Machine) -> None:
    run = machine.call("emissions", "--from", "Nairobi, KE")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "the command's own output\n"
    assert "Setting up .venv" in run.stderr
    asked = machine.asked()
    assert any("--require-hashes -r" in line for line in asked)
    assert any("--no-deps --no-build-isolation -e" in line for line in asked)
    assert asked[-1] == "-m mobility emissions --from Nairobi, KE"


def test_a_second_call_runs_the_command_and_nothing_else(machine: Machine) -> None:
    machine.call("emissions", "--help")
    machine.asked()
    run = machine.call("emissions", "--help")
    assert run.stderr == ""
    assert machine.asked() == ["-m mobility emissions --help"]


def test_help_is_given_before_anything_is_set_up(machine: Machine) -> None:
    run = machine.call("help")
    assert run.returncode == 0
    assert run.stdout.startswith("usage: ./run COMMAND")
    assert run.stderr == ""
    assert machine.asked() == []
    assert not (machine.root / ".venv").exists()


def test_changed_pins_are_set_up_again(machine: Machine) -> None:
    machine.call("db", "check")
    machine.asked()
    with (machine.root / "requirements.lock").open("a") as lock:
        lock.write("# another pin\n")
    run = machine.call("db", "check")
    assert "Setting up .venv" in run.stderr
    assert any("--require-hashes" in line for line in machine.asked())


def test_a_set_up_that_broke_off_is_done_again(machine: Machine) -> None:
    broken = machine.call("db", "check", NO_NETWORK="1")
    assert broken.returncode == 1
    assert broken.stdout == ""
    assert not (machine.root / ".venv.lock").exists()
    machine.asked()
    assert machine.call("db", "check").returncode == 0
    assert any("--require-hashes" in line for line in machine.asked())


def test_a_lock_left_by_a_killed_set_up_is_taken_over(machine: Machine) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = machine.root / ".venv.lock"
    lock.mkdir()
    (lock / "pid").write_text(f"{gone.pid}\n")
    run = machine.call("db", "check")
    assert run.returncode == 0, run.stderr
    assert not lock.exists()


def test_without_venv_it_says_what_to_install(machine: Machine) -> None:
    run = machine.call("demo", NO_VENV="1")
    assert run.returncode == 1
    assert run.stdout == ""
    assert "apt install python3-venv" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (machine.root / ".venv").exists()
    assert not (machine.root / ".venv.lock").exists()


@pytest.mark.parametrize("missing", [True, False])
def test_without_a_new_enough_python_it_says_which_is_needed(
    machine: Machine, *, missing: bool
) -> None:
    if missing:
        (machine.tools / "python3").unlink()
    run = machine.call("demo", OLD="1")
    assert run.returncode == 1
    assert run.stdout == ""
    assert "Python 3.11 or later is needed" in run.stderr
    assert not (machine.root / ".venv").exists()


def test_another_python_can_be_named(machine: Machine) -> None:
    other = machine.tools / "another-python"
    (machine.tools / "python3").rename(other)
    assert machine.call("demo", PYTHON=str(other)).returncode == 0


def test_a_benchmark_that_is_not_named_is_asked_for(machine: Machine) -> None:
    (machine.root / "benchmarks").mkdir()
    (machine.root / "benchmarks" / "solver.py").touch()
    run = machine.call("bench")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("Name a benchmark: solver")


def test_an_unknown_suite_is_not_taken_for_the_fast_one(machine: Machine) -> None:
    machine.call("test", "--slwo")
    marks = "not postgres and not slow --dist worksteal --slwo"
    assert machine.asked()[-1].endswith(marks)


def test_the_script_is_executable_and_asks_for_no_more_than_sh() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert (ROOT / "run").read_text().startswith("#!/bin/sh\n")
    check = ["sh", "-n", str(ROOT / "run")]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_shellcheck_finds_nothing_in_the_scripts() -> None:
    if shutil.which("shellcheck") is None:
        skip_outside_ci("shellcheck is not installed (Debian: apt install shellcheck)")
    check = ["shellcheck", str(ROOT / "run"), str(ROOT / ".ci" / "run")]
    found = subprocess.run(check, capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 0
