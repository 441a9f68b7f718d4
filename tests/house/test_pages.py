"""What the text of pages holds to: translatable, no inline script, both directions."""

import ast
import re

from project import texts, trees


def test_no_sentence_to_translate_stands_in_an_f_string() -> None:
    # Babel does not see it there, and says nothing
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "gettext", "ngettext", "lazy_gettext"}
    ]
    assert found == []


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    # the content security policy would refuse them
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE
    )
    found = [
        str(path)
        for path, text in texts()
        if path.parts[0] == "templates" and inline.search(text)
    ]
    assert found == []


def test_every_form_that_is_sent_carries_a_token() -> None:
    form = re.compile(r'<form[^>]*method="post".*?</form>', re.IGNORECASE | re.DOTALL)
    found = [
        str(path)
        for path, text in texts()
        if path.parts[0] == "templates"
        for match in form.findall(text)
        if "token()" not in match
    ]
    assert found == []


def test_the_style_sheet_knows_no_left_and_right() -> None:
    physical = re.compile(
        r"(?<![\w-])(margin|padding|border|inset)-(left|right|top|bottom)\b"
        r"|(?<![\w-])(left|right|width|height|(min|max)-(width|height))\s*:"
        r"|text-align:\s*(left|right)|float:\s*(left|right)"
    )
    sheets = [text for path, text in texts() if path.suffix == ".css"]
    assert sheets
    # a media query asks for the window's width, which has no logical name
    queries = re.compile(r"@media[^{]*")
    assert [physical.findall(queries.sub("", text)) for text in sheets] == [[]] * len(
        sheets
    )
