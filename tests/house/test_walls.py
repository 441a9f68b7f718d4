"""The walls while modules run: what is loaded once a module has been imported.

The contracts in pyproject.toml say the same of the text; a plug-in, an entry point or a
`create_app` in a package's `__init__` passes there and is caught here.
"""

import json
import subprocess
import sys
import tomllib

import pytest
from project import ROOT, names_of

pytestmark = pytest.mark.slow  # starts many processes

IMPORT_AND_TELL = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""

HTTP = {"flask", "werkzeug", "jinja2", "mobility.app", "mobility.web"}
DATABASE = {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3"}
TABLES = {"mobility.db", "mobility.models", "mobility.migrations"}

PURE = [
    "mobility.carbon",
    "mobility.eligibility",
    "mobility.permissions",
    "mobility.rounds.snapshot",
    "mobility.rounds.translate",
    "mobility.interop",
]
BELOW_PAGES = [
    "mobility.models",
    "mobility.records",
    "mobility.rounds",
    "mobility.reading",
    "mobility.audit",
    "mobility.carbon",
    "mobility.db",
    "mobility.jobs",
]
READ_BY_THE_SERVICE = {
    "solver.errors",
    "solver.explain",
    "solver.fields",
    "solver.fileio",
    "solver.indices",
    "solver.instance",
    "solver.instance_parts",
    "solver.instance_reader",
    "solver.mechanism_table",
    "solver.policy",
    "solver.policy_reader",
}
"""What the service may import; whatever else the solver has is its solving half."""

FILES_AND_REFUSALS = {"solver", "solver.errors", "solver.fileio"}
STANDARD = sys.stdlib_module_names

RUN_AT_IMPORT = {"mobility.migrations.env", "solver.__main__"}


def loaded_by(*names: str, flags: tuple[str, ...] = ()) -> set[str]:
    """Return all that is loaded after importing modules in a new process."""
    command = [sys.executable, *flags, "-c", IMPORT_AND_TELL, *names]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


def among(loaded: set[str], unwanted: set[str]) -> list[str]:
    """Return the loaded modules that are unwanted ones or lie in them."""
    dotted = tuple(f"{name}." for name in unwanted)
    return sorted(
        name for name in loaded if name in unwanted or name.startswith(dotted)
    )


def modules_of(*packages: str) -> list[str]:
    names = {name for package in packages for name in names_of(package)}
    assert names, f"no module in {packages}"
    return sorted(names - RUN_AT_IMPORT)


def contract(number: str) -> set[str]:
    """Return what the contract of a number forbids."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = content["tool"]["importlinter"]["contracts"]
    found = [each for each in contracts if each["name"].startswith(number)]
    assert len(found) == 1
    return set(found[0]["forbidden_modules"])


def test_the_solver_runs_without_the_service_a_web_or_a_database() -> None:
    loaded = loaded_by(*modules_of("solver"))
    assert among(loaded, {"mobility", *HTTP, *DATABASE}) == []


def beyond_the_standard_library(package: str) -> set[str]:
    """Return what a package loads under `python -S` that Python does not bring."""
    flags = ("-S", "-E")
    loaded = loaded_by(*modules_of(package), flags=flags) - loaded_by(flags=flags)
    return {name for name in loaded if name.split(".")[0] not in STANDARD}


def test_the_verifier_runs_with_the_standard_library_alone() -> None:
    loaded = beyond_the_standard_library("solver.verify")
    assert loaded == FILES_AND_REFUSALS | set(names_of("solver.verify"))


def test_the_auditor_works_with_the_standard_library_alone() -> None:
    loaded = beyond_the_standard_library("mobility.audit.verify")
    own = {
        "mobility",
        "mobility.audit",
        "mobility.audit.archive",
        "mobility.audit.chain",
        *names_of("mobility.audit.verify"),
    }
    assert loaded <= FILES_AND_REFUSALS | set(names_of("solver.verify")) | own
    assert "mobility.audit.chain" in loaded


def test_the_verify_command_starts_with_nothing_installed() -> None:
    command = [sys.executable, "-S", "-E", "-m", "solver", "verify", "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "verify" in run.stdout


def test_the_service_never_loads_the_half_that_solves() -> None:
    loaded = loaded_by(*modules_of("mobility"))
    assert among(loaded, contract("3.")) == []


def test_every_module_of_the_solver_is_read_by_the_service_or_kept_from_it() -> None:
    # a new module of the solver must be named in contract 3 or here
    parts = {".".join(name.split(".")[:2]) for name in names_of("solver.verify")}
    known = READ_BY_THE_SERVICE | parts | {"solver", "solver.__main__"}
    others = {".".join(name.split(".")[:2]) for name in names_of("solver")} - known
    assert others == contract("3.") - {"ortools"}


def test_every_module_of_the_solver_is_kept_from_the_verifier() -> None:
    # a new module of the solver must be named in contract 2
    allowed = FILES_AND_REFUSALS | {"solver.__main__"}
    others = {
        ".".join(name.split(".")[:2])
        for name in names_of("solver")
        if not name.startswith("solver.verify")
    }
    assert others - allowed == {
        name for name in contract("2.") if name.startswith("solver.")
    }


@pytest.mark.parametrize("package", PURE)
def test_what_decides_is_loaded_without_database_or_web(package: str) -> None:
    loaded = loaded_by(*modules_of(package))
    assert among(loaded, HTTP | DATABASE | TABLES) == []


def test_nothing_below_the_pages_loads_the_web() -> None:
    loaded = loaded_by(*modules_of(*BELOW_PAGES))
    assert among(loaded, HTTP) == []


def test_the_packages_themselves_load_nothing() -> None:
    loaded = loaded_by("mobility", "solver") - loaded_by()
    assert loaded == {"mobility", "solver"}


def test_the_command_line_starts_without_database_web_or_optimiser() -> None:
    loaded = loaded_by("mobility.cli")
    assert among(loaded, HTTP | DATABASE | {"ortools", "numpy", "pydantic"}) == []
