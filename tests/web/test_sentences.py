"""The domain's sentences, said in the reader's language."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string, session

from mobility.models import RoundState
from mobility.sentences import Moment, Sentence, join, tell, tell_many
from mobility.web.present import told_text

AT = datetime(2026, 11, 15, 20, 59, tzinfo=UTC)
LATE = tell("deadline {when} has passed already", when=Moment(AT, "Africa/Nairobi"))
TWO = tell_many("{number} step", "{number} steps", 2, number=tell("two"))
ONE = tell_many("{number} step", "{number} steps", 1, number=tell("one"))


def said(app: Flask, text: str, language: str = "fr") -> str:
    with app.test_request_context("/"):
        session["language"] = language
        return told_text(text)


def test_a_sentence_is_english_text_wherever_it_is_compared_or_stored() -> None:
    text = "deadline 2026-11-15 23:59 Africa/Nairobi (20:59 UTC) has passed already"
    assert text == LATE
    assert json.dumps([LATE]) == json.dumps([text])
    assert type(str(LATE)) is str
    assert (ONE, TWO) == ("one step", "two steps")


def test_a_copy_of_a_sentence_is_one() -> None:
    for made in (copy.copy(LATE), copy.deepcopy(LATE)):
        assert isinstance(made, Sentence)
        assert (made, made.values) == (LATE, LATE.values)


def test_a_sentence_is_said_in_the_reader_s_language(app: Flask) -> None:
    french = "échéance 15 nov. 2026, 23:59, Africa/Nairobi (15 nov. 2026, 20:59, UTC)"
    assert said(app, LATE).endswith(f"{french} est déjà passée")
    assert said(app, join([ONE, TWO])) == "un rang deux rangs"


def test_numbers_dates_and_states_are_said_as_the_language_does(app: Flask) -> None:
    values = {"count": 12_345, "day": date(2027, 3, 1), "state": RoundState.FROZEN}
    sentence = tell("{count}, {day}, {state}, {count:d}", **values)
    assert said(app, sentence) == "12\u202f345, 1 mars 2027, figée, 12345"
    assert said(app, sentence, "en") == "12,345, 1 Mar 2027, frozen, 12345"


def test_what_nobody_has_translated_is_said_in_english(app: Flask) -> None:
    assert said(app, tell("the cat {what!r} sat", what="Tom")) == "the cat 'Tom' sat"
    assert said(app, "Done.") == "Done."


@pytest.mark.parametrize("source", ["{{ x }}", "{{ [x] | map('told') | join(' ') }}"])
def test_a_template_says_and_escapes_a_sentence(app: Flask, source: str) -> None:
    sentence = tell("You have {offer}.", offer="<b>")
    with app.test_request_context("/"):
        session["language"] = "fr"
        shown = render_template_string(
            "{% autoescape true %}" + source + "{% endautoescape %}", x=sentence
        )
    assert shown == "Vous avez &lt;b&gt;."
