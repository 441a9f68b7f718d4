"""What may stand in the project's files, and where they lie."""

import io
import re
import tokenize

import pytest
from project import files, modules, texts

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "benchmarks",
    "deploy",
    "docs",
    "instance",
    "mobility",
    "pyproject.toml",
    "requirements.lock",
    "run",
    "solver",
    "templates",
    "tests",
    "tools",
    "wsgi.py",
}
NOT_YET = {"deploy", "docs"}

MACHINE_PATH = re.compile(r"(?<![\w.:/<>}*)-])/(?:work|home|root|tmp|Users)/[\w.]")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|(?<!no-emit-)index-url|extra-index|registry\.npmjs|proxy\.golang"
)
REASONED = re.compile(
    r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\])"
    r"(?: -|  ?#) \w.{2,}"
)
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc|stuff)(_|$)")
# a sentence over the rules names what it forbids
OWN_RULES = "tests/house"


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        if not str(path).startswith(OWN_RULES)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_top_level_has_the_listed_names_and_no_other() -> None:
    assert TOP_LEVEL - NOT_YET <= {path.parts[0] for path in files()} <= TOP_LEVEL


def test_of_an_installation_only_the_empty_folder_is_kept() -> None:
    kept = [str(path) for path in files() if path.parts[0] == "instance"]
    assert kept == ["instance/.gitkeep"]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_the_lock_pins_every_package_by_version_and_hash() -> None:
    [lock] = [text for path, text in texts() if str(path) == "requirements.lock"]
    assert "://" not in lock
    starts = [line for line in lock.splitlines() if line and line[0] not in " #"]
    assert len(starts) > 20
    assert [line for line in starts if not re.match(r"\S+==\S+.* \\$", line)] == []
    blocks = re.split(r"\n(?=\S)", lock)
    unhashed = [
        block.split()[0]
        for block in blocks
        if not block.startswith("#") and "--hash=sha256:" not in block
    ]
    assert unhashed == []


def test_every_exception_to_a_rule_says_why_on_its_line() -> None:
    assert [
        f"{path}: {comment}"
        for path, text in modules()
        for comment in comments(text)
        if re.search(r"noqa|type: *ignore|pragma:", comment)
        and not REASONED.search(comment)
    ] == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S603",
        "# noqa: S603 -",
        "# type: ignore",
        "# type: ignore[misc]",
        "# type: ignore[misc] #",
        "# pragma: no cover",
    ],
)
def test_an_exception_without_a_reason_is_found(comment: str) -> None:
    assert not REASONED.search(comment)


@pytest.mark.parametrize(
    "path", ["/home/alice/x", "see /tmp/out.json", "file:'/Users/a'", "=/root/.cache"]
)
def test_a_path_of_one_machine_is_found(path: str) -> None:
    assert MACHINE_PATH.search(path)


def test_files_are_named_for_what_they_hold() -> None:
    assert [str(path) for path in files() if VAGUE.search(path.stem)] == []


def test_data_that_ships_says_where_it_comes_from() -> None:
    folders = {path.parent for path in files() if path.parts[:2] == ASSETS}
    silent = [
        str(folder)
        for folder in folders
        if not any((one / "README.md") in files() for one in (folder, folder.parent))
    ]
    assert folders
    assert silent == []


def test_the_licence_is_apache_2_in_full() -> None:
    [licence] = [text for path, text in texts() if str(path) == "LICENSE"]
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


ASSETS = ("mobility", "assets")
