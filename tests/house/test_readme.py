"""What README.md says of commands, settings and roles is all there is."""

from dataclasses import fields

import pytest
from project import ROOT

from mobility.cli import COMMANDS
from mobility.config import Settings
from mobility.permissions import Role

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_named(command: str) -> None:
    assert f"./run {command} " in README


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_explained(setting: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `")]
    assert any(f"`{setting}`" in row for row in rows)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_told_what_it_does(role: Role) -> None:
    name = {"admin": "administrator"}.get(role, role.replace("_", " "))
    assert f"| {name} |" in README


def test_every_file_that_is_linked_is_there() -> None:
    for target in ("solver/README.md", "CONTRIBUTING.md", "LICENSE"):
        assert f"]({target})" in README
        assert (ROOT / target).is_file()
