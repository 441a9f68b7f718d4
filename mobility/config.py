"""Settings of an installation, from the environment and `instance/settings.toml`.

The environment wins: the setting `lease_seconds` is `MOBILITY_LEASE_SECONDS` there.
Imported by the entry points, which hand the values down.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from mobility.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent
"""Folder of the checkout: it holds `mobility/`, `solver/` and `instance/`."""

PREFIX = "MOBILITY_"
FILE_NAME = "settings.toml"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that may differ between two installations.

    Parameters
    ----------
    instance_folder
        Folder of the database, the queue and `settings.toml`. Only the environment can
        name it. Default: `instance/` in the checkout.
    database_url
        `sqlite:////absolute/path` or `postgresql+psycopg://user:password@host/name`.
        Default: `mobility.sqlite` in the instance folder.
    queue_url
        Where workers are woken through: `sqlite:////absolute/path`,
        `postgresql://user:password@host/name` or `redis://host:port/number` (needs the
        package `redis`). It may be lost at any time: the run rows are the truth.
        Default: `queue.sqlite` in the instance folder.
    lease_seconds
        A run whose worker has been silent for so long is given to another; 5 or more.
    heartbeat_seconds
        How often a worker renews its lease and looks for a cancellation; 1 or more, at
        most a third of the lease.
    sweep_seconds
        How often an idle worker looks for runs that nobody told it of; 1 or more.
    run_attempts
        How many workers may die with a run before it has failed; 1 or more.
    solver_memory_mb
        Memory a solver process may take, in MiB of address space; 0 is no limit.
    solver_seconds
        Time a solver process may take; 0 is no limit.
    second_person_to_publish
        Whether a result is published by somebody else than the last to have set the
        policy. Where it is off, such a publication is labelled in its log and bundle.
    secret_key
        What cookies are signed with, 32 characters or more; whoever knows it can sign
        in as anybody.
    public_url
        Address of the site in links that are sent: `https://mobility.example.org`.
        Over https, cookies are sent over https alone.
    trusted_hosts
        Names that the site is reached by, with commas between; others are refused.
    trusted_proxy
        Address of a proxy before this server, which then tells who asks; empty: none.
    nominatim_url
        Address of a Nominatim server that may be asked for places which the shipped
        table does not know: `https://nominatim.example.org`; empty: none is asked.
    """

    instance_folder: Path
    database_url: str
    queue_url: str
    secret_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: str = ""
    trusted_proxy: str = ""
    nominatim_url: str = ""
    lease_seconds: int = 60
    heartbeat_seconds: int = 5
    sweep_seconds: int = 5
    run_attempts: int = 3
    solver_memory_mb: int = 0
    solver_seconds: int = 0
    second_person_to_publish: bool = True

    @property
    def is_https(self) -> bool:
        """Say whether the site is reached over https."""
        return self.public_url.startswith("https://")

    @property
    def trusted_host_list(self) -> list[str]:
        """Return the names that the site is reached by."""
        return [
            name for part in self.trusted_hosts.split(",") if (name := part.strip())
        ]


SMALLEST_SECRET = 32
"""Characters of a secret key, at least."""

WEAK_SECRETS = ("secret", "change", "default", "example")
"""A key that holds one of these was copied from somewhere."""

SMALLEST_BY_NAME = {
    "lease_seconds": 5,
    "heartbeat_seconds": 1,
    "sweep_seconds": 1,
    "run_attempts": 1,
    "solver_memory_mb": 0,
    "solver_seconds": 0,
}

SWITCHES = {"second_person_to_publish"}
BOOLEAN_BY_TEXT = {"true": True, "false": False}


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this installation.

    Parameters
    ----------
    environment
        Names and values; the process's own when None.

    Raises
    ------
    InvalidInput
        When a setting is unknown, of the wrong type or too small; all are named.
    """
    given = os.environ if environment is None else environment
    folder = Path(given.get(PREFIX + "INSTANCE_FOLDER") or ROOT / "instance").absolute()
    problems: list[str] = []
    values: dict[str, str | int] = {
        "database_url": f"sqlite:///{folder / 'mobility.sqlite'}",
        "queue_url": f"sqlite:///{folder / 'queue.sqlite'}",
    }
    values |= _from_file(folder / FILE_NAME, problems)
    values |= _from_environment(given, problems)
    _check_heartbeat(values, problems)
    if problems:
        raise InvalidInput(problems)
    return Settings(instance_folder=folder, **values)  # type: ignore[arg-type]  # each value's type was checked by its name


def require_safe(settings: Settings) -> None:
    """Refuse to serve pages with settings that anybody could know or forge.

    Raises
    ------
    InvalidInput
        Naming each setting and how to mend it.
    """
    problems = []
    key = settings.secret_key
    if not key:
        problems.append("secret_key is missing: `openssl rand -hex 32` makes one")
    elif len(key) < SMALLEST_SECRET or len({*key}) < SMALLEST_SECRET // 4:
        problems.append(
            f"secret_key is too easy to guess, must be {SMALLEST_SECRET} or more"
            " random characters"
        )
    elif any(word in key.casefold() for word in WEAK_SECRETS):
        problems.append("secret_key is an example, must be your own")
    if not settings.trusted_host_list:
        problems.append(
            "trusted_hosts is missing: the names that the site is reached by"
        )
    if not settings.public_url.startswith(("https://", "http://")):
        problems.append(
            f"public_url is {settings.public_url!r}, must start with 'https://'"
        )
    if problems:
        raise InvalidInput(problems)


def _names() -> list[str]:
    return [field.name for field in fields(Settings) if field.name != "instance_folder"]


def _from_file(path: Path, problems: list[str]) -> dict[str, str | int]:
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"cannot read {path}: {error.strerror}")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: not TOML: {error}")
        return {}
    problems.extend(
        f"{path}: there is no setting {name!r}" for name in content.keys() - {*_names()}
    )
    return {
        name: value
        for name in _names()
        if name in content
        and (value := _checked(f"{path}: {name}", name, content[name], problems))
        is not None
    }


def _from_environment(
    given: Mapping[str, str], problems: list[str]
) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    for name in _names():
        variable = PREFIX + name.upper()
        text = given.get(variable, "").strip()
        if not text:
            continue
        value: object = text
        if name in SMALLEST_BY_NAME and text.isascii() and text.isdigit():
            value = int(text)
        elif name in SWITCHES:
            value = BOOLEAN_BY_TEXT.get(text.lower(), text)
        checked = _checked(variable, name, value, problems)
        if checked is not None:
            values[name] = checked
    return values


def _checked(
    where: str, name: str, value: object, problems: list[str]
) -> str | int | None:
    if name in SWITCHES:
        if isinstance(value, bool):
            return value
        problems.append(f"{where} is {value!r}, must be true or false")
        return None
    smallest = SMALLEST_BY_NAME.get(name)
    if smallest is None:
        if isinstance(value, str) and value:
            return value
        problems.append(f"{where} is {value!r}, must be a text")
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= smallest:
        return value
    problems.append(f"{where} is {value!r}, must be a whole number, {smallest} or more")
    return None


def _check_heartbeat(values: Mapping[str, str | int], problems: list[str]) -> None:
    lease = int(values.get("lease_seconds", Settings.lease_seconds))
    heartbeat = int(values.get("heartbeat_seconds", Settings.heartbeat_seconds))
    if not problems and heartbeat * 3 > lease:
        problems.append(
            f"heartbeat_seconds is {heartbeat}, must be at most a third of"
            f" lease_seconds, which is {lease}"
        )
