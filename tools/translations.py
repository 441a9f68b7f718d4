"""Hand the sentences to translators, and take back what they wrote.

    .venv/bin/python tools/translations.py          # updates and compiles every catalog
    .venv/bin/python tools/translations.py es pt    # begins catalogs of more languages

A catalog is mobility/translations/LANGUAGE/LC_MESSAGES/messages.po; beside it is its
compiled form, which the pages read. Sentences are found in the pages, in the code by
the names below, and in the policies that come with the solver.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "mobility" / "translations"
POLICIES = ROOT / "solver" / "policies"
MECHANISMS = ROOT / "solver" / "mechanisms" / "properties.toml"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "tell": None,
    "tell_many": (1, 2),
}
"""Names that a sentence is given to, and which arguments are singular and plural."""


def collect() -> Catalog:
    """Return every sentence, untranslated."""
    catalog = Catalog(project="mobility", charset="utf-8")
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for name in ("mobility", "templates"):
        found = extract_from_dir(ROOT / name, _below(methods, name), options, KEYWORDS)
        for path, _line, message, comments, context in found:
            catalog.add(
                message,
                locations=[(f"{name}/{path}", None)],
                auto_comments=comments,
                context=context,
            )
    for sentence in policy_sentences():
        catalog.add(sentence, locations=[("solver/policies", None)])
    return catalog


def _below(methods: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    """Return the mapping's patterns as they are below a folder."""
    return [
        (pattern.removeprefix(f"{name}/"), method)
        for pattern, method in methods
        if pattern.startswith(f"{name}/")
    ]


def policy_sentences() -> Iterator[str]:
    """Yield what presets and mechanisms say of themselves, each once."""
    found: dict[str, None] = {}
    for path in (*sorted(POLICIES.glob("*.toml")), MECHANISMS):
        found |= dict.fromkeys(_says(tomllib.loads(path.read_text(encoding="utf-8"))))
    yield from found


def _says(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("say"), str):
            yield value["say"]
        for each in value.values():
            yield from _says(each)
    elif isinstance(value, list):
        for each in value:
            yield from _says(each)


def update(language: str, template: Catalog) -> None:
    """Bring a language's catalog up to the sentences that there are, and compile it."""
    folder = FOLDER / language / "LC_MESSAGES"
    path = folder / "messages.po"
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        catalog = Catalog(locale=language, project="mobility", charset="utf-8")
        catalog.fuzzy = False
    catalog.update(template, no_fuzzy_matching=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, omit_header=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main() -> None:
    """Update every catalog that is there, and those that are named."""
    there = {path.parents[1].name for path in FOLDER.glob("*/LC_MESSAGES/messages.po")}
    template = collect()
    for language in sorted(there | {*sys.argv[1:]}):
        update(language, template)


if __name__ == "__main__":
    main()
