"""Sentences are found by the tool that hands them to translators."""

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from project import ROOT

pytestmark = pytest.mark.slow  # reads all sources and templates

MAPPING = ROOT / "mobility" / "translations" / "babel.cfg"


def test_sentences_of_pages_and_of_code_are_found() -> None:
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = {
        message
        for name, _, message, _, _ in extract_from_dir(
            ROOT, methods, options, {"_": None, "gettext": None, "lazy_gettext": None}
        )
    }
    # in a template, in a view, in a form's definition
    assert {"Skip to the content", "The role is given.", "E-mail address"} <= found
