"""Numbers in words: signs, digits, rounding, comparisons."""

from dataclasses import replace
from fractions import Fraction

import pytest
from worlds import make_run

from mobility.reporting.waterfall import Waterfall, compare, to_waterfall
from mobility.reporting.words import ENGLISH


def changed(**figures: int) -> Waterfall:
    """Return two stages: figures of the wishes, and what they became."""
    made = to_waterfall(make_run())
    first = replace(made.stages[0], emissions_g=1_840_000_000, placed=900)
    last = replace(first, name="carbon", **figures)
    return replace(made, stages=(first, last))


@pytest.mark.parametrize(
    ("grams", "expected"),
    [
        (1_798_400_000, "1,798 t"),
        (42_040_000, "42.0 t"),
        (0, "0.0 t"),
        (-150_500_000, "−151 t"),  # noqa: RUF001 - a true minus sign
    ],
)
def test_tonnes_have_a_digit_more_where_they_are_few(grams: int, expected: str) -> None:
    assert ENGLISH.tonnes(grams) == expected


def test_nought_has_no_sign() -> None:
    assert ENGLISH.decimal(Fraction(-1, 1000), 1) == "0.0"


def test_emissions_are_compared_with_wishes_in_words() -> None:
    told = compare(ENGLISH, changed(emissions_g=1_798_000_000), "emissions")
    assert told == "42 t below wishes"


def test_what_did_not_change_is_said_to_be_the_same() -> None:
    assert compare(ENGLISH, changed(emissions_g=1), "placed") == "same as wishes"


def test_more_is_above() -> None:
    assert compare(ENGLISH, changed(placed=903), "placed") == "3 above wishes"


def test_an_unknown_name_is_shown_as_it_was_given() -> None:
    assert ENGLISH.name("nearness") == "nearness"
    assert ENGLISH.name("south") == "South"
