"""Settings: where they come from, which wins, and what is refused."""

from dataclasses import fields
from pathlib import Path

import pytest

from mobility.config import Settings, read_settings
from mobility.errors import InvalidInput


def given(folder: Path, **values: str) -> dict[str, str]:
    return {
        "MOBILITY_INSTANCE_FOLDER": str(folder),
        **{f"MOBILITY_{name.upper()}": value for name, value in values.items()},
    }


def write(folder: Path, content: str) -> None:
    (folder / "settings.toml").write_text(content)


def test_without_settings_the_database_is_a_file_in_the_instance_folder(
    tmp_path: Path,
) -> None:
    settings = read_settings(given(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/mobility.sqlite"
    assert settings.queue_url == f"sqlite:///{tmp_path}/queue.sqlite"
    assert settings.lease_seconds == 60


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'database_url = "sqlite:////a.sqlite"\nrun_attempts = 7\n')
    settings = read_settings(given(tmp_path, database_url="sqlite:////b.sqlite"))
    assert settings.database_url == "sqlite:////b.sqlite"
    assert settings.run_attempts == 7


def test_every_problem_is_named_with_its_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        'lease_second = 60\nrun_attempts = true\nsolver_seconds = "60"\n'
        "database_url = 5\n",
    )
    with pytest.raises(InvalidInput) as caught:
        read_settings(given(tmp_path, lease_seconds="4", sweep_seconds="1.5"))
    file = tmp_path / "settings.toml"
    assert caught.value.problems == (
        f"{file}: there is no setting 'lease_second'",
        f"{file}: database_url is 5, must be a text",
        f"{file}: run_attempts is True, must be a whole number, 1 or more",
        f"{file}: solver_seconds is '60', must be a whole number, 0 or more",
        "MOBILITY_LEASE_SECONDS is 4, must be a whole number, 5 or more",
        "MOBILITY_SWEEP_SECONDS is '1.5', must be a whole number, 1 or more",
    )


def test_a_switch_is_true_or_false(tmp_path: Path) -> None:
    name = "second_person_to_publish"
    assert read_settings(given(tmp_path)).second_person_to_publish
    assert not read_settings(
        given(tmp_path, **{name: "False"})
    ).second_person_to_publish
    write(tmp_path, f"{name} = false\n")
    assert not read_settings(given(tmp_path)).second_person_to_publish
    with pytest.raises(InvalidInput, match="is 'no', must be true or false"):
        read_settings(given(tmp_path, **{name: "no"}))


def test_a_heartbeat_that_is_too_slow_for_the_lease_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="at most a third of lease_seconds"):
        read_settings(given(tmp_path, lease_seconds="14", heartbeat_seconds="5"))


@pytest.mark.parametrize("content", [b"lease_seconds =", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(InvalidInput, match="not TOML"):
        read_settings(given(tmp_path))


def test_every_setting_is_documented() -> None:
    words = (Settings.__doc__ or "").split()
    undocumented = [field.name for field in fields(Settings) if field.name not in words]
    assert undocumented == []
