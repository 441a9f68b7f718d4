"""The project's own files, as git knows them or would take them in."""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Return what is in git or would be added, relative to the root, sorted."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        skip_outside_ci("this is no git checkout, its files are not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted({name for name in listed.stdout.split("\0") if name})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the files that are text, with their content."""
    for path in files():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8")


def modules() -> Iterator[tuple[Path, str]]:
    """Yield Python's files; generated migrations are no one's style."""
    for path, text in texts():
        if path.suffix == ".py" and path.parent.name != "versions":
            yield path, text


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path, ast.parse(text)) for path, text in modules())


def names_of(package: str) -> list[str]:
    """Return the dotted names of a package's modules, sorted; a module is its own."""
    start = Path(*package.split("."))
    found = []
    for path, _ in modules():
        if path == start.with_suffix(".py") or start in path.parents:
            parts = path.with_suffix("").parts
            found.append(".".join(parts).removesuffix(".__init__"))
    return found


def skip_outside_ci(reason: str) -> None:
    """Skip where a tool is missing, and fail where nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
