"""What pyproject.toml lists is what there is."""

import ast
import re
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from project import ROOT, files, trees

pytestmark = pytest.mark.slow  # starts many processes

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"solver", "mobility"}


def imported() -> set[str]:
    """Return the top-level names of all that the product imports, tests aside."""
    names = set()
    for path, tree in trees():
        if path.parts[0] not in {*OURS, "wsgi.py"}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names


def provided() -> set[str]:
    """Return the top-level names that the declared dependencies install."""
    entries = PROJECT["project"]["dependencies"]
    names = (re.split(r"[\[<>=]", entry)[0] for entry in entries)
    records = [distribution(name).read_text("RECORD") or "" for name in names]
    return {
        re.split(r"[/,]", line)[0].removesuffix(".py")
        for record in records
        for line in record.splitlines()
    }


def test_every_package_is_listed_and_exists() -> None:
    there = {
        ".".join(path.parent.parts)
        for path in files()
        if path.name == "__init__.py" and path.parts[0] in OURS
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == there


def test_no_folder_of_modules_lacks_its_init() -> None:
    folders = {
        path.parent
        for path in files()
        if path.suffix == ".py" and path.parts[0] in OURS
    } - {Path("mobility/migrations/versions")}  # alembic loads these by their path
    assert [
        str(folder) for folder in folders if folder / "__init__.py" not in files()
    ] == []


def test_all_that_is_imported_is_a_declared_dependency() -> None:
    foreign = imported() - set(sys.stdlib_module_names) - OURS
    assert foreign
    assert foreign - provided() == set()


def test_types_ship_with_both_packages() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    for package in OURS:
        assert "py.typed" in data[package]
        assert Path(package, "py.typed") in files()


def test_what_lies_beside_the_modules_ships_with_them() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]["mobility"]
    # the template of new migrations is for who develops, in a checkout
    beside = [
        path
        for path in files()
        if path.parts[0] == "mobility" and path.suffix not in {".py", ".mako"}
    ]
    assert {path.parts[1] for path in beside} == {
        name.removesuffix("/**") for name in data
    }
