"""Sentences are found by the tool that hands them to translators, and said by pages."""

import ast
import importlib.util
import string
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from project import ROOT

DOMAIN = ("mobility/records", "mobility/rounds", "mobility/reading")
MARKS = {"tell": 1, "tell_many": 2}
"""What makes a sentence, and how many of its first arguments are templates."""

NO_SENTENCES = {"HASHER.hash", "fileio.parse_json", "parse_json", "_value"}
"""Calls whose texts are no sentences: names of files in the errors of a reader."""

LEFT_ALONE = {
    "student {}",  # what a pinned student without a name is called
    "drop quota",  # of an act in the log
    "the snapshot's format is not {}",  # of a file
}


def modules() -> list[Path]:
    below = (path for folder in DOMAIN for path in (ROOT / folder).rglob("*.py"))
    return sorted({*below, ROOT / "mobility" / "eligibility.py"})


def text_of(node: ast.AST) -> str:
    """Return a literal's text, with {} for what an f-string fills in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(text_of, node.values))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return "{}" if isinstance(node, ast.FormattedValue) else ""


def loose_texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every text of several words below a node that no mark takes in."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {
        *MARKS,
        *NO_SENTENCES,
    }:
        return
    if text := text_of(node):
        words = [word for word in text.split() if any(map(str.isalpha, word))]
        if len(words) > 1 or ("{}" in text and words and " " in text):
            yield node.lineno, text  # type: ignore[attr-defined]  # texts have lines
        return
    for child in ast.iter_child_nodes(node):
        yield from loose_texts(child)


def marked_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MARKS:
            yield node


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_no_sentence_of_the_domain_stays_untranslatable() -> None:
    loose = [
        f"{path.relative_to(ROOT)}:{line}: {text!r} is no `tell(...)`"
        for path in modules()
        for line, text in loose_texts(ast.parse(path.read_text(encoding="utf-8")))
        if text not in LEFT_ALONE
    ]
    assert loose == []


def test_templates_are_literals_and_name_the_values_that_they_are_given() -> None:
    wrong = []
    for path in modules():
        for call in marked_calls(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            number = MARKS[ast.unparse(call.func)]
            given = {keyword.arg for keyword in call.keywords}
            given |= {"count"} if number > 1 else set()
            for template in call.args[:number]:
                is_literal = isinstance(template, ast.Constant)
                if not is_literal or not fields_of(text_of(template)) <= given:
                    wrong.append(f"{where}: {ast.unparse(template)}")
    assert wrong == []


@cache
def tool() -> ModuleType:
    path = ROOT / "tools" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow  # reads all sources and templates
def test_sentences_of_pages_of_code_and_of_policies_are_found() -> None:
    found = {
        name
        for message in tool().collect()
        for name in ([message.id] if isinstance(message.id, str) else message.id)
    }
    # in a template, in a view, in a form's definition, in an act's, in a policy
    assert {"Skip to the content", "The role is given.", "E-mail address"} <= found
    assert {"Take the freeze back", next(tool().policy_sentences())} <= found
    marked = {
        text_of(template)
        for path in modules()
        for call in marked_calls(ast.parse(path.read_text(encoding="utf-8")))
        for template in call.args[: MARKS[ast.unparse(call.func)]]
    }
    assert len(marked) > 100
    assert marked - found == set()


def catalogs() -> list[Path]:
    return sorted(tool().FOLDER.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def translations(catalog: Catalog) -> Iterator[tuple[Message, str, str]]:
    """Yield every message with an original and a translation of it."""
    for message in catalog:
        plural = isinstance(message.id, tuple)
        originals = message.id if plural else (message.id,)
        texts = message.string if plural else (message.string,)
        for text in texts:
            if text and originals[0]:
                yield message, originals[-1], text


@pytest.mark.parametrize("path", catalogs(), ids=lambda path: path.parents[1].name)
def test_a_translation_names_no_value_that_its_sentence_lacks(path: Path) -> None:
    wrong = [
        text
        for message, original, text in translations(read(path))
        if "python-brace-format" in message.flags
        and not fields_of(text) <= fields_of(original)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", catalogs(), ids=lambda path: path.parents[1].name)
def test_the_compiled_catalog_is_of_its_source(path: Path) -> None:
    compiled = BytesIO()
    write_mo(compiled, read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), (
        "call: .venv/bin/python tools/translations.py"
    )
